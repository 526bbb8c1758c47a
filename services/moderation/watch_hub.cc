#include "services/moderation/watch_hub.h"

#include <algorithm>
#include <utility>

#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::moderation {
namespace {

using storage::ChangeNumbers;

// How long changes are gathered, so that one answer tells of many.
constexpr UnixMillis kGather = 10;
// How often it is looked whether somebody is too slow.
constexpr UnixMillis kLook = 10 * kSecond;
// After a read of the store that failed.
constexpr UnixMillis kAfterFailure = 1 * kSecond;
constexpr uint8_t kTokenVersion = 1;

std::string ToToken(const ChangeNumbers& numbers) {
  std::string token(1, static_cast<char>(kTokenVersion));
  for (uint64_t number : numbers) AppendU64(number, &token);
  return token;
}

absl::StatusOr<ChangeNumbers> ParseToken(const std::string& token) {
  ChangeNumbers numbers{};
  if (token.size() != 1 + 8 * numbers.size() || token[0] != kTokenVersion) {
    return FieldError("token", "must be one that was returned");
  }
  absl::string_view rest = token;
  rest.remove_prefix(1);
  for (uint64_t& number : numbers) {
    number = ReadU64(AsBytes(rest.substr(0, 8)));
    rest.remove_prefix(8);
  }
  return numbers;
}

v1::CaseChange ToProto(const storage::v1::CaseChangeRecord& record) {
  v1::CaseChange proto;
  proto.set_case_id(record.case_id());
  proto.set_revision(record.revision());
  proto.set_state(static_cast<v1::CaseState>(record.state()));
  proto.set_queue(record.queue());
  proto.set_holder(record.holder());
  return proto;
}

absl::Status TooSlow() {
  return WithReason(
      absl::ResourceExhaustedError("the watcher does not take its answers"),
      "WATCH_TOO_SLOW");
}

absl::Status Ending() {
  return WithReason(absl::UnavailableError("the server ends"), "UNAVAILABLE");
}

}  // namespace

struct WatchHub::Watcher {
  Wire wire;
  std::string moderator;
  // When it was known last that they may watch.
  UnixMillis checked_at = 0;
  // What it has been told; absent until the first answer of who begins now.
  absl::optional<ChangeNumbers> told;
  // Nothing was sent yet: the first answer comes at once.
  bool greeted = false;
  // Under the hub's lock.
  bool sending = false;
  bool over = false;
  UnixMillis sent_at = 0;
};

WatchHub::WatchHub(storage::Engine& engine, const Clock& clock)
    : engine_(engine), clock_(clock) {
  worker_ = std::make_unique<services::Worker>(
      "watch", [this] { return Work(); }, kGather);
  watch_ = engine_.Follow(storage::schema::ChangeCounts(),
                          [this](absl::Span<const storage::KeyChange> changes) {
                            OnCounts(changes);
                          });
}

WatchHub::~WatchHub() {
  watch_.reset();
  worker_.reset();
}

size_t WatchHub::CountOf(const std::string& moderator) const {
  return static_cast<size_t>(std::count_if(
      watchers_.begin(), watchers_.end(), [&moderator](const auto& entry) {
        return entry.second->moderator == moderator;
      }));
}

absl::StatusOr<uint64_t> WatchHub::Open(const std::string& token,
                                        const std::string& moderator,
                                        Wire wire) {
  auto watcher = std::make_shared<Watcher>();
  watcher->wire = std::move(wire);
  watcher->moderator = moderator;
  watcher->checked_at = clock_.Now();
  if (!token.empty()) {
    FRANK_ASSIGN_OR_RETURN(watcher->told, ParseToken(token));
  }
  absl::MutexLock lock(&mutex_);
  if (ended_) return Ending();
  if (watchers_.size() >= limits::kMaxWatchers ||
      CountOf(moderator) >= limits::kMaxWatchersOfModerator) {
    return WithReason(absl::ResourceExhaustedError("too many watch"),
                      "QUOTA_EXCEEDED");
  }
  watchers_.emplace(++last_id_, std::move(watcher));
  worker_->Wake();
  return last_id_;
}

void WatchHub::OnSent(uint64_t watcher) {
  absl::MutexLock lock(&mutex_);
  auto found = watchers_.find(watcher);
  if (found == watchers_.end()) return;
  found->second->sending = false;
  worker_->Wake();
}

void WatchHub::Close(uint64_t watcher) {
  std::shared_ptr<Watcher> closed;
  absl::MutexLock lock(&mutex_);
  auto found = watchers_.find(watcher);
  if (found == watchers_.end()) return;
  closed = std::move(found->second);
  closed->over = true;
  watchers_.erase(found);
}

void WatchHub::End() {
  {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
  }
  for (const auto& watcher : Current()) watcher->wire.close(Ending());
}

