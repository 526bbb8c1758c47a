// ReferralService without gRPC: checks a request, authorizes the caller, hands
// over to the desk.
#ifndef FRANK_SERVICES_MODERATION_REFERRAL_HANDLER_H_
#define FRANK_SERVICES_MODERATION_REFERRAL_HANDLER_H_

#include "absl/status/statusor.h"
#include "frank/v1/referral.pb.h"
#include "services/common/call.h"
#include "services/moderation/moderators.h"
#include "services/moderation/referral_desk.h"

namespace frank::moderation {

// Thread-safe. Requests live until the answer is given.
class ReferralHandler {
 public:
  // Both outlive the handler.
  ReferralHandler(const Moderators& moderators, ReferralDesk& desk)
      : moderators_(moderators), desk_(desk) {}

  void ListReferrals(const services::Call& call,
                     const v1::ListReferralsRequest& request,
                     services::Done<v1::ListReferralsResponse> done);
  void AssignReferral(const services::Call& call,
                      const v1::AssignReferralRequest& request,
                      services::Done<v1::AssignReferralResponse> done);
  void RecordHandover(const services::Call& call,
                      const v1::RecordHandoverRequest& request,
                      services::Done<v1::RecordHandoverResponse> done);
  void WithdrawReferral(const services::Call& call,
                        const v1::WithdrawReferralRequest& request,
                        services::Done<v1::WithdrawReferralResponse> done);

 private:
  template <typename Request>
  absl::StatusOr<Moderator> Admit(const services::Call& call,
                                  absl::string_view method,
                                  const Request& request) const;

  const Moderators& moderators_;
  ReferralDesk& desk_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REFERRAL_HANDLER_H_
