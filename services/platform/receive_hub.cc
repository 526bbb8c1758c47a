#include "services/platform/receive_hub.h"

#include <utility>

#include "services/platform/receive_session.h"

namespace frank::platform {

ReceiveHub::ReceiveHub(storage::Engine& engine, const Clock& clock)
    : engine_(engine), clock_(clock) {
  for (size_t thread = 0; thread < kThreads; ++thread) {
    workers_.push_back(
        std::make_unique<services::Worker>("receive", [this, thread] {
          for (const auto& session : TakeReady(thread)) session->Work();
          return kHour;
        }));
  }
}

ReceiveHub::~ReceiveHub() {
  // Sessions end their watches, which may wait for callbacks that take the
  // lock: hence they are dropped outside of it, at the end.
  absl::flat_hash_map<uint64_t, std::shared_ptr<ReceiveSession>> left;
  Sessions ready[kThreads];
  {
    absl::MutexLock lock(&mutex_);
    left.swap(sessions_);
  }
  // A pass that is running may begin one more commit, but none begins after.
  workers_.clear();
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](size_t* commits) { return *commits == 0; }, &commits_));
  for (size_t thread = 0; thread < kThreads; ++thread) {
    ready[thread].swap(ready_[thread]);
  }
}

void ReceiveHub::BeginCommit() {
  absl::MutexLock lock(&mutex_);
  ++commits_;
}

void ReceiveHub::EndCommit() {
  absl::MutexLock lock(&mutex_);
  --commits_;
}

void ReceiveHub::MailboxChanged(uint64_t session_id) {
  size_t thread = session_id % kThreads;
  absl::MutexLock lock(&mutex_);
  auto found = sessions_.find(session_id);
  if (found == sessions_.end()) return;
  found->second->NoteMailboxChanged();
  ready_[thread].push_back(found->second);
  workers_[thread]->Wake();
}

uint64_t ReceiveHub::NewId() {
  absl::MutexLock lock(&mutex_);
  return ++last_id_;
}

void ReceiveHub::Add(std::shared_ptr<ReceiveSession> session) {
  absl::MutexLock lock(&mutex_);
  uint64_t id = session->id();
  sessions_.emplace(id, std::move(session));
}

void ReceiveHub::Wake(uint64_t session_id) {
  size_t thread = session_id % kThreads;
  absl::MutexLock lock(&mutex_);
  auto found = sessions_.find(session_id);
  if (found == sessions_.end()) return;
  ready_[thread].push_back(found->second);
  workers_[thread]->Wake();
}

void ReceiveHub::TakeOver(const storage::MailboxId& mailbox,
                          uint64_t session_id) {
  std::shared_ptr<ReceiveSession> older;
  {
    absl::MutexLock lock(&mutex_);
    uint64_t before = std::exchange(current_[mailbox], session_id);
    auto found = sessions_.find(before);
    if (found != sessions_.end()) older = found->second;
  }
  if (older != nullptr) older->OnReplaced();
}

void ReceiveHub::Remove(const storage::MailboxId& mailbox,
                        uint64_t session_id) {
  absl::MutexLock lock(&mutex_);
  sessions_.erase(session_id);
  auto current = current_.find(mailbox);
  if (current != current_.end() && current->second == session_id) {
    current_.erase(current);
  }
}

ReceiveHub::Sessions ReceiveHub::TakeReady(size_t thread) {
  absl::MutexLock lock(&mutex_);
  return std::exchange(ready_[thread], {});
}

}  // namespace frank::platform
