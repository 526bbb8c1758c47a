#include "services/moderation/retention_handler.h"

#include <utility>

#include "core/status.h"
#include "services/moderation/validate_retention.h"

namespace frank::moderation {

template <typename Request>
absl::StatusOr<Moderator> RetentionHandler::Admit(
    const services::Call& call, absl::string_view method,
    const Request& request) const {
  FRANK_RETURN_IF_ERROR(Check(request));
  return moderators_.Authorize(call, method);
}

void RetentionHandler::ListDue(const services::Call& call,
                               const v1::ListDueRequest& request,
                               services::Done<v1::ListDueResponse> done) {
  auto by = Admit(call, "RetentionService.ListDue", request);
  if (!by.ok()) return done(by.status());
  done(view_.Due(*by, request));
}

void RetentionHandler::PlaceLegalHold(
    const services::Call& call, const v1::PlaceLegalHoldRequest& request,
    services::Done<v1::PlaceLegalHoldResponse> done) {
  auto by = Admit(call, "RetentionService.PlaceLegalHold", request);
  if (!by.ok()) return done(by.status());
  holds_.Place(*by, request, std::move(done));
}

void RetentionHandler::LiftLegalHold(
    const services::Call& call, const v1::LiftLegalHoldRequest& request,
    services::Done<v1::LiftLegalHoldResponse> done) {
  auto by = Admit(call, "RetentionService.LiftLegalHold", request);
  if (!by.ok()) return done(by.status());
  holds_.Lift(*by, request, std::move(done));
}

void RetentionHandler::ListLegalHolds(
    const services::Call& call, const v1::ListLegalHoldsRequest& request,
    services::Done<v1::ListLegalHoldsResponse> done) {
  auto by = Admit(call, "RetentionService.ListLegalHolds", request);
  if (!by.ok()) return done(by.status());
  done(view_.Holds(*by, request));
}

}  // namespace frank::moderation
