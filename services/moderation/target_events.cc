#include "services/moderation/target_events.h"

#include <utility>

#include "core/bytes.h"
#include "frank/v1/decision.pb.h"
#include "services/moderation/decision_plan.h"
#include "services/moderation/decision_proto.h"

namespace frank::moderation {
namespace {

using storage::TargetEvent;
using storage::v1::DecisionRecord;

storage::v1::TargetPlaceRecord PlaceOf(const storage::v1::CaseRecord& record) {
  storage::v1::TargetPlaceRecord place;
  place.set_queue(record.queue());
  place.set_reason(record.gravest_reason());
  place.set_opened_at(record.opened_at());
  place.set_deadline(record.deadline());
  return place;
}

void PutInflow(storage::Transaction& transaction, UnixMillis now,
               const CaseId& case_id, ByteSpan id,
               storage::v1::TargetPlaceRecord place,
               const storage::v1::InflowRecord& inflow) {
  storage::v1::TargetEventRecord event;
  event.set_kind(static_cast<uint32_t>(TargetEvent::kInflow));
  *event.mutable_place() = std::move(place);
  event.set_counted_at(now);
  *event.mutable_inflow() = inflow;
  storage::PutTargetEvent(transaction, now, case_id, id, event);
}

}  // namespace

void NoteClaim(storage::Transaction& transaction, const CaseId& id,
               UnixMillis now, storage::v1::CaseRecord* record) {
  if (record->first_claimed_at() != 0) return;
  record->set_first_claimed_at(now);
  storage::v1::TargetEventRecord event;
  event.set_kind(static_cast<uint32_t>(TargetEvent::kFirstAction));
  *event.mutable_place() = PlaceOf(*record);
  event.set_counted_at(now);
  storage::PutTargetEvent(transaction, now, id, id.bytes(), event);
}

void NoteInflow(storage::Transaction& transaction, UnixMillis now,
                const CaseId& case_id, ByteSpan id,
                const storage::v1::CaseRecord& record,
                const storage::v1::InflowRecord& inflow) {
  PutInflow(transaction, now, case_id, id, PlaceOf(record), inflow);
}

void NoteAppeal(storage::Transaction& transaction, UnixMillis now,
                const CaseId& case_id, const DecisionId& id,
                const storage::v1::CaseRecord& before,
                const DecisionRecord& decision) {
  storage::v1::InflowRecord inflow;
  inflow.set_appeals(1);
  // Decisions from before places were kept have none.
  PutInflow(transaction, now, case_id, id.bytes(),
            decision.place_size() > 0 ? decision.place(0) : PlaceOf(before),
            inflow);
}

void NoteDecided(storage::Transaction& transaction, const DecisionId& id,
                 const std::vector<storage::StoredCase>& cases,
                 DecisionRecord* record) {
  record->clear_place();
  for (const storage::StoredCase& stored : cases) {
    *record->add_place() = PlaceOf(stored.record);
  }
  absl::optional<storage::v1::ReferralRecord> referral;
  if (Has(ActionsOf(*record), v1::ACTION_KIND_REFER)) referral.emplace();
  NoteOutcome(transaction, record->decided_at(), TargetEvent::kDecided, id,
              *record, referral);
}

void NoteOutcome(storage::Transaction& transaction, UnixMillis now,
                 TargetEvent event, const DecisionId& id,
                 const DecisionRecord& record,
                 const absl::optional<storage::v1::ReferralRecord>& referral) {
  storage::v1::TargetEventRecord row;
  row.set_kind(static_cast<uint32_t>(event));
  row.set_counted_at(record.decided_at());
  for (int i = 0; i < record.place_size(); ++i) {
    *row.mutable_place() = record.place(i);
    row.set_refers(i == 0 && referral);
    row.set_authority(row.refers() ? referral->authority() : "");
    CaseId case_id(ToArray<CaseId::kSize>(AsBytes(record.case_id(i))));
    storage::PutTargetEvent(transaction, now, case_id, id.bytes(), row);
  }
}

}  // namespace frank::moderation
