#include "storage/commit/watch_list.h"

#include <algorithm>
#include <utility>

namespace frank::storage {

struct WatchList::Entry {
  Entry(KeyRange r, absl::AnyInvocable<void()> c)
      : range(std::move(r)), callback(std::move(c)) {}

  const KeyRange range;
  // Held while the callback runs, so that dropping the watch waits for it.
  absl::Mutex mutex;
  bool dropped ABSL_GUARDED_BY(mutex) = false;
  absl::AnyInvocable<void()> callback ABSL_GUARDED_BY(mutex);
};

struct WatchList::Entries {
  absl::Mutex mutex;
  std::list<std::shared_ptr<Entry>> list ABSL_GUARDED_BY(mutex);
};

class WatchList::SetWatch final : public Watch {
 public:
  SetWatch(std::shared_ptr<Entries> entries, std::shared_ptr<Entry> entry)
      : entries_(std::move(entries)), entry_(std::move(entry)) {
    absl::MutexLock lock(&entries_->mutex);
    position_ = entries_->list.insert(entries_->list.end(), entry_);
  }
  ~SetWatch() override {
    {
      absl::MutexLock lock(&entries_->mutex);
      entries_->list.erase(position_);
    }
    absl::MutexLock lock(&entry_->mutex);
    entry_->dropped = true;
  }

 private:
  const std::shared_ptr<Entries> entries_;
  const std::shared_ptr<Entry> entry_;
  std::list<std::shared_ptr<Entry>>::iterator position_;
};

WatchList::WatchList() : entries_(std::make_shared<Entries>()) {}

std::unique_ptr<Watch> WatchList::Set(KeyRange range,
                                      absl::AnyInvocable<void()> callback) {
  return std::make_unique<SetWatch>(
      entries_, std::make_shared<Entry>(std::move(range), std::move(callback)));
}

void WatchList::Fire(const std::vector<std::string>& sorted_keys) {
  const auto touched = [&sorted_keys](const KeyRange& range) {
    auto it =
        std::lower_bound(sorted_keys.begin(), sorted_keys.end(), range.begin);
    return it != sorted_keys.end() && range.Contains(*it);
  };
  // Collected first: a callback may set or drop other watches.
  std::vector<std::shared_ptr<Entry>> firing;
  {
    absl::MutexLock lock(&entries_->mutex);
    for (const auto& entry : entries_->list) {
      if (touched(entry->range)) firing.push_back(entry);
    }
  }
  for (const auto& entry : firing) {
    absl::MutexLock lock(&entry->mutex);
    if (!entry->dropped) entry->callback();
  }
}

}  // namespace frank::storage
