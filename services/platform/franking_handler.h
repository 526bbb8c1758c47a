// Franks for messengers that deliver by themselves.
#ifndef FRANK_SERVICES_PLATFORM_FRANKING_HANDLER_H_
#define FRANK_SERVICES_PLATFORM_FRANKING_HANDLER_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"
#include "frank/v1/franking.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "services/platform/stamp_clock.h"
#include "services/platform/stamper.h"

namespace frank::platform {

// The methods of FrankingService. Nothing is stored: sender and room are the
// caller's word, within the URI authorities of its credential, and the time is
// this platform's. Thread-safe; what it is made of outlives it.
class FrankingHandler {
 public:
  FrankingHandler(Authenticator& authenticator, StampClock& clock,
                  const crypto::KeyRings& rings)
      : authenticator_(authenticator),
        clock_(clock),
        rings_(rings),
        stamper_(rings) {}

  void Stamp(const services::Call& call, const v1::StampRequest& request,
             services::Done<v1::StampResponse> done);
  void StampBatch(const services::Call& call,
                  const v1::StampBatchRequest& request,
                  services::Done<v1::StampBatchResponse> done);

  // The two halves of StampBatch, for the stream, which asks once who calls.
  absl::StatusOr<const StampCredential*> Authorize(const services::Call& call) {
    return authenticator_.AuthenticateStamp(call);
  }
  // kInvalidArgument "stamp[i].field"; kPermissionDenied,
  // AUTHORITY_NOT_GRANTED; kFailedPrecondition or kUnavailable, CANNOT_STAMP.
  // The answer is written over whatever `response` holds, into its buffers; on
  // an error it is good for nothing but the next call.
  absl::Status StampFor(const StampCredential& credential,
                        const v1::StampBatchRequest& request,
                        v1::StampBatchResponse* response);

 private:
  using Stamps = std::vector<crypto::FrankStamp>;

  // The requests have been checked against the caller's credential. Each answer
  // goes to its own place.
  absl::Status StampAll(absl::Span<const v1::StampRequest* const> requests,
                        absl::FunctionRef<v1::Frank*(size_t)> frank_at);
  absl::StatusOr<Stamps> StampWithRings(
      absl::Span<const crypto::StampInput> inputs);
  absl::StatusOr<Stamps> StampByRing(
      absl::Span<const crypto::StampInput> inputs);

  Authenticator& authenticator_;
  StampClock& clock_;
  const crypto::KeyRings& rings_;
  Stamper stamper_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_FRANKING_HANDLER_H_
