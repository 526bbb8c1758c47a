#include "storage/commit/conflict_window.h"

#include <utility>

#include "core/limits.h"

namespace frank::storage {
namespace {

// What one remembered key costs beside its bytes: a node of the map, a slot of
// its commit's list, the allocator's share.
constexpr size_t kBytesPerKey = 112;

size_t Cost(absl::string_view key) { return key.size() + kBytesPerKey; }

}  // namespace

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
  Commit commit{number, now, {}};
  commit.keys.reserve(writes.size());
  for (const auto& [key, value] : writes) {
    auto [it, added] = last_write_.try_emplace(key, number);
    it->second = number;
    if (added) bytes_ += Cost(key);
    commit.keys.push_back(it);
  }
  commits_.push_back(std::move(commit));
  while (bytes_ > max_bytes_ && commits_.size() > 1) ForgetOldest();
}

void ConflictWindow::Forget(UnixMillis now) {
  while (!commits_.empty() &&
         commits_.front().time + limits::kMaxTransactionAge < now) {
    ForgetOldest();
  }
}

void ConflictWindow::ForgetOldest() {
  Commit& oldest = commits_.front();
  for (Keys::iterator it : oldest.keys) {
    // A later commit that wrote the key again keeps it, and its iterator.
    if (it->second != oldest.number) continue;
    bytes_ -= Cost(it->first);
    last_write_.erase(it);
  }
  forgotten_ = oldest.number;
  commits_.pop_front();
}

}  // namespace frank::storage
