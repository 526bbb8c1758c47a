// Receiving over the reference channel (protocol section 6).
#ifndef FRANK_CLIENT_RECEIVER_H_
#define FRANK_CLIENT_RECEIVER_H_

#include <functional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/account_directory.h"
#include "client/device_context.h"
#include "client/key_book.h"
#include "client/mismatch.h"
#include "client/verify.h"
#include "frank/v1/message.pb.h"

namespace frank::client {

// What a receive loop tells its caller, in the order in which it happens.
class ReceiveObserver {
 public:
  virtual ~ReceiveObserver() = default;
  // A new message is durable and acknowledged.
  virtual void OnMessage() = 0;
  // A message was refused: not stored, not readable, acknowledged, counted.
  virtual void OnRefused(const v1::ReceiveResponse::Delivery& delivery,
                         const absl::Status& refusal) = 0;
  // A message cannot be judged until the user has done something, such as
  // accept an account's changed key. It and what follows in its room stay at
  // the platform and come again.
  virtual void OnHeld(const v1::ReceiveResponse::Delivery& delivery,
                      const absl::Status& reason) = 0;
  // A word from the moderators; acknowledged when this returns. May come more
  // than once.
  virtual void OnNotice(const v1::ReceiveResponse::Notice& notice) = 0;
  // All that waited has been delivered.
  virtual void OnCaughtUp() = 0;
};

class Receiver {
 public:
  Receiver(const DeviceContext& context, AccountDirectory& directory,
           KeyBook& keys)
      : context_(context), directory_(directory), keys_(keys) {}

  // Takes what waits (`drain`), or goes on until the stream ends. Each message
  // is decrypted, verified, made durable, and only then acknowledged; a second
  // arrival is acknowledged and not stored. Returns how the stream ended, or
  // why this device cannot go on now; the reason of a held message when
  // kMaxHeldRooms are held already.
  absl::Status Receive(bool drain, ReceiveObserver& observer);

 private:
  // Takes a delivery and acknowledges it, or holds its room.
  absl::Status Handle(const stored::DeviceProfile& profile,
                      const v1::ReceiveResponse::Delivery& delivery,
                      ReceiveStream& stream, ReceiveObserver& observer);
  absl::Status Take(const stored::DeviceProfile& profile,
                    const v1::ReceiveResponse::Delivery& delivery,
                    ReceiveObserver& observer);
  // Everything between the envelope and a verified payload. A refusal, or
  // another error when it cannot be judged now.
  absl::StatusOr<crypto::Secret> Open(
      const stored::DeviceProfile& profile,
      const v1::ReceiveResponse::Delivery& delivery);
  absl::Status Verify(const stored::DeviceProfile& profile,
                      const v1::ReceiveResponse::Delivery& delivery,
                      ByteSpan payload);
  absl::Status Store(const v1::ReceiveResponse::Delivery& delivery,
                     ByteSpan payload);
  void NotifyMismatch(const v1::ReceiveResponse::Delivery& delivery,
                      MismatchKind kind);

  DeviceContext context_;
  AccountDirectory& directory_;
  KeyBook& keys_;
  std::set<std::string> held_rooms_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_RECEIVER_H_
