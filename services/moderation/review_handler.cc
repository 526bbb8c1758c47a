#include "services/moderation/review_handler.h"

#include <utility>

#include "core/status.h"
#include "services/moderation/review_proto.h"
#include "services/moderation/validate.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

// The request has been checked.
CaseId CaseIdOf(const std::string& bytes) {
  return CaseId(ToArray<CaseId::kSize>(AsBytes(bytes)));
}

}  // namespace

ReviewHandler::ReviewHandler(const Dependencies& dependencies)
    : d_(dependencies) {}

template <typename Request>
absl::StatusOr<Moderator> ReviewHandler::Admit(const services::Call& call,
                                               absl::string_view method,
                                               const Request& request) const {
  FRANK_RETURN_IF_ERROR(Check(request));
  return d_.moderators.Authorize(call, method);
}

void ReviewHandler::ListCases(const services::Call& call,
                              const v1::ListCasesRequest& request,
                              services::Done<v1::ListCasesResponse> done) {
  auto moderator = Admit(call, "ReviewService.ListCases", request);
  if (!moderator.ok()) return done(moderator.status());
  done(d_.view.List(*moderator, request));
}

void ReviewHandler::ClaimCase(const services::Call& call,
                              const v1::ClaimCaseRequest& request,
                              services::Done<v1::ClaimCaseResponse> done) {
  auto moderator = Admit(call, "ReviewService.ClaimCase", request);
  if (!moderator.ok()) return done(moderator.status());
  if (request.case_id().empty()) {
    return d_.claims.ClaimNext(*moderator, request, std::move(done));
  }
  d_.claims.ClaimNamed(*moderator, request, std::move(done));
}

void ReviewHandler::RenewLease(const services::Call& call,
                               const v1::RenewLeaseRequest& request,
                               services::Done<v1::RenewLeaseResponse> done) {
  auto moderator = Admit(call, "ReviewService.RenewLease", request);
  if (!moderator.ok()) return done(moderator.status());
  d_.claims.Renew(*moderator, CaseIdOf(request.case_id()), request.epoch(),
                  std::move(done));
}

void ReviewHandler::GetCase(const services::Call& call,
                            const v1::GetCaseRequest& request,
                            services::Done<v1::GetCaseResponse> done) {
  auto moderator = Admit(call, "ReviewService.GetCase", request);
  if (!moderator.ok()) return done(moderator.status());
  if (!Reveals(request)) return done(d_.view.Show(*moderator, request));
  d_.reveals.Reveal(*moderator, request, std::move(done));
}

void ReviewHandler::ReleaseCase(const services::Call& call,
                                const v1::ReleaseCaseRequest& request,
                                services::Done<v1::ReleaseCaseResponse> done) {
  auto moderator = Admit(call, "ReviewService.ReleaseCase", request);
  if (!moderator.ok()) return done(moderator.status());
  d_.claims.Release(moderator->id, CaseIdOf(request.case_id()), request.epoch(),
                    request.note(), std::move(done));
}

void ReviewHandler::ListActs(const services::Call& call,
                             const v1::ListActsRequest& request,
                             services::Done<v1::ListActsResponse> done) {
  auto moderator = Admit(call, "ReviewService.ListActs", request);
  if (!moderator.ok()) return done(moderator.status());
  done(d_.view.Acts(CaseIdOf(request.case_id()), request.after()));
}

}  // namespace frank::moderation
