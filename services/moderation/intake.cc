#include "services/moderation/intake.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/hash.h"
#include "services/common/receipt_record.h"
#include "services/moderation/act_log.h"
#include "services/moderation/sealed_original.h"
#include "storage/intake_store.h"
#include "storage/moderation_account_store.h"
#include "storage/receipt_store.h"

namespace frank::moderation {
namespace {

// One report, made ready before the transaction: encrypted once, however often
// the transaction runs.
struct Prepared {
  storage::ReportRef ref;
  storage::v1::IntakeReportRecord record;
  std::vector<std::string> pieces;
  DataKey key;
  absl::optional<storage::v1::ReceiptRecord> receipt;
};

struct Batch {
  std::string platform;
  uint64_t last_number = 0;
  std::vector<Prepared> reports;
  std::vector<PreparedAppeal> appeals;
  std::vector<std::pair<std::string, uint64_t>> signals;
  // Of the run of the transaction that committed.
  std::vector<ReportId> conflicts;
  std::vector<DecisionId> appeal_conflicts;
  std::vector<v1::Receipt> receipts;
};

absl::StatusOr<Prepared> Prepare(const Intake::Dependencies& d, UnixMillis now,
                                 absl::string_view platform,
                                 const v1::ForwardRequest& request) {
  storage::ReportRef ref;
  ref.reporter_uri = request.reporter_uri();
  FRANK_ASSIGN_OR_RETURN(ref.id,
                         ReportId::Parse("report_id", request.report_id()));
  DataKey key = d.vault.NewKey();
  FRANK_ASSIGN_OR_RETURN(
      std::vector<std::string> pieces,
      SealOriginal(d.vault.random(), key, ref, request.sealed_report()));
  storage::v1::IntakeReportRecord record;
  record.set_platform(ToString(AsBytes(platform)));
  record.set_review_key_id(request.review_key_id());
  record.set_sealed_sha256(
      ToString(crypto::Sha256({AsBytes(request.sealed_report())})));
  record.set_sealed_piece_count(static_cast<uint32_t>(pieces.size()));
  for (const v1::Frank& frank : request.frank()) {
    record.add_clear_frank(frank.SerializeAsString());
  }
  for (int member : request.member()) {
    record.add_clear_frank_member(static_cast<uint32_t>(member));
  }
  record.set_accepted_at(request.accepted_at());
  record.set_received_at(now);
  FRANK_ASSIGN_OR_RETURN(
      auto receipt, d.receipts.Sign(ref, now, AsBytes(record.sealed_sha256())));
  return Prepared{std::move(ref), std::move(record), std::move(pieces),
                  std::move(key), std::move(receipt)};
}

absl::Status PrepareInto(const Intake::Dependencies& d, UnixMillis now,
                         const v1::ForwardRequest& request, Batch* batch) {
  batch->last_number = std::max(batch->last_number, request.number());
  if (request.has_appeal()) {
    FRANK_ASSIGN_OR_RETURN(PreparedAppeal appeal,
                           d.appeals.Prepare(batch->platform, request, now));
    batch->appeals.push_back(std::move(appeal));
    return absl::OkStatus();
  }
  FRANK_ASSIGN_OR_RETURN(Prepared report,
                         Prepare(d, now, batch->platform, request));
  batch->reports.push_back(std::move(report));
  for (const auto& signal : request.sender_signal()) {
    batch->signals.emplace_back(signal.sender_uri(), signal.mismatch_notices());
  }
  return absl::OkStatus();
}

absl::Status AddReport(const KeyVault& vault, storage::Transaction& transaction,
                       const Prepared& report, ActLog& acts) {
  FRANK_RETURN_IF_ERROR(
      vault.PutReportKey(transaction, report.ref, report.key));
  for (uint32_t i = 0; i < report.pieces.size(); ++i) {
    storage::PutSealedPiece(transaction, report.ref, i, report.pieces[i]);
  }
  storage::PutIntakeReport(transaction, report.ref, report.record);
  storage::PutWaiting(transaction, report.record.received_at(), report.ref);
  if (report.receipt) {
    storage::PutReceipt(transaction, report.ref, *report.receipt);
  }
  return acts
      .Add(ReportSubject(report.ref), PlatformActor(report.record.platform()),
           "report.received",
           crypto::AuditDetails().SetHex(
               "sealed_sha256", AsBytes(report.record.sealed_sha256())))
      .status();
}

absl::Status AddConflict(const Prepared& report, ActLog& acts) {
  return acts
      .Add(ReportSubject(report.ref), PlatformActor(report.record.platform()),
           "report.conflict",
           crypto::AuditDetails().SetHex(
               "sealed_sha256", AsBytes(report.record.sealed_sha256())))
      .status();
}

// The receipt that a report has. One that came when there was no key for it is
// given its receipt now, for the time at which it came.
absl::StatusOr<absl::optional<storage::v1::ReceiptRecord>> FindOrAddReceipt(
    const ReceiptSigner& signer, storage::Transaction& transaction,
    const storage::ReportRef& report,
    const storage::v1::IntakeReportRecord& record) {
  FRANK_ASSIGN_OR_RETURN(auto known, storage::FindReceipt(transaction, report));
  if (known) return known;
  FRANK_ASSIGN_OR_RETURN(auto added,
                         signer.Sign(report, record.received_at(),
                                     AsBytes(record.sealed_sha256())));
  if (added) storage::PutReceipt(transaction, report, *added);
  return added;
}

// One run of the transaction that stores a batch.
class BatchStore {
 public:
  BatchStore(const Intake::Dependencies& d, UnixMillis now, Batch& batch,
             storage::Transaction& transaction)
      : d_(d),
        batch_(batch),
        transaction_(transaction),
        acts_(transaction, now) {
    batch_.conflicts.clear();
    batch_.appeal_conflicts.clear();
    batch_.receipts.clear();
  }

