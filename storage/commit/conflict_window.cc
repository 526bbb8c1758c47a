#include "storage/commit/conflict_window.h"

#include <utility>

#include "core/limits.h"

namespace frank::storage {
namespace {

// What one remembered key costs beside its bytes: a node of the map, the
// allocator's share.
constexpr size_t kBytesPerKey = 104;

size_t KeyCost(absl::string_view key) { return key.size() + kBytesPerKey; }

}  // namespace

// A key that is written again and again has one node, but a slot in each of
// the commits.
size_t ConflictWindow::CommitCost(const Commit& commit) {
  return sizeof(Commit) + commit.keys.capacity() * sizeof(commit.keys[0]);
}

bool ConflictWindow::HasChangedSince(const TrackedRange& read) const {
  if (read.version < forgotten_) return true;
  for (auto it = last_write_.lower_bound(read.range.begin);
       it != last_write_.end() && read.range.Contains(it->first); ++it) {
    if (it->second > read.version) return true;
  }
  return false;
}

void ConflictWindow::Add(CommitNumber number, UnixMillis now,
                         const WriteSet& writes) {
  Advance(now);
  Commit commit{number, elapsed_, {}};
  commit.keys.reserve(writes.size());
  for (const auto& [key, value] : writes) {
    auto [it, added] = last_write_.try_emplace(key, number);
    it->second = number;
    if (added) bytes_ += KeyCost(key);
    commit.keys.push_back(it);
  }
  bytes_ += CommitCost(commit);
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
  Commit& oldest = commits_.front();
  for (Keys::iterator it : oldest.keys) {
    // A later commit that wrote the key again keeps it, and its iterator.
    if (it->second != oldest.number) continue;
    bytes_ -= KeyCost(it->first);
    last_write_.erase(it);
  }
  bytes_ -= CommitCost(oldest);
  forgotten_ = oldest.number;
  commits_.pop_front();
}

}  // namespace frank::storage
