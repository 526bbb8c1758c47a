#include "services/platform/receive_session.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "services/platform/frank_records.h"
#include "services/platform/validate_message.h"
#include "storage/account_store.h"
#include "storage/notice_store.h"

namespace frank::platform {
namespace {

// From so many messages on, a scan of a room begins behind the acknowledgement:
// to pass over fewer deleted entries costs no more than another scan.
constexpr uint64_t kWorthASeek = 64;

v1::ReceiveResponse ToDelivery(const storage::MailboxEntry& entry,
                               const DeviceId& device_id,
                               storage::StoredMessage stored) {
  const storage::v1::MessageRecord& message = stored.message;
  v1::ReceiveResponse response;
  v1::ReceiveResponse::Delivery* delivery = response.mutable_delivery();
  delivery->set_room_uri(entry.place.room_uri);
  delivery->set_sequence(entry.place.sequence);
  *delivery->mutable_frank() =
      ToProto(message.frank(), message.franking_tag(), message.sender_uri(),
              entry.place.room_uri);
  v1::Envelope* envelope = delivery->mutable_envelope();
  envelope->set_message_id(message.message_id());
  envelope->set_protocol(message.protocol());
  envelope->set_scheme(message.scheme());
  envelope->set_ciphersuite(message.ciphersuite());
  envelope->set_franking_tag(message.franking_tag());
  envelope->set_sender_key_id(message.sender_key_id());
  v1::Envelope::Wrap* wrap = envelope->add_wrap();
  wrap->set_device_id(ToString(device_id.bytes()));
  wrap->set_key_id(entry.record.key_id());
  wrap->set_wrap(entry.record.wrap());
  // Moved: a body is never copied on its way out.
  envelope->set_body(std::move(stored.body));
  return response;
}

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

template <typename Note>
void ReceiveSession::Happen(Note note) {
  {
    absl::MutexLock lock(&mutex_);
    note(events_);
  }
  hub_.Wake(id_);
}

void ReceiveSession::OnRequest(const v1::ReceiveRequest& request) {
  Happen([&](Events& events) { events.requests.push_back(request); });
}
void ReceiveSession::OnRequestsEnd() {
  Happen([](Events& events) { events.requests_ended = true; });
}
void ReceiveSession::OnSent() {
  Happen([](Events& events) { ++events.sent; });
}
void ReceiveSession::OnClosed() {
  Happen([](Events& events) { events.closed = true; });
}
void ReceiveSession::NoteMailboxChanged() {
  absl::MutexLock lock(&mutex_);
  events_.mailbox_changed = true;
}
void ReceiveSession::OnReplaced() {
  Happen([](Events& events) { events.replaced = true; });
}

ReceiveSession::Events ReceiveSession::TakeEvents() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(events_, {});
}

void ReceiveSession::Work() {
  Events events = TakeEvents();
  if (events.closed) return Release();
  if (finished_) return;
  absl::Status status = HandleAll(events);
  if (status.ok()) status = Deliver();
  if (!status.ok()) return Finish(std::move(status));
  SaveNoticeCursor();
  FinishIfDrained();
}

absl::Status ReceiveSession::HandleAll(Events& events) {
  unsent_ -= std::min(unsent_, events.sent);
  ending_ |= events.requests_ended;
  if (events.replaced) {
    return WithReason(
        absl::AbortedError("a newer stream of the device took over"),
        "STREAM_REPLACED");
  }
  if (events.acknowledged) {
    acknowledging_ = false;
    FRANK_RETURN_IF_ERROR(events.acknowledge_status);
    NoteAcksCommitted();
  }
  if (events.mailbox_changed) {
    changed_ = true;
    // Not when the next pass begins: a full window may put that off for ever.
    FRANK_RETURN_IF_ERROR(CheckStillLinked());
  }
  if (events.notices_saved) saving_notices_ = false;
  for (const v1::ReceiveRequest& request : events.requests) {
    FRANK_RETURN_IF_ERROR(HandleRequest(request));
    wire_.read_next();
  }
  if (!acks_.empty() && !acknowledging_) CommitAcks();
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
  hub_.TakeOver(device_.mailbox, id_);
  FRANK_ASSIGN_OR_RETURN(
      notices_saved_, storage::GetNoticeCursor(hub_.engine(), device_.mailbox));
  notices_sent_ = notices_saved_;
  notices_acknowledged_ = notices_saved_;
  FRANK_ASSIGN_OR_RETURN(auto cursors,
                         storage::ListCursors(hub_.engine(), device_.mailbox));
  for (const storage::schema::MessagePlace& cursor : cursors) {
    if (cursor.sequence >= kWorthASeek) {
      rooms_[cursor.room_uri].acknowledged = cursor.sequence;
    }
  }
  // Before the first scan, so that nothing falls between. The callbacks hold
  // no session: one that ended in them would drop its own watch.
  std::string account = storage::schema::AccountKey(device_.account_uri);
  for (const storage::KeyRange& range :
       {storage::schema::Mailbox(device_.mailbox),
        storage::schema::NoticesAfter(device_.account_uri, 0),
        storage::KeyRange{account, account + '\0'}}) {
    watches_.push_back(hub_.engine().SetWatch(
        range, [&hub = hub_, id = id_] { hub.MailboxChanged(id); }));
  }
  return CheckStillLinked();
}

absl::Status ReceiveSession::HandleAck(const v1::ReceiveRequest::Ack& ack) {
  auto room = rooms_.find(ack.room_uri());
  if (room == rooms_.end() || ack.sequence() > room->second.delivered) {
    return FieldError("ack.sequence",
                      "must have been delivered in this stream");
  }
  std::deque<uint64_t>& waiting = room->second.unacknowledged;
  while (!waiting.empty() && waiting.front() <= ack.sequence()) {
    waiting.pop_front();
    --unacknowledged_;
  }
  uint64_t& pending = acks_[ack.room_uri()];
  pending = std::max(pending, ack.sequence());
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
  room->second.held = true;
  unacknowledged_ -= room->second.unacknowledged.size();
  room->second.unacknowledged.clear();
  return absl::OkStatus();
}

// One at a time: two would conflict on the cursor, and those that come
// meanwhile go together in the next.
void ReceiveSession::CommitAcks() {
  acknowledging_ = true;
  committing_ = std::exchange(acks_, {});
  hub_.BeginCommit();
  storage::RunTransaction(
      hub_.engine(),
      [acks = committing_, mailbox = device_.mailbox](
          storage::Transaction& transaction) -> absl::Status {
        for (const auto& [room_uri, sequence] : acks) {
          FRANK_RETURN_IF_ERROR(
              storage::Acknowledge(transaction, mailbox, room_uri, sequence));
        }
        return absl::OkStatus();
      },
      [self = shared_from_this()](absl::Status status) {
        self->Happen([&](Events& events) {
          events.acknowledged = true;
          events.acknowledge_status = std::move(status);
        });
        self->hub_.EndCommit();
      });
}

void ReceiveSession::NoteAcksCommitted() {
  for (const auto& [room_uri, sequence] : committing_) {
    uint64_t& acknowledged = rooms_[room_uri].acknowledged;
    acknowledged = std::max(acknowledged, sequence);
  }
  committing_.clear();
}

bool ReceiveSession::MaySend() const {
  return unacknowledged_ + notices_.size() < window_ &&
         unsent_ < limits::kMaxUnsentDeliveries;
}

absl::Status ReceiveSession::Deliver() {
  if (!started_) return absl::OkStatus();
  // A full window does not end the pass: there may be nothing more to deliver.
  while (!pass_done_ || changed_) {
    if (pass_done_) BeginPass();
    FRANK_ASSIGN_OR_RETURN(bool delivered_all,
                           notices_done_ ? DeliverPage() : DeliverNotices());
    if (!delivered_all) return absl::OkStatus();
  }
  if (told_caught_up_) return absl::OkStatus();
  told_caught_up_ = true;
  v1::ReceiveResponse response;
  response.mutable_caught_up()->set_server_time(hub_.clock().Now());
  Send(std::move(response));
  return absl::OkStatus();
}

void ReceiveSession::BeginPass() {
  changed_ = false;
  pass_done_ = false;
  notices_done_ = false;
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
      auto stored, storage::FindMessage(hub_.engine(), entry.place.room_uri,
                                        entry.place.sequence));
  room.delivered = entry.place.sequence;
  // Its time ended between the two reads.
  if (!stored) return absl::OkStatus();
  room.unacknowledged.push_back(entry.place.sequence);
  ++unacknowledged_;
  told_caught_up_ = false;
  Send(ToDelivery(entry, device_.device_id, *std::move(stored)));
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

void ReceiveSession::Send(v1::ReceiveResponse response) {
  ++unsent_;
  wire_.send(std::move(response));
}

void ReceiveSession::Finish(absl::Status status) {
  finished_ = true;
  watches_.clear();
  wire_.close(std::move(status));
}

// A client that sends no more can acknowledge no more.
void ReceiveSession::FinishIfDrained() {
  if (acknowledging_ || !acks_.empty() || saving_notices_) return;
  bool drained =
      drain_ && told_caught_up_ && unacknowledged_ == 0 && notices_.empty();
  if (ending_ || drained) Finish(absl::OkStatus());
}

void ReceiveSession::Release() {
  finished_ = true;
  watches_.clear();
  wire_ = {};
  hub_.Remove(device_.mailbox, id_);
}

}  // namespace frank::platform
