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

// Where a walk through free cases stands: behind one of them, whatever becomes
// of it; severity 0: before the first.
struct WaitingPlace {
  uint32_t severity = 0;
  std::string position;

  // As clients hold it; empty for the start. kInvalidArgument "page_token".
  std::string ToToken() const;
  static absl::StatusOr<WaitingPlace> Parse(const std::string& token);
};

// Merges parts of the claim index, severity by severity, reading each a little
// at a time: the first case costs a few short scans, however many wait, and
// however many parts are empty. Read untracked; not thread-safe.
class WaitingQueue {
 public:
  struct Parts {
    std::vector<std::string> queues;
    std::vector<storage::ClaimLane> lanes;
    // From the gravest down.
    std::vector<uint32_t> severities;
  };
  WaitingQueue(storage::Engine& engine, Parts parts, const WaitingPlace& after);

  struct Entry {
    CaseId id;
    WaitingPlace place;
    // Equal for cases of one severity that are equally urgent.
    std::string priority;
  };
  // The next case; nothing when there is none.
  absl::StatusOr<absl::optional<Entry>> Next();

 private:
  struct Source {
    storage::ClaimRange range;
    std::deque<storage::WaitingCase> read;
    std::string position;
    bool ended = false;
  };

  struct Queue {
    std::string name;
    // The first part that holds a case, from where it was looked for last.
    absl::optional<storage::ClaimRange> next;
    bool looked = false;
  };

  // Makes the sources of the severity that is next.
  absl::Status BeginSeverity();
  absl::Status Look(const storage::ClaimRange& from, Queue* queue);
  absl::Status Fill(Source* source);

  storage::Engine& engine_;
  const Parts parts_;
  std::vector<Queue> queues_;
  size_t severity_ = 0;
  bool has_begun_ = false;
  // Behind which the first severity begins, if there is one.
  std::string after_;
  std::vector<Source> sources_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_WAITING_QUEUE_H_
