// Sending over the reference channel (protocol section 6).
#ifndef FRANK_CLIENT_SENDER_H_
#define FRANK_CLIENT_SENDER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "client/account_directory.h"
#include "client/commit.h"
#include "client/device_context.h"
#include "client/key_book.h"
#include "frank/v1/message.pb.h"

namespace frank::client {

// What became of a message. One of the three is set.
struct SendResult {
  std::string room_uri;
  FrankingTag tag;
  // Set if the platform accepted it.
  absl::optional<v1::SendResponse::Accepted> accepted;
  // Set if the sender may not send now.
  absl::optional<v1::SendResponse::Refused> refused;
  // By Resume alone: why an earlier message is not sent. kOutOfRange: it had
  // become too old and was dropped.
  absl::Status failure;
};

class Sender {
 public:
  Sender(const DeviceContext& context, AccountDirectory& directory,
         KeyBook& keys)
      : context_(context), directory_(directory), keys_(keys) {}

  // Commits (WHOLE for one part, PARTS for more), encrypts once, stores the
  // body, wraps its key for every device on the members' verified lists, and
  // sends. kUnavailable: not known whether it was accepted; the message stays
  // and Resume sends the same tag and body under the same message_id. The same
  // goes for other errors by which it may have arrived. kInvalidArgument: too
  // large. Anything else: not sent.
  absl::StatusOr<SendResult> Send(const std::string& room_uri,
                                  absl::Span<const crypto::Part> parts);

  // Sends what earlier calls left, oldest first; returns what became of each. A
  // message that the platform may have and that cannot be repeated now stays;
  // one older than kMaxSendRetry is dropped, since no recipient would take it.
  // Fails when the platform is away.
  absl::StatusOr<std::vector<SendResult>> Resume();

 private:
  absl::StatusOr<OutgoingRecord> Prepare(const stored::DeviceProfile& profile,
                                         const std::string& room_uri,
                                         absl::Span<const crypto::Part> parts);
  absl::StatusOr<SendResult> ResumeOne(const stored::DeviceProfile& profile,
                                       OutgoingRecord message);
  absl::StatusOr<SendResult> Deliver(const stored::DeviceProfile& profile,
                                     OutgoingRecord message);
  // Sends with wraps for the room's members, and again when the platform knows
  // newer lists. Afterwards `message` says whether the platform may have it.
  absl::StatusOr<v1::SendResponse> Attempt(const stored::DeviceProfile& profile,
                                           stored::OutgoingMessage* message);
  absl::StatusOr<v1::SendResponse> Ask(const v1::SendRequest& request,
                                       stored::OutgoingMessage* message);
  absl::StatusOr<std::vector<crypto::DeviceList>> ListsOfRoom(
      const std::string& room_uri);
  absl::Status AddWraps(const stored::DeviceProfile& profile,
                        const stored::OutgoingMessage& message,
                        const std::vector<crypto::DeviceList>& lists,
                        v1::Envelope* envelope);
  absl::StatusOr<std::vector<crypto::DeviceList>> ListsOf(
      const v1::SendResponse::StaleDevices& stale);

  DeviceContext context_;
  AccountDirectory& directory_;
  KeyBook& keys_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_SENDER_H_
