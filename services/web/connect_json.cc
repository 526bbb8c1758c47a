#include "services/web/connect_json.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/status.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver_util.h"

namespace frank::web {
namespace {

constexpr char kUrlPrefix[] = "type.googleapis.com";
constexpr size_t kMaxFieldNameBytes = 128;

std::string UrlOf(const google::protobuf::Descriptor& type) {
  return absl::StrCat(kUrlPrefix, "/", type.full_name());
}

bool IsFieldPath(absl::string_view path) {
  return !path.empty() && path.size() <= kMaxFieldNameBytes &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  absl::StrContains("_.[]", c);
         });
}

// The library says "(path): invalid value …", or "(path) name: Cannot find
// field.", without the path at the top. The rest may hold values.
absl::Status Explain(absl::string_view said) {
  std::string path;
  if (absl::ConsumePrefix(&said, "(")) {
    size_t end = said.find(')');
    path = std::string(said.substr(0, end));
    said.remove_prefix(std::min(said.size(), end + 1));
    absl::ConsumePrefix(&said, " ");
  }
  if (absl::StartsWith(said, ": invalid value") && IsFieldPath(path)) {
    return FieldError(path, "must be of its type");
  }
  if (absl::ConsumeSuffix(&said, ": Cannot find field.")) {
    std::string field =
        path.empty() ? std::string(said) : absl::StrCat(path, ".", said);
    if (IsFieldPath(field)) return FieldError(field, "is no field");
  }
  return FieldError("request", "must be JSON of its message");
}

}  // namespace

JsonCodec::JsonCodec()
    : resolver_(google::protobuf::util::NewTypeResolverForDescriptorPool(
          kUrlPrefix, google::protobuf::DescriptorPool::generated_pool())) {}

absl::StatusOr<std::string> JsonCodec::ToBinary(
    const google::protobuf::Descriptor& type, const std::string& json) const {
  std::string binary;
  auto status = google::protobuf::util::JsonToBinaryString(
      resolver_.get(), UrlOf(type), json, &binary);
  if (status.ok()) return binary;
  std::string said(status.message());
  return Explain(said);
}

absl::StatusOr<std::string> JsonCodec::ToJson(
    const google::protobuf::Descriptor& type, const std::string& binary) const {
  std::string json;
  auto status = google::protobuf::util::BinaryToJsonString(
      resolver_.get(), UrlOf(type), binary, &json);
  if (!status.ok()) return absl::InternalError("an answer is no message");
  return json;
}

}  // namespace frank::web
