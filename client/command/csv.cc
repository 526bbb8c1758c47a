#include "client/command/csv.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace frank::client {

std::string CsvRecord(const std::vector<std::string>& fields) {
  auto append = [](std::string* out, const std::string& field) {
    if (field.find_first_of(",\"\r\n") == std::string::npos) {
      return absl::StrAppend(out, field);
    }
    absl::StrAppend(out, "\"", absl::StrReplaceAll(field, {{"\"", "\"\""}}),
                    "\"");
  };
  return absl::StrJoin(fields, ",", append) + "\r\n";
}

}  // namespace frank::client
