#include "client/command/output.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "client/command/exit_codes.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

void WriteLine(absl::string_view line, std::FILE* file) {
  std::fwrite(line.data(), 1, line.size(), file);
  std::fputc('\n', file);
  std::fflush(file);
}

}  // namespace

void Output::Print(const JsonObject& object, absl::string_view text) {
  if (json_) {
    WriteLine(object.ToString(), out_);
  } else if (!text.empty()) {
    WriteLine(text, out_);
  }
}

void Output::Say(absl::string_view text) {
  if (!json_) WriteLine(text, out_);
}

void Output::Write(absl::string_view bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), out_);
  std::fflush(out_);
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
    WriteLine(line, err_);
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
  WriteLine(object.ToString(), err_);
}

}  // namespace frank::client
