// How a case looks: in words for a terminal, and as JSON.
#ifndef FRANK_CLIENT_COMMAND_MOD_VIEW_H_
#define FRANK_CLIENT_COMMAND_MOD_VIEW_H_

#include <string>

#include "absl/strings/string_view.h"
#include "client/command/json.h"
#include "core/clock.h"
#include "frank/v1/decision.pb.h"
#include "frank/v1/message.pb.h"
#include "frank/v1/report.pb.h"
#include "frank/v1/review.pb.h"

namespace frank::client {

// "PROVEN", and what it means for somebody who decides.
std::string VerdictName(v1::Verdict verdict);
std::string VerdictMeaning(v1::Verdict verdict);
// "suspend", "action_taken", "high": the enum's value without its prefix.
std::string ActionName(v1::ActionKind kind);
std::string OutcomeName(v1::ReportOutcome outcome);
std::string NoticeName(v1::NoticeKind notice);
std::string SeverityName(v1::Severity severity);
std::string StateName(v1::CaseState state);
std::string ProofName(v1::ProofStatus proof);
std::string LinkName(v1::CaseLinkKind kind);
std::string RetentionClassName(v1::RetentionClass retention_class);
std::vector<std::string> TagNames(const v1::CaseSummary& summary);

JsonObject CaseJson(const v1::CaseSummary& summary);
JsonObject ReportJson(const v1::CaseReport& report);
// `kind` is "evidence" or "context".
JsonObject EvidenceJson(absl::string_view kind, const v1::Evidence& evidence);
JsonObject NoteJson(const v1::CaseNote& note);
JsonObject ActJson(const v1::ListActsResponse::Act& act);
JsonObject LinkJson(const v1::CaseLink& link);
JsonObject LegalHoldJson(const v1::LegalHold& hold);
JsonObject ReferralJson(const v1::Referral& referral);

// One line, for a list.
std::string CaseLine(const v1::CaseSummary& summary, UnixMillis now);
// Several lines, for one case.
std::string CaseText(const v1::GetCaseResponse& shown, UnixMillis now);
std::string ReportText(const v1::CaseReport& report);
// Content stands behind "| ", made printable; what was withheld is named.
std::string EvidenceText(absl::string_view title, const v1::Evidence& evidence);
std::string NoteText(const v1::CaseNote& note);
std::string ActLine(const v1::ListActsResponse::Act& act);
std::string LinkText(const v1::CaseLink& link);
std::string LegalHoldText(const v1::LegalHold& hold);
std::string ReferralText(const v1::Referral& referral);

// "0-3, 7" for ascending numbers.
std::string Ranges(const std::vector<uint64_t>& numbers);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_VIEW_H_
