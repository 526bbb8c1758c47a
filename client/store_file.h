// An encrypted, crash-safe store of keys and values in one folder that only its
// owner can read. It holds everything that a device must not lose: keys, pins,
// messages, sealed reports.
#ifndef FRANK_CLIENT_STORE_FILE_H_
#define FRANK_CLIENT_STORE_FILE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "client/home_folder.h"
#include "core/bytes.h"
#include "core/random.h"
#include "crypto/secret.h"
#include "google/protobuf/message_lite.h"

namespace frank::client {

// Changes that become durable together or not at all. Values are overwritten
// when it goes.
class StoreBatch {
 public:
  void Put(absl::string_view key, absl::string_view value);
  void Put(absl::string_view key, const google::protobuf::MessageLite& record);
  void Delete(absl::string_view key);
  bool empty() const { return changes_.empty(); }

 private:
  friend class StoreFile;
  // A change without value deletes.
  std::vector<std::pair<std::string, absl::optional<crypto::Secret>>> changes_;
};

// home/store.key holds a random key, mode 0600, unless the caller keeps one
// elsewhere; home/store.log is
//   "frank-store-1\n" || salt[32] || record*
//   record = u32(length) || check[8] || AES-128-GCM(file_key, nonce = 0^4 ||
//            u64(n), aad = "frank/store", batch)
//   file_key || check_key = HMAC-SHA256(store key, salt), halves
//   check  = HMAC-SHA256(check_key, u64(n) || u32(length))[0..8)
// for the n-th record. A file of its own salt is begun at each compaction, so
// that no nonce is used twice. Values stay on disk; an index of the keys is in
// memory. Not thread-safe; one process at a time, by a lock on home/lock.
class StoreFile {
 public:
  static constexpr size_t kKeyBytes = 32;

  // Opens the store in `home`, which is made (mode 0700) if it is missing,
  // under `key`, or without one under home/store.key, which is made with the
  // store. kFailedPrecondition, naming path and rule: another user can read the
  // folder or a file in it, or another process has it open. kDataLoss: the key
  // is not this store's, or a record was damaged. A last record that a crash
  // cut off was never acknowledged and is dropped.
  static absl::StatusOr<std::unique_ptr<StoreFile>> Open(
      const std::string& home, RandomSource& random,
      absl::optional<crypto::Secret> key = absl::nullopt);

  // As Open, but kNotFound when there is no store yet.
  static absl::StatusOr<std::unique_ptr<StoreFile>> OpenExisting(
      const std::string& home, RandomSource& random,
      absl::optional<crypto::Secret> key = absl::nullopt);

  StoreFile(const StoreFile&) = delete;
  StoreFile& operator=(const StoreFile&) = delete;

  // Makes the changes durable before it returns. After an error none of them is
  // visible; whether they are after the store is opened anew is not known, and
  // until then every other Apply fails too (kInternal). kInvalidArgument: the
  // batch is larger than 64 MiB.
  absl::Status Apply(const StoreBatch& batch);

  // kNotFound, kDataLoss.
  absl::StatusOr<crypto::Secret> Get(absl::string_view key) const;
  bool Contains(absl::string_view key) const;
  // Keys that begin with `prefix`, ascending.
  std::vector<std::string> Keys(absl::string_view prefix) const;

  const std::string& home() const { return home_; }

 private:
  // Where a value lies: in the `position`-th byte of the n-th record's batch.
  struct Place {
    uint64_t record = 0;
    uint64_t offset = 0;
    uint32_t length = 0;
    uint32_t position = 0;
    uint32_t size = 0;
  };
  // One file of the log, with the keys that its salt gives.
  struct Log {
    FileHandle file;
    crypto::Secret file_key;
    crypto::Secret check_key;
    uint64_t next_record = 0;
    uint64_t end = 0;
  };
  using Index = std::map<std::string, Place, std::less<>>;

  StoreFile(std::string home, crypto::Secret key, FileHandle lock,
            RandomSource& random)
      : home_(std::move(home)),
        key_(std::move(key)),
        lock_(std::move(lock)),
        random_(random) {}

  static absl::StatusOr<crypto::Secret> LoadKey(const std::string& home,
                                                RandomSource& random);
  static absl::StatusOr<crypto::Secret> MakeKey(const std::string& path,
                                                const std::string& home,
                                                RandomSource& random);
  std::string LogPath() const { return home_ + "/store.log"; }
  void DeriveKeys(ByteSpan salt, Log* log) const;
  absl::Status Load();
  // Reads the next record into the index; false at the end of what is whole.
  absl::StatusOr<bool> LoadRecord(uint64_t file_size);
  absl::StatusOr<uint32_t> ReadLength(const Log& log) const;
  absl::Status AddToIndex(ByteSpan batch, Place place);
  absl::StatusOr<crypto::Secret> ReadRecord(const Place& place) const;
  // Writes a record behind the others and syncs.
  absl::Status Append(ByteSpan batch, Log* log, Place* place) const;
  // Writes what is live into a file of its own, which then takes the log's
  // place.
  absl::Status Compact();
  absl::Status CopyLive(Log* log, Index* index) const;

  std::string home_;
  crypto::Secret key_;
  FileHandle lock_;
  RandomSource& random_;
  Log log_;
  Index index_;
  uint64_t live_bytes_ = 0;
  bool broken_ = false;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_STORE_FILE_H_
