#include "services/common/wait.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "google/protobuf/stubs/logging.h"

namespace frank::services {
namespace {

sigset_t EndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

void PrepareProcess() {
  // Debian's library looks for cycles at each lock, gRPC's among them: up to a
  // tenth of a call. Tests, which do not come here, keep that.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  signal(SIGPIPE, SIG_IGN);
  sigset_t signals = EndSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // gRPC's own log goes to the same place as ours and shows what peers sent;
  // it is for debugging, when the variable is set.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  // Nor does protobuf's, which names the fields that peers filled wrongly.
  google::protobuf::SetLogHandler(nullptr);
  // A core would hold keys.
  rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
}

void WaitForEnd() {
  sigset_t signals = EndSignals();
  int received = 0;
  sigwait(&signals, &received);
}

Worker::Worker(std::string name, Work work, UnixMillis gather)
    : name_(std::move(name)),
      work_(std::move(work)),
      gather_(absl::Milliseconds(static_cast<int64_t>(gather))),
      thread_([this] { Run(); }) {}

Worker::~Worker() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

void Worker::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

void Worker::Run() {
  absl::Duration pause = absl::ZeroDuration();
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return woken_ || ending_;
      };
      const absl::Duration deaf = std::min(gather_, pause);
      mutex_.AwaitWithTimeout(absl::Condition(&ending_), deaf);
      mutex_.AwaitWithTimeout(absl::Condition(&due), pause - deaf);
      if (ending_) return;
      woken_ = false;
    }
    pause = absl::Milliseconds(static_cast<int64_t>(work_()));
  }
}

}  // namespace frank::services
