#include "services/platform/receive_session.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "services/platform/validate_message.h"
#include "storage/account_store.h"
#include "storage/notice_store.h"

namespace frank::platform {
namespace {

// From so many messages on, a scan of a room begins behind the acknowledgement:
// to pass over fewer deleted entries costs no more than another scan.
constexpr uint64_t kWorthASeek = 64;

// Entries that were acknowledged, but are not durably so: beyond, a store that
// is slow slows the stream.
constexpr size_t kMaxUncommitted = 4 * limits::kReceiveWindow;

// Acknowledgements that are noted before any is worked off.
constexpr size_t kMaxNotedRequests = 32;
// More than one needs: a larger one is worked off before the next is read.
constexpr size_t kMaxNotedRequestBytes = 1024;

// How often a stream that goes on is told that it has caught up again, and the
// platform's time with it.
constexpr UnixMillis kTellPause = kMinute;

v1::ReceiveResponse ToNotice(const storage::v1::NoticeRecord& record) {
  v1::ReceiveResponse response;
  v1::ReceiveResponse::Notice* notice = response.mutable_notice();
  notice->set_notice_id(record.notice_id());
  notice->set_notice_kind(static_cast<v1::NoticeKind>(record.kind()));
  notice->set_policy(record.policy());
  notice->set_until(record.until());
  notice->set_report_id(record.report_id());
  notice->set_report_outcome(
      static_cast<v1::ReportOutcome>(record.report_outcome()));
  notice->set_decision_id(record.decision_id());
  notice->set_appeal_until(record.appeal_until());
  notice->set_appeal_outcome(
      static_cast<v1::AppealOutcome>(record.appeal_outcome()));
  return response;
}

}  // namespace

std::shared_ptr<ReceiveSession> ReceiveSession::Open(ReceiveHub& hub,
                                                     Device device, Wire wire) {
  std::shared_ptr<ReceiveSession> session(
      new ReceiveSession(hub, std::move(device), std::move(wire)));
  hub.Add(session);
  return session;
}

ReceiveSession::ReceiveSession(ReceiveHub& hub, Device device, Wire wire)
    : hub_(hub),
      id_(hub.NewId()),
      device_(std::move(device)),
      wire_(std::move(wire)) {}

template <typename Noting>
bool ReceiveSession::Note(Noting note) {
  absl::MutexLock lock(&mutex_);
  note(events_);
  return !std::exchange(events_.awaited, true);
}

template <typename Noting>
void ReceiveSession::Happen(Noting note) {
  if (Note(std::move(note))) hub_.Wake(id_);
}

bool ReceiveSession::OnRequest(const v1::ReceiveRequest& request) {
  const bool is_small = request.ByteSizeLong() <= kMaxNotedRequestBytes;
  bool can_wait = false;
  bool awaited = false;
  {
    absl::MutexLock lock(&mutex_);
    events_.requests.push_back(request);
    can_wait = request.has_ack() && is_small && !awaits_acks_ &&
               events_.requests.size() < kMaxNotedRequests;
    events_.reading_stopped |= !can_wait;
    bool& noted = can_wait ? events_.deferred : events_.awaited;
    awaited = std::exchange(noted, true);
  }
  if (!awaited && can_wait) hub_.WakeLater(id_);
  if (!awaited && !can_wait) hub_.Wake(id_);
  return can_wait;
}
void ReceiveSession::OnRequestsEnd() {
  Happen([](Events& events) { events.requests_ended = true; });
}
void ReceiveSession::OnClosed() {
  Happen([](Events& events) { events.closed = true; });
}
void ReceiveSession::OnReplaced() {
  Happen([](Events& events) { events.replaced = true; });
}

void ReceiveSession::OnSent() {
  {
    absl::MutexLock lock(&mutex_);
    ++events_.sent;
    if (!awaits_sent_ || std::exchange(events_.awaited, true)) return;
  }
  hub_.Wake(id_);
}

void ReceiveSession::OnCommitted(size_t acknowledgements,
                                 const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    events_.committed += acknowledgements;
    if (!status.ok()) events_.commit_status = status;
    bool awaited = awaits_commits_ || !status.ok();
    if (!awaited || std::exchange(events_.awaited, true)) return;
  }
  hub_.Wake(id_);
}

