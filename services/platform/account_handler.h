// AccountService: accounts, their signed device lists, their devices' tokens.
#ifndef FRANK_SERVICES_PLATFORM_ACCOUNT_HANDLER_H_
#define FRANK_SERVICES_PLATFORM_ACCOUNT_HANDLER_H_

#include <string>

#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/random.h"
#include "frank/v1/account.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "storage/engine.h"

namespace frank::platform {

// Thread-safe; answers on threads of the engine. What the dependencies point to
// outlives it and every call.
class AccountHandler {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const Clock& clock;
    RandomSource& random;
    Authenticator& authenticator;
    // The platform's own, "scheme://host".
    std::string authority;
    // SHA-256 of the token that registration needs; none: it is open.
    absl::optional<storage::TokenHash> registration_token;
  };
  explicit AccountHandler(Dependencies dependencies)
      : d_(std::move(dependencies)) {}

  void Register(const services::Call& call,
                const v1::RegisterAccountRequest& request,
                services::Done<v1::RegisterAccountResponse> done);
  void Update(const services::Call& call,
              const v1::UpdateDeviceListRequest& request,
              services::Done<v1::UpdateDeviceListResponse> done);
  void GetLists(const services::Call& call,
                const v1::GetDeviceListsRequest& request,
                services::Done<v1::GetDeviceListsResponse> done);
  void RotateToken(const services::Call& call,
                   const v1::RotateTokenRequest& request,
                   services::Done<v1::RotateTokenResponse> done);

 private:
  Dependencies d_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ACCOUNT_HANDLER_H_
