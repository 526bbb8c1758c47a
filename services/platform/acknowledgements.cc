#include "services/platform/acknowledgements.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "absl/time/time.h"
#include "core/status.h"

namespace frank::platform {
namespace {

// Long enough for the sessions that are worked off together to add theirs.
constexpr absl::Duration kGatherTime = absl::Milliseconds(2);
// With so many nothing is gained by waiting.
constexpr size_t kEnough = 1024;

// What goes together at most, beside the first: the writes of sends stand
// behind it. An entry takes its key, with this beside the room's URI, and
// perhaps a mark.
constexpr size_t kMaxFlightEntries = 4096;
constexpr size_t kMaxFlightBytes = 1 << 20;
constexpr size_t kEntryBytes = 64;

// How often something is tried again, and after which time, unless the store
// names one.
constexpr size_t kMaxRefused = 30;
constexpr UnixMillis kRetryAfter = kSecond;

}  // namespace

Acknowledgements::Acknowledgements(storage::Engine& engine)
    : engine_(engine), thread_([this] { Run(); }) {}

Acknowledgements::~Acknowledgements() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

void Acknowledgements::Add(
    std::vector<storage::Acknowledgement> acknowledgements, bool at_once,
    Committed committed) {
  Part part{std::move(acknowledgements), std::move(committed)};
  for (const storage::Acknowledgement& of : part.acknowledgements) {
    part.entries += of.sequences.size();
    part.bytes += of.sequences.size() * (of.room_uri.size() + kEntryBytes);
  }
  absl::MutexLock lock(&mutex_);
  waiting_entries_ += part.entries;
  waiting_.push_back(std::move(part));
  due_ |= at_once || waiting_entries_ >= kEnough;
}

void Acknowledgements::Run() {
  for (;;) {
    Flight flight = Take();
    if (flight.empty()) return;
    const UnixMillis pause = Carry(flight);
    Release(std::move(flight));
    Pause(pause);
  }
}

Acknowledgements::Flight Acknowledgements::Take() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !waiting_.empty() || ending_;
  };
  const auto is_due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return due_ || ending_;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_work));
  if (waiting_.empty()) return {};
  mutex_.AwaitWithTimeout(absl::Condition(&is_due), kGatherTime);
  Flight flight;
  size_t entries = 0;
  size_t bytes = 0;
  do {
    entries += waiting_.front().entries;
    bytes += waiting_.front().bytes;
    waiting_entries_ -= waiting_.front().entries;
    flight.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  } while (!waiting_.empty() &&
           entries + waiting_.front().entries <= kMaxFlightEntries &&
           bytes + waiting_.front().bytes <= kMaxFlightBytes);
  // What is left has waited for this.
  due_ = !waiting_.empty();
  return flight;
}

std::vector<Acknowledgements::Group> Acknowledgements::GroupsOf(
    Flight& flight) {
  std::vector<Group> groups;
  Group together;
  for (Part& part : flight) {
    if (part.alone) {
      groups.push_back({&part});
    } else {
      together.push_back(&part);
    }
  }
  if (!together.empty()) groups.push_back(std::move(together));
  return groups;
}

absl::Status Acknowledgements::Write(storage::Transaction& transaction,
                                     const Group& group) {
  std::vector<const storage::Acknowledgement*> all;
  for (const Part* part : group) {
    for (const storage::Acknowledgement& of : part->acknowledgements) {
      all.push_back(&of);
    }
  }
  return storage::Acknowledge(transaction, std::move(all));
}

UnixMillis Acknowledgements::Carry(Flight& flight) {
  const std::vector<Group> groups = GroupsOf(flight);
  std::vector<absl::Status> statuses(groups.size());
  absl::BlockingCounter missing(static_cast<int>(groups.size()));
  for (size_t i = 0; i < groups.size(); ++i) {
    std::unique_ptr<storage::Transaction> transaction = engine_.Begin();
    statuses[i] = Write(*transaction, groups[i]);
    if (!statuses[i].ok()) {
      missing.DecrementCount();
      continue;
    }
    transaction->Commit([&statuses, &missing, i](absl::Status status) {
      statuses[i] = std::move(status);
      missing.DecrementCount();
    });
  }
  missing.Wait();
  UnixMillis pause = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    Settle(groups[i], statuses[i]);
    if (!absl::IsUnavailable(statuses[i])) continue;
    pause = std::max(pause, FindRetryAfter(statuses[i]).value_or(kRetryAfter));
  }
  return pause;
}

void Acknowledgements::Settle(const Group& group, const absl::Status& status) {
  const bool passes = absl::IsAborted(status) || absl::IsUnavailable(status);
  absl::MutexLock lock(&mutex_);
  for (Part* part : group) {
    part->outcome = status;
    if (passes) {
      const bool once = ending_ && absl::IsUnavailable(status);
      part->again = part->refused < kMaxRefused && !once;
      if (absl::IsAborted(status)) ++part->refused;
    } else {
      part->again = !status.ok() && group.size() > 1;
      part->alone |= part->again;
    }
  }
}

void Acknowledgements::Release(Flight flight) {
  for (Part& part : flight) {
    if (!part.again) part.committed(part.outcome);
  }
  // What these hold is let go before anybody may go on without this.
  flight.erase(std::remove_if(flight.begin(), flight.end(),
                              [](const Part& part) { return !part.again; }),
               flight.end());
  absl::MutexLock lock(&mutex_);
  for (const Part& part : flight) waiting_entries_ += part.entries;
  due_ |= !flight.empty();
  waiting_.insert(waiting_.begin(), std::make_move_iterator(flight.begin()),
                  std::make_move_iterator(flight.end()));
}

void Acknowledgements::Pause(UnixMillis pause) {
  if (pause == 0) return;
  absl::MutexLock lock(&mutex_);
  // A store that takes nothing refuses all who wait.
  for (Part& part : waiting_) ++part.refused;
  mutex_.AwaitWithTimeout(absl::Condition(&ending_),
                          absl::Milliseconds(static_cast<int64_t>(pause)));
}

}  // namespace frank::platform