bool ReceiveSession::NoteEntry(const storage::KeyChange& entry) {
  return Note([&](Events& events) {
    if (events.mailbox_changed) return;
    if (events.entries.size() == limits::kMaxUnsentDeliveries) {
      events.entries.clear();
      events.mailbox_changed = true;
      return;
    }
    events.entries.push_back(
        {std::string(entry.key), std::string(*entry.value)});
  });
}
bool ReceiveSession::NoteMailbox() {
  return Note([](Events& events) {
    events.entries.clear();
    events.mailbox_changed = true;
  });
}
bool ReceiveSession::NoteNotices() {
  return Note([](Events& events) { events.notices_changed = true; });
}
bool ReceiveSession::NoteAccount() {
  return Note([](Events& events) { events.account_changed = true; });
}

ReceiveSession::Events ReceiveSession::TakeEvents() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(events_, {});
}

void ReceiveSession::Rest() {
  {
    absl::MutexLock lock(&mutex_);
    awaits_sent_ = unsent_ >= limits::kMaxUnsentDeliveries;
    awaits_commits_ = drain_ || ending_ || uncommitted_ >= kMaxUncommitted;
    awaits_acks_ = drain_ || !IsCaughtUp() || !MaySend();
    // What was noted since they were taken.
    bool awaited = (awaits_sent_ && events_.sent > 0) ||
                   (awaits_commits_ && events_.committed > 0) ||
                   (awaits_acks_ && !events_.requests.empty());
    if (!awaited || std::exchange(events_.awaited, true)) return;
  }
  hub_.Wake(id_);
}

void ReceiveSession::Work() {
  Events events = TakeEvents();
  if (events.closed) return End(events);
  if (finished_) return HandleLastAcks(events);
  absl::Status status = HandleAll(events);
  if (status.ok()) status = DeliverNew(events.entries);
  if (status.ok()) status = Deliver();
  if (!status.ok()) return Finish(std::move(status));
  SaveNoticeCursor();
  FinishIfDrained();
  if (!finished_) Rest();
}

absl::Status ReceiveSession::HandleAll(Events& events) {
  unsent_ -= std::min(unsent_, events.sent);
  ending_ |= events.requests_ended;
  uncommitted_ -= events.committed;
  if (events.replaced || !events.commit_status.ok()) {
    HandleLastAcks(events);
    if (!events.replaced) return events.commit_status;
    return WithReason(
        absl::AbortedError("a newer stream of the device took over"),
        "STREAM_REPLACED");
  }
  changed_ |= events.mailbox_changed;
  if (events.notices_changed) notices_done_ = false;
  if (events.account_changed) FRANK_RETURN_IF_ERROR(CheckStillLinked());
  if (events.notices_saved) saving_notices_ = false;
  for (const v1::ReceiveRequest& request : events.requests) {
    FRANK_RETURN_IF_ERROR(HandleRequest(request));
  }
  if (events.reading_stopped) wire_.read_next();
  if (!acks_.empty()) PassAcksOn();
  return absl::OkStatus();
}

absl::Status ReceiveSession::HandleRequest(const v1::ReceiveRequest& request) {
  FRANK_RETURN_IF_ERROR(Validate(request));
  if (request.has_start() == started_) {
    return FieldError("kind", started_ ? "must be start once, in the beginning"
                                       : "must be start in the first request");
  }
  switch (request.kind_case()) {
    case v1::ReceiveRequest::kStart:
      return Start(request.start());
    case v1::ReceiveRequest::kAck:
      return HandleAck(request.ack());
    case v1::ReceiveRequest::kHold:
      return HandleHold(request.hold());
    default:
      HandleNoticeAck(request.notice_ack());
      return absl::OkStatus();
  }
}

