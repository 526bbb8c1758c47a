// Carries reports and appeals from the outbox to the moderators.
#ifndef FRANK_SERVICES_PLATFORM_FORWARDER_H_
#define FRANK_SERVICES_PLATFORM_FORWARDER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "core/random.h"
#include "frank/v1/intake.grpc.pb.h"
#include "grpcpp/channel.h"
#include "services/common/client_stream.h"
#include "services/common/wait.h"
#include "services/platform/backoff.h"
#include "storage/engine.h"
#include "storage/forwarding_store.h"

namespace frank::platform {

// Forwards at least once, in order, and drops nothing: a report leaves the
// outbox only days after moderation has acknowledged it.
//
// On connecting, moderation states its mark, the number up to which it holds
// everything.
//   mark in [acknowledged, sent]  the usual case. What lies up to the mark is
//                                 there, but the answers with its receipts were
//                                 lost: it is sent again like what lies above.
//   mark < acknowledged           moderation was restored from a backup: what
//                                 is still kept above its mark is sent again.
//   mark > sent                   this store was restored: numbers up to the
//                                 mark are used up, so whatever is not known to
//                                 be acknowledged moves above it.
// An acknowledgement and the receipts that came with it are noted in one
// transaction; a report counts as acknowledged only then, so no receipt is lost
// when a connection breaks.
//
// Of several instances one forwards, by a lease in the store. One thread does
// the work: a step follows each commit to the outbox and each answer.
class Forwarder {
 public:
  struct Options {
    storage::Engine* engine = nullptr;
    const Clock* clock = nullptr;
    RandomSource* random = nullptr;
    std::shared_ptr<grpc::Channel> moderation;
    // Of services::QueueEvents; outlives the forwarder.
    grpc::CompletionQueue* queue = nullptr;
    // Names this instance in the lease. One that comes back under the same name
    // goes on at once, without waiting for its old lease to end.
    std::string holder;
  };

  explicit Forwarder(Options options);
  // Ends the stream and gives the lease back.
  ~Forwarder();

 private:
  using Body = absl::AnyInvocable<absl::Status(storage::Transaction&)>;
  using Stream =
      services::ClientStream<v1::ForwardRequest, v1::ForwardResponse>;

  UnixMillis Step();
  absl::StatusOr<UnixMillis> TryStep();
  UnixMillis Fail();
  std::unique_ptr<Stream> Connect();
  absl::StatusOr<bool> HoldLease();
  // Runs a transaction that commits only while this instance holds the lease.
  absl::Status RunAsHolder(Body body);

  absl::Status TakeAnswer(const v1::ForwardResponse& answer);
  // Takes the first answer of a stream, and returns above which number to send.
  absl::StatusOr<uint64_t> Reconcile(uint64_t mark);
  absl::Status LearnIndicativeTime(UnixMillis time);
  absl::Status FallBackTo(uint64_t mark);
  absl::Status RenumberAbove(uint64_t acknowledged, uint64_t mark);
  absl::Status Acknowledge(const v1::ForwardResponse& answer);
  absl::Status SendMore();
  absl::StatusOr<v1::ForwardRequest> ToRequest(storage::OutgoingReport report);
  absl::StatusOr<v1::ForwardRequest> ToRequest(storage::OutgoingAppeal appeal);
  bool WindowIsFull() const;

  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);

  const Options options_;
  storage::Engine& engine_;
  const std::unique_ptr<v1::IntakeService::Stub> stub_;

  // Only the worker's thread touches these.
  Backoff backoff_;
  uint64_t epoch_ = 0;
  UnixMillis next_try_ = 0;
  std::unique_ptr<Stream> stream_;
  bool mark_known_ = false;
  uint64_t last_sent_ = 0;
  struct UnderWay {
    uint64_t number;
    size_t bytes;
  };
  std::deque<UnderWay> under_way_;
  size_t bytes_under_way_ = 0;

  absl::Mutex mutex_;
  std::unique_ptr<services::Worker> worker_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<storage::Watch> watch_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_FORWARDER_H_
