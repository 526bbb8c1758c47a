#include "tests/crypto/vectors.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace frank::crypto {
namespace {

using nlohmann::json;

const char kDefaultFolder[] = FRANK_SOURCE_DIR "/tests/vectors";

Bytes HexOrFail(const json& value, const std::string& where) {
  if (value.is_string()) {
    absl::StatusOr<Bytes> bytes = FromHex(value.get<std::string>());
    if (bytes.ok()) return *bytes;
  }
  ADD_FAILURE() << where << ": not hex";
  return {};
}

}  // namespace

VectorObject::VectorObject(const nlohmann::json& json, std::string where)
    : json_(json), where_(std::move(where)) {
  EXPECT_TRUE(json_.is_object()) << where_;
}

VectorObject::~VectorObject() {
  if (!json_.is_object()) return;
  for (const auto& [key, value] : json_.items()) {
    EXPECT_TRUE(read_.count(key)) << where_ << ": unknown field " << key;
  }
}

const json* VectorObject::Take(const std::string& key) {
  read_.insert(key);
  if (json_.contains(key)) return &json_[key];
  ADD_FAILURE() << where_ << ": no field " << key;
  return nullptr;
}

std::string VectorObject::Text(const std::string& key) {
  const json* value = Take(key);
  if (value != nullptr && value->is_string()) return value->get<std::string>();
  ADD_FAILURE() << where_ << ": " << key << " is not text";
  return {};
}

Bytes VectorObject::Hex(const std::string& key) {
  const json* value = Take(key);
  return value == nullptr ? Bytes{} : HexOrFail(*value, where_ + "." + key);
}

std::vector<Bytes> VectorObject::HexList(const std::string& key) {
  std::vector<Bytes> out;
  const json* value = Take(key);
  if (value == nullptr) return out;
  EXPECT_TRUE(value->is_array()) << where_ << "." << key;
  for (const json& item : *value) {
    out.push_back(HexOrFail(item, where_ + "." + key));
  }
  return out;
}

uint64_t VectorObject::Number(const std::string& key) {
  const json* value = Take(key);
  if (value == nullptr) return 0;
  if (value->is_number_unsigned()) return value->get<uint64_t>();
  uint64_t number = 0;
  if (!value->is_string() ||
      !absl::SimpleAtoi(value->get<std::string>(), &number)) {
    ADD_FAILURE() << where_ << ": " << key << " is not a number";
  }
  return number;
}

bool VectorObject::Flag(const std::string& key) {
  const json* value = Take(key);
  if (value != nullptr && value->is_boolean()) return value->get<bool>();
  ADD_FAILURE() << where_ << ": " << key << " is not a boolean";
  return false;
}

void VectorObject::Object(const std::string& key,
                          const std::function<void(VectorObject&)>& read) {
  if (const json* value = Take(key)) {
    VectorObject object(*value, where_ + "." + key);
    read(object);
  }
}

void VectorObject::Each(const std::string& key,
                        const std::function<void(VectorObject&)>& read) {
  const json* value = Take(key);
  if (value == nullptr) return;
  EXPECT_TRUE(value->is_array()) << where_ << "." << key;
  EXPECT_TRUE(key != "cases" || !value->empty()) << where_ << " has no case";
  for (size_t i = 0; i < value->size(); ++i) {
    const json& item = (*value)[i];
    std::string name = item.value("name", std::string());
    std::string where = absl::StrCat(where_, ".", key, "[", i, "] ", name);
    SCOPED_TRACE(where);
    VectorObject object(item, where);
    read(object);
  }
}

std::vector<std::pair<std::string, Bytes>> VectorObject::HexMap(
    const std::string& key) {
  std::vector<std::pair<std::string, Bytes>> out;
  const json* value = Take(key);
  if (value == nullptr) return out;
  for (const auto& [name, item] : value->items()) {
    out.emplace_back(name, HexOrFail(item, where_ + "." + key));
  }
  return out;
}

void VectorObject::Dismiss() {
  for (const auto& [key, value] : json_.items()) read_.insert(key);
}

std::string VectorFolder() {
  const char* folder = std::getenv("FRANK_VECTORS");
  return folder != nullptr && *folder != '\0' ? folder : kDefaultFolder;
}

const std::vector<std::string>& KnownVectorFiles() {
  static const auto* const kFiles =
      new std::vector<std::string>{"channel",
                                   "checkpoint",
                                   "commitment_parts",
                                   "commitment_whole",
                                   "evidence",
                                   "file",
                                   "frank",
                                   "frank_batch",
                                   "hpke",
                                   "hpke_rfc9180",
                                   "merkle_log",
                                   "negative_channel",
                                   "negative_checkpoint",
                                   "negative_context",
                                   "negative_frank",
                                   "negative_openings",
                                   "negative_records",
                                   "negative_report",
                                   "padding",
                                   "records",
                                   "sealed_report",
                                   "varvec",
                                   "verdicts"};
  return *kFiles;
}

void WithVectorFile(const std::string& name,
                    const std::function<void(VectorObject&)>& read) {
  std::string path = VectorFolder() + "/" + name + ".json";
  std::ifstream file(path);
  if (!file) {
    if (VectorFolder() == kDefaultFolder) FAIL() << path << " is missing";
    GTEST_SKIP() << path << " is not in this folder";
  }
  json parsed = json::parse(file, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(parsed.is_object()) << path << " is not JSON";
  VectorObject object(parsed, name);
  if (object.Has("what")) object.Text("what");
  read(object);
}

void WithNegativeFile(const std::string& name, const CaseJudge& accepts,
                      const std::string& based_kind) {
  WithVectorFile(name, [&](VectorObject& file) {
    json base = json::object();
    if (!based_kind.empty()) {
      file.Object("base", [&](VectorObject& object) {
        base = object.raw();
        object.Dismiss();
      });
    }
    size_t count = 0;
    file.Each("cases", [&](VectorObject& vector_case) {
      std::string kind = vector_case.Text("kind");
      std::string expect = vector_case.Text("expect");
      EXPECT_FALSE(vector_case.Text("name").empty());
      ASSERT_TRUE(expect == "accept" || expect == "reject") << expect;
      ++count;
      json merged = kind == based_kind ? base : json::object();
      merged.update(vector_case.raw());
      for (const char* read : {"kind", "expect", "name"}) merged.erase(read);
      vector_case.Dismiss();
      VectorObject inputs(merged, name + " " + kind);
      EXPECT_EQ(accepts(kind, inputs), expect == "accept");
    });
    EXPECT_GT(count, 0u) << name << " has no case";
  });
}

}  // namespace frank::crypto
