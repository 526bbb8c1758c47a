// What is known to hold no key: where the deleted keys of a queue lie, so that
// reads do not step over them one by one.
#ifndef FRANK_STORAGE_ROCKSDB_VACANT_RANGES_H_
#define FRANK_STORAGE_ROCKSDB_VACANT_RANGES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "storage/commit/committer.h"

namespace frank::storage {

// RocksDB keeps a deleted key, and each value that it had, until a compaction;
// whoever reads the head of a queue steps over all that was taken from it. A
// reader that had to says which range it found vacant, and the next one begins
// behind it. So queues need no cursors of their own.
//
// A key that is put into a vacant range parts it; when it is deleted the parts
// join. A batch is announced (BatchBegins) before any read can see it. A reader
// asks (Begin) before it opens its iterator and looks again once it is open
// (IsCurrent): if a batch has begun between, the iterator might see its other
// keys and the reader miss one, so it begins anew. What a reader found (Learn)
// counts only if its iterator saw all that was put: no batch has begun since,
// nor has one that was under way ended, and what is under way puts nothing
// there.
//
// Forgotten when the store is closed: the first reads step over what is there.
// Thread-safe; batches begin and end one at a time.
class VacantRanges {
 public:
  struct Reading {
    // The first key of the range that may exist.
    std::string begin;
    uint64_t batches_begun = 0;
    uint64_t batches_ended = 0;
  };

  // Beyond so many, those are forgotten that were not of use lately.
  explicit VacantRanges(size_t max_ranges) : max_ranges_(max_ranges) {}

  Reading Begin(absl::string_view begin) ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsCurrent(const Reading& reading) const {
    return batches_begun_.load() == reading.batches_begun;
  }
  // The iterator of `reading` found no key before `end`, which is not empty.
  void Learn(const Reading& reading, absl::string_view end)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // `commits` stays as it is until BatchEnds, when it is visible or, not
  // `applied`, has failed.
  void BatchBegins(const std::vector<PendingCommit>& commits)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void BatchEnds(bool applied) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Vacant {
    std::string end;
    // A read began in it since it was last looked for what to forget.
    bool used = false;
  };
  // By their begins; none touches another.
  using Ranges = std::map<std::string, Vacant, std::less<>>;

  // The last range that begins at the key or before it, or none.
  Ranges::iterator At(absl::string_view key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Add(std::string begin, std::string end)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OnPut(absl::string_view key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OnDelete(absl::string_view key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_ranges_;
  std::atomic<uint64_t> batches_begun_{0};

  absl::Mutex mutex_;
  uint64_t batches_ended_ ABSL_GUARDED_BY(mutex_) = 0;
  const std::vector<PendingCommit>* under_way_ ABSL_GUARDED_BY(mutex_) =
      nullptr;
  Ranges ranges_ ABSL_GUARDED_BY(mutex_);
  // Where it is looked for one to forget.
  std::string hand_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ROCKSDB_VACANT_RANGES_H_
