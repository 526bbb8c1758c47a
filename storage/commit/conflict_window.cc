#include "storage/commit/conflict_window.h"

#include <utility>

#include "absl/hash/hash.h"
#include "core/limits.h"

namespace frank::storage {
namespace {

// What a remembered key costs beside its bytes: where it ends, and its hash
// with the table's free places.
constexpr size_t kBytesPerKey = sizeof(size_t) + 40;

size_t HashOf(absl::string_view key) {
  return absl::Hash<absl::string_view>()(key);
}

}  // namespace

TrackedKey TrackedKey::Of(absl::string_view key, CommitNumber version) {
  return {HashOf(key), version};
}

bool ConflictWindow::Commit::Touches(const KeyRange& range) const {
  size_t first = 0, behind = ends.size();
  while (first < behind) {
    const size_t middle = first + (behind - first) / 2;
    if (key(middle) < range.begin) {
      first = middle + 1;
    } else {
      behind = middle;
    }
  }
  return first < ends.size() && range.Contains(key(first));
}

size_t ConflictWindow::Commit::cost() const {
  return sizeof(Commit) + bytes.size() + ends.size() * kBytesPerKey;
}

bool ConflictWindow::HasChangedSince(const TrackedKey& read) const {
  if (read.version < forgotten_) return true;
  const auto written = last_write_.find(read.hash);
  return written != last_write_.end() && written->second > read.version;
}

bool ConflictWindow::HasChangedSince(const TrackedRange& read) const {
  if (read.version < forgotten_) return true;
  for (auto commit = commits_.rbegin();
       commit != commits_.rend() && commit->number > read.version; ++commit) {
    if (commit->Touches(read.range)) return true;
  }
  return false;
}

void ConflictWindow::Add(CommitNumber number, UnixMillis now,
                         const WriteSet& writes) {
  Advance(now);
  Commit commit{number, elapsed_, {}, {}};
  commit.ends.reserve(writes.size());
  size_t bytes = 0;
  for (const auto& [key, value] : writes) bytes += key.size();
  commit.bytes.reserve(bytes);
  for (const auto& [key, value] : writes) {
    last_write_[HashOf(key)] = number;
    commit.bytes.append(key);
    commit.ends.push_back(commit.bytes.size());
  }
  bytes_ += commit.cost();
  commits_.push_back(std::move(commit));
  while (bytes_ > max_bytes_ && commits_.size() > 1) ForgetOldest();
}

void ConflictWindow::Forget(UnixMillis now) {
  Advance(now);
  while (!commits_.empty() &&
         commits_.front().time + limits::kMaxTransactionAge < elapsed_) {
    ForgetOldest();
  }
}

void ConflictWindow::Advance(UnixMillis now) {
  if (now > counted_to_) elapsed_ += now - counted_to_;
  counted_to_ = now;
}

void ConflictWindow::ForgetOldest() {
  const Commit& oldest = commits_.front();
  for (size_t i = 0; i < oldest.ends.size(); ++i) {
    const auto written = last_write_.find(HashOf(oldest.key(i)));
    // A later commit may have written it again.
    if (written != last_write_.end() && written->second == oldest.number) {
      last_write_.erase(written);
    }
  }
  bytes_ -= oldest.cost();
  forgotten_ = oldest.number;
  commits_.pop_front();
}

}  // namespace frank::storage
