#include "services/moderation/effect_sender.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "services/moderation/account_ledger.h"
#include "services/moderation/act_log.h"
#include "services/moderation/review_proto.h"
#include "storage/decision_store.h"

namespace frank::moderation {
namespace {

constexpr UnixMillis kFirstWait = 1 * kSecond;
constexpr UnixMillis kLongestWait = 1 * kMinute;
// Until what the platform refused is tried again.
constexpr UnixMillis kRefusedWait = 10 * kMinute;
// When nothing is known to become due: decisions wake it.
constexpr UnixMillis kIdle = 10 * kSecond;
// Rows of each bucket that one pass looks at.
constexpr size_t kScan = 32;

using storage::StoredEffect;

size_t ItemsOf(const StoredEffect& effect) {
  return static_cast<size_t>(effect.record.outcome_size()) +
         (effect.record.account_uri().empty() ? 0 : 1) +
         (effect.record.has_appeal() ? 1 : 0);
}

void AddNotices(const StoredEffect& effect, v1::ApplyRequest* request) {
  const storage::v1::EffectRecord& record = effect.record;
  for (const auto& outcome : record.outcome()) {
    v1::OutcomeNotice* notice = request->add_outcome();
    notice->set_report_id(outcome.report_id());
    notice->set_reporter_uri(outcome.reporter_uri());
    notice->set_outcome(static_cast<v1::ReportOutcome>(outcome.outcome()));
    notice->set_decided_at(record.decided_at());
    notice->set_decision_id(record.decision_id());
  }
  if (!record.has_appeal()) return;
  v1::AppealNotice* appeal = request->add_appeal();
  appeal->set_account_uri(record.appeal().account_uri());
  appeal->set_decision_id(record.decision_id());
  appeal->set_outcome(
      static_cast<v1::AppealOutcome>(record.appeal().outcome()));
  appeal->set_decided_at(record.decided_at());
}

v1::ApplyRequest RequestOf(const std::vector<StoredEffect>& effects) {
  v1::ApplyRequest request;
  // Those that are overtaken too, in their order: the account is told of each
  // decision.
  std::vector<const storage::v1::AccountStateRecord*> states;
  for (const StoredEffect& effect : effects) {
    if (effect.record.has_state()) states.push_back(&effect.record.state());
    AddNotices(effect, &request);
  }
  std::sort(states.begin(), states.end(), [](const auto* a, const auto* b) {
    return a->number() < b->number();
  });
  for (const auto* state : states) *request.add_state() = ToProto(*state);
  return request;
}

// Says that the platform understood and will not have it.
bool IsRefusal(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
         absl::IsFailedPrecondition(status) || absl::IsAlreadyExists(status);
}

}  // namespace

EffectSender::EffectSender(const Dependencies& dependencies)
    : d_(dependencies), lease_(d_.engine, d_.clock, d_.random, "effects") {}

UnixMillis EffectSender::SendDue() {
  absl::StatusOr<UnixMillis> next = TrySendDue();
  if (next.ok()) {
    wait_ = 0;
    return *next;
  }
  Log(Severity::kWarning, "effects.not_sent",
      {LogField("code", next.status().code())});
  return BackOff();
}

UnixMillis EffectSender::BackOff() {
  wait_ = wait_ == 0 ? kFirstWait : std::min(2 * wait_, kLongestWait);
  // Between half and all of it, so that instances do not return together.
  return wait_ / 2 + ReadU64(d_.random.Draw<8>()) % (wait_ / 2 + 1);
}

absl::StatusOr<UnixMillis> EffectSender::TrySendDue() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) return limits::kWorkerLeaseLook;
  UnixMillis now = d_.clock.Now();
  FRANK_ASSIGN_OR_RETURN(Effects due,
                         storage::ScanEffects(d_.engine, now, kScan));
  if (due.empty()) {
    FRANK_ASSIGN_OR_RETURN(auto next, storage::NextEffectDue(d_.engine));
    if (!next) return kIdle;
    if (*next <= now) return 0;
    return std::max(kTogether, std::min(*next - now, kIdle));
  }
  std::sort(due.begin(), due.end(),
            [](const StoredEffect& a, const StoredEffect& b) {
              return a.at.due < b.at.due;
            });
  const size_t waiting = due.size();
  Effects batch = FirstBatch(std::move(due));
  const bool all = batch.size() == waiting && waiting < kScan;
  FRANK_ASSIGN_OR_RETURN(batch, MarkSending(batch));
  FRANK_RETURN_IF_ERROR(Send(batch));
  return all ? kTogether : 0;
}

