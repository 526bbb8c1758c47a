// What was written lately: the keys of the last five seconds with the numbers
// of the commits that wrote them.
#ifndef FRANK_STORAGE_COMMIT_CONFLICT_WINDOW_H_
#define FRANK_STORAGE_COMMIT_CONFLICT_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::storage {

// Commits are numbered 1, 2, 3, … in the order in which they take effect.
using CommitNumber = uint64_t;

// A value to be written: its own bytes, or those of somebody else.
class WrittenValue {
 public:
  explicit WrittenValue(std::string own) : own_(std::move(own)) {}
  static WrittenValue Borrow(absl::string_view bytes) {
    WrittenValue value("");
    value.borrowed_ = bytes;
    return value;
  }
  absl::string_view bytes() const {
    return borrowed_ ? *borrowed_ : absl::string_view(own_);
  }

 private:
  std::string own_;
  absl::optional<absl::string_view> borrowed_;
};

// The writes of one transaction; no value means that the key is deleted.
using WriteSet =
    absl::btree_map<std::string, absl::optional<WrittenValue>, std::less<>>;

// A tracked read of one key, which nearly all are: what it held when all
// commits up to `version`, and possibly some later ones, had been applied.
struct TrackedKey {
  static TrackedKey Of(absl::string_view key, CommitNumber version);

  size_t hash;
  CommitNumber version;
};

// The same of a range.
struct TrackedRange {
  KeyRange range;
  CommitNumber version;
};

// Not thread-safe: the committer's own.
//
// A read of one key is looked up among the hashes of what was written last; two
// keys of one hash cost a repetition in vain. A range is looked for in each
// commit that is newer than the read, the few since it began.
class ConflictWindow {
 public:
  explicit ConflictWindow(size_t max_bytes) : max_bytes_(max_bytes) {}

  // Whether a commit after `read.version` may have written the key, or a key of
  // the range, be it a new one (a phantom) or a deletion. Certain about what is
  // still remembered, but for hashes; a read older than that counts as changed.
  bool HasChangedSince(const TrackedKey& read) const;
  bool HasChangedSince(const TrackedRange& read) const;

  // Remembers the keys of commit `number`, which must be the highest so far and
  // follow the one before. Forgets the oldest commits when more than max_bytes
  // would be kept, all but this one.
  void Add(CommitNumber number, UnixMillis now, const WriteSet& writes);

  // Forgets commits older than limits::kMaxTransactionAge. `now` may step back:
  // that counts as no time at all, and commits go on ageing from there.
  void Forget(UnixMillis now);

 private:
  // The keys of a commit, in order, one behind the other.
  struct Commit {
    CommitNumber number;
    // By elapsed_.
    UnixMillis time;
    std::string bytes;
    // Where each ends.
    std::vector<size_t> ends;

    absl::string_view key(size_t i) const {
      const size_t begin = i == 0 ? 0 : ends[i - 1];
      return absl::string_view(bytes).substr(begin, ends[i] - begin);
    }
    bool Touches(const KeyRange& range) const;
    size_t cost() const;
  };

  void Advance(UnixMillis now);
  void ForgetOldest();

  const size_t max_bytes_;
  size_t bytes_ = 0;
  // The time that has passed, which never runs backwards, and the clock's
  // reading up to which it is counted.
  UnixMillis elapsed_ = 0;
  UnixMillis counted_to_ = 0;
  // The highest commit that was forgotten.
  CommitNumber forgotten_ = 0;
  // By the hash of a key.
  absl::flat_hash_map<size_t, CommitNumber> last_write_;
  std::deque<Commit> commits_;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_COMMIT_CONFLICT_WINDOW_H_
