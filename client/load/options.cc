#include "client/load/options.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "client/command/args.h"
#include "client/load/connection.h"
#include "client/load/stamp_stream.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::load {
namespace {

using client::Args;
using client::Option;

constexpr double kMaxRate = 1e6;
constexpr uint64_t kMaxOutstanding = 100'000;
constexpr uint64_t kMaxThreads = 64;
constexpr size_t kLeastChannels = 4;
constexpr size_t kMaxChannels = 500;
constexpr uint64_t kMaxDevices = 50'000;
constexpr uint64_t kMaxRooms = 50'000;
constexpr uint64_t kMaxCases = 50'000;

const std::vector<Option>& Table() {
  static const auto* const table = new std::vector<Option>{
      {"workload", "NAME",
       "stamp, stamp-batch, stamp-stream, send, deliver, report, "
       "claim-decide or mixed",
       true},
      {"platform", "HOST:PORT", "frank-platform", true},
      {"moderation", "HOST:PORT",
       "frank-moderation; for report, claim-decide and mixed"},
      {"ca", "FILE", "PEM of the authority of the servers' certificates", true},
      {"allow-remote", "", "load servers that are not on this machine"},
      {"moderation-key", "FILE",
       "moderation's identity key; for all but the stamps"},
      {"stamp-token-file", "FILE",
       "token of a stamp credential, mode 0600; for the stamps"},
      {"stamp-authority", "URI", "authority that it speaks for"},
      {"registration-token-file", "FILE", "token that registering needs"},
      {"moderator-token-file", "FILE",
       "token of a moderator, mode 0600; for report, claim-decide and mixed",
       false, true},
      {"population", "FILE",
       "devices and rooms: made and saved with mode 0600 if it is not there, "
       "used again if it is; for all but the stamps"},
      {"rate", "N", "arrivals a second (100)"},
      {"arrivals", "KIND", "poisson or constant (poisson)"},
      {"warm-up", "TIME", "before anything counts (5s)"},
      {"duration", "TIME", "how long it counts (30s)"},
      {"count", "N", "end each step after so many arrivals behind the warm-up"},
      {"outstanding", "N",
       "on their way at a time at most (256; of stamp-stream, what the streams "
       "carry)"},
      {"lateness", "TIME",
       "what found nothing free for so long is not sent, and counted so (1s)"},
      {"patience", "TIME", "wait for answers after the last arrival (5s)"},
      {"threads", "N", "that compose and send (1)"},
      {"channels", "N",
       "connections to each server, each for 200 calls at a time or a stream "
       "of four requests (as many as --outstanding needs, 4 at least)"},
      {"seed", "N", "of what is drawn (1)"},
      {"ramp", "FACTOR:STEPS",
       "raise the rate step by step, from --rate, until it does not hold"},
      {"knee-p99", "MS",
       "a rate holds if the p99 of all that was due is no more (100)"},
      {"knee-completion", "SHARE",
       "and so large a part is done, 0.99 to 1 (0.99)"},
      {"devices", "N", "of the population (1000)"},
      {"rooms", "N", "of the population, or rooms of stamps (1000)"},
      {"room-size", "N", "members of each room (2)"},
      {"zipf", "EXPONENT", "how unevenly they are active: 0 all alike (1)"},
      {"size", "DISTRIBUTION",
       "of contents in bytes: fixed:N, uniform:FROM:TO or "
       "lognormal:MEDIAN:SIGMA (fixed:1024)"},
      {"batch", "N", "stamps of one request (64)"},
      {"cases", "N", "open cases that claim-decide begins with (1000)"},
      {"report-share", "SHARE",
       "of mixed arrivals: so many are reports, and as many claims with a "
       "decision (0.00001)"},
      {"pid", "NAME=PID", "tell what this process uses", false, true},
      {"metrics", "HOST:PORT", "tell the gauges of this Prometheus endpoint",
       false, true},
      {"json", "FILE", "write the result; replaces it"},
      {"html", "FILE", "write the result as a page; replaces it"},
  };
  return *table;
}

absl::Status Rule(absl::string_view option, absl::string_view rule) {
  return FieldError(absl::StrCat("--", option), rule);
}

absl::StatusOr<uint64_t> Whole(const Args& args, const char* option,
                               uint64_t otherwise, uint64_t least,
                               uint64_t most) {
  FRANK_ASSIGN_OR_RETURN(const uint64_t value, args.Number(option, otherwise));
  if (value < least || value > most) {
    return Rule(option, absl::StrCat("must be from ", least, " to ", most));
  }
  return value;
}

absl::StatusOr<double> Real(const Args& args, const char* option,
                            double otherwise, double least, double most) {
  if (!args.Has(option)) return otherwise;
  double value = 0;
  if (!absl::SimpleAtod(args.Get(option), &value) || !(value >= least) ||
      !(value <= most)) {
    return Rule(option, absl::StrFormat("must be from %g to %g", least, most));
  }
  return value;
}

absl::StatusOr<Nanos> Span(const Args& args, const char* option,
                           const char* otherwise,
                           absl::Duration least = absl::ZeroDuration()) {
  absl::Duration span;
  if (!absl::ParseDuration(args.Get(option, otherwise), &span) ||
      span < least || span > absl::Hours(24)) {
    return Rule(option,
                absl::StrCat("must be from ", absl::FormatDuration(least),
                             " to 24h, such as 500ms, 10s or 1h30m"));
  }
  return static_cast<Nanos>(absl::ToInt64Nanoseconds(span));
}

absl::StatusOr<WorkloadKind> KindOf(const std::string& name) {
  static const auto* const kinds = new std::map<std::string, WorkloadKind>{
      {"stamp", WorkloadKind::kStamp},
      {"stamp-batch", WorkloadKind::kStampBatch},
      {"stamp-stream", WorkloadKind::kStampStream},
      {"send", WorkloadKind::kSend},
      {"deliver", WorkloadKind::kDeliver},
      {"report", WorkloadKind::kReport},
      {"claim-decide", WorkloadKind::kClaimDecide},
      {"mixed", WorkloadKind::kMixed}};
  auto it = kinds->find(name);
  if (it == kinds->end()) {
    return Rule("workload",
                "must be stamp, stamp-batch, stamp-stream, send, deliver, "
                "report, claim-decide or mixed");
  }
  return it->second;
}

bool Stamps(WorkloadKind kind) { return kind <= WorkloadKind::kStampStream; }
bool Moderates(WorkloadKind kind) { return kind >= WorkloadKind::kReport; }

absl::Status Require(const Args& args, std::vector<const char*> names) {
  for (const char* name : names) {
    if (!args.Has(name)) {
      return Rule(name, absl::StrCat("is needed for --workload ",
                                     args.Get("workload")));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckNeeded(const Args& args, WorkloadKind kind) {
  if (Stamps(kind)) {
    return Require(args, {"stamp-token-file", "stamp-authority"});
  }
  FRANK_RETURN_IF_ERROR(Require(args, {"population", "moderation-key"}));
  if (!Moderates(kind)) return absl::OkStatus();
  return Require(args, {"moderation", "moderator-token-file"});
}

// Loading a server is for whoever runs it.
absl::Status CheckAddresses(const Args& args) {
  if (args.Has("allow-remote")) return absl::OkStatus();
  for (const char* option : {"platform", "moderation", "metrics"}) {
    for (const std::string& address : args.All(option)) {
      if (IsLoopback(address)) continue;
      return Rule(option,
                  "must be host:port on the loopback unless --allow-remote "
                  "is given");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadPlan(const Args& args, LoadPlan* plan) {
  const std::string arrivals = args.Get("arrivals", "poisson");
  if (arrivals != "poisson" && arrivals != "constant") {
    return Rule("arrivals", "must be poisson or constant");
  }
  plan->arrivals =
      arrivals == "poisson" ? ArrivalKind::kPoisson : ArrivalKind::kConstant;
  FRANK_ASSIGN_OR_RETURN(plan->rate, Real(args, "rate", 100, 0.001, kMaxRate));
  FRANK_ASSIGN_OR_RETURN(plan->max_count,
                         Whole(args, "count", plan->max_count, 1,
                               std::numeric_limits<uint64_t>::max()));
  FRANK_ASSIGN_OR_RETURN(plan->lateness, Span(args, "lateness", "1s"));
  FRANK_ASSIGN_OR_RETURN(plan->patience, Span(args, "patience", "5s"));
  FRANK_ASSIGN_OR_RETURN(plan->threads,
                         Whole(args, "threads", 1, 1, kMaxThreads));
  FRANK_ASSIGN_OR_RETURN(
      plan->seed,
      Whole(args, "seed", 1, 0, std::numeric_limits<uint64_t>::max()));
  return absl::OkStatus();
}

absl::Status ReadRamp(const Args& args, SessionOptions* session) {
  FRANK_ASSIGN_OR_RETURN(const double p99_ms,
                         Real(args, "knee-p99", 100, 0.001, 60'000));
  session->bounds.p99_us = static_cast<uint64_t>(p99_ms * 1000);
  FRANK_ASSIGN_OR_RETURN(session->bounds.completion,
                         Real(args, "knee-completion", 0.99, 0.99, 1));
  if (!args.Has("ramp")) return absl::OkStatus();
  const std::vector<std::string> words = absl::StrSplit(args.Get("ramp"), ':');
  RampOptions ramp;
  uint64_t steps = 0;
  if (words.size() != 2 || !absl::SimpleAtod(words[0], &ramp.factor) ||
      !absl::SimpleAtoi(words[1], &steps) || !(ramp.factor > 1) ||
      !(ramp.factor <= 10) || steps < 1 || steps > 100) {
    return Rule("ramp",
                "must be FACTOR:STEPS, above 1 to 10 and from 1 to 100");
  }
  ramp.steps = steps;
  session->ramp = ramp;
  return absl::OkStatus();
}

absl::Status ReadSession(const Args& args, SessionOptions* session) {
  FRANK_RETURN_IF_ERROR(ReadPlan(args, &session->plan));
  FRANK_RETURN_IF_ERROR(ReadRamp(args, session));
  FRANK_ASSIGN_OR_RETURN(session->warm_up, Span(args, "warm-up", "5s"));
  FRANK_ASSIGN_OR_RETURN(session->steady,
                         Span(args, "duration", "30s", absl::Milliseconds(1)));
  for (const std::string& text : args.All("pid")) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(text, absl::MaxSplits('=', 1));
    WatchedProcess process{parts.first, 0};
    if (parts.first.empty() || !absl::SimpleAtoi(parts.second, &process.pid)) {
      return Rule("pid", "must be NAME=PID");
    }
    session->processes.push_back(process);
  }
  session->metrics = args.All("metrics");
  return absl::OkStatus();
}

// What is on its way must be what the channels carry: whatever waits in them is
// not seen to.
absl::Status ReadChannels(const Args& args, Options* options) {
  const bool streams = options->workload == WorkloadKind::kStampStream;
  const size_t carried = streams ? kRequestsOfStream : kCallsOfChannel;
  size_t& outstanding = options->session.plan.outstanding;
  FRANK_ASSIGN_OR_RETURN(
      const uint64_t given,
      Whole(args, "channels", kLeastChannels, 1, kMaxChannels));
  FRANK_ASSIGN_OR_RETURN(
      outstanding,
      Whole(args, "outstanding", streams ? given * carried : uint64_t{256}, 1,
            kMaxOutstanding));
  const size_t needed = ChannelsFor(outstanding, carried);
  options->channels = args.Has("channels")
                          ? given
                          : std::clamp(needed, kLeastChannels, kMaxChannels);
  if (options->channels >= needed) return absl::OkStatus();
  return Rule("channels",
              absl::StrCat("must be at least ", needed, " for --outstanding ",
                           outstanding, ", as each carries ", carried,
                           " at a time; ", kMaxChannels, " is the most"));
}

absl::Status ReadPopulation(const Args& args, Options* options) {
  FRANK_ASSIGN_OR_RETURN(options->devices,
                         Whole(args, "devices", 1000, 2, kMaxDevices));
  FRANK_ASSIGN_OR_RETURN(options->rooms,
                         Whole(args, "rooms", 1000, 1, kMaxRooms));
  FRANK_ASSIGN_OR_RETURN(options->room_size, Whole(args, "room-size", 2, 2,
                                                   limits::kMaxRoomMembers));
  if (options->room_size > options->devices) {
    return Rule("room-size", "must be no more than --devices");
  }
  FRANK_ASSIGN_OR_RETURN(options->batch,
                         Whole(args, "batch", 64, 1, limits::kMaxStampBatch));
  FRANK_ASSIGN_OR_RETURN(options->zipf, Real(args, "zipf", 1, 0, 4));
  FRANK_ASSIGN_OR_RETURN(options->cases,
                         Whole(args, "cases", 1000, 0, kMaxCases));
  FRANK_ASSIGN_OR_RETURN(options->report_share,
                         Real(args, "report-share", 1e-5, 0, 0.5));
  absl::StatusOr<Sizes> sizes = Sizes::Parse(args.Get("size", "fixed:1024"));
  if (!sizes.ok()) {
    return Rule("size", FindFieldViolation(sizes.status())->rule);
  }
  options->sizes = *sizes;
  return absl::OkStatus();
}

// Everything but where it ran and was written, so that two results of one
// profile can be laid side by side.
void KeepSettings(const Args& args, Options* options) {
  for (const Option& option : Table()) {
    const bool is_place = option.value == "FILE" ||
                          option.value == "HOST:PORT" || option.name == "pid";
    if (is_place || !args.Has(option.name)) continue;
    options->settings.emplace_back(option.name, args.Get(option.name));
  }
}

}  // namespace

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& words) {
  FRANK_ASSIGN_OR_RETURN(Args args, Args::Parse(Table(), words));
  FRANK_RETURN_IF_ERROR(args.RequirePositionals(0, 0, ""));
  Options options;
  FRANK_ASSIGN_OR_RETURN(options.workload, KindOf(args.Get("workload")));
  FRANK_RETURN_IF_ERROR(CheckNeeded(args, options.workload));
  FRANK_RETURN_IF_ERROR(CheckAddresses(args));
  FRANK_RETURN_IF_ERROR(ReadSession(args, &options.session));
  FRANK_RETURN_IF_ERROR(ReadChannels(args, &options));
  FRANK_RETURN_IF_ERROR(ReadPopulation(args, &options));
  options.platform = args.Get("platform");
  options.moderation = args.Get("moderation");
  options.ca_file = args.Get("ca");
  options.moderation_key_file = args.Get("moderation-key");
  options.stamp_token_file = args.Get("stamp-token-file");
  options.stamp_authority = args.Get("stamp-authority");
  options.registration_token_file = args.Get("registration-token-file");
  options.moderator_token_files = args.All("moderator-token-file");
  options.population_file = args.Get("population");
  options.json_file = args.Get("json");
  options.html_file = args.Get("html");
  KeepSettings(args, &options);
  return options;
}

std::string HelpText() {
  std::string text =
      "usage: frank-load --workload NAME --platform HOST:PORT --ca FILE "
      "[OPTIONS]\n\n"
      "Loads the servers at a stated rate, whatever they answer, and tells how "
      "they did.\n";
  for (const Option& option : Table()) {
    const std::string left = absl::StrCat(
        "--", option.name, option.value.empty() ? "" : " ", option.value);
    absl::StrAppendFormat(&text, "\n  %-30s %s%s", left, option.help,
                          option.repeated ? " (may be repeated)" : "");
  }
  return absl::StrCat(text, "\n");
}

}  // namespace frank::load
