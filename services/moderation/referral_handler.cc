#include "services/moderation/referral_handler.h"

#include <utility>

#include "core/status.h"
#include "services/moderation/validate_referral.h"

namespace frank::moderation {

template <typename Request>
absl::StatusOr<Moderator> ReferralHandler::Admit(const services::Call& call,
                                                 absl::string_view method,
                                                 const Request& request) const {
  FRANK_RETURN_IF_ERROR(Check(request));
  return moderators_.Authorize(call, method);
}

void ReferralHandler::ListReferrals(
    const services::Call& call, const v1::ListReferralsRequest& request,
    services::Done<v1::ListReferralsResponse> done) {
  auto by = Admit(call, "ReferralService.ListReferrals", request);
  if (!by.ok()) return done(by.status());
  done(desk_.List(*by, request));
}

void ReferralHandler::AssignReferral(
    const services::Call& call, const v1::AssignReferralRequest& request,
    services::Done<v1::AssignReferralResponse> done) {
  auto by = Admit(call, "ReferralService.AssignReferral", request);
  if (!by.ok()) return done(by.status());
  desk_.Assign(*by, request, std::move(done));
}

void ReferralHandler::RecordHandover(
    const services::Call& call, const v1::RecordHandoverRequest& request,
    services::Done<v1::RecordHandoverResponse> done) {
  auto by = Admit(call, "ReferralService.RecordHandover", request);
  if (!by.ok()) return done(by.status());
  desk_.RecordHandover(*by, request, std::move(done));
}

void ReferralHandler::WithdrawReferral(
    const services::Call& call, const v1::WithdrawReferralRequest& request,
    services::Done<v1::WithdrawReferralResponse> done) {
  auto by = Admit(call, "ReferralService.WithdrawReferral", request);
  if (!by.ok()) return done(by.status());
  desk_.Withdraw(*by, request, std::move(done));
}

}  // namespace frank::moderation
