// The least that a durable answer costs: appends what waits to a file, syncs
// once, and tells all who waited.
#ifndef FRANK_TESTS_BENCH_BARE_COMMITTER_H_
#define FRANK_TESTS_BENCH_BARE_COMMITTER_H_

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "core/status.h"

namespace frank::bench {

class BareCommitter {
 public:
  // Makes the file.
  explicit BareCommitter(const std::string& path)
      : fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600)),
        thread_([this] { Run(); }) {
    FRANK_CHECK(fd_ >= 0);
  }
  ~BareCommitter() {
    {
      absl::MutexLock lock(&mutex_);
      over_ = true;
    }
    thread_.join();
    close(fd_);
  }

  // Calls `durable` once these bytes are.
  void Commit(const std::string& bytes, absl::AnyInvocable<void()> durable) {
    absl::MutexLock lock(&mutex_);
    bytes_ += bytes;
    waiting_.push_back(std::move(durable));
  }

 private:
  void Run() {
    while (true) {
      std::string bytes;
      std::vector<absl::AnyInvocable<void()>> waiting;
      {
        absl::MutexLock lock(&mutex_);
        auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
          return over_ || !waiting_.empty();
        };
        mutex_.Await(absl::Condition(&ready));
        if (waiting_.empty()) return;
        bytes.swap(bytes_);
        waiting.swap(waiting_);
      }
      FRANK_CHECK(write(fd_, bytes.data(), bytes.size()) ==
                  static_cast<ssize_t>(bytes.size()));
      FRANK_CHECK(fdatasync(fd_) == 0);
      for (auto& durable : waiting) durable();
    }
  }

  const int fd_;
  absl::Mutex mutex_;
  std::string bytes_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::AnyInvocable<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace frank::bench

#endif  // FRANK_TESTS_BENCH_BARE_COMMITTER_H_
