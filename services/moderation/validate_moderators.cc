#include "services/moderation/validate_moderators.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "services/moderation/moderator.h"
#include "storage/schema.h"

namespace frank::moderation {
namespace {

absl::Status CheckLocalId(const std::string& id) {
  if (IsLocalModeratorId(id)) return absl::OkStatus();
  return FieldError("id", "must be 1 to 64 of a-z, 0-9, '.', '-', '_'");
}

absl::Status CheckAnyId(const std::string& id) {
  if (IsProviderModeratorId(id)) return absl::OkStatus();
  return CheckLocalId(id);
}

absl::Status CheckTokenHash(const std::string& hash) {
  return storage::TokenHash::Parse("token_sha256", hash).status();
}

template <typename Values>
absl::Status CheckDistinct(absl::string_view field, const Values& values,
                           int least, int most) {
  std::set<int> seen;
  for (int value : values) {
    if (value < least || value > most) {
      return FieldError(field, "must be a known value that can be set");
    }
    if (!seen.insert(value).second) {
      return FieldError(field, "must occur once");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRoles(const google::protobuf::RepeatedField<int>& roles) {
  return CheckDistinct("role", roles, v1::MODERATOR_ROLE_REVIEWER,
                       v1::MODERATOR_ROLE_ADMINISTRATOR);
}

// A page of a list by moderator.
template <typename Request>
absl::Status CheckPage(const Request& request) {
  if (request.page_size() > limits::kMaxPageSize) {
    return FieldError("page_size",
                      absl::StrCat("must be 0 to ", limits::kMaxPageSize));
  }
  if (!request.page_token().empty() && !CheckAnyId(request.page_token()).ok()) {
    return FieldError("page_token", "must be one that was returned");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Check(const v1::AddModeratorRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckLocalId(request.id()));
  FRANK_RETURN_IF_ERROR(CheckRoles(request.role()));
  if (request.linked_account_size() >
      static_cast<int>(limits::kMaxLinkedAccounts)) {
    return FieldError(
        "linked_account",
        absl::StrCat("must be at most ", limits::kMaxLinkedAccounts));
  }
  for (int i = 0; i < request.linked_account_size(); ++i) {
    FRANK_RETURN_IF_ERROR(CheckUri(absl::StrCat("linked_account[", i, "]"),
                                   request.linked_account(i)));
  }
  return CheckTokenHash(request.token_sha256());
}

absl::Status Check(const v1::GetModeratorRequest& request) {
  return CheckAnyId(request.id());
}

absl::Status Check(const v1::ListModeratorsRequest& request) {
  return CheckPage(request);
}

absl::Status Check(const v1::ListExposureRequest& request) {
  return CheckPage(request);
}

absl::Status Check(const v1::SetModeratorRolesRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckAnyId(request.id()));
  return CheckRoles(request.role());
}

absl::Status Check(const v1::LinkAccountRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckAnyId(request.id()));
  return CheckUri("account_uri", request.account_uri());
}

absl::Status Check(const v1::EnableModeratorRequest& request) {
  return CheckAnyId(request.id());
}

absl::Status Check(const v1::ReplaceModeratorTokenRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckAnyId(request.id()));
  return CheckTokenHash(request.token_sha256());
}

absl::Status Check(const v1::ListModeratorActsRequest& request) {
  return CheckAnyId(request.id());
}

absl::Status Check(const v1::GetSelfRequest&) { return absl::OkStatus(); }

absl::Status Check(const v1::GetExposureRequest&) { return absl::OkStatus(); }

absl::Status Check(const v1::ListColleaguesRequest&) {
  return absl::OkStatus();
}

absl::Status Check(const v1::SetOptOutsRequest& request) {
  return CheckDistinct("category", request.category(),
                       v1::EXPOSURE_CATEGORY_TEXT,
                       v1::EXPOSURE_CATEGORY_CHILD_SAFETY);
}

absl::Status Check(const v1::ReplaceOwnTokenRequest& request) {
  return CheckTokenHash(request.token_sha256());
}

}  // namespace frank::moderation
