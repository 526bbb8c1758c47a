// The watches that are set on an engine.
#ifndef FRANK_STORAGE_COMMIT_WATCH_LIST_H_
#define FRANK_STORAGE_COMMIT_WATCH_LIST_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "storage/commit/conflict_window.h"
#include "storage/engine.h"

namespace frank::storage {

// Thread-safe. A watch may outlive the list; it does not fire any more then.
//
// Each watch is kept under the longest prefix that all keys of its range share:
// of a range made by KeyRange::Prefix that prefix, of a single key the key. To
// find the watches of a key, its prefixes are looked up, in the few lengths
// that are in use. So a commit costs O(keys * lengths * log watches), and the
// watches of others cost it nothing.
class WatchList {
 public:
  WatchList();

  std::unique_ptr<Watch> Set(KeyRange range,
                             absl::AnyInvocable<void()> callback);
  std::unique_ptr<Watch> Follow(KeyRange range, Engine::ChangesSeen callback);

  // Calls every watch whose range holds a key of these commits, once each, in
  // the order in which they were set; those who follow get the changes of their
  // range, in order, or none when it is `uncertain` whether they were made.
  // Called after the keys became visible: a watch set too late for this call
  // was set before a scan that sees them.
  void Fire(const std::vector<WriteSet>& commits, bool uncertain = false);

 private:
  struct Entry;
  struct Firing;
  struct Entries;
  class SetWatch;

  // Shared with the watches, which take themselves out of it.
  std::shared_ptr<Entries> entries_;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_COMMIT_WATCH_LIST_H_
