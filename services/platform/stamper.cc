#include "services/platform/stamper.h"

#include <algorithm>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/limits.h"

namespace frank::platform {
namespace {

// Complete groups, one after the other, before a larger one is tried.
constexpr size_t kTrial = 2;

bool SharesSignatures(const crypto::KeyRing& ring, UnixMillis time) {
  const crypto::KeyRing::Window* window = ring.FindWindow(time);
  return window != nullptr &&
         window->window.form == crypto::FrankForm::kBatched;
}

}  // namespace

class Stamper::Line {
 public:
  Line(const crypto::KeyRing& ring, absl::Duration patience)
      : ring_(ring), patience_(patience), thread_([this] { Run(); }) {}
  ~Line() {
    {
      absl::MutexLock lock(&mutex_);
      ending_ = true;
      woken_.Signal();
    }
    thread_.join();
  }

  void Stamp(const crypto::StampInput& input, Done done)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    Group group = Join(input, std::move(done));
    if (!group.inputs.empty()) Answer(std::move(group));
  }

 private:
  struct Group {
    std::vector<crypto::StampInput> inputs;
    std::vector<Done> done;
  };

  // Adds a call to those that wait. Returns them if they are complete, else
  // none.
  Group Join(const crypto::StampInput& input, Done done)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (complete_ == 1 && under_way_ > 0) complete_ = 2;
    waiting_.inputs.push_back(input);
    waiting_.done.push_back(std::move(done));
    if (waiting_.inputs.size() >= complete_) return TakeComplete();
    if (idle_) woken_.Signal();
    idle_ = false;
    return {};
  }

  Group TakeComplete() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (complete_ > 1 && ++in_a_row_ == kTrial) {
      complete_ = std::min(complete_ * 2, limits::kMaxStampGroup);
      in_a_row_ = 0;
    }
    return Take();
  }

  Group TakeOverdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    complete_ = std::max(complete_ * 3 / 4, waiting_.inputs.size());
    in_a_row_ = 0;
    return Take();
  }

  Group Take() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    ++taken_;
    ++under_way_;
    return std::exchange(waiting_, {});
  }

  void Answer(Group group) ABSL_LOCKS_EXCLUDED(mutex_) {
    auto stamps = crypto::StampApart(ring_, group.inputs);
    for (size_t i = 0; i < stamps.size(); ++i) {
      group.done[i](std::move(stamps[i]));
    }
    absl::MutexLock lock(&mutex_);
    --under_way_;
  }

  // The thread of groups whose time is up.
  void Run() ABSL_LOCKS_EXCLUDED(mutex_) {
    while (true) {
      Group group = AwaitOverdue();
      if (group.inputs.empty()) return;
      Answer(std::move(group));
    }
  }

  // Returns none when the line ends and nobody waits.
  Group AwaitOverdue() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    while (!ending_) {
      if (waiting_.inputs.empty()) {
        idle_ = true;
        woken_.Wait(&mutex_);
        continue;
      }
      // A group that begins meanwhile waits through the rest of this and once
      // more: to be woken for each would cost more than its signature.
      const uint64_t taken = taken_;
      woken_.WaitWithTimeout(&mutex_, patience_);
      if (taken_ == taken) break;
    }
    if (waiting_.inputs.empty()) return {};
    return TakeOverdue();
  }

  const crypto::KeyRing& ring_;
  const absl::Duration patience_;

  absl::Mutex mutex_;
  absl::CondVar woken_;
  Group waiting_ ABSL_GUARDED_BY(mutex_);
  // How many make a group complete.
  size_t complete_ ABSL_GUARDED_BY(mutex_) = 1;
  // Complete groups since it changed.
  size_t in_a_row_ ABSL_GUARDED_BY(mutex_) = 0;
  // Groups that were taken, and those of them that are being answered.
  uint64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  // The thread waits for a group to begin.
  bool idle_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

Stamper::Stamper(const crypto::KeyRings& rings, absl::Duration patience) {
  for (const auto& [authority, ring] : rings.all()) {
    lines_[&ring] = std::make_unique<Line>(ring, patience);
  }
}

Stamper::~Stamper() = default;

void Stamper::Stamp(const crypto::KeyRing& ring,
                    const crypto::StampInput& input, Done done) {
  if (SharesSignatures(ring, input.accepted_timestamp)) {
    return lines_.at(&ring)->Stamp(input, std::move(done));
  }
  done(std::move(crypto::StampApart(ring, {input}).front()));
}

}  // namespace frank::platform