  absl::Status Run() {
    for (const Prepared& report : batch_.reports) {
      FRANK_RETURN_IF_ERROR(Take(report));
    }
    for (const PreparedAppeal& appeal : batch_.appeals) {
      FRANK_RETURN_IF_ERROR(Take(appeal));
    }
    for (const auto& [sender, count] : batch_.signals) {
      storage::PutMismatchNotices(transaction_, sender, count);
    }
    FRANK_ASSIGN_OR_RETURN(uint64_t mark, storage::GetHighWaterMark(
                                              transaction_, batch_.platform));
    storage::PutHighWaterMark(transaction_, batch_.platform,
                              std::max(mark, batch_.last_number));
    return acts_.Write();
  }

 private:
  absl::Status Take(const Prepared& report) {
    FRANK_ASSIGN_OR_RETURN(auto found,
                           storage::FindIntakeReport(transaction_, report.ref));
    auto before = added_.find(report.ref);
    if (!found && before == added_.end()) {
      added_[report.ref] = &report;
      Give(report.ref, report.receipt);
      return AddReport(d_.vault, transaction_, report, acts_);
    }
    const std::string& known =
        found ? found->sealed_sha256() : before->second->record.sealed_sha256();
    if (known != report.record.sealed_sha256()) {
      batch_.conflicts.push_back(report.ref.id);
      return AddConflict(report, acts_);
    }
    if (!found) return absl::OkStatus();
    FRANK_ASSIGN_OR_RETURN(
        auto receipt,
        FindOrAddReceipt(d_.receipts, transaction_, report.ref, *found));
    Give(report.ref, receipt);
    return absl::OkStatus();
  }

  absl::Status Take(const PreparedAppeal& appeal) {
    auto [first, fresh] =
        appealed_.emplace(appeal.decision, appeal.record.sealed_sha256());
    bool taken = first->second == appeal.record.sealed_sha256();
    if (fresh) {
      FRANK_ASSIGN_OR_RETURN(taken,
                             d_.appeals.Take(transaction_, appeal, acts_));
    }
    if (!taken) batch_.appeal_conflicts.push_back(appeal.decision);
    return absl::OkStatus();
  }

  void Give(const storage::ReportRef& report,
            const absl::optional<storage::v1::ReceiptRecord>& receipt) {
    if (!receipt) return;
    batch_.receipts.push_back(
        services::ToProto(report.id, report.reporter_uri, *receipt));
  }

