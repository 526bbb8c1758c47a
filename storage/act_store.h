// Acts: the entries of the audit log (protocol section 8), written in the
// transaction of what they tell about, numbered without gaps for each subject.
#ifndef FRANK_STORAGE_ACT_STORE_H_
#define FRANK_STORAGE_ACT_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/engine.h"

namespace frank::storage {

struct StoredAct {
  uint64_t number = 0;
  std::string entry;
};

// How many acts a subject has; tracked, so that two transactions never give the
// same number.
absl::StatusOr<uint64_t> GetActCount(Transaction& transaction,
                                     absl::string_view subject);

// Stores entries as the acts that follow the first `count`.
void AddActs(Transaction& transaction, absl::string_view subject,
             uint64_t count, const std::vector<std::string>& entries);

// The first `limit` acts of a subject that follow number `after`, oldest first,
// numbered from 1; untracked. kDataLoss when one is missing.
absl::StatusOr<std::vector<StoredAct>> ListActs(Engine& engine,
                                                absl::string_view subject,
                                                uint64_t after, size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ACT_STORE_H_
