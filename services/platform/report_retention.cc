#include "services/platform/report_retention.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "storage/expiry_store.h"
#include "storage/forwarding_store.h"

namespace frank::platform {
namespace {

constexpr UnixMillis kPause = kMinute;
constexpr size_t kRowsAtOnce = 16;
constexpr size_t kKeysAtOnce = 256;

}  // namespace

UnixMillis ReportRetention::Run() {
  std::string position;
  for (;;) {
    absl::StatusOr<bool> more = RemoveSome(&position);
    if (!more.ok()) {
      Log(Severity::kWarning, "retention_failed",
          {LogField("code", more.status().code())});
      return kPause;
    }
    if (!*more) return kPause;
  }
}

absl::StatusOr<bool> ReportRetention::RemoveSome(std::string* position) {
  bool more = false;
  std::string next;
  FRANK_RETURN_IF_ERROR(storage::RunTransactionAndWait(
      engine_, [&](storage::Transaction& transaction) -> absl::Status {
        UnixMillis now = clock_.Now();
        next = *position;
        UnixMillis forwarded_before =
            now - std::min(now, limits::kForwardedReportRetention);
        FRANK_ASSIGN_OR_RETURN(
            bool rows, storage::RemoveForwarded(transaction, forwarded_before,
                                                kRowsAtOnce));
        FRANK_ASSIGN_OR_RETURN(
            bool keys,
            storage::RemoveExpired(transaction, now, kKeysAtOnce, &next));
        more = rows || keys;
        return absl::OkStatus();
      }));
  *position = std::move(next);
  return more;
}

}  // namespace frank::platform
