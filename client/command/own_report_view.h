// How one's own reports look to people and in JSON.
#ifndef FRANK_CLIENT_COMMAND_OWN_REPORT_VIEW_H_
#define FRANK_CLIENT_COMMAND_OWN_REPORT_VIEW_H_

#include <string>

#include "client/command/json.h"
#include "client/reporter.h"

namespace frank::client {

// "action-taken"; empty while there is none.
const char* ReportOutcomeName(v1::ReportOutcome outcome);
// "the moderators acted".
const char* ReportOutcomeText(v1::ReportOutcome outcome);

// {"report_id","accepted_at","state","outcome","decided_at","expected_by",
//  "notices","receipt","received_at"}
JsonObject OwnReportJson(const OwnReport& report);
std::string OwnReportText(const OwnReport& report);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_OWN_REPORT_VIEW_H_