WatchHub::Watchers WatchHub::Current() {
  Watchers current;
  absl::MutexLock lock(&mutex_);
  for (const auto& [id, watcher] : watchers_) current.push_back(watcher);
  return current;
}

void WatchHub::OnCounts(absl::Span<const storage::KeyChange> changes) {
  absl::MutexLock lock(&mutex_);
  if (changes.empty()) knows_last_ = false;
  for (const storage::KeyChange& change : changes) {
    if (!storage::NoteLastChange(change, &last_).ok()) knows_last_ = false;
  }
  if (!watchers_.empty()) worker_->Wake();
}

absl::StatusOr<ChangeNumbers> WatchHub::Last() {
  {
    absl::MutexLock lock(&mutex_);
    if (knows_last_) return last_;
    // From here on what is followed counts, though it is read only below.
    knows_last_ = true;
  }
  absl::StatusOr<ChangeNumbers> read = storage::GetLastChanges(engine_);
  absl::MutexLock lock(&mutex_);
  if (!read.ok()) {
    knows_last_ = false;
    return read;
  }
  for (size_t bucket = 0; bucket < last_.size(); ++bucket) {
    last_[bucket] = std::max(last_[bucket], (*read)[bucket]);
  }
  return last_;
}

UnixMillis WatchHub::Work() {
  Watchers watchers = Current();
  if (watchers.empty()) return kHour;
  absl::StatusOr<ChangeNumbers> last = Last();
  if (!last.ok()) return kAfterFailure;
  for (const auto& watcher : watchers) {
    if (!Recheck(*watcher) || !TakeIdle(*watcher)) continue;
    absl::Status told = Tell(*watcher, *last);
    if (!told.ok()) watcher->wire.close(std::move(told));
  }
  return kLook;
}

bool WatchHub::Recheck(Watcher& watcher) {
  UnixMillis now = clock_.Now();
  // Also when the clock has been set back.
  if (now >= watcher.checked_at &&
      now < watcher.checked_at + limits::kWatchRecheck) {
    return true;
  }
  absl::Status may = watcher.wire.check();
  if (may.ok()) {
    watcher.checked_at = now;
    return true;
  }
  // What cannot be known now is no reason to end it, but nothing is told.
  if (!absl::IsUnavailable(may)) watcher.wire.close(std::move(may));
  return false;
}

// Whether a watcher may be sent something; ends one that is too slow.
bool WatchHub::TakeIdle(Watcher& watcher) {
  {
    absl::MutexLock lock(&mutex_);
    if (watcher.over) return false;
    if (!watcher.sending) return true;
    if (clock_.Now() < watcher.sent_at + limits::kMaxWatchWait) return false;
  }
  watcher.wire.close(TooSlow());
  return false;
}

absl::Status WatchHub::Tell(Watcher& watcher, const ChangeNumbers& last) {
  if (!watcher.told) watcher.told = last;
  FRANK_ASSIGN_OR_RETURN(auto response, Compose(watcher, last));
  if (!response) return absl::OkStatus();
  {
    absl::MutexLock lock(&mutex_);
    watcher.sending = true;
    watcher.sent_at = clock_.Now();
  }
  watcher.greeted = true;
  watcher.wire.send(*std::move(response));
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<v1::WatchCasesResponse>> WatchHub::Compose(
    Watcher& watcher, const ChangeNumbers& last) {
  ChangeNumbers& told = *watcher.told;
  v1::WatchCasesResponse response;
  ChangeNumbers reached = told;
  for (uint8_t bucket = 0; bucket < told.size(); ++bucket) {
    size_t room = limits::kMaxWatchedChanges -
                  static_cast<size_t>(response.change_size());
    if (told[bucket] >= last[bucket] || room == 0) continue;
    FRANK_ASSIGN_OR_RETURN(storage::ChangePage page,
                           storage::ListChanges(engine_, bucket, told[bucket],
                                                last[bucket], room));
    for (const auto& change : page.changes) {
      *response.add_change() = ToProto(change);
    }
    reached[bucket] = page.reached;
  }
  // Read after the changes: what was there then has not been trimmed.
  FRANK_ASSIGN_OR_RETURN(ChangeNumbers first,
                         storage::GetFirstChanges(engine_));
  for (size_t bucket = 0; bucket < told.size(); ++bucket) {
    // Of another store, a token may be ahead.
    if (told[bucket] + 1 >= first[bucket] && told[bucket] <= last[bucket]) {
      continue;
    }
    response.clear_change();
    response.set_resync(true);
    reached = last;
    break;
  }
  if (response.change().empty() && !response.resync() && watcher.greeted) {
    return absl::optional<v1::WatchCasesResponse>();
  }
  told = reached;
  response.set_token(ToToken(told));
  return absl::make_optional(std::move(response));
}

}  // namespace frank::moderation
