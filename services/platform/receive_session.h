// One Receive stream, without gRPC: deliveries out, acknowledgements in.
#ifndef FRANK_SERVICES_PLATFORM_RECEIVE_SESSION_H_
#define FRANK_SERVICES_PLATFORM_RECEIVE_SESSION_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "frank/v1/message.pb.h"
#include "services/platform/authenticator.h"
#include "services/platform/receive_hub.h"
#include "storage/engine.h"
#include "storage/mailbox_store.h"
#include "storage/notice_store.h"

namespace frank::platform {

// Delivers a device's mailbox, in order within each room, and its account's
// notices, at least once, with at most `window` of them unacknowledged. What it
// waits for are events; they are noted by any thread and worked off by the
// hub's. A pass scans the mailbox once, in each room from the acknowledgement
// on; a watch, set before the first, asks for another.
class ReceiveSession : public std::enable_shared_from_this<ReceiveSession> {
 public:
  // The stream below. Called on the hub's threads; dropped when it is over.
  struct Wire {
    absl::AnyInvocable<void(v1::ReceiveResponse)> send;
    absl::AnyInvocable<void(absl::Status)> close;
    absl::AnyInvocable<void()> read_next;
  };

  // Makes a session and gives it to the hub, which outlives it.
  static std::shared_ptr<ReceiveSession> Open(ReceiveHub& hub, Device device,
                                              Wire wire);

  uint64_t id() const { return id_; }

  // Events, from any thread.
  void OnRequest(const v1::ReceiveRequest& request);
  void OnRequestsEnd();
  // A response went out.
  void OnSent();
  // The stream is over; nothing is sent any more.
  void OnClosed();
  // Another stream of the device took over.
  void OnReplaced();

  // Notes, without waking the hub, that something of the device's was written.
  void NoteMailboxChanged() ABSL_LOCKS_EXCLUDED(mutex_);

  // Works off what has happened. Called by the hub, one thread at a time.
  void Work();

 private:
  struct Events {
    std::vector<v1::ReceiveRequest> requests;
    size_t sent = 0;
    bool requests_ended = false;
    bool closed = false;
    bool replaced = false;
    bool mailbox_changed = false;
    bool acknowledged = false;
    absl::Status acknowledge_status;
    bool notices_saved = false;
  };
  // What was delivered of a room in this stream, and acknowledged in any.
  struct Room {
    uint64_t delivered = 0;
    std::deque<uint64_t> unacknowledged;
    uint64_t acknowledged = 0;
    bool held = false;
  };
  using Rooms = std::map<std::string, Room, storage::schema::RoomOrder>;

  ReceiveSession(ReceiveHub& hub, Device device, Wire wire);

  template <typename Note>
  void Happen(Note note) ABSL_LOCKS_EXCLUDED(mutex_);
  Events TakeEvents() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Status HandleAll(Events& events);
  absl::Status HandleRequest(const v1::ReceiveRequest& request);
  absl::Status Start(const v1::ReceiveRequest::Start& start);
  absl::Status HandleAck(const v1::ReceiveRequest::Ack& ack);
  void HandleNoticeAck(const v1::ReceiveRequest::NoticeAck& ack);
  absl::Status HandleHold(const v1::ReceiveRequest::Hold& hold);
  void CommitAcks();
  void NoteAcksCommitted();

  // Sends what may be sent now.
  absl::Status Deliver();
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
  void Send(v1::ReceiveResponse response);
  void Finish(absl::Status status);
  void FinishIfDrained();
  void Release();

  ReceiveHub& hub_;
  const uint64_t id_;
  const Device device_;

  absl::Mutex mutex_;
  Events events_ ABSL_GUARDED_BY(mutex_);

  // The rest belongs to the hub's thread.
  Wire wire_;
  std::vector<std::unique_ptr<storage::Watch>> watches_;
  bool started_ = false;
  bool finished_ = false;
  bool drain_ = false;
  bool ending_ = false;
  size_t window_ = 0;
  size_t unsent_ = 0;
  size_t unacknowledged_ = 0;
  Rooms rooms_;
  // To be committed, and being committed.
  std::map<std::string, uint64_t> acks_;
  std::map<std::string, uint64_t> committing_;
  bool acknowledging_ = false;
  // Sent, not acknowledged.
  std::deque<storage::NumberedNotice> notices_;
  uint64_t notices_sent_ = 0;
  uint64_t notices_acknowledged_ = 0;
  uint64_t notices_saved_ = 0;
  bool saving_notices_ = false;
  bool told_caught_up_ = false;
  // A pass begins with the notices; then it is at (room, sequence], until it is
  // done.
  bool changed_ = true;
  bool pass_done_ = true;
  bool notices_done_ = false;
  std::string pass_room_;
  uint64_t pass_sequence_ = 0;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RECEIVE_SESSION_H_
