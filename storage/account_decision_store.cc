#include "storage/account_decision_store.h"

#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "storage/expiry_store.h"
#include "storage/outbox_record.h"
#include "storage/record_table.h"
#include "storage/report_schema.h"

namespace frank::storage {

absl::StatusOr<absl::optional<v1::AccountDecisionRecord>> FindAccountDecision(
    Transaction& transaction, absl::string_view account_uri,
    const DecisionId& id) {
  return FindRecord<v1::AccountDecisionRecord>(
      transaction, schema::AccountDecisionKey(account_uri, id));
}

absl::StatusOr<absl::optional<v1::AccountDecisionRecord>> FindAccountDecision(
    Engine& engine, absl::string_view account_uri, const DecisionId& id) {
  return FindRecord<v1::AccountDecisionRecord>(
      engine, schema::AccountDecisionKey(account_uri, id));
}

void AddAccountDecision(Transaction& transaction, absl::string_view account_uri,
                        const DecisionId& id,
                        const v1::AccountDecisionRecord& record) {
  PutAccountDecision(transaction, account_uri, id, record);
  ExpireAt(transaction, record.appeal_until() + limits::kAppealStatusRetention,
           schema::AccountDecisionKey(account_uri, id));
}

void PutAccountDecision(Transaction& transaction, absl::string_view account_uri,
                        const DecisionId& id,
                        const v1::AccountDecisionRecord& record) {
  transaction.Put(schema::AccountDecisionKey(account_uri, id),
                  EncodeRecord(record));
}

absl::StatusOr<std::vector<ListedDecision>> ListAccountDecisions(
    Engine& engine, absl::string_view account_uri,
    const absl::optional<DecisionId>& after, size_t limit) {
  KeyRange range = KeyRange::Prefix(schema::AccountDecisionPrefix(account_uri));
  // The first key behind that of `after`.
  if (after) {
    range.begin = schema::AccountDecisionKey(account_uri, *after) + '\0';
  }
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit));
  std::vector<ListedDecision> decisions;
  for (const KeyValue& entry : found) {
    ListedDecision listed;
    FRANK_ASSIGN_OR_RETURN(listed.id, schema::ParseAccountDecision(entry.key));
    FRANK_ASSIGN_OR_RETURN(
        listed.record, DecodeRecord<v1::AccountDecisionRecord>(entry.value));
    decisions.push_back(std::move(listed));
  }
  return decisions;
}

void AddAppealToOutbox(Transaction& transaction, uint64_t number,
                       absl::string_view fingerprint,
                       const OutgoingAppeal& appeal,
                       v1::AccountDecisionRecord decision) {
  v1::AccountAppealRecord* status = decision.mutable_appeal();
  status->set_fingerprint(ToString(AsBytes(fingerprint)));
  status->set_accepted_at(appeal.accepted_at);
  status->set_number(number);
  PutAccountDecision(transaction, appeal.account_uri, appeal.decision_id,
                     decision);
  PutOutboxRow(transaction, number, appeal);
}

}  // namespace frank::storage
