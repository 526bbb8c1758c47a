#include "storage/decision_store.h"

#include <utility>

#include "core/status.h"
#include "storage/decision_schema.h"
#include "storage/moderation_schema.h"
#include "storage/queue_schema.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

using Found = absl::StatusOr<std::vector<KeyValue>>;

absl::StatusOr<std::vector<StoredSanction>> ReadSanctions(Found found) {
  FRANK_RETURN_IF_ERROR(found.status());
  std::vector<StoredSanction> sanctions;
  for (const KeyValue& entry : *found) {
    StoredSanction sanction;
    FRANK_ASSIGN_OR_RETURN(sanction.id, schema::TrailingDecisionId(entry.key));
    FRANK_ASSIGN_OR_RETURN(sanction.record,
                           DecodeRecord<v1::SanctionRecord>(entry.value));
    sanctions.push_back(std::move(sanction));
  }
  return sanctions;
}

absl::StatusOr<std::vector<StoredStrike>> ReadStrikes(Found found) {
  FRANK_RETURN_IF_ERROR(found.status());
  std::vector<StoredStrike> strikes;
  for (const KeyValue& entry : *found) {
    StoredStrike strike;
    FRANK_ASSIGN_OR_RETURN(strike.id, schema::TrailingDecisionId(entry.key));
    FRANK_ASSIGN_OR_RETURN(strike.added_at, schema::ParseStrikeTime(entry.key));
    FRANK_ASSIGN_OR_RETURN(strike.record,
                           DecodeRecord<v1::StrikeRecord>(entry.value));
    strikes.push_back(std::move(strike));
  }
  return strikes;
}

absl::StatusOr<StoredDecision> Named(Engine& engine, absl::string_view key) {
  StoredDecision decision;
  FRANK_ASSIGN_OR_RETURN(decision.id, schema::TrailingDecisionId(key));
  FRANK_ASSIGN_OR_RETURN(auto record, FindDecision(engine, decision.id));
  if (!record) return absl::DataLossError("a decision is missing");
  decision.record = *std::move(record);
  return decision;
}

}  // namespace

absl::StatusOr<absl::optional<v1::DecisionRecord>> FindDecision(
    Transaction& transaction, const DecisionId& id) {
  return FindRecord<v1::DecisionRecord>(transaction, schema::DecisionKey(id));
}
absl::StatusOr<absl::optional<v1::DecisionRecord>> FindDecision(
    Engine& engine, const DecisionId& id) {
  return FindRecord<v1::DecisionRecord>(engine, schema::DecisionKey(id));
}

void AddDecision(Transaction& transaction, const DecisionId& id,
                 const v1::DecisionRecord& record) {
  PutDecision(transaction, id, record);
  for (const std::string& case_id : record.case_id()) {
    transaction.Put(schema::CaseDecisionKey(
                        CaseId(ToArray<CaseId::kSize>(AsBytes(case_id))),
                        record.decided_at(), id),
                    "");
    transaction.Put(schema::DecidedCaseKey(
                        record.moderator(), record.decided_at(),
                        CaseId(ToArray<CaseId::kSize>(AsBytes(case_id)))),
                    "");
  }
}

void PutDecision(Transaction& transaction, const DecisionId& id,
                 const v1::DecisionRecord& record) {
  transaction.Put(schema::DecisionKey(id), EncodeRecord(record));
}

absl::StatusOr<std::vector<StoredDecision>> ListDecisions(Engine& engine,
                                                          const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::CaseDecisions(id)));
  std::vector<StoredDecision> decisions;
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(StoredDecision decision, Named(engine, entry.key));
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

void AddApproval(Transaction& transaction, UnixMillis proposed_at,
                 const DecisionId& id) {
  transaction.Put(schema::ApprovalKey(proposed_at, id), "");
}

void DeleteApproval(Transaction& transaction, UnixMillis proposed_at,
                    const DecisionId& id) {
  transaction.Delete(schema::ApprovalKey(proposed_at, id));
}

absl::StatusOr<ApprovalPage> ListApprovals(Engine& engine,
                                           absl::string_view after,
                                           size_t limit) {
  KeyRange range = schema::Approvals();
  const size_t prefix = range.begin.size();
  if (!after.empty()) {
    // The first key behind the one that ended the last page.
    range.begin.append(after.data(), after.size());
    range.begin.push_back('\0');
  }
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit + 1));
  ApprovalPage page;
  for (const KeyValue& entry : found) {
    if (page.decisions.size() == limit) break;
    FRANK_ASSIGN_OR_RETURN(StoredDecision decision, Named(engine, entry.key));
    page.decisions.push_back(std::move(decision));
    page.next = entry.key.substr(prefix);
  }
  if (found.size() <= limit) page.next.clear();
  return page;
}

absl::StatusOr<std::vector<StoredSanction>> ListSanctions(
    Transaction& transaction, absl::string_view account) {
  return ReadSanctions(transaction.Scan(schema::Sanctions(account)));
}
absl::StatusOr<std::vector<StoredSanction>> ListSanctions(
    Engine& engine, absl::string_view account) {
  return ReadSanctions(engine.Scan(schema::Sanctions(account)));
}
void PutSanction(Transaction& transaction, absl::string_view account,
                 const DecisionId& id, const v1::SanctionRecord& record) {
  transaction.Put(schema::SanctionKey(account, id), EncodeRecord(record));
}
void DeleteSanction(Transaction& transaction, absl::string_view account,
                    const DecisionId& id) {
  transaction.Delete(schema::SanctionKey(account, id));
}

absl::StatusOr<std::vector<StoredStrike>> ListStrikes(
    Transaction& transaction, absl::string_view account) {
  return ReadStrikes(transaction.Scan(schema::Strikes(account)));
}
absl::StatusOr<std::vector<StoredStrike>> ListStrikes(
    Engine& engine, absl::string_view account) {
  return ReadStrikes(engine.Scan(schema::Strikes(account)));
}
void PutStrike(Transaction& transaction, absl::string_view account,
               const StoredStrike& strike) {
  transaction.Put(schema::StrikeKey(account, strike.added_at, strike.id),
                  EncodeRecord(strike.record));
}
void DeleteStrike(Transaction& transaction, absl::string_view account,
                  UnixMillis added_at, const DecisionId& id) {
  transaction.Delete(schema::StrikeKey(account, added_at, id));
}

absl::StatusOr<absl::optional<v1::PolicyVersionRecord>> FindPolicyVersion(
    Transaction& transaction, uint32_t version) {
  return FindRecord<v1::PolicyVersionRecord>(transaction,
                                             schema::PolicyVersionKey(version));
}
absl::StatusOr<absl::optional<v1::PolicyVersionRecord>> FindPolicyVersion(
    Engine& engine, uint32_t version) {
  return FindRecord<v1::PolicyVersionRecord>(engine,
                                             schema::PolicyVersionKey(version));
}
void PutPolicyVersion(Transaction& transaction, uint32_t version,
                      const v1::PolicyVersionRecord& record) {
  transaction.Put(schema::PolicyVersionKey(version), EncodeRecord(record));
}

}  // namespace frank::storage
