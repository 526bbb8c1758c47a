// What is known to hold no key: where the deleted keys of a queue lie, so that
// reads do not step over them one by one.
#ifndef FRANK_STORAGE_ROCKSDB_VACANT_RANGES_H_
#define FRANK_STORAGE_ROCKSDB_VACANT_RANGES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
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
// ends at the first key that was put since it asked, or that the batch puts
// which was under way then, as its iterator may not have seen these.
//
// Forgotten when the store is closed: the first reads step over what is there.
// Thread-safe; batches begin and end one at a time.
class VacantRanges {
 public:
  // A read, until it is dropped, which its VacantRanges outlives.
  class Reading {
   public:
    Reading(VacantRanges& of, absl::string_view begin);
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading();

    // Asks anew: for the first key of the range that may exist.
    const std::string& Begin();
    // Whether no batch has begun since.
    bool IsCurrent() const;
    // The iterator found no key from there up to `end`, which is not empty.
    void Learn(absl::string_view end);

   private:
    friend class VacantRanges;

    VacantRanges& of_;
    const std::string from_;
    // Under its lock.
    std::string begin_;
    uint64_t batches_begun_ = 0;
    // It was asked for while that batch was under way.
    bool during_batch_ = false;
    // The first key that was put at or behind `begin_`, if there is one.
    absl::optional<std::string> first_put_;
    std::list<Reading*>::iterator place_;
  };

  // Beyond so many, those are forgotten that were not of use lately.
  explicit VacantRanges(size_t max_ranges) : max_ranges_(max_ranges) {}

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
  // Tells a read of a key that its iterator may not see.
  static void Tell(Reading* reading, absl::string_view key);
  void OnDelete(absl::string_view key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_ranges_;
  std::atomic<uint64_t> batches_begun_{0};

  absl::Mutex mutex_;
  const std::vector<PendingCommit>* under_way_ ABSL_GUARDED_BY(mutex_) =
      nullptr;
  Ranges ranges_ ABSL_GUARDED_BY(mutex_);
  std::list<Reading*> readings_ ABSL_GUARDED_BY(mutex_);
  // Where it is looked for one to forget.
  std::string hand_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ROCKSDB_VACANT_RANGES_H_
