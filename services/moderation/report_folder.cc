#include "services/moderation/report_folder.h"

#include <algorithm>
#include <set>

#include "absl/synchronization/blocking_counter.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "crypto/report.h"
#include "services/moderation/case_fold.h"
#include "services/moderation/report_lane.h"
#include "services/moderation/sealed_original.h"
#include "storage/reporter_store.h"

namespace frank::moderation {
namespace {

// Reports of a case in one transaction.
constexpr size_t kMaxGroup = 64;
// Cases that are written side by side, and share a sync.
constexpr size_t kGroupsAtOnce = 64;
// Memory that opened reports of a pass may take before what is judged is
// folded; a single report may take more, up to what wire.h lets it have.
constexpr size_t kMaxHeldBytes = 16u << 20;
constexpr UnixMillis kFirstDelay = 1 * kSecond;
constexpr UnixMillis kLongestDelay = 1 * kHour;

using storage::v1::IntakeReportRecord;

// In memory, which for many small parts is far more than on the wire.
size_t SizeOf(const FoldItem& item) {
  return item.judged.content ? item.judged.content->SpaceUsedLong() : 0;
}

// The verdicts that judging gave for the first time.
std::vector<storage::v1::MessageVerdictRecord> NewVerdicts(
    const IntakeReportRecord& record, const JudgedReport& judged) {
  std::vector<storage::v1::MessageVerdictRecord> fresh;
  for (size_t i = 0; i < judged.verdicts.size(); ++i) {
    bool known = i < static_cast<size_t>(record.message_size()) &&
                 record.message(static_cast<int>(i)).verdict() ==
                     judged.verdicts[i].verdict();
    if (!known) fresh.push_back(judged.verdicts[i]);
  }
  return fresh;
}

using Group = const std::vector<FoldItem>*;

// Takes groups out of `left` that have no reporter in common, some at least.
std::vector<Group> TakeApart(std::vector<Group>* left) {
  std::vector<Group> apart;
  std::vector<Group> later;
  std::set<absl::string_view> reporters;
  for (Group group : *left) {
    bool meets = std::any_of(
        group->begin(), group->end(), [&reporters](const FoldItem& item) {
          return reporters.count(item.due.report.reporter_uri) > 0;
        });
    if (meets || apart.size() == kGroupsAtOnce) {
      later.push_back(group);
      continue;
    }
    apart.push_back(group);
    for (const FoldItem& item : *group) {
      reporters.insert(item.due.report.reporter_uri);
    }
  }
  *left = std::move(later);
  return apart;
}

UnixMillis DelayAfter(uint32_t failures) {
  // 2^12 seconds are more than an hour.
  return std::min(kFirstDelay << std::min(failures, 12u), kLongestDelay);
}

}  // namespace

ReportFolder::ReportFolder(const Dependencies& dependencies)
    : d_(dependencies),
      lease_(d_.engine, d_.clock, d_.random, "fold"),
      started_at_(d_.clock.Now()),
      keys_generation_(ToString(d_.random.Draw<16>())) {}

absl::StatusOr<std::vector<ReportFolder::DueReport>> ReportFolder::ScanDue(
    Queue queue) {
  UnixMillis now = d_.clock.Now();
  if (queue == Queue::kWaiting) {
    return storage::ScanWaiting(d_.engine, now, kScan);
  }
  // Before the start, every retry was set to at most an interval after it.
  return storage::ScanRetries(
      d_.engine,
      std::max(now, started_at_ + limits::kUnknownKeyRetryInterval - 1), kScan);
}

absl::StatusOr<size_t> ReportFolder::FoldSome() {
  FRANK_ASSIGN_OR_RETURN(is_mine_, lease_.Acquire());
  if (!is_mine_) return 0;
  size_t handled = 0;
  for (Queue queue : {Queue::kWaiting, Queue::kRetries}) {
    FRANK_ASSIGN_OR_RETURN(std::vector<DueReport> due, ScanDue(queue));
    absl::Status folded = Fold(queue, due);
    groups_.clear();
    held_bytes_ = 0;
    FRANK_RETURN_IF_ERROR(folded);
    handled += due.size();
  }
  return handled;
}

absl::Status ReportFolder::Fold(Queue queue,
                                const std::vector<DueReport>& due) {
  for (const DueReport& report : due) {
    absl::Status handled = Handle(queue, report);
    if (handled.ok()) continue;
    if (ConcernsAll(handled)) return handled;
    FRANK_RETURN_IF_ERROR(PutOff(queue, report, handled));
  }
  return FoldHeld();
}

absl::Status ReportFolder::Handle(Queue queue, const DueReport& due) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindIntakeReport(d_.engine, due.report));
  bool waits = record && record->condition() == kReportWaiting;
  // Left over, were a store ever to be damaged: it would be found for ever.
  if (!record || waits != (queue == Queue::kWaiting)) return Drop(queue, due);
  if (!waits && record->retry_at() != due.due) return Drop(queue, due);
  if (!waits && record->judged_with() == keys_generation_) {
    return Reschedule(due);
  }
  // The largest reports are opened alone.
  if (held_bytes_ + record->sealed_piece_count() * kPieceBytes >
      kMaxHeldBytes) {
    FRANK_RETURN_IF_ERROR(FoldHeld());
  }
  FRANK_ASSIGN_OR_RETURN(FoldItem item, Judge(due, *record));
  // What is judged again came into its case before.
  if (waits) {
    FRANK_ASSIGN_OR_RETURN(bool held_back, HoldBack(&item));
    if (held_back) return absl::OkStatus();
  }
  return Hold(std::move(item));
}

