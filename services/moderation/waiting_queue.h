// The free cases of some queues in the order in which claims take them.
#ifndef FRANK_SERVICES_MODERATION_WAITING_QUEUE_H_
#define FRANK_SERVICES_MODERATION_WAITING_QUEUE_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "storage/case_index.h"
#include "storage/engine.h"

namespace frank::moderation {

// Merges the claim indexes of the queues, severity by severity, reading each a
// little at a time: the first case costs a few short scans, however many wait.
// Read untracked; not thread-safe.
class WaitingQueue {
 public:
  // `severities` from the gravest down.
  WaitingQueue(storage::Engine& engine, std::vector<std::string> queues,
               std::vector<uint32_t> severities);

  struct Entry {
    CaseId id;
    // Equal for cases that are equally urgent.
    std::string priority;
  };
  // The next case; nothing when there is none.
  absl::StatusOr<absl::optional<Entry>> Next();

 private:
  struct Source {
    std::string queue;
    std::deque<storage::WaitingCase> read;
    std::string position;
    bool ended = false;
  };

  void BeginSeverity();
  absl::Status Fill(Source* source);

  storage::Engine& engine_;
  const std::vector<std::string> queues_;
  const std::vector<uint32_t> severities_;
  size_t severity_ = 0;
  std::vector<Source> sources_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_WAITING_QUEUE_H_