absl::Status ReceiveSession::Start(const v1::ReceiveRequest::Start& start) {
  started_ = true;
  window_ = start.window() == 0 ? limits::kReceiveWindow : start.window();
  drain_ = start.drain();
  // Before the first scan, so that nothing falls between.
  hub_.TakeOver(shared_from_this());
  FRANK_ASSIGN_OR_RETURN(
      notices_saved_, storage::GetNoticeCursor(hub_.engine(), device_.mailbox));
  notices_sent_ = notices_saved_;
  notices_acknowledged_ = notices_saved_;
  FRANK_ASSIGN_OR_RETURN(auto cursors,
                         storage::ListCursors(hub_.engine(), device_.mailbox));
  for (const storage::schema::MessagePlace& cursor : cursors) {
    if (cursor.sequence >= kWorthASeek) {
      Room& room = rooms_[cursor.room_uri];
      room.acknowledged = cursor.sequence;
      room.cursor = cursor.sequence;
    }
  }
  return CheckStillLinked();
}

absl::Status ReceiveSession::HandleAck(const v1::ReceiveRequest::Ack& ack) {
  auto room = rooms_.find(ack.room_uri());
  if (room == rooms_.end() || ack.sequence() > room->second.delivered) {
    return FieldError("ack.sequence",
                      "must have been delivered in this stream");
  }
  storage::Acknowledgement taken{device_.mailbox, ack.room_uri(), {}};
  std::vector<uint64_t>& waiting = room->second.unacknowledged;
  const auto end =
      std::upper_bound(waiting.begin(), waiting.end(), ack.sequence());
  taken.sequences.assign(waiting.begin(), end);
  waiting.erase(waiting.begin(), end);
  if (taken.sequences.empty()) return absl::OkStatus();
  // Those of a room on hold left the window before.
  if (!room->second.held) unacknowledged_ -= taken.sequences.size();
  room->second.acknowledged = taken.sequences.back();
  if (room->second.acknowledged >= room->second.cursor + kWorthASeek) {
    room->second.cursor = room->second.acknowledged;
    taken.moves_cursor = true;
  }
  acks_.push_back(std::move(taken));
  return absl::OkStatus();
}

void ReceiveSession::HandleNoticeAck(const v1::ReceiveRequest::NoticeAck& ack) {
  auto named =
      std::find_if(notices_.begin(), notices_.end(),
                   [&](const storage::NumberedNotice& notice) {
                     return notice.notice.notice_id() == ack.notice_id();
                   });
  if (named == notices_.end()) return;
  notices_acknowledged_ = named->number;
  notices_.erase(notices_.begin(), named + 1);
}

absl::Status ReceiveSession::HandleHold(const v1::ReceiveRequest::Hold& hold) {
  auto room = rooms_.find(hold.room_uri());
  if (room == rooms_.end() || room->second.delivered == 0) {
    return FieldError("hold.room_uri",
                      "must have had a delivery in this stream");
  }
  if (std::exchange(room->second.held, true)) return absl::OkStatus();
  unacknowledged_ -= room->second.unacknowledged.size();
  return absl::OkStatus();
}

void ReceiveSession::PassAcksOn() {
  size_t entries = 0;
  for (const storage::Acknowledgement& ack : acks_) {
    entries += ack.sequences.size();
  }
  uncommitted_ += entries;
  hub_.acknowledgements().Add(
      std::exchange(acks_, {}),
      /*at_once=*/drain_ || ending_ || uncommitted_ >= kMaxUncommitted,
      [self = shared_from_this(), entries](const absl::Status& status) {
        self->OnCommitted(entries, status);
      });
}

