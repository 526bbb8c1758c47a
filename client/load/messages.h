// Messages over the reference channel, made ready to be sent.
#ifndef FRANK_CLIENT_LOAD_MESSAGES_H_
#define FRANK_CLIENT_LOAD_MESSAGES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/load/draw.h"
#include "client/load/population.h"
#include "core/clock.h"
#include "core/random.h"
#include "crypto/commitment.h"
#include "crypto/secret.h"
#include "frank/v1/message.pb.h"

namespace frank::load {

struct Message {
  frank::v1::SendRequest request;
  // What was committed to, for a report of it.
  crypto::Scheme scheme = crypto::Scheme::kWhole;
  crypto::Secret payload;
};

// Thread-safe. Everything outlives it.
class MessageWriter {
 public:
  MessageWriter(const Population& population, const Clock& clock,
                RandomSource& random)
      : population_(population), clock_(clock), random_(random) {}

  // Commits to a text of so many bytes, encrypts it, and wraps its key for
  // every member of the room but the sender, as client::Sender does. Fails
  // where a library does.
  absl::StatusOr<Message> Write(size_t sender, const Room& room,
                                size_t bytes) const;

 private:
  const Population& population_;
  const Clock& clock_;
  RandomSource& random_;
};

// What a Send came to: OK only if it was accepted. FAILED_PRECONDITION with
// STALE_DEVICES, or with REFUSED, for its other outcomes.
absl::Status StatusOfSend(const absl::Status& status,
                          const frank::v1::SendResponse& response);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_MESSAGES_H_
