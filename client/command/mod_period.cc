#include "client/command/mod_period.h"

#include "absl/time/time.h"
#include "client/command/mod_connection.h"

namespace frank::client {
namespace {

constexpr UnixMillis kDefaultSpan = 30 * kDay;

}  // namespace

std::string DateOf(UnixMillis time) {
  return absl::FormatTime("%Y-%m-%d",
                          absl::FromUnixMillis(static_cast<int64_t>(time)),
                          absl::UTCTimeZone());
}

std::vector<Option> PeriodOptions() {
  return WithModConnection(
      {{"from", "DATE", "from this day on; else 30 days before --to"},
       {"to", "DATE", "up to this day, without it; else up to now"},
       {"by", "PERIOD", "day or month; else month"},
       {"queue", "Q", "of this queue alone", false, true},
       {"reason", "R", "of this reason alone", false, true},
       {"csv", "", "print CSV (RFC 4180) with a row of names"}});
}

absl::StatusOr<Span> SpanOf(const Invocation& in) {
  const UnixMillis now = in.clock.Now();
  Span span;
  FRANK_ASSIGN_OR_RETURN(span.until,
                         ParseTime("--to", in.args.Get("to", "now"), now));
  span.from = span.until - std::min(span.until, kDefaultSpan);
  if (in.args.Has("from")) {
    FRANK_ASSIGN_OR_RETURN(span.from,
                           ParseTime("--from", in.args.Get("from"), now));
  }
  return span;
}

}  // namespace frank::client
