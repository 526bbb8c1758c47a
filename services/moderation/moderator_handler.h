// ModeratorService without gRPC: checks a request, authorizes the caller, hands
// over to the desk.
#ifndef FRANK_SERVICES_MODERATION_MODERATOR_HANDLER_H_
#define FRANK_SERVICES_MODERATION_MODERATOR_HANDLER_H_

#include "frank/v1/moderators.pb.h"
#include "services/common/call.h"
#include "services/moderation/configured_moderators.h"
#include "services/moderation/exposure_book.h"
#include "services/moderation/moderator_desk.h"
#include "services/moderation/moderators.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe. Requests live until the answer is given.
class ModeratorHandler {
 public:
  // All outlive the handler.
  struct Dependencies {
    storage::Engine& engine;
    const Moderators& moderators;
    const ConfiguredModerators& configured;
    ModeratorDesk& desk;
    const ExposureBook& book;
  };
  explicit ModeratorHandler(const Dependencies& dependencies);

  void AddModerator(const services::Call& call,
                    const v1::AddModeratorRequest& request,
                    services::Done<v1::AddModeratorResponse> done);
  void GetModerator(const services::Call& call,
                    const v1::GetModeratorRequest& request,
                    services::Done<v1::GetModeratorResponse> done);
  void ListModerators(const services::Call& call,
                      const v1::ListModeratorsRequest& request,
                      services::Done<v1::ListModeratorsResponse> done);
  void SetModeratorRoles(const services::Call& call,
                         const v1::SetModeratorRolesRequest& request,
                         services::Done<v1::SetModeratorRolesResponse> done);
  void LinkAccount(const services::Call& call,
                   const v1::LinkAccountRequest& request,
                   services::Done<v1::LinkAccountResponse> done);
  void EnableModerator(const services::Call& call,
                       const v1::EnableModeratorRequest& request,
                       services::Done<v1::EnableModeratorResponse> done);
  void ReplaceModeratorToken(
      const services::Call& call,
      const v1::ReplaceModeratorTokenRequest& request,
      services::Done<v1::ReplaceModeratorTokenResponse> done);
  void ListModeratorActs(const services::Call& call,
                         const v1::ListModeratorActsRequest& request,
                         services::Done<v1::ListModeratorActsResponse> done);
  void ListExposure(const services::Call& call,
                    const v1::ListExposureRequest& request,
                    services::Done<v1::ListExposureResponse> done);
  void GetSelf(const services::Call& call, const v1::GetSelfRequest& request,
               services::Done<v1::GetSelfResponse> done);
  void GetExposure(const services::Call& call,
                   const v1::GetExposureRequest& request,
                   services::Done<v1::GetExposureResponse> done);
  void ListColleagues(const services::Call& call,
                      const v1::ListColleaguesRequest& request,
                      services::Done<v1::ListColleaguesResponse> done);
  void SetOptOuts(const services::Call& call,
                  const v1::SetOptOutsRequest& request,
                  services::Done<v1::SetOptOutsResponse> done);
  void ReplaceOwnToken(const services::Call& call,
                       const v1::ReplaceOwnTokenRequest& request,
                       services::Done<v1::ReplaceOwnTokenResponse> done);

 private:
  template <typename Request>
  absl::StatusOr<Moderator> Admit(const services::Call& call,
                                  absl::string_view method,
                                  const Request& request) const;
  absl::StatusOr<v1::GetModeratorResponse> Get(const std::string& id) const;
  absl::StatusOr<v1::GetSelfResponse> ShowSelf(const Moderator& self) const;
  absl::StatusOr<v1::ListModeratorsResponse> List(
      const v1::ListModeratorsRequest& request) const;
  absl::StatusOr<v1::ListColleaguesResponse> Colleagues(
      const std::string& of) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATOR_HANDLER_H_
