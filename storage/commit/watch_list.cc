#include "storage/commit/watch_list.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

namespace frank::storage {
namespace {

bool Covers(absl::string_view prefix, const KeyRange& range) {
  const std::string end = KeyRange::Prefix(prefix).end;
  return end.empty() || (!range.end.empty() && range.end <= end);
}

// The longest prefix of `begin` that every key of the range starts with. What
// begin and end have in common is one; of a range made from a prefix they
// differ in the prefix's last byte, which is one more.
std::string SharedPrefix(const KeyRange& range) {
  const std::string& begin = range.begin;
  const size_t most = std::min(begin.size(), range.end.size());
  size_t length = 0;
  while (length < most && begin[length] == range.end[length]) ++length;
  while (length < begin.size() && Covers(begin.substr(0, length + 1), range)) {
    ++length;
  }
  return begin.substr(0, length);
}

}  // namespace

struct WatchList::Entry {
  Entry(KeyRange r, Engine::ChangesSeen c)
      : range(std::move(r)), callback(std::move(c)) {}

  const KeyRange range;
  // Rises with each watch that is set.
  uint64_t number = 0;
  // Held while the callback runs, so that dropping the watch waits for it.
  absl::Mutex mutex;
  bool dropped ABSL_GUARDED_BY(mutex) = false;
  Engine::ChangesSeen callback ABSL_GUARDED_BY(mutex);
};

// A watch that is to be called, and with what.
struct WatchList::Firing {
  std::shared_ptr<Entry> entry;
  std::vector<KeyChange> changes;
};

struct WatchList::Entries {
  using ByPrefix =
      std::multimap<std::string, std::shared_ptr<Entry>, std::less<>>;
  using ByNumber = std::map<uint64_t, Firing>;

  ByPrefix::iterator Add(std::shared_ptr<Entry> entry);
  void Remove(ByPrefix::iterator position);
  // Adds the watches of the key to `found`, each with this change.
  void Find(const KeyChange& change, ByNumber* found)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);

  absl::Mutex mutex;
  uint64_t last_number ABSL_GUARDED_BY(mutex) = 0;
  ByPrefix by_prefix ABSL_GUARDED_BY(mutex);
  // How many entries have a prefix of that length.
  std::map<size_t, size_t> lengths ABSL_GUARDED_BY(mutex);
};

WatchList::Entries::ByPrefix::iterator WatchList::Entries::Add(
    std::shared_ptr<Entry> entry) {
  std::string prefix = SharedPrefix(entry->range);
  absl::MutexLock lock(&mutex);
  entry->number = ++last_number;
  ++lengths[prefix.size()];
  return by_prefix.emplace(std::move(prefix), std::move(entry));
}

void WatchList::Entries::Remove(ByPrefix::iterator position) {
  absl::MutexLock lock(&mutex);
  auto length = lengths.find(position->first.size());
  if (--length->second == 0) lengths.erase(length);
  by_prefix.erase(position);
}

void WatchList::Entries::Find(const KeyChange& change, ByNumber* found) {
  for (const auto& [length, count] : lengths) {
    if (length > change.key.size()) break;
    auto [it, end] = by_prefix.equal_range(change.key.substr(0, length));
    for (; it != end; ++it) {
      if (!it->second->range.Contains(change.key)) continue;
      Firing& firing = (*found)[it->second->number];
      firing.entry = it->second;
      firing.changes.push_back(change);
    }
  }
}

class WatchList::SetWatch final : public Watch {
 public:
  SetWatch(std::shared_ptr<Entries> entries, std::shared_ptr<Entry> entry)
      : entries_(std::move(entries)),
        entry_(std::move(entry)),
        position_(entries_->Add(entry_)) {}
  ~SetWatch() override {
    entries_->Remove(position_);
    absl::MutexLock lock(&entry_->mutex);
    entry_->dropped = true;
  }

 private:
  const std::shared_ptr<Entries> entries_;
  const std::shared_ptr<Entry> entry_;
  const Entries::ByPrefix::iterator position_;
};

WatchList::WatchList() : entries_(std::make_shared<Entries>()) {}

std::unique_ptr<Watch> WatchList::Set(KeyRange range,
                                      absl::AnyInvocable<void()> callback) {
  return Follow(std::move(range),
                [callback = std::move(callback)](
                    absl::Span<const KeyChange>) mutable { callback(); });
}

std::unique_ptr<Watch> WatchList::Follow(KeyRange range,
                                         Engine::ChangesSeen callback) {
  return std::make_unique<SetWatch>(
      entries_, std::make_shared<Entry>(std::move(range), std::move(callback)));
}

void WatchList::Fire(const std::vector<WriteSet>& commits, bool uncertain) {
  // Collected first: a callback may set or drop other watches.
  Entries::ByNumber firings;
  {
    absl::MutexLock lock(&entries_->mutex);
    for (const WriteSet& writes : commits) {
      for (const auto& [key, value] : writes) {
        KeyChange change{key, absl::nullopt};
        if (value) change.value = value->bytes();
        entries_->Find(change, &firings);
      }
    }
  }
  for (auto& [number, firing] : firings) {
    if (uncertain) firing.changes.clear();
    absl::MutexLock lock(&firing.entry->mutex);
    if (!firing.entry->dropped) firing.entry->callback(firing.changes);
  }
}

}  // namespace frank::storage
