#include "services/platform/platform_jobs.h"

#include "absl/functional/function_ref.h"
#include "core/log.h"
#include "core/status.h"
#include "storage/expiry_store.h"
#include "storage/file_store.h"
#include "storage/mailbox_store.h"

namespace frank::platform {
namespace {

using storage::Transaction;

constexpr size_t kPiece = 64;
constexpr UnixMillis kInterval = 5 * kSecond;

// Runs pieces of one job until none is left.
absl::Status RunAll(
    storage::Engine& engine,
    absl::FunctionRef<absl::StatusOr<bool>(Transaction&)> piece) {
  bool more = true;
  while (more) {
    FRANK_RETURN_IF_ERROR(storage::RunTransactionAndWait(
        engine, [&](Transaction& transaction) -> absl::Status {
          FRANK_ASSIGN_OR_RETURN(more, piece(transaction));
          return absl::OkStatus();
        }));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunPlatformJobs(storage::Engine& engine, const Clock& clock) {
  FRANK_RETURN_IF_ERROR(RunAll(engine, [](Transaction& transaction) {
    return storage::SweepAcknowledged(transaction, kPiece);
  }));
  FRANK_RETURN_IF_ERROR(RunAll(engine, [](Transaction& transaction) {
    return storage::EmptyRemovedMailbox(transaction, kPiece);
  }));
  FRANK_RETURN_IF_ERROR(RunAll(engine, [&](Transaction& transaction) {
    return storage::ExpireMessages(transaction, clock.Now(), kPiece);
  }));
  FRANK_RETURN_IF_ERROR(RunAll(engine, [&](Transaction& transaction) {
    return storage::ExpireFiles(transaction, clock.Now(), kPiece);
  }));
  return RunAll(engine, [&](Transaction& transaction) {
    return storage::RemoveExpired(transaction, clock.Now(), kPiece);
  });
}

PlatformJobs::PlatformJobs(storage::Engine& engine, const Clock& clock)
    : worker_("jobs", [&engine, &clock] {
        absl::Status status = RunPlatformJobs(engine, clock);
        if (!status.ok()) {
          Log(Severity::kWarning, "background work failed",
              {LogField("code", status.code())});
        }
        return kInterval;
      }) {}

}  // namespace frank::platform
