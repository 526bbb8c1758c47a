#include "client/command/own_report_view.h"

#include "absl/strings/str_cat.h"
#include "client/command/text.h"

namespace frank::client {
namespace {

const char* StateName(v1::ReportState state) {
  switch (state) {
    case v1::REPORT_STATE_ACCEPTED:
      return "accepted";
    case v1::REPORT_STATE_FORWARDED:
      return "with_moderators";
    case v1::REPORT_STATE_DECIDED:
      return "decided";
    default:
      return "unknown";
  }
}

std::string StatusText(const v1::ReportStatus& report) {
  if (report.state() == v1::REPORT_STATE_DECIDED) {
    return absl::StrCat("decided: ", ReportOutcomeText(report.outcome()));
  }
  std::string text = report.state() == v1::REPORT_STATE_FORWARDED
                         ? "with the moderators"
                         : "accepted, on its way to the moderators";
  if (report.expected_by() != 0) {
    absl::StrAppend(&text, "; usually decided by ",
                    FormatTime(report.expected_by()));
  }
  return text;
}

const char* ReceiptName(const OwnReport& report) {
  if (!report.receipt) return "none";
  return report.receipt->ok() ? "verified" : "refused";
}

}  // namespace

const char* ReportOutcomeName(v1::ReportOutcome outcome) {
  switch (outcome) {
    case v1::REPORT_OUTCOME_ACTION_TAKEN:
      return "action_taken";
    case v1::REPORT_OUTCOME_NO_ACTION:
      return "no_action";
    case v1::REPORT_OUTCOME_NOT_VERIFIABLE:
      return "not_verifiable";
    case v1::REPORT_OUTCOME_MORE_INFORMATION_WANTED:
      return "more_information_wanted";
    default:
      return "";
  }
}

const char* ReportOutcomeText(v1::ReportOutcome outcome) {
  switch (outcome) {
    case v1::REPORT_OUTCOME_ACTION_TAKEN:
      return "the moderators acted";
    case v1::REPORT_OUTCOME_NO_ACTION:
      return "no breach of the rules was seen";
    case v1::REPORT_OUTCOME_MORE_INFORMATION_WANTED:
      return "the moderators need to know more; another report may say it";
    default:
      return "nothing in it could be verified";
  }
}

JsonObject OwnReportJson(const OwnReport& report) {
  const v1::ReportStatus& status = report.status;
  JsonObject object;
  object.Hex("report_id", status.report_id())
      .Number("accepted_at", status.accepted_at())
      .Text("state", StateName(status.state()))
      .Text("outcome", ReportOutcomeName(status.outcome()))
      .Number("decided_at", status.decided_at())
      .Number("expected_by", status.expected_by())
      .Bool("notices", !status.notices_off())
      .Text("receipt", ReceiptName(report));
  if (report.receipt && report.receipt->ok()) {
    object.Number("received_at", (*report.receipt)->receipt.received_at);
  }
  return object;
}

std::string OwnReportText(const OwnReport& report) {
  std::string text = absl::StrCat(ToHex(AsBytes(report.status.report_id())),
                                  "  ", FormatTime(report.status.accepted_at()),
                                  "  ", StatusText(report.status));
  if (!report.receipt) return text;
  if (report.receipt->ok()) {
    return absl::StrCat(
        text, "\n  receipt: the moderators signed that they have it since ",
        FormatTime((*report.receipt)->receipt.received_at));
  }
  return absl::StrCat(text, "\n  receipt: NOT THE MODERATORS': ",
                      AsText(AsBytes(report.receipt->status().message())));
}

}  // namespace frank::client