absl::StatusOr<bool> ReportFolder::HoldBack(FoldItem* item) {
  FRANK_ASSIGN_OR_RETURN(LanePlace place,
                         FindLanePlace(d_.engine, *item, d_.clock.Now()));
  item->was_held = place.is_held;
  if (!place.is_due_in_lane) return false;
  FRANK_RETURN_IF_ERROR(storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        return PutIntoLane(transaction, *item, d_.clock.Now());
      }));
  return true;
}

absl::StatusOr<FoldItem> ReportFolder::Judge(const DueReport& due,
                                             const IntakeReportRecord& record) {
  FRANK_ASSIGN_OR_RETURN(DataKey key,
                         d_.vault.ReportKey(d_.engine, due.report));
  Bytes sealed;
  // Without its key there is nothing to read it for.
  if (d_.judge.HasKeyFor(record)) {
    FRANK_ASSIGN_OR_RETURN(
        std::vector<std::string> pieces,
        storage::GetSealedPieces(d_.engine, due.report,
                                 record.sealed_piece_count()));
    FRANK_ASSIGN_OR_RETURN(sealed, OpenOriginal(key, due.report, pieces));
  }
  FRANK_ASSIGN_OR_RETURN(JudgedReport judged,
                         d_.judge.Judge(due.report, record, sealed));
  bool raises_mismatch = judged.clear_mismatch && !record.clear_mismatch();
  auto new_verdicts = NewVerdicts(record, judged);
  return FoldItem{due,
                  std::move(judged),
                  std::move(key),
                  record.condition() != kReportWaiting,
                  keys_generation_,
                  raises_mismatch,
                  /*was_held=*/false,
                  std::move(new_verdicts),
                  record.accepted_at(),
                  record.received_at()};
}

absl::Status ReportFolder::Hold(FoldItem item) {
  held_bytes_ += SizeOf(item);
  Groups::key_type key(item.judged.accused_uri, item.judged.policy_area);
  std::vector<FoldItem>& group = groups_[key];
  group.push_back(std::move(item));
  if (group.size() < kMaxGroup && held_bytes_ < kMaxHeldBytes) {
    return absl::OkStatus();
  }
  return FoldHeld();
}

absl::Status ReportFolder::FoldHeld() {
  const Groups held = std::move(groups_);
  groups_.clear();
  held_bytes_ = 0;
  std::vector<Group> left;
  for (const auto& [key, group] : held) left.push_back(&group);
  while (!left.empty()) {
    FRANK_RETURN_IF_ERROR(FoldGroups(TakeApart(&left)));
  }
  return absl::OkStatus();
}

absl::Status ReportFolder::FoldGroups(
    absl::Span<const std::vector<FoldItem>* const> groups) {
  std::vector<absl::Status> outcomes(groups.size());
  absl::BlockingCounter under_way(static_cast<int>(groups.size()));
  for (size_t i = 0; i < groups.size(); ++i) {
    storage::RunTransaction(d_.engine, BodyOf(*groups[i]),
                            [&outcomes, &under_way, i](absl::Status outcome) {
                              outcomes[i] = std::move(outcome);
                              under_way.DecrementCount();
                            });
  }
  under_way.Wait();
  absl::Status all;
  for (size_t i = 0; i < groups.size(); ++i) {
    absl::Status outcome = std::move(outcomes[i]);
    // Others were faster, time and again.
    if (absl::IsAborted(outcome)) {
      outcome = storage::RunTransactionAndWait(d_.engine, BodyOf(*groups[i]));
    }
    if (outcome.ok()) {
      for (const FoldItem& item : *groups[i]) Count(item);
    } else {
      all.Update(ConcernsAll(outcome) ? outcome : FoldOneByOne(*groups[i]));
    }
  }
  return all;
}

