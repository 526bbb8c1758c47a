#include "proto/appeals.h"

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "proto/wire.h"

namespace frank::wire {

absl::Status CheckAppealContent(const v1::AppealContent& content) {
  const std::string& text = content.text();
  if (text.empty() || text.size() > limits::kMaxAppealTextBytes) {
    return FieldError(
        "text",
        absl::StrCat("must be 1 to ", limits::kMaxAppealTextBytes, " bytes"));
  }
  if (!IsWellFormedUtf8(text)) return FieldError("text", "must be UTF-8");
  return absl::OkStatus();
}

absl::StatusOr<v1::AppealContent> ParseAppealContent(ByteSpan bytes) {
  v1::AppealContent content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return FieldError("appeal_content", "must be a serialized AppealContent");
  }
  if (HasUnknownFields(content)) {
    return FieldError("appeal_content", "must not hold unknown fields");
  }
  FRANK_RETURN_IF_ERROR(CheckAppealContent(content));
  return content;
}

}  // namespace frank::wire
