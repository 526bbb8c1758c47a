#include "services/platform/platform_jobs.h"

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "core/log.h"
#include "core/status.h"
#include "storage/expiry_store.h"
#include "storage/file_store.h"
#include "storage/mailbox_store.h"

namespace frank::platform {
namespace {

using storage::Transaction;

constexpr UnixMillis kInterval = 5 * kSecond;
// In one transaction.
constexpr size_t kRows = 4096;
constexpr size_t kMailboxRows = 1024;  // each leaves a mark as large as itself
constexpr size_t kChunks = 64;
// A job that has more to do than this leaves it to the next round, so that none
// keeps the others from their turn.
constexpr size_t kPiecesARound = 64;

// Does one piece and moves the position behind it.
using Piece =
    absl::FunctionRef<absl::StatusOr<bool>(Transaction&, std::string*)>;

// Runs pieces of one job; returns whether there may be more.
absl::StatusOr<bool> RunSome(storage::Engine& engine, Piece piece) {
  std::string position;
  for (size_t i = 0; i < kPiecesARound; ++i) {
    bool more = false;
    std::string next;
    FRANK_RETURN_IF_ERROR(storage::RunTransactionAndWait(
        engine, [&](Transaction& transaction) -> absl::Status {
          next = position;
          FRANK_ASSIGN_OR_RETURN(more, piece(transaction, &next));
          return absl::OkStatus();
        }));
    if (!more) return false;
    position = std::move(next);
  }
  return true;
}

}  // namespace

absl::StatusOr<bool> RunPlatformJobs(storage::Engine& engine,
                                     const Clock& clock) {
  absl::Status first_error;
  bool any_more = false;
  auto run = [&](absl::string_view job, Piece piece) {
    absl::StatusOr<bool> more = RunSome(engine, piece);
    any_more |= more.ok() && *more;
    if (more.ok()) return;
    Log(Severity::kWarning, "background work failed",
        {LogField::Name("job", job), LogField("code", more.status().code())});
    first_error.Update(more.status());
  };
  run("sweep", [](Transaction& transaction, std::string* position) {
    return storage::SweepAcknowledged(transaction, kRows, position);
  });
  run("empty", [](Transaction& transaction, std::string*) {
    return storage::EmptyRemovedMailbox(transaction, kMailboxRows);
  });
  run("messages", [&](Transaction& transaction, std::string* position) {
    return storage::ExpireMessages(transaction, clock.Now(), kRows, position);
  });
  run("files", [&](Transaction& transaction, std::string*) {
    return storage::ExpireFiles(transaction, clock.Now(), kChunks);
  });
  run("rest", [&](Transaction& transaction, std::string* position) {
    return storage::RemoveExpired(transaction, clock.Now(), kRows, position);
  });
  FRANK_RETURN_IF_ERROR(first_error);
  return any_more;
}

PlatformJobs::PlatformJobs(storage::Engine& engine, const Clock& clock)
    : worker_("jobs", [&engine, &clock] {
        absl::StatusOr<bool> more = RunPlatformJobs(engine, clock);
        return more.ok() && *more ? 0 : kInterval;
      }) {}

}  // namespace frank::platform
