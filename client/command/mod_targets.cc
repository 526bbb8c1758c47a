#include "client/command/mod_targets.h"

#include <limits>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/command/command.h"
#include "client/command/csv.h"
#include "client/command/mod_connection.h"
#include "client/command/mod_inflow.h"
#include "client/command/mod_period.h"
#include "client/command/text.h"
#include "core/status.h"
#include "frank/v1/target.grpc.pb.h"

namespace frank::client {
namespace {

std::string SecondsOf(uint64_t millis) {
  if (millis == std::numeric_limits<uint64_t>::max()) return "";
  return absl::StrCat(millis / kSecond);
}

std::string YesNo(bool yes) { return yes ? "yes" : "no"; }

void AppendTime(const v1::TimeReached& time, std::vector<std::string>* row) {
  row->push_back(absl::StrCat(time.count()));
  row->push_back(absl::StrCat(time.in_time()));
  row->push_back(SecondsOf(time.median_ms()));
  row->push_back(SecondsOf(time.ninth_decile_ms()));
  row->push_back(SecondsOf(time.target_ms()));
  row->push_back(absl::StrCat(time.target_per_mille()));
  row->push_back(YesNo(time.reached()));
}

JsonObject TimeJson(const v1::TimeReached& time) {
  JsonObject object;
  object.Number("count", time.count())
      .Number("in_time", time.in_time())
      .Number("median_ms", time.median_ms())
      .Number("ninth_decile_ms", time.ninth_decile_ms())
      .Number("target_ms", time.target_ms())
      .Number("target_per_mille", time.target_per_mille())
      .Bool("reached", time.reached());
  return object;
}

std::string WithinText(uint64_t millis) {
  if (millis == std::numeric_limits<uint64_t>::max()) return "over 30 days";
  return FormatDuration(millis);
}

std::string TimeText(absl::string_view what, const v1::TimeReached& time) {
  if (time.count() == 0) return absl::StrFormat("  %-13s none", what);
  return absl::StrFormat(
      "  %-13s %d of %d in time, half within %s, 9 in 10 within %s: %s", what,
      time.in_time(), time.count(), WithinText(time.median_ms()),
      WithinText(time.ninth_decile_ms()),
      time.reached() ? "reached" : "NOT REACHED");
}

absl::Status RunTargets(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  const bool csv = in.args.Has("csv");
  v1::GetReachedRequest request;
  FRANK_RETURN_IF_ERROR(SetPeriods(in, &request));
  FRANK_ASSIGN_OR_RETURN(ModConnection connection,
                         ModConnection::Open(in.args));
  auto stub = v1::TargetService::NewStub(connection.channel());
  if (csv) in.out.Write(CsvRecord(ReachedColumns()));
  bool any = false;
  do {
    FRANK_ASSIGN_OR_RETURN(
        v1::GetReachedResponse page,
        connection.Call(*stub, &v1::TargetService::Stub::GetReached, request));
    for (const v1::Reached& reached : page.reached()) {
      if (csv) {
        in.out.Write(CsvRecord(ReachedRow(reached)));
      } else {
        in.out.Print(ReachedJson(reached), ReachedText(reached));
      }
      any = true;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (!any && !csv) in.out.Say("Nothing was claimed or decided.");
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> ReachedColumns() {
  std::vector<std::string> columns{"first_day", "last_day", "queue", "reason"};
  for (const char* what : {"first_action", "decision"}) {
    for (const char* column : {"count", "in_time", "median_s", "ninth_decile_s",
                               "target_s", "target_per_mille", "reached"}) {
      columns.push_back(absl::StrCat(what, "_", column));
    }
  }
  for (const char* column : {"reversed", "overturned", "upheld_on_appeal",
                             "accuracy_target_per_mille", "accuracy_reached"}) {
    columns.push_back(column);
  }
  return columns;
}

std::vector<std::string> ReachedRow(const v1::Reached& reached) {
  std::vector<std::string> row{DateOf(reached.period_started_at()),
                               DateOf(reached.period_ended_at() - 1),
                               reached.queue(), reached.reason()};
  AppendTime(reached.first_action(), &row);
  AppendTime(reached.decision(), &row);
  const v1::AccuracyReached& accuracy = reached.accuracy();
  row.push_back(absl::StrCat(accuracy.reversed_count()));
  row.push_back(absl::StrCat(accuracy.overturned_count()));
  row.push_back(absl::StrCat(accuracy.upheld_count()));
  row.push_back(absl::StrCat(accuracy.target_per_mille()));
  row.push_back(YesNo(accuracy.reached()));
  return row;
}

JsonObject ReachedJson(const v1::Reached& reached) {
  const v1::AccuracyReached& accuracy = reached.accuracy();
  JsonObject accuracy_json;
  accuracy_json.Number("decisions", accuracy.decision_count())
      .Number("reversed", accuracy.reversed_count())
      .Number("overturned", accuracy.overturned_count())
      .Number("upheld_on_appeal", accuracy.upheld_count())
      .Number("target_per_mille", accuracy.target_per_mille())
      .Bool("reached", accuracy.reached());
  JsonObject object;
  object.Text("kind", "reached")
      .Number("period_started_at", reached.period_started_at())
      .Number("period_ended_at", reached.period_ended_at())
      .Text("queue", reached.queue())
      .Text("reason", reached.reason())
      .Object("first_action", TimeJson(reached.first_action()))
      .Object("decision", TimeJson(reached.decision()))
      .Object("accuracy", accuracy_json);
  return object;
}

std::string ReachedText(const v1::Reached& reached) {
  const v1::AccuracyReached& accuracy = reached.accuracy();
  return absl::StrCat(
      DateOf(reached.period_started_at()), " to ",
      DateOf(reached.period_ended_at() - 1), "  ", Printable(reached.queue()),
      "  ",
      reached.reason().empty() ? "(unreadable)" : Printable(reached.reason()),
      "\n", TimeText("first action", reached.first_action()), "\n",
      TimeText("decision", reached.decision()), "\n",
      absl::StrFormat("  %-13s %d reversed, %d overturned on appeal: %s",
                      "accuracy", accuracy.reversed_count(),
                      accuracy.overturned_count(),
                      accuracy.reached() ? "reached" : "NOT REACHED"));
}

std::vector<Command> ModTargetCommands() {
  return {{"mod targets", "",
           "Show what was reached of the targets for time and accuracy.",
           PeriodOptions(), &RunTargets},
          {"mod inflow", "",
           "Show what came in: cases, reports, what was found of messages, "
           "appeals.",
           PeriodOptions(), &RunInflow}};
}

}  // namespace frank::client