bool ReceiveSession::MaySend() const {
  return unacknowledged_ + notices_.size() < window_ &&
         unsent_ < limits::kMaxUnsentDeliveries &&
         uncommitted_ < kMaxUncommitted;
}

absl::Status ReceiveSession::DeliverNew(
    const std::vector<storage::KeyValue>& entries) {
  for (const storage::KeyValue& row : entries) {
    FRANK_ASSIGN_OR_RETURN(storage::MailboxEntry entry,
                           storage::DecodeMailboxEntry(row.key, row.value));
    const Room& room = rooms_[entry.place.room_uri];
    if (room.held || entry.place.sequence <= room.delivered) continue;
    if (!IsCaughtUp() || !MaySend()) {
      changed_ = true;
      return absl::OkStatus();
    }
    FRANK_RETURN_IF_ERROR(DeliverEntry(entry));
  }
  return absl::OkStatus();
}

absl::Status ReceiveSession::Deliver() {
  if (!started_) return absl::OkStatus();
  while (!notices_done_) {
    FRANK_ASSIGN_OR_RETURN(bool delivered_all, DeliverNotices());
    if (!delivered_all) return absl::OkStatus();
  }
  // A full window does not end the pass: there may be nothing more to deliver.
  while (!IsCaughtUp()) {
    if (pass_done_) BeginPass();
    FRANK_ASSIGN_OR_RETURN(bool delivered_all, DeliverPage());
    if (!delivered_all) return absl::OkStatus();
  }
  TellCaughtUp();
  return absl::OkStatus();
}

void ReceiveSession::TellCaughtUp() {
  if (told_caught_up_ && !delivered_since_) return;
  const UnixMillis now = hub_.clock().Now();
  if (told_caught_up_ && now < *told_caught_up_ + kTellPause) return;
  told_caught_up_ = now;
  delivered_since_ = false;
  v1::ReceiveResponse response;
  response.mutable_caught_up()->set_server_time(now);
  Send(response);
}

void ReceiveSession::BeginPass() {
  changed_ = false;
  pass_done_ = false;
  pass_room_.clear();
  pass_sequence_ = 0;
}

absl::StatusOr<bool> ReceiveSession::DeliverNotices() {
  FRANK_ASSIGN_OR_RETURN(
      auto page, storage::ListNotices(hub_.engine(), device_.account_uri,
                                      notices_sent_, limits::kMailboxPage));
  for (storage::NumberedNotice& notice : page) {
    if (!MaySend()) return false;
    Send(ToNotice(notice.notice));
    notices_sent_ = notice.number;
    notices_.push_back(std::move(notice));
  }
  notices_done_ = page.size() < limits::kMailboxPage;
  return true;
}

ReceiveSession::Rooms::const_iterator ReceiveSession::NextSeek() const {
  return std::find_if(rooms_.upper_bound(pass_room_), rooms_.end(),
                      [](const Rooms::value_type& room) {
                        return room.second.acknowledged >= kWorthASeek;
                      });
}

absl::StatusOr<bool> ReceiveSession::DeliverPage() {
  auto next = NextSeek();
  bool last = next == rooms_.end();
  FRANK_ASSIGN_OR_RETURN(
      std::vector<storage::MailboxEntry> page,
      storage::ScanMailbox(hub_.engine(), device_.mailbox, pass_room_,
                           pass_sequence_, last ? "" : next->first,
                           limits::kMailboxPage));
  if (!page.empty()) {
    FRANK_ASSIGN_OR_RETURN(bool delivered_all, DeliverEntries(page));
    if (!delivered_all) return false;
    const storage::schema::MessagePlace& end = page.back().place;
    bool at_end = pass_room_ == end.room_uri && pass_sequence_ == end.sequence;
    if (!at_end || page.size() == limits::kMailboxPage) return true;
  }
  pass_done_ = last;
  if (last) return true;
  pass_room_ = next->first;
  pass_sequence_ = std::max(next->second.acknowledged, next->second.delivered);
  return true;
}

