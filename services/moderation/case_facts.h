// What a case is found and routed by, kept up as reports join and leave it.
#ifndef FRANK_SERVICES_MODERATION_CASE_FACTS_H_
#define FRANK_SERVICES_MODERATION_CASE_FACTS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "frank/storage/v1/target.pb.h"
#include "services/moderation/act_log.h"
#include "services/moderation/report_judge.h"
#include "services/moderation/routing.h"
#include "storage/decision_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Counts the verdicts of a report in, or the stored ones out.
void CountVerdicts(const JudgedReport& judged, storage::v1::CaseRecord* record);
void UncountVerdicts(const storage::v1::IntakeReportRecord& report,
                     storage::v1::CaseRecord* record);

// Adds what a report that joins, or was judged anew, says: reason, severity,
// deadline, exposure, what script its words are in. The time to decide counts
// from `since`.
void AddFacts(const JudgedReport& judged, UnixMillis since,
              storage::v1::CaseRecord* record);

// How many decisions acted on an account before a time and have not been
// reversed since, by its strikes: what routing rules ask for.
uint64_t CountPriorActions(const std::vector<storage::StoredStrike>& strikes,
                           UnixMillis before);

// Puts a case that nobody has sent anywhere by hand into the queue where it
// belongs now, with an act if that is another.
absl::Status RouteCase(const Routing& routing,
                       storage::Transaction& transaction, const CaseId& id,
                       ActLog& acts, storage::v1::CaseRecord* record);

// Counts what was found of messages: proven, forged, or neither.
void AddFindings(const std::vector<storage::v1::MessageVerdictRecord>& verdicts,
                 storage::v1::InflowRecord* inflow);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_FACTS_H_
