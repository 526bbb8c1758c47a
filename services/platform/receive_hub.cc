#include "services/platform/receive_hub.h"

#include <iterator>
#include <utility>

#include "services/platform/receive_session.h"

namespace frank::platform {
namespace {

// Of messages that were read lately: those that are going out.
constexpr size_t kMaxCachedBytes = 8 << 20;

// For sessions with nothing but acknowledgements: about as long as those of one
// message take to come from all its devices.
constexpr UnixMillis kLater = 10;

}  // namespace

ReceiveHub::ReceiveHub(storage::Engine& engine, const Clock& clock)
    : engine_(engine),
      clock_(clock),
      messages_(engine, kMaxCachedBytes),
      acknowledgements_(std::make_unique<Acknowledgements>(engine)) {
  for (size_t thread = 0; thread < kThreads; ++thread) {
    workers_.push_back(
        std::make_unique<services::Worker>("receive", [this, thread] {
          UnixMillis pause = kHour;
          for (const auto& session : TakeReady(thread, &pause)) {
            session->Work();
          }
          return pause;
        }));
  }
  Follow();
}

ReceiveHub::~ReceiveHub() {
  watches_.clear();
  // Dropped outside of the lock, at the end.
  decltype(sessions_) left;
  decltype(by_mailbox_) left_by_mailbox;
  decltype(by_account_) left_by_account;
  Sessions ready[kThreads];
  Sessions later[kThreads];
  {
    absl::MutexLock lock(&mutex_);
    left.swap(sessions_);
    left_by_mailbox.swap(by_mailbox_);
    left_by_account.swap(by_account_);
  }
  // A pass that is running may begin one more commit, but none begins after.
  workers_.clear();
  acknowledgements_.reset();
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](size_t* commits) { return *commits == 0; }, &commits_));
  for (size_t thread = 0; thread < kThreads; ++thread) {
    ready[thread].swap(ready_[thread]);
    later[thread].swap(later_[thread]);
  }
}

void ReceiveHub::Follow() {
  using storage::schema::Accounts;
  using storage::schema::Mailboxes;
  using storage::schema::Notices;
  watches_.push_back(engine_.Follow(
      Mailboxes(), [this](Changes changes) { OnEntries(changes); }));
  watches_.push_back(engine_.Follow(
      Notices(), [this](Changes changes) { OnNotices(changes); }));
  watches_.push_back(engine_.Follow(
      Accounts(), [this](Changes changes) { OnAccounts(changes); }));
}

void ReceiveHub::OnEntries(Changes changes) {
  absl::MutexLock lock(&mutex_);
  if (changes.empty()) {
    TellAll([](ReceiveSession& session) { return session.NoteMailbox(); });
  }
  for (const storage::KeyChange& change : changes) {
    // Entries go when they were acknowledged or their time has ended.
    if (!change.value) continue;
    auto mailbox = storage::schema::ParseMailbox(change.key);
    if (!mailbox.ok()) continue;
    auto found = by_mailbox_.find(*mailbox);
    if (found == by_mailbox_.end()) continue;
    if (found->second->NoteEntry(change)) MakeReady(found->second);
  }
  WakeWorkers();
}

void ReceiveHub::OnNotices(Changes changes) {
  auto note = [](ReceiveSession& session) { return session.NoteNotices(); };
  absl::MutexLock lock(&mutex_);
  if (changes.empty()) TellAll(note);
  for (const storage::KeyChange& change : changes) {
    if (!change.value) continue;
    auto account = storage::schema::ParseNoticeAccount(change.key);
    if (account.ok()) TellAccount(*account, note);
  }
  WakeWorkers();
}

void ReceiveHub::OnAccounts(Changes changes) {
  auto note = [](ReceiveSession& session) { return session.NoteAccount(); };
  absl::MutexLock lock(&mutex_);
  if (changes.empty()) TellAll(note);
  for (const storage::KeyChange& change : changes) {
    auto account = storage::schema::ParseAccount(change.key);
    if (account.ok()) TellAccount(*account, note);
  }
  WakeWorkers();
}

template <typename Note>
void ReceiveHub::TellAccount(absl::string_view account_uri, Note note) {
  auto [it, end] = by_account_.equal_range(account_uri);
  for (; it != end; ++it) {
    if (note(*it->second)) MakeReady(it->second);
  }
}

template <typename Note>
void ReceiveHub::TellAll(Note note) {
  for (const auto& [account_uri, session] : by_account_) {
    if (note(*session)) MakeReady(session);
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
  absl::MutexLock lock(&mutex_);
  auto found = sessions_.find(session_id);
  if (found == sessions_.end()) return;
  MakeReady(found->second);
  WakeWorkers();
}

void ReceiveHub::WakeLater(uint64_t session_id) {
  size_t thread = session_id % kThreads;
  absl::MutexLock lock(&mutex_);
  auto found = sessions_.find(session_id);
  if (found == sessions_.end()) return;
  later_[thread].push_back(found->second);
  // The first has the worker begin the pause.
  if (later_[thread].size() == 1) workers_[thread]->Wake();
}

void ReceiveHub::TakeOver(const std::shared_ptr<ReceiveSession>& session) {
  std::shared_ptr<ReceiveSession> older;
  {
    absl::MutexLock lock(&mutex_);
    // Not while the hub is destroyed.
    if (sessions_.count(session->id()) == 0) return;
    older = std::exchange(by_mailbox_[session->device().mailbox], session);
    by_account_.emplace(session->device().account_uri, session);
  }
  if (older != nullptr) older->OnReplaced();
}

size_t ReceiveHub::devices() const {
  absl::MutexLock lock(&mutex_);
  return by_mailbox_.size();
}

void ReceiveHub::Remove(const std::shared_ptr<ReceiveSession>& session) {
  absl::MutexLock lock(&mutex_);
  sessions_.erase(session->id());
  auto current = by_mailbox_.find(session->device().mailbox);
  if (current != by_mailbox_.end() && current->second == session) {
    by_mailbox_.erase(current);
  }
  auto [it, end] = by_account_.equal_range(session->device().account_uri);
  while (it != end && it->second != session) ++it;
  if (it != end) by_account_.erase(it);
}

void ReceiveHub::MakeReady(const Session& session) {
  ready_[session->id() % kThreads].push_back(session);
}

void ReceiveHub::WakeWorkers() {
  for (size_t thread = 0; thread < workers_.size(); ++thread) {
    if (!ready_[thread].empty()) workers_[thread]->Wake();
  }
}

ReceiveHub::Sessions ReceiveHub::TakeReady(size_t thread, UnixMillis* pause) {
  absl::MutexLock lock(&mutex_);
  Sessions ready = std::exchange(ready_[thread], {});
  if (later_[thread].empty()) return ready;
  if (!std::exchange(waited_[thread], true)) {
    *pause = kLater;
    return ready;
  }
  waited_[thread] = false;
  std::move(later_[thread].begin(), later_[thread].end(),
            std::back_inserter(ready));
  later_[thread].clear();
  return ready;
}

}  // namespace frank::platform
