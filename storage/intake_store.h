// Reports at the moderators, from their arrival until a case holds them: the
// sealed original, encrypted; the queue of those to be folded; the queue of
// those to be judged again; and the lease of the worker that does it.
#ifndef FRANK_STORAGE_INTAKE_STORE_H_
#define FRANK_STORAGE_INTAKE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {

// The high-water mark of a platform's outbox; the first is tracked.
absl::StatusOr<uint64_t> GetHighWaterMark(Transaction& transaction,
                                          absl::string_view platform);
absl::StatusOr<uint64_t> GetHighWaterMark(Engine& engine,
                                          absl::string_view platform);
void PutHighWaterMark(Transaction& transaction, absl::string_view platform,
                      uint64_t number);

// One report; the first is tracked.
absl::StatusOr<absl::optional<v1::IntakeReportRecord>> FindIntakeReport(
    Transaction& transaction, const ReportRef& report);
absl::StatusOr<absl::optional<v1::IntakeReportRecord>> FindIntakeReport(
    Engine& engine, const ReportRef& report);
void PutIntakeReport(Transaction& transaction, const ReportRef& report,
                     const v1::IntakeReportRecord& record);

// The encrypted sealed report, in pieces. kDataLoss when one is missing.
void PutSealedPiece(Transaction& transaction, const ReportRef& report,
                    uint32_t piece, absl::string_view ciphertext);
absl::StatusOr<std::vector<std::string>> GetSealedPieces(
    Engine& engine, const ReportRef& report, uint32_t count);
void DeleteSealedPieces(Transaction& transaction, const ReportRef& report,
                        uint32_t count);

// Reports that wait to be folded, and reports to be judged again.
void PutWaiting(Transaction& transaction, UnixMillis due,
                const ReportRef& report);
void DeleteWaiting(Transaction& transaction, UnixMillis due,
                   const ReportRef& report);
void PutRetry(Transaction& transaction, UnixMillis due,
              const ReportRef& report);
void DeleteRetry(Transaction& transaction, UnixMillis due,
                 const ReportRef& report);

// Up to `limit` of each bucket's due reports, untracked: the transaction that
// handles one tracks its record.
absl::StatusOr<std::vector<schema::DueReport>> ScanWaiting(Engine& engine,
                                                           UnixMillis now,
                                                           size_t limit);
absl::StatusOr<std::vector<schema::DueReport>> ScanRetries(Engine& engine,
                                                           UnixMillis due_until,
                                                           size_t limit);

// The lease under which one instance does a job; tracked.
absl::StatusOr<v1::LeaseRecord> GetWorkerLease(Transaction& transaction,
                                               absl::string_view job);
void PutWorkerLease(Transaction& transaction, absl::string_view job,
                    const v1::LeaseRecord& lease);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_INTAKE_STORE_H_
