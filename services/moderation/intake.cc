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
#include "services/moderation/act_log.h"
#include "services/moderation/sealed_original.h"
#include "storage/intake_store.h"
#include "storage/moderation_account_store.h"

namespace frank::moderation {
namespace {

// One report, made ready before the transaction: encrypted once, however often
// the transaction runs.
struct Prepared {
  storage::ReportRef ref;
  storage::v1::IntakeReportRecord record;
  std::vector<std::string> pieces;
  DataKey key;
};

struct Batch {
  std::string platform;
  uint64_t last_number = 0;
  std::vector<Prepared> reports;
  std::vector<std::pair<std::string, uint64_t>> signals;
  // Of the run of the transaction that committed.
  std::vector<ReportId> conflicts;
};

absl::StatusOr<Prepared> Prepare(const KeyVault& vault, UnixMillis now,
                                 absl::string_view platform,
                                 const v1::ForwardRequest& request) {
  storage::ReportRef ref;
  ref.reporter_uri = request.reporter_uri();
  FRANK_ASSIGN_OR_RETURN(ref.id,
                         ReportId::Parse("report_id", request.report_id()));
  DataKey key = vault.NewKey();
  FRANK_ASSIGN_OR_RETURN(
      std::vector<std::string> pieces,
      SealOriginal(vault.random(), key, ref, request.sealed_report()));
  storage::v1::IntakeReportRecord record;
  record.set_platform(ToString(AsBytes(platform)));
  record.set_review_key_id(request.review_key_id());
  record.set_sealed_sha256(
      ToString(crypto::Sha256({AsBytes(request.sealed_report())})));
  record.set_sealed_piece_count(static_cast<uint32_t>(pieces.size()));
  for (const v1::Frank& frank : request.frank()) {
    record.add_clear_frank(frank.SerializeAsString());
  }
  record.set_accepted_at(request.accepted_at());
  record.set_received_at(now);
  return Prepared{std::move(ref), std::move(record), std::move(pieces),
                  std::move(key)};
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
  return acts
      .Add(ReportSubject(report.ref),
           PlatformActor(report.record.platform()), "report.received",
           crypto::AuditDetails().SetHex(
               "sealed_sha256", AsBytes(report.record.sealed_sha256())))
      .status();
}

absl::Status AddConflict(const Prepared& report, ActLog& acts) {
  return acts
      .Add(ReportSubject(report.ref),
           PlatformActor(report.record.platform()), "report.conflict",
           crypto::AuditDetails().SetHex(
               "sealed_sha256", AsBytes(report.record.sealed_sha256())))
      .status();
}

absl::Status StoreBatch(const KeyVault& vault, UnixMillis now, Batch& batch,
                        storage::Transaction& transaction) {
  ActLog acts(transaction, now);
  batch.conflicts.clear();
  // What this transaction stores is not seen by its own reads.
  std::map<storage::ReportRef, std::string> added;
  for (const Prepared& report : batch.reports) {
    FRANK_ASSIGN_OR_RETURN(auto found,
                           storage::FindIntakeReport(transaction, report.ref));
    auto before = added.find(report.ref);
    if (!found && before == added.end()) {
      added[report.ref] = report.record.sealed_sha256();
      FRANK_RETURN_IF_ERROR(AddReport(vault, transaction, report, acts));
      continue;
    }
    const std::string& known = found ? found->sealed_sha256() : before->second;
    if (known == report.record.sealed_sha256()) continue;
    batch.conflicts.push_back(report.ref.id);
    FRANK_RETURN_IF_ERROR(AddConflict(report, acts));
  }
  for (const auto& [sender, count] : batch.signals) {
    storage::PutMismatchNotices(transaction, sender, count);
  }
  FRANK_ASSIGN_OR_RETURN(
      uint64_t mark, storage::GetHighWaterMark(transaction, batch.platform));
  batch.last_number = std::max(mark, batch.last_number);
  storage::PutHighWaterMark(transaction, batch.platform, batch.last_number);
  return acts.Write();
}

}  // namespace

Intake::Intake(const Dependencies& dependencies) : d_(dependencies) {}

Intake::~Intake() {
  absl::MutexLock lock(&mutex_);
  auto idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return running_ == 0;
  };
  mutex_.Await(absl::Condition(&idle));
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
  for (int i = 0; i < request.sender_signal_size(); ++i) {
    FRANK_RETURN_IF_ERROR(CheckUri(absl::StrCat("sender_signal[", i, "]"),
                                   request.sender_signal(i).sender_uri()));
  }
  return absl::OkStatus();
}

void Intake::Store(absl::string_view platform,
                   const std::vector<v1::ForwardRequest>& requests,
                   Stored done) {
  UnixMillis now = d_.clock.Now();
  auto batch = std::make_shared<Batch>();
  batch->platform = ToString(AsBytes(platform));
  for (const v1::ForwardRequest& request : requests) {
    absl::StatusOr<Prepared> report = Prepare(d_.vault, now, platform, request);
    if (!report.ok()) return done(report.status());
    batch->reports.push_back(*std::move(report));
    batch->last_number = std::max(batch->last_number, request.number());
    for (const auto& signal : request.sender_signal()) {
      batch->signals.emplace_back(signal.sender_uri(),
                                  signal.mismatch_notices());
    }
  }
  {
    absl::MutexLock lock(&mutex_);
    ++running_;
  }
  storage::RunTransaction(
      d_.engine,
      [this, batch, now](storage::Transaction& transaction) {
        return StoreBatch(d_.vault, now, *batch, transaction);
      },
      [this, batch, done = std::move(done)](absl::Status status) mutable {
        if (status.ok()) {
          for (const ReportId& id : batch->conflicts) {
            ++conflicts_;
            Log(Severity::kError, "report.id_conflict",
                {LogField("report_id", id)});
          }
          done(batch->last_number);
        } else {
          done(std::move(status));
        }
        Ended();
      });
}

}  // namespace frank::moderation
