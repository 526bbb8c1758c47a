// One Receive stream, without gRPC: deliveries out, acknowledgements in.
#ifndef FRANK_SERVICES_PLATFORM_RECEIVE_SESSION_H_
#define FRANK_SERVICES_PLATFORM_RECEIVE_SESSION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/v1/message.pb.h"
#include "services/platform/authenticator.h"
#include "services/platform/delivery_bytes.h"
#include "services/platform/receive_hub.h"
#include "storage/engine.h"
#include "storage/mailbox_store.h"
#include "storage/notice_store.h"

namespace frank::platform {

// Delivers a device's mailbox, in order within each room, and its account's
// notices, at least once, with at most `window` of them unacknowledged. What it
// waits for are events; they are noted by any thread and worked off by the
// hub's. A pass scans the mailbox once, in each room from the acknowledgement
// on. While the last pass is done and nothing lies behind it, entries are taken
// as they are written, without a scan; what cannot go out at once asks for
// another pass. In each room entries are written in order, so either way those
// that were delivered are passed over by their sequence.
class ReceiveSession : public std::enable_shared_from_this<ReceiveSession> {
 public:
  // The stream below. Called on the hub's threads; dropped when it is over.
  struct Wire {
    absl::AnyInvocable<void(const v1::ReceiveResponse&)> send;
    absl::AnyInvocable<void(const DeliveryBytes&)> deliver;
    absl::AnyInvocable<void(absl::Status)> close;
    absl::AnyInvocable<void()> read_next;
  };

  // Makes a session and gives it to the hub, which outlives it.
  static std::shared_ptr<ReceiveSession> Open(ReceiveHub& hub, Device device,
                                              Wire wire);

  uint64_t id() const { return id_; }
  const Device& device() const { return device_; }

  // Events, from any thread. True if the next request may be read: else the
  // wire is told when.
  bool OnRequest(const v1::ReceiveRequest& request) ABSL_LOCKS_EXCLUDED(mutex_);
  void OnRequestsEnd();
  // A response went out.
  void OnSent();
  // The stream is over; nothing is sent any more.
  void OnClosed();
  // Another stream of the device took over.
  void OnReplaced();

  // What the hub learns; true if it is to work the session. An entry that was
  // written to its mailbox, anything there, a notice, its account.
  bool NoteEntry(const storage::KeyChange& entry) ABSL_LOCKS_EXCLUDED(mutex_);
  bool NoteMailbox() ABSL_LOCKS_EXCLUDED(mutex_);
  bool NoteNotices() ABSL_LOCKS_EXCLUDED(mutex_);
  bool NoteAccount() ABSL_LOCKS_EXCLUDED(mutex_);

  // Works off what has happened. Called by the hub, one thread at a time.
  void Work();

 private:
  struct Events {
    std::vector<v1::ReceiveRequest> requests;
    bool reading_stopped = false;
    size_t sent = 0;
    bool requests_ended = false;
    bool closed = false;
    bool replaced = false;
    // As they were written; none when there were more than could go out.
    std::vector<storage::KeyValue> entries;
    bool mailbox_changed = false;
    bool notices_changed = false;
    bool account_changed = false;
    size_t committed = 0;
    absl::Status commit_status;
    bool notices_saved = false;
    // The hub is to work the session, at once or by and by.
    bool awaited = false;
    bool deferred = false;
  };
  // What was delivered of a room in this stream, and acknowledged in any.
  struct Room {
    uint64_t delivered = 0;
    // Ascending.
    std::vector<uint64_t> unacknowledged;
    uint64_t acknowledged = 0;
    // Where the next stream's scans begin.
    uint64_t cursor = 0;
    bool held = false;
  };
  using Rooms = std::map<std::string, Room, storage::schema::RoomOrder>;

  ReceiveSession(ReceiveHub& hub, Device device, Wire wire);

  // Notes what happened; true if the hub does not know yet that something has.
  template <typename Noting>
  bool Note(Noting note) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same, and tells the hub.
  template <typename Noting>
  void Happen(Noting note) ABSL_LOCKS_EXCLUDED(mutex_);
  Events TakeEvents() ABSL_LOCKS_EXCLUDED(mutex_);
  // Says what the session waits for: the rest is noted without working it.
  void Rest() ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCommitted(size_t acknowledgements, const absl::Status& status)
      ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Status HandleAll(Events& events);
  absl::Status HandleRequest(const v1::ReceiveRequest& request);
  absl::Status Start(const v1::ReceiveRequest::Start& start);
  absl::Status HandleAck(const v1::ReceiveRequest::Ack& ack);
  void HandleNoticeAck(const v1::ReceiveRequest::NoticeAck& ack);
  absl::Status HandleHold(const v1::ReceiveRequest::Hold& hold);
  // Of a stream that is over or ends: what its client has is not to be
  // delivered to the next.
  void HandleLastAcks(const Events& events);
  void PassAcksOn();

  // Sends what may be sent now: what was just written, then what lies behind.
  absl::Status DeliverNew(const std::vector<storage::KeyValue>& entries);
  absl::Status Deliver();
  void TellCaughtUp();
  void BeginPass();
  // Each delivers one page; false if the window kept some of it back.
  absl::StatusOr<bool> DeliverNotices();
  absl::StatusOr<bool> DeliverPage();
  absl::StatusOr<bool> DeliverEntries(
      const std::vector<storage::MailboxEntry>& page);
  absl::Status DeliverEntry(const storage::MailboxEntry& entry);
  // The next room from whose acknowledgement on a scan begins anew.
  Rooms::const_iterator NextSeek() const;
  void SaveNoticeCursor();
  absl::Status CheckStillLinked();
  bool MaySend() const;
  // Whether nothing that was written lies behind.
  bool IsCaughtUp() const { return pass_done_ && !changed_; }
  void Send(const v1::ReceiveResponse& response);
  void Finish(absl::Status status);
  void FinishIfDrained();
  void End(const Events& events);

  ReceiveHub& hub_;
  const uint64_t id_;
  const Device device_;

  absl::Mutex mutex_;
  Events events_ ABSL_GUARDED_BY(mutex_);
  bool awaits_sent_ ABSL_GUARDED_BY(mutex_) = false;
  bool awaits_commits_ ABSL_GUARDED_BY(mutex_) = false;
  bool awaits_acks_ ABSL_GUARDED_BY(mutex_) = true;

  // The rest belongs to the hub's thread.
  Wire wire_;
  bool started_ = false;
  bool finished_ = false;
  bool drain_ = false;
  bool ending_ = false;
  size_t window_ = 0;
  size_t unsent_ = 0;
  size_t unacknowledged_ = 0;
  Rooms rooms_;
  // To be passed on; and how many entries were that are not yet committed.
  std::vector<storage::Acknowledgement> acks_;
  size_t uncommitted_ = 0;
  // Sent, not acknowledged.
  std::vector<storage::NumberedNotice> notices_;
  uint64_t notices_sent_ = 0;
  uint64_t notices_acknowledged_ = 0;
  uint64_t notices_saved_ = 0;
  bool saving_notices_ = false;
  // When, and whether something was delivered since.
  absl::optional<UnixMillis> told_caught_up_;
  bool delivered_since_ = false;
  bool notices_done_ = false;
  // A pass is at (room, sequence], until it is done.
  bool changed_ = true;
  bool pass_done_ = true;
  std::string pass_room_;
  uint64_t pass_sequence_ = 0;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RECEIVE_SESSION_H_
