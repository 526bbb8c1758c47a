#include "client/command/mod_inflow.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/command/csv.h"
#include "client/command/mod_connection.h"
#include "client/command/mod_period.h"
#include "client/command/text.h"
#include "core/status.h"
#include "frank/v1/target.grpc.pb.h"

namespace frank::client {
namespace {

void Print(const Invocation& in, const v1::Inflow& inflow) {
  if (in.args.Has("csv")) {
    in.out.Write(CsvRecord(InflowRow(inflow)));
  } else {
    in.out.Print(InflowJson(inflow), InflowText(inflow));
  }
}

}  // namespace

std::vector<std::string> InflowColumns() {
  return {"first_day",       "last_day",        "queue",
          "opened_cases",    "reports",         "unopenable_reports",
          "proven_messages", "forged_messages", "unverifiable_messages",
          "appeals"};
}

std::vector<std::string> InflowRow(const v1::Inflow& inflow) {
  return {DateOf(inflow.period_started_at()),
          DateOf(inflow.period_ended_at() - 1),
          inflow.queue(),
          absl::StrCat(inflow.opened_count()),
          absl::StrCat(inflow.report_count()),
          absl::StrCat(inflow.unopenable_report_count()),
          absl::StrCat(inflow.proven_count()),
          absl::StrCat(inflow.forged_count()),
          absl::StrCat(inflow.unverifiable_count()),
          absl::StrCat(inflow.appeal_count())};
}

JsonObject InflowJson(const v1::Inflow& inflow) {
  JsonObject object;
  object.Text("kind", "inflow")
      .Number("period_started_at", inflow.period_started_at())
      .Number("period_ended_at", inflow.period_ended_at())
      .Text("queue", inflow.queue())
      .Number("opened_cases", inflow.opened_count())
      .Number("reports", inflow.report_count())
      .Number("unopenable_reports", inflow.unopenable_report_count())
      .Number("proven_messages", inflow.proven_count())
      .Number("forged_messages", inflow.forged_count())
      .Number("unverifiable_messages", inflow.unverifiable_count())
      .Number("appeals", inflow.appeal_count());
  return object;
}

std::string InflowText(const v1::Inflow& inflow) {
  return absl::StrFormat(
      "%s to %s  %s\n  %d cases opened, %d reports, of which %d nobody can "
      "open\n  messages: %d proven, %d forged, %d that cannot be verified\n"
      "  %d appeals",
      DateOf(inflow.period_started_at()), DateOf(inflow.period_ended_at() - 1),
      Printable(inflow.queue()), inflow.opened_count(), inflow.report_count(),
      inflow.unopenable_report_count(), inflow.proven_count(),
      inflow.forged_count(), inflow.unverifiable_count(),
      inflow.appeal_count());
}

absl::Status RunInflow(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  v1::GetInflowRequest request;
  FRANK_RETURN_IF_ERROR(SetPeriods(in, &request));
  FRANK_ASSIGN_OR_RETURN(ModConnection connection,
                         ModConnection::Open(in.args));
  auto stub = v1::TargetService::NewStub(connection.channel());
  const bool csv = in.args.Has("csv");
  if (csv) in.out.Write(CsvRecord(InflowColumns()));
  bool any = false;
  do {
    FRANK_ASSIGN_OR_RETURN(
        v1::GetInflowResponse page,
        connection.Call(*stub, &v1::TargetService::Stub::GetInflow, request));
    for (const v1::Inflow& inflow : page.inflow()) Print(in, inflow);
    any = any || page.inflow_size() > 0;
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (!any && !csv) in.out.Say("Nothing came in.");
  return absl::OkStatus();
}

}  // namespace frank::client
