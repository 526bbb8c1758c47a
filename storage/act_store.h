// Acts: the entries of the audit log (protocol section 8), written in the
// transaction of what they tell about, numbered without gaps for each subject,
// and put to wait for the log's tree in the same transaction.
#ifndef FRANK_STORAGE_ACT_STORE_H_
#define FRANK_STORAGE_ACT_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "storage/audit_schema.h"
#include "storage/engine.h"

namespace frank::storage {

struct StoredAct {
  uint64_t number = 0;
  std::string entry;
};

struct NewAct {
  std::string entry;
  // SHA-256 of the entry.
  std::string sha256;
};

// How many acts a subject has; tracked, so that two transactions never give the
// same number.
absl::StatusOr<uint64_t> GetActCount(Transaction& transaction,
                                     absl::string_view subject);

// Stores acts, of which there is one at least, as those that follow the first
// `count` of a subject, and puts them to wait for the tree.
absl::Status AddActs(Transaction& transaction, absl::string_view subject,
                     uint64_t count, UnixMillis now,
                     const std::vector<NewAct>& acts);

// The first `limit` acts of a subject that follow number `after`, oldest first,
// numbered from 1; untracked. kDataLoss when one is missing.
absl::StatusOr<std::vector<StoredAct>> ListActs(Engine& engine,
                                                absl::string_view subject,
                                                uint64_t after, size_t limit);

// Of a subject's acts with numbers (after, last] the first `limit` that are
// there; tracked. That some are missing is for the caller to see; a damaged one
// has an empty entry.
absl::StatusOr<std::vector<StoredAct>> ScanActs(Transaction& transaction,
                                                absl::string_view subject,
                                                uint64_t after, uint64_t last,
                                                size_t limit);

// The entry of one act; untracked.
absl::StatusOr<absl::optional<std::string>> FindAct(Engine& engine,
                                                    const ActRef& act);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ACT_STORE_H_
