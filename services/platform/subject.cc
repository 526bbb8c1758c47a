#include "services/platform/subject.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "core/uri.h"

namespace frank::platform {

absl::StatusOr<Subject> SubjectOf(Authenticator& authenticator,
                                  const services::Call& call,
                                  absl::string_view field,
                                  const std::string& named) {
  FRANK_ASSIGN_OR_RETURN(Principal principal, authenticator.Authenticate(call));
  if (const Device* device = absl::get_if<Device>(&principal)) {
    if (named.empty()) return Subject{device->account_uri, ""};
    return FieldError(field, "must be empty for devices");
  }
  const StampCredential& credential =
      *absl::get<const StampCredential*>(principal);
  FRANK_RETURN_IF_ERROR(CheckUri(field, named));
  const std::vector<std::string>& granted = credential.authorities;
  if (std::find(granted.begin(), granted.end(), AuthorityOf(named)) ==
      granted.end()) {
    return WithReason(
        absl::PermissionDeniedError(absl::StrCat(
            field, " lies outside the authorities of the credential")),
        "AUTHORITY_NOT_GRANTED");
  }
  return Subject{named, credential.name};
}

}  // namespace frank::platform