  const Intake::Dependencies& d_;
  Batch& batch_;
  storage::Transaction& transaction_;
  ActLog acts_;
  // What this transaction stores is not seen by its own reads.
  std::map<storage::ReportRef, const Prepared*> added_;
  std::map<DecisionId, std::string> appealed_;
};

}  // namespace

Intake::Intake(const Dependencies& dependencies) : d_(dependencies) {
  worker_ = std::make_unique<services::Worker>("intake",
                                               [this] { return RunTasks(); });
}

Intake::~Intake() {
  {
    absl::MutexLock lock(&mutex_);
    auto idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return running_ == 0;
    };
    mutex_.Await(absl::Condition(&idle));
  }
  worker_.reset();
}

UnixMillis Intake::RunTasks() {
  std::vector<Task> tasks;
  {
    absl::MutexLock lock(&mutex_);
    tasks.swap(tasks_);
  }
  for (Task& task : tasks) task();
  return kHour;
}

void Intake::Ended() {
  absl::MutexLock lock(&mutex_);
  --running_;
}

absl::StatusOr<uint64_t> Intake::HighWaterMark(
    absl::string_view platform) const {
  return storage::GetHighWaterMark(d_.engine, platform);
}

absl::Status Intake::Check(const v1::ForwardRequest& request) {
  if (request.number() == 0) return FieldError("number", "must not be 0");
  if (request.has_appeal()) return AppealIntake::Check(request.appeal());
  FRANK_RETURN_IF_ERROR(
      ReportId::Parse("report_id", request.report_id()).status());
  FRANK_RETURN_IF_ERROR(CheckUri("reporter_uri", request.reporter_uri()));
  if (request.review_key_id().size() != ReviewKeyId::kSize) {
    return FieldError("review_key_id", "must be 8 bytes");
  }
  if (request.sealed_report().size() > limits::kMaxSealedReportBytes) {
    return FieldError("sealed_report", "is too long");
  }
  if (request.frank_size() > static_cast<int>(limits::kMaxReportedMessages)) {
    return FieldError("frank", "at most 256");
  }
  if (request.member_size() != 0 &&
      request.member_size() != request.frank_size()) {
    return FieldError("member", "must be as many as frank, or none");
  }
  for (int i = 0; i < request.sender_signal_size(); ++i) {
    FRANK_RETURN_IF_ERROR(CheckUri(absl::StrCat("sender_signal[", i, "]"),
                                   request.sender_signal(i).sender_uri()));
  }
  return absl::OkStatus();
}

void Intake::Store(absl::string_view platform,
                   std::vector<v1::ForwardRequest> requests, Stored done) {
  absl::MutexLock lock(&mutex_);
  ++running_;
  tasks_.push_back([this, platform = ToString(AsBytes(platform)),
                    requests = std::move(requests),
                    done = std::move(done)]() mutable {
    PrepareAndStore(platform, requests, std::move(done));
  });
  worker_->Wake();
}

void Intake::PrepareAndStore(const std::string& platform,
                             const std::vector<v1::ForwardRequest>& requests,
                             Stored done) {
  UnixMillis now = d_.clock.Now();
  auto batch = std::make_shared<Batch>();
  batch->platform = platform;
  for (const v1::ForwardRequest& request : requests) {
    absl::Status prepared = PrepareInto(d_, now, request, batch.get());
    if (!prepared.ok()) {
      done(prepared);
      return Ended();
    }
  }
  storage::RunTransaction(
      d_.engine,
      [this, batch, now](storage::Transaction& transaction) {
        return BatchStore(d_, now, *batch, transaction).Run();
      },
      [this, batch, done = std::move(done)](absl::Status status) mutable {
        if (status.ok()) {
          for (const ReportId& id : batch->conflicts) {
            ++conflicts_;
            Log(Severity::kError, "report.id_conflict",
                {LogField("report_id", id)});
          }
          for (const DecisionId& id : batch->appeal_conflicts) {
            ++conflicts_;
            Log(Severity::kError, "appeal.conflict",
                {LogField("decision_id", id)});
          }
          done(Taken{batch->last_number, std::move(batch->receipts)});
        } else {
          done(std::move(status));
        }
        Ended();
      });
}

}  // namespace frank::moderation
