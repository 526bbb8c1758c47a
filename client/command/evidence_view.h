// What an evidence package proves, by whom, and what not: in words for a
// terminal, and as JSON.
#ifndef FRANK_CLIENT_COMMAND_EVIDENCE_VIEW_H_
#define FRANK_CLIENT_COMMAND_EVIDENCE_VIEW_H_

#include <string>

#include "client/command/evidence_check.h"
#include "client/command/json.h"
#include "crypto/audit_entry.h"

namespace frank::client {

JsonObject PackageJson(const EvidenceFindings& findings);
JsonObject ReportJson(const evidence::v1::Report& report);
JsonObject MessageJson(const MessageFinding& finding);
JsonObject UnjudgedJson(const EvidenceFindings& findings,
                        const UnjudgedMessage& message);
JsonObject DecisionJson(const evidence::v1::Decision& decision);
JsonObject FactJson(const evidence::v1::AccountFact& fact);
JsonObject CustodyJson(const crypto::AuditEntry& act);

std::string PackageText(const EvidenceFindings& findings);
std::string ReportText(const evidence::v1::Report& report);
std::string MessageText(const MessageFinding& finding);
std::string UnjudgedText(const UnjudgedMessage& message);
std::string DecisionText(const evidence::v1::Decision& decision);
std::string FactText(const evidence::v1::AccountFact& fact);
std::string CustodyText(const EvidenceFindings& findings);
// What no package can show.
std::string NotProvenText(const EvidenceFindings& findings);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_EVIDENCE_VIEW_H_
