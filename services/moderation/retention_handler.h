// RetentionService without gRPC: checks a request, authorizes the caller, hands
// over.
#ifndef FRANK_SERVICES_MODERATION_RETENTION_HANDLER_H_
#define FRANK_SERVICES_MODERATION_RETENTION_HANDLER_H_

#include "absl/status/statusor.h"
#include "frank/v1/retention.pb.h"
#include "services/common/call.h"
#include "services/moderation/legal_holds.h"
#include "services/moderation/moderators.h"
#include "services/moderation/retention_view.h"

namespace frank::moderation {

// Thread-safe. Requests live until the answer is given.
class RetentionHandler {
 public:
  // All outlive the handler.
  RetentionHandler(const Moderators& moderators, LegalHolds& holds,
                   const RetentionView& view)
      : moderators_(moderators), holds_(holds), view_(view) {}

  void ListDue(const services::Call& call, const v1::ListDueRequest& request,
               services::Done<v1::ListDueResponse> done);
  void PlaceLegalHold(const services::Call& call,
                      const v1::PlaceLegalHoldRequest& request,
                      services::Done<v1::PlaceLegalHoldResponse> done);
  void LiftLegalHold(const services::Call& call,
                     const v1::LiftLegalHoldRequest& request,
                     services::Done<v1::LiftLegalHoldResponse> done);
  void ListLegalHolds(const services::Call& call,
                      const v1::ListLegalHoldsRequest& request,
                      services::Done<v1::ListLegalHoldsResponse> done);

 private:
  template <typename Request>
  absl::StatusOr<Moderator> Admit(const services::Call& call,
                                  absl::string_view method,
                                  const Request& request) const;

  const Moderators& moderators_;
  LegalHolds& holds_;
  const RetentionView& view_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_RETENTION_HANDLER_H_
