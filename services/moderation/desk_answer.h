// How a desk answers from a transaction.
#ifndef FRANK_SERVICES_MODERATION_DESK_ANSWER_H_
#define FRANK_SERVICES_MODERATION_DESK_ANSWER_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "core/status.h"
#include "services/common/call.h"
#include "storage/engine.h"

namespace frank::moderation {

// kAborted CONTENTION: others were faster too many times.
inline absl::Status Busy() {
  return WithReason(absl::AbortedError("others claim at the same time"),
                    "CONTENTION");
}

// The end of a transaction that fills `response`. After its last retry a
// transaction is still kAborted, without a reason.
template <typename Response>
storage::CommitDone Answer(std::shared_ptr<Response> response,
                           services::Done<Response> done) {
  return [response, done = std::move(done)](absl::Status status) mutable {
    if (absl::IsAborted(status) && !FindReason(status)) status = Busy();
    if (!status.ok()) return done(std::move(status));
    done(std::move(*response));
  };
}

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DESK_ANSWER_H_
