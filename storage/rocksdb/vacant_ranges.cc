#include "storage/rocksdb/vacant_ranges.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace frank::storage {
namespace {

// The first key that the commits put between the two, or `end`.
absl::string_view FirstPut(const std::vector<PendingCommit>& commits,
                           absl::string_view begin, absl::string_view end) {
  for (const PendingCommit& commit : commits) {
    for (auto it = commit.writes.lower_bound(begin);
         it != commit.writes.end() && it->first < end; ++it) {
      if (it->second) end = it->first;
    }
  }
  return end;
}

std::string Behind(absl::string_view key) {
  std::string behind(key);
  behind.push_back('\0');
  return behind;
}

}  // namespace

VacantRanges::Ranges::iterator VacantRanges::At(absl::string_view key) {
  auto after = ranges_.upper_bound(key);
  return after == ranges_.begin() ? ranges_.end() : std::prev(after);
}

VacantRanges::Reading VacantRanges::Begin(absl::string_view begin) {
  absl::MutexLock lock(&mutex_);
  Reading reading{std::string(begin), batches_begun_.load(), batches_ended_};
  auto vacant = At(begin);
  if (vacant != ranges_.end() && begin < vacant->second.end) {
    vacant->second.used = true;
    reading.begin = vacant->second.end;
  }
  return reading;
}

void VacantRanges::Learn(const Reading& reading, absl::string_view end) {
  absl::MutexLock lock(&mutex_);
  if (!IsCurrent(reading) || batches_ended_ != reading.batches_ended) return;
  if (under_way_ != nullptr) end = FirstPut(*under_way_, reading.begin, end);
  if (reading.begin < end) Add(reading.begin, std::string(end));
}

// Joins it with what it touches.
void VacantRanges::Add(std::string begin, std::string end) {
  auto touched = At(begin);
  if (touched == ranges_.end() || touched->second.end < begin) {
    touched = ranges_.lower_bound(begin);
  }
  while (touched != ranges_.end() && touched->first <= end) {
    begin = std::min(begin, touched->first);
    end = std::max(end, std::move(touched->second.end));
    touched = ranges_.erase(touched);
  }
  if (ranges_.size() >= max_ranges_) ForgetOne();
  ranges_.emplace(std::move(begin), Vacant{std::move(end), true});
}

// Whatever was used since the hand passed has another round.
void VacantRanges::ForgetOne() {
  for (;;) {
    auto next = ranges_.lower_bound(hand_);
    if (next == ranges_.end()) next = ranges_.begin();
    hand_ = Behind(next->first);
    if (!next->second.used) {
      ranges_.erase(next);
      return;
    }
    next->second.used = false;
  }
}

void VacantRanges::OnPut(absl::string_view key) {
  auto vacant = At(key);
  if (vacant == ranges_.end() || vacant->second.end <= key) return;
  std::string end = std::move(vacant->second.end);
  vacant->second.end = std::string(key);
  if (vacant->first == key) ranges_.erase(vacant);
  if (Behind(key) < end) Add(Behind(key), std::move(end));
}

// What touches no range is not worth one.
void VacantRanges::OnDelete(absl::string_view key) {
  std::string behind = Behind(key);
  auto before = At(key);
  bool touches = (before != ranges_.end() && before->second.end == key) ||
                 ranges_.find(behind) != ranges_.end();
  if (touches) Add(std::string(key), std::move(behind));
}

void VacantRanges::BatchBegins(const std::vector<PendingCommit>& commits) {
  absl::MutexLock lock(&mutex_);
  ++batches_begun_;
  under_way_ = &commits;
  if (ranges_.empty()) return;
  for (const PendingCommit& commit : commits) {
    for (const auto& [key, value] : commit.writes) {
      if (value) OnPut(key);
    }
  }
}

void VacantRanges::BatchEnds(bool applied) {
  absl::MutexLock lock(&mutex_);
  ++batches_ended_;
  const std::vector<PendingCommit>& commits = *under_way_;
  under_way_ = nullptr;
  if (!applied || ranges_.empty()) return;
  // In their order: what one deletes a later one may put.
  for (const PendingCommit& commit : commits) {
    for (const auto& [key, value] : commit.writes) {
      if (value) {
        OnPut(key);
      } else {
        OnDelete(key);
      }
    }
  }
}

}  // namespace frank::storage
