// The rows that one act puts into the effects' outbox.
#ifndef FRANK_SERVICES_MODERATION_EFFECT_ROWS_H_
#define FRANK_SERVICES_MODERATION_EFFECT_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/message.pb.h"
#include "frank/v1/report.pb.h"
#include "storage/effect_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Collects rows and writes them. `id` is a decision's, or that of the act that
// took one back: what the account and reporters are told is keyed by it.
class EffectRows {
 public:
  EffectRows(const DecisionId& id, UnixMillis decided_at)
      : id_(id), decided_at_(decided_at) {}

  // The account's state is made anew when the row leaves.
  void ChangeAccount(const CaseId& case_id, const std::string& account_uri,
                     v1::NoticeKind notice, const std::string& policy);
  // Tells everybody who reported to a case. Reports are read untracked: one
  // joins a case only with a write to its record, which the caller has tracked;
  // they may be too many to track.
  absl::Status TellReporters(
      storage::Engine& engine, const CaseId& case_id,
      absl::FunctionRef<v1::ReportOutcome(bool proves)> outcome_for);

  // Writes the rows, numbered from 0, and returns how many they are.
  uint32_t Write(storage::Transaction& transaction, UnixMillis due) const;

 private:
  storage::v1::EffectRecord& AddRow(const CaseId& case_id);

  const DecisionId id_;
  const UnixMillis decided_at_;
  std::vector<storage::v1::EffectRecord> rows_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EFFECT_ROWS_H_
