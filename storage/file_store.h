// Encrypted files: a record, a key for each chunk, and what an account's files
// take together. Reads are tracked when they go through a transaction and
// untracked through the engine.
#ifndef FRANK_STORAGE_FILE_STORE_H_
#define FRANK_STORAGE_FILE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/platform.pb.h"
#include "storage/engine.h"

namespace frank::storage {

absl::StatusOr<absl::optional<v1::FileRecord>> FindFile(
    Transaction& transaction, const FrankingTag& tag);
absl::StatusOr<absl::optional<v1::FileRecord>> FindFile(Engine& engine,
                                                        const FrankingTag& tag);
// Stores a new file: its record, its end, and what its owner uses from now on.
void AddFile(Transaction& transaction, const FrankingTag& tag,
             const v1::FileRecord& file, uint64_t owner_usage);
void PutFile(Transaction& transaction, const FrankingTag& tag,
             const v1::FileRecord& file);

void PutChunk(Transaction& transaction, const FrankingTag& tag, uint32_t index,
              absl::string_view ciphertext);
absl::StatusOr<absl::optional<std::string>> FindChunk(Engine& engine,
                                                      const FrankingTag& tag,
                                                      uint32_t index);

// Bytes of the account's files, tracked; files count whole from their start.
absl::StatusOr<uint64_t> GetFileUsage(Transaction& transaction,
                                      absl::string_view account_uri);

// Removes up to `limit` chunks of one file whose time has come, and at last the
// file, which then counts no longer. Returns whether there may be more.
absl::StatusOr<bool> ExpireFiles(Transaction& transaction, UnixMillis now,
                                 size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_FILE_STORE_H_
