// Says, in the transaction that does it, that something happened which counts
// towards the targets. Each writes rows of its own and reads none, so that
// those who work at once do not meet; target_fold.h counts them.
#ifndef FRANK_SERVICES_MODERATION_TARGET_EVENTS_H_
#define FRANK_SERVICES_MODERATION_TARGET_EVENTS_H_

#include <vector>

#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/decision.pb.h"
#include "frank/storage/v1/moderation.pb.h"
#include "frank/storage/v1/referral.pb.h"
#include "storage/case_store.h"
#include "storage/engine.h"
#include "storage/target_store.h"

namespace frank::moderation {

// Notes in the case's record that somebody claims it; the first time counts.
void NoteClaim(storage::Transaction& transaction, const CaseId& id,
               UnixMillis now, storage::v1::CaseRecord* record);

// A decision on cases was made. Notes in its record under what they count, for
// what may come of it later.
void NoteDecided(storage::Transaction& transaction, const DecisionId& id,
                 const std::vector<storage::StoredCase>& cases,
                 storage::v1::DecisionRecord* record);

// Something came in that concerns a case, as the case is then. `id` is of a
// report or decision that no other event of the case is about.
void NoteInflow(storage::Transaction& transaction, UnixMillis now,
                const CaseId& case_id, ByteSpan id,
                const storage::v1::CaseRecord& record,
                const storage::v1::InflowRecord& inflow);
// Somebody appeals against a decision on this case.
void NoteAppeal(storage::Transaction& transaction, UnixMillis now,
                const CaseId& case_id, const DecisionId& id,
                const storage::v1::CaseRecord& before,
                const storage::v1::DecisionRecord& decision);

// Something became of a decision that was made, and of its referral, if one
// came into another state by it.
void NoteOutcome(storage::Transaction& transaction, UnixMillis now,
                 storage::TargetEvent event, const DecisionId& id,
                 const storage::v1::DecisionRecord& record,
                 const absl::optional<storage::v1::ReferralRecord>& referral);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_TARGET_EVENTS_H_
