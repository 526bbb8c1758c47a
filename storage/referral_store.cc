#include "storage/referral_store.h"

#include <utility>

#include "core/bytes.h"
#include "core/status.h"
#include "storage/record_table.h"
#include "storage/referral_schema.h"

namespace frank::storage {
namespace {

// The list that has all of them; those of the states have the states' numbers.
constexpr uint8_t kAll = 0;

std::string PlaceOf(uint32_t list, const DecisionId& id,
                    const v1::ReferralRecord& record) {
  return schema::ReferralPlaceKey(static_cast<uint8_t>(list),
                                  record.decided_at(), id);
}

}  // namespace

bool IsOpen(const v1::ReferralRecord& record) {
  const auto state = static_cast<ReferralState>(record.state());
  return state == ReferralState::kWaiting || state == ReferralState::kAssigned;
}

absl::StatusOr<absl::optional<v1::ReferralRecord>> FindReferral(
    Transaction& transaction, const DecisionId& id) {
  return FindRecord<v1::ReferralRecord>(transaction, schema::ReferralKey(id));
}
absl::StatusOr<absl::optional<v1::ReferralRecord>> FindReferral(
    Engine& engine, const DecisionId& id) {
  return FindRecord<v1::ReferralRecord>(engine, schema::ReferralKey(id));
}

void PutReferral(Transaction& transaction, const DecisionId& id,
                 const v1::ReferralRecord* before,
                 const v1::ReferralRecord& after) {
  if (before == nullptr) {
    transaction.Put(PlaceOf(kAll, id, after), "");
  } else if (before->state() != after.state()) {
    transaction.Delete(PlaceOf(before->state(), id, *before));
  }
  transaction.Put(PlaceOf(after.state(), id, after), "");
  transaction.Put(schema::ReferralKey(id), EncodeRecord(after));
}

absl::StatusOr<ReferralPage> ListReferrals(
    Engine& engine, const absl::optional<ReferralState>& state,
    absl::string_view after, size_t limit) {
  KeyRange range =
      schema::ReferralPlaces(state ? static_cast<uint8_t>(*state) : kAll);
  if (!after.empty()) {
    if (!range.Contains(after)) {
      return FieldError("page_token", "must be one that was returned");
    }
    range.begin = ToString(AsBytes(after)) + '\0';
  }
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit));
  ReferralPage page;
  for (const KeyValue& entry : found) {
    StoredReferral stored;
    FRANK_ASSIGN_OR_RETURN(stored.id, schema::ParseReferralPlace(entry.key));
    FRANK_ASSIGN_OR_RETURN(auto record, FindReferral(engine, stored.id));
    if (!record) return absl::DataLossError("a listed referral is missing");
    stored.record = *std::move(record);
    page.referrals.push_back(std::move(stored));
  }
  if (found.size() == limit) page.next = found.back().key;
  return page;
}

std::string PositionOf(const absl::optional<ReferralState>& state,
                       const StoredReferral& last) {
  return PlaceOf(state ? static_cast<uint32_t>(*state) : kAll, last.id,
                 last.record);
}

}  // namespace frank::storage