EffectSender::Effects EffectSender::FirstBatch(Effects due) {
  size_t items = 0;
  size_t rows = 0;
  while (rows < due.size()) {
    items += ItemsOf(due[rows]);
    if (items > limits::kMaxApplyItems) break;
    ++rows;
  }
  due.resize(rows);
  return due;
}

absl::StatusOr<EffectSender::Effects> EffectSender::MarkSending(
    const Effects& effects) {
  Effects marked;
  absl::Status status = storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        marked.clear();
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        AccountLedger ledger(transaction, d_.clock.Now());
        for (const StoredEffect& effect : effects) {
          FRANK_ASSIGN_OR_RETURN(auto record,
                                 storage::FindEffect(transaction, effect.at));
          // Undone since the scan.
          if (!record) continue;
          if (record->phase() != storage::kEffectSending) {
            record->set_phase(storage::kEffectSending);
            if (!record->account_uri().empty()) {
              FRANK_ASSIGN_OR_RETURN(*record->mutable_state(),
                                     ledger.Issue(effect.at, *record));
            }
            storage::PutEffect(transaction, effect.at, *record);
          }
          marked.push_back({effect.at, *std::move(record)});
        }
        ledger.Write();
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return marked;
}

absl::Status EffectSender::Send(const Effects& effects) {
  if (effects.empty()) return absl::OkStatus();
  absl::Status sent = d_.client.Apply(RequestOf(effects));
  if (sent.ok()) return MarkDone(effects);
  if (!IsRefusal(sent)) return sent;
  absl::Status last = sent;
  for (const StoredEffect& effect : effects) {
    FRANK_RETURN_IF_ERROR(KeepLease());
    absl::Status alone =
        effects.size() == 1 ? sent : d_.client.Apply(RequestOf({effect}));
    if (alone.ok()) {
      FRANK_RETURN_IF_ERROR(MarkDone({effect}));
      continue;
    }
    Log(Severity::kError, "effect.refused",
        {LogField("decision_id", effect.at.decision),
         LogField("code", alone.code())});
    FRANK_RETURN_IF_ERROR(IsRefusal(alone) ? PutOff(effect) : alone);
    last = alone;
  }
  return last;
}

absl::Status EffectSender::KeepLease() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (mine) return absl::OkStatus();
  return absl::FailedPreconditionError("the worker's lease has been taken");
}

absl::Status EffectSender::PutOff(const StoredEffect& effect) {
  FRANK_RETURN_IF_ERROR(KeepLease());
  return storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        FRANK_ASSIGN_OR_RETURN(auto record,
                               storage::FindEffect(transaction, effect.at));
        if (!record) return absl::OkStatus();
        storage::DeleteEffect(transaction, effect.at);
        storage::EffectRow later = effect.at;
        later.due = d_.clock.Now() + kRefusedWait;
        storage::PutEffect(transaction, later, *record);
        return absl::OkStatus();
      });
}

// From now on the account may appeal. A row that is of an act, or the end of a
// graver sanction, tells of no decision for the first time.
absl::Status EffectSender::NoteTold(storage::Transaction& transaction,
                                    const DecisionId& id) const {
  FRANK_ASSIGN_OR_RETURN(auto decision, storage::FindDecision(transaction, id));
  if (!decision || decision->told_at() != 0) return absl::OkStatus();
  decision->set_told_at(d_.clock.Now());
  storage::PutDecision(transaction, id, *decision);
  return absl::OkStatus();
}

absl::Status EffectSender::MarkDone(const Effects& effects) {
  FRANK_RETURN_IF_ERROR(KeepLease());
  return storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        ActLog acts(transaction, d_.clock.Now());
        for (const StoredEffect& effect : effects) {
          FRANK_ASSIGN_OR_RETURN(auto record,
                                 storage::FindEffect(transaction, effect.at));
          if (!record) continue;
          storage::DeleteEffect(transaction, effect.at);
          if (!record->account_uri().empty()) {
            FRANK_RETURN_IF_ERROR(NoteTold(transaction, effect.at.decision));
          }
          FRANK_ASSIGN_OR_RETURN(CaseId id,
                                 CaseId::Parse("case_id", record->case_id()));
          crypto::AuditDetails details;
          details.SetHex("decision", effect.at.decision.bytes())
              .Set("row", uint64_t{effect.at.row})
              .Set("number", record->state().number())
              .Set("outcomes", uint64_t(record->outcome_size()));
          FRANK_RETURN_IF_ERROR(acts.Add(CaseSubject(id), ServiceActor(),
                                         "effect.applied", details)
                                    .status());
        }
        return acts.Write();
      });
}

}  // namespace frank::moderation
