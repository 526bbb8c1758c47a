#include "client/command/output.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "client/command/exit_codes.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

// Says whether all of it arrived.
bool WriteTo(std::FILE* file, absl::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() &&
         std::fflush(file) == 0;
}

}  // namespace

void Output::WriteLine(absl::string_view line) {
  Write(absl::StrCat(line, "\n"));
}

void Output::Print(const JsonObject& object, absl::string_view text) {
  if (json_) {
    WriteLine(object.ToString());
  } else if (!text.empty()) {
    WriteLine(text);
  }
}

void Output::Say(absl::string_view text) {
  if (!json_) WriteLine(text);
}

void Output::Write(absl::string_view bytes) {
  if (!WriteTo(out_, bytes)) failed_ = true;
}

absl::Status Output::status() const {
  if (!failed_) return absl::OkStatus();
  return absl::InternalError("standard output: cannot be written");
}

void Output::Fail(const absl::Status& status) {
  const absl::optional<std::string> reason = FindReason(status);
  // A server may say nothing but the code.
  const std::string message = status.message().empty()
                                  ? absl::StatusCodeToString(status.code())
                                  : std::string(status.message());
  if (!json_) {
    std::string line =
        absl::StrCat("frank: ", Printable(message),
                     reason ? absl::StrCat(" (", Printable(*reason), ")") : "");
    if (absl::optional<uint64_t> millis = FindRetryAfter(status)) {
      absl::StrAppend(&line, "; try again in ", FormatDuration(*millis));
    }
    WriteTo(err_, line + "\n");
    return;
  }
  JsonObject object;
  object.Text("error", message)
      .Text("code", absl::StatusCodeToString(status.code()))
      .Number("exit_code", static_cast<uint64_t>(ExitCodeOf(status)));
  if (reason) object.Text("reason", *reason);
  if (absl::optional<FieldViolation> field = FindFieldViolation(status)) {
    object.Text("field", field->field).Text("rule", field->rule);
  }
  if (absl::optional<uint64_t> millis = FindRetryAfter(status)) {
    object.Number("retry_after_ms", *millis);
  }
  WriteTo(err_, object.ToString() + "\n");
}

}  // namespace frank::client