absl::Status ReportFolder::FoldOneByOne(const std::vector<FoldItem>& group) {
  for (const FoldItem& item : group) {
    absl::Status alone = storage::RunTransactionAndWait(
        d_.engine, BodyOf(absl::MakeConstSpan(&item, 1)));
    if (alone.ok()) {
      Count(item);
      continue;
    }
    if (ConcernsAll(alone)) return alone;
    Queue queue = item.again ? Queue::kRetries : Queue::kWaiting;
    FRANK_RETURN_IF_ERROR(PutOff(queue, item.due, alone));
  }
  return absl::OkStatus();
}

storage::TransactionBody ReportFolder::BodyOf(
    absl::Span<const FoldItem> group) const {
  CaseFold::Context context{d_.engine, d_.vault, d_.routing, d_.clock.Now(),
                            CaseId::Random(d_.random)};
  return [this, group,
          context](storage::Transaction& transaction) -> absl::Status {
    FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
    CaseFold fold(context, transaction);
    for (const FoldItem& item : group) {
      FRANK_RETURN_IF_ERROR(fold.Add(item));
    }
    return fold.Write();
  };
}

void ReportFolder::Count(const FoldItem& item) {
  if (!item.again && item.judged.condition == kReportUnopenable) {
    d_.metrics.NotOpened();
  }
  for (const auto& verdict : item.new_verdicts) {
    d_.metrics.Judged(verdict.verdict());
    if (verdict.verdict() == static_cast<uint32_t>(crypto::Verdict::kProven)) {
      d_.metrics.Proven(
          item.accepted_at -
          std::min<UnixMillis>(item.accepted_at, verdict.accepted_timestamp()));
    }
  }
  if (!item.raises_mismatch) return;
  ++clear_mismatches_;
  Log(Severity::kError, "report.clear_mismatch",
      {LogField("report_id", item.due.report.id)});
}

absl::Status ReportFolder::PutOff(Queue queue, const DueReport& due,
                                  const absl::Status& why) {
  Log(Severity::kError, "report.put_off",
      {LogField("report_id", due.report.id), LogField("code", why.code())});
  return storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        FRANK_ASSIGN_OR_RETURN(
            auto record, storage::FindIntakeReport(transaction, due.report));
        if (!record) return absl::OkStatus();
        UnixMillis delay = DelayAfter(record->failures());
        record->set_failures(record->failures() + 1);
        if (queue == Queue::kWaiting) {
          FRANK_ASSIGN_OR_RETURN(
              auto held, storage::FindHeldReport(transaction, due.report));
          // Let go since: it will be found due again.
          if (held && held->due() != due.due) return absl::OkStatus();
          UnixMillis next = d_.clock.Now() + delay;
          storage::DeleteWaiting(transaction, due.due, due.report);
          storage::PutWaiting(transaction, next, due.report);
          if (held) {
            held->set_due(next);
            storage::PutHeldReport(transaction, due.report, *held);
          }
        } else {
          record->set_retry_at(d_.clock.Now() +
                               limits::kUnknownKeyRetryInterval);
          storage::DeleteRetry(transaction, due.due, due.report);
          storage::PutRetry(transaction, record->retry_at(), due.report);
        }
        storage::PutIntakeReport(transaction, due.report, *record);
        return absl::OkStatus();
      });
}

absl::Status ReportFolder::Reschedule(const DueReport& due) {
  return storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        FRANK_ASSIGN_OR_RETURN(
            auto record, storage::FindIntakeReport(transaction, due.report));
        if (!record || record->retry_at() != due.due) return absl::OkStatus();
        storage::DeleteRetry(transaction, due.due, due.report);
        ScheduleRetry(transaction, d_.clock.Now(), due.report, &*record);
        storage::PutIntakeReport(transaction, due.report, *record);
        return absl::OkStatus();
      });
}

absl::Status ReportFolder::Drop(Queue queue, const DueReport& due) {
  return storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        if (queue == Queue::kWaiting) {
          storage::DeleteWaiting(transaction, due.due, due.report);
        } else {
          storage::DeleteRetry(transaction, due.due, due.report);
        }
        return absl::OkStatus();
      });
}

}  // namespace frank::moderation
