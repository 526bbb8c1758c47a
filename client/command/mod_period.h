// A span of time by day or month, as commands and requests have it.
#ifndef FRANK_CLIENT_COMMAND_MOD_PERIOD_H_
#define FRANK_CLIENT_COMMAND_MOD_PERIOD_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "client/command/command.h"
#include "client/command/text.h"
#include "core/clock.h"
#include "core/status.h"
#include "frank/v1/target.pb.h"

namespace frank::client {

// YYYY-MM-DD, of UTC.
std::string DateOf(UnixMillis time);

// --from, --to, --by, --queue, --reason, --csv, and those of the connection.
std::vector<Option> PeriodOptions();

// [--from, --to), without --from the 30 days before --to, without --to up to
// now.
struct Span {
  UnixMillis from = 0;
  UnixMillis until = 0;
};
absl::StatusOr<Span> SpanOf(const Invocation& in);

// Sets what these options say. kInvalidArgument names the option.
template <typename Request>
absl::Status SetPeriods(const Invocation& in, Request* request) {
  FRANK_ASSIGN_OR_RETURN(Span span, SpanOf(in));
  request->set_from(span.from);
  request->set_until(span.until);
  const std::string by = in.args.Get("by", "month");
  if (by != "day" && by != "month") {
    return FieldError("--by", "must be day or month");
  }
  request->set_period(by == "day" ? v1::REACHED_PERIOD_DAY
                                  : v1::REACHED_PERIOD_MONTH);
  for (std::string& queue : in.args.All("queue")) {
    request->add_queue(std::move(queue));
  }
  for (std::string& reason : in.args.All("reason")) {
    request->add_reason(std::move(reason));
  }
  if (in.args.Has("csv") && in.out.json()) {
    return absl::InvalidArgumentError("--csv and --json exclude each other");
  }
  return absl::OkStatus();
}

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_PERIOD_H_
