// What a transaction of the relay needs to know of accounts.
#ifndef FRANK_SERVICES_PLATFORM_ACCOUNT_READS_H_
#define FRANK_SERVICES_PLATFORM_ACCOUNT_READS_H_

#include <string>

#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/storage/v1/platform.pb.h"
#include "storage/enforcement_store.h"
#include "storage/engine.h"

namespace frank::platform {

// Reads each account once a transaction, tracked, however many of its rooms
// have messages in it; pointers to what was read last as long as this. Used by
// one thread.
class AccountReads {
 public:
  using Limits = absl::optional<storage::Enforcement>;

  // `transaction` outlives it.
  explicit AccountReads(storage::Transaction& transaction)
      : transaction_(transaction) {}

  // kDataLoss when there is none: a room has only members with an account.
  absl::StatusOr<const storage::v1::AccountRecord*> FindMember(
      const std::string& uri);
  // What moderators decided about an account.
  absl::StatusOr<const Limits*> FindLimits(const std::string& uri);
  // Counts a message against the account's limit; false when it is used up.
  absl::StatusOr<bool> UseAllowance(const std::string& uri,
                                    const Limits& limits, UnixMillis now);
  // Writes what was counted: of an account that is over its limit, nothing.
  void PutCounts();

 private:
  storage::Transaction& transaction_;
  absl::node_hash_map<std::string, storage::v1::AccountRecord> members_;
  absl::node_hash_map<std::string, Limits> limits_;
  struct Count {
    storage::v1::SendCountRecord record;
    bool raised = false;
  };
  absl::node_hash_map<std::string, Count> counts_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ACCOUNT_READS_H_
