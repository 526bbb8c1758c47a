#include "storage/rocksdb/vacant_ranges.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace frank::storage {
namespace {

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

VacantRanges::Reading::Reading(VacantRanges& of, absl::string_view begin)
    : of_(of), from_(begin) {
  absl::MutexLock lock(&of_.mutex_);
  place_ = of_.readings_.insert(of_.readings_.end(), this);
}

VacantRanges::Reading::~Reading() {
  absl::MutexLock lock(&of_.mutex_);
  of_.readings_.erase(place_);
}

const std::string& VacantRanges::Reading::Begin() {
  absl::MutexLock lock(&of_.mutex_);
  begin_ = from_;
  first_put_.reset();
  batches_begun_ = of_.batches_begun_.load();
  during_batch_ = of_.under_way_ != nullptr;
  auto vacant = of_.At(from_);
  if (vacant != of_.ranges_.end() && from_ < vacant->second.end) {
    vacant->second.used = true;
    begin_ = vacant->second.end;
  }
  return begin_;
}

bool VacantRanges::Reading::IsCurrent() const {
  return of_.batches_begun_.load() == batches_begun_;
}

void VacantRanges::Reading::Learn(absl::string_view end) {
  absl::MutexLock lock(&of_.mutex_);
  // Its batch is under way still.
  if (during_batch_ && batches_begun_ == of_.batches_begun_.load() &&
      of_.under_way_ != nullptr) {
    for (const PendingCommit& commit : *of_.under_way_) {
      for (auto it = commit.writes.lower_bound(begin_);
           it != commit.writes.end() && it->first < end; ++it) {
        if (it->second) Tell(this, it->first);
      }
    }
  }
  std::string until(end);
  if (first_put_) until = std::min(until, *first_put_);
  if (begin_ < until) of_.Add(begin_, std::move(until));
}

void VacantRanges::Tell(Reading* reading, absl::string_view key) {
  if (key < reading->begin_) return;
  if (reading->first_put_ && *reading->first_put_ <= key) return;
  reading->first_put_ = std::string(key);
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
  if (ranges_.empty() && readings_.empty()) return;
  for (const PendingCommit& commit : commits) {
    for (const auto& [key, value] : commit.writes) {
      if (!value) continue;
      OnPut(key);
      for (Reading* reading : readings_) Tell(reading, key);
    }
  }
}

void VacantRanges::BatchEnds(bool applied) {
  absl::MutexLock lock(&mutex_);
  const std::vector<PendingCommit>& commits = *under_way_;
  under_way_ = nullptr;
  // Those that cannot look it up any more.
  std::vector<Reading*> asked_during;
  for (Reading* reading : readings_) {
    const bool during = reading->during_batch_ &&
                        reading->batches_begun_ == batches_begun_.load();
    if (during) asked_during.push_back(reading);
  }
  if (ranges_.empty() && asked_during.empty()) return;
  // In their order: what one deletes a later one may put.
  bool has_deleted = false;
  for (const PendingCommit& commit : commits) {
    for (const auto& [key, value] : commit.writes) {
      if (value) {
        if (has_deleted) OnPut(key);
        for (Reading* reading : asked_during) Tell(reading, key);
      } else if (applied) {
        OnDelete(key);
        has_deleted = true;
      }
    }
  }
}

}  // namespace frank::storage