absl::StatusOr<bool> ReceiveSession::DeliverEntries(
    const std::vector<storage::MailboxEntry>& page) {
  for (const storage::MailboxEntry& entry : page) {
    const Room& room = rooms_[entry.place.room_uri];
    bool waits_for_ack = entry.place.sequence <= room.delivered;
    if (!room.held && !waits_for_ack && !MaySend()) return false;
    pass_room_ = entry.place.room_uri;
    pass_sequence_ = room.held ? std::numeric_limits<uint64_t>::max()
                               : std::max(entry.place.sequence, room.delivered);
    // Go on behind the room, or behind the last one that waits for its
    // acknowledgement.
    if (room.held || waits_for_ack) return true;
    FRANK_RETURN_IF_ERROR(DeliverEntry(entry));
  }
  return true;
}

absl::Status ReceiveSession::DeliverEntry(const storage::MailboxEntry& entry) {
  Room& room = rooms_[entry.place.room_uri];
  FRANK_ASSIGN_OR_RETURN(
      auto stored,
      hub_.messages().Find(entry.place.room_uri, entry.place.sequence));
  room.delivered = entry.place.sequence;
  // Its time ended between the two reads.
  if (stored == nullptr) return absl::OkStatus();
  room.unacknowledged.push_back(entry.place.sequence);
  ++unacknowledged_;
  delivered_since_ = true;
  ++unsent_;
  wire_.deliver(stored->For(device_.device_id, entry.record));
  return absl::OkStatus();
}

void ReceiveSession::SaveNoticeCursor() {
  if (notices_saved_ == notices_acknowledged_ || saving_notices_) return;
  notices_saved_ = notices_acknowledged_;
  saving_notices_ = true;
  hub_.BeginCommit();
  storage::RunTransaction(
      hub_.engine(),
      [mailbox = device_.mailbox,
       number = notices_saved_](storage::Transaction& transaction) {
        storage::PutNoticeCursor(transaction, mailbox, number);
        return absl::OkStatus();
      },
      // If it fails, the notices come again with the next stream.
      [self = shared_from_this()](absl::Status) {
        self->Happen([](Events& events) { events.notices_saved = true; });
        self->hub_.EndCommit();
      });
}

absl::Status ReceiveSession::CheckStillLinked() {
  FRANK_ASSIGN_OR_RETURN(
      auto account, storage::FindAccount(hub_.engine(), device_.account_uri));
  if (account && storage::FindDevice(*account, device_.device_id) != nullptr) {
    return absl::OkStatus();
  }
  return WithReason(absl::UnauthenticatedError("the device was removed"),
                    "CREDENTIAL_INVALID");
}

void ReceiveSession::Send(const v1::ReceiveResponse& response) {
  ++unsent_;
  wire_.send(response);
}

void ReceiveSession::Finish(absl::Status status) {
  finished_ = true;
  {
    // The next request is the last one that is read.
    absl::MutexLock lock(&mutex_);
    awaits_acks_ = true;
  }
  wire_.close(std::move(status));
}

// A client that sends no more can acknowledge no more.
void ReceiveSession::FinishIfDrained() {
  if (uncommitted_ > 0 || saving_notices_) return;
  bool drained = drain_ && notices_done_ && IsCaughtUp() &&
                 unacknowledged_ == 0 && notices_.empty();
  if (ending_ || drained) Finish(absl::OkStatus());
}

void ReceiveSession::HandleLastAcks(const Events& events) {
  for (const v1::ReceiveRequest& request : events.requests) {
    if (started_ && request.has_ack()) HandleAck(request.ack()).IgnoreError();
  }
  if (!acks_.empty()) PassAcksOn();
}

void ReceiveSession::End(const Events& events) {
  HandleLastAcks(events);
  finished_ = true;
  wire_ = {};
  hub_.Remove(shared_from_this());
}

}  // namespace frank::platform
