#include "services/moderation/authorities.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/validate.h"

namespace frank::moderation {
namespace {

absl::Status Add(const config::v1::Authority& config,
                 std::map<std::string, Authority>* all) {
  if (!IsAuthorityName(config.name()) || config.name() == kUnassigned ||
      config.name() == kOtherAuthority) {
    return FieldError("name",
                      "must be 1 to 32 characters a-z, 0-9, '-', '_', and not "
                      "unassigned or other");
  }
  FRANK_RETURN_IF_ERROR(
      CheckText("title", config.title(), 1, limits::kMaxAuthorityTitleBytes));
  if (config.keep_ms() > limits::kMaxRetention) {
    return FieldError("keep_ms", "must be at most 100 years");
  }
  if (!all->try_emplace(config.name(),
                        Authority{config.title(), config.keep_ms()})
           .second) {
    return FieldError("name", "must be of one authority alone");
  }
  return absl::OkStatus();
}

}  // namespace

bool IsAuthorityName(const std::string& name) {
  return !name.empty() && name.size() <= limits::kMaxAuthorityNameBytes &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) ||
                  c == '-' || c == '_';
         });
}

absl::StatusOr<Authorities> Authorities::Create(
    const config::v1::ModerationConfig& config) {
  Authorities authorities;
  if (config.authority_size() > static_cast<int>(limits::kMaxAuthorities)) {
    return absl::FailedPreconditionError(
        absl::StrCat("authority: must be at most ", limits::kMaxAuthorities));
  }
  for (int i = 0; i < config.authority_size(); ++i) {
    absl::Status added = InField(absl::StrCat("authority[", i, "]"),
                                 Add(config.authority(i), &authorities.all_));
    if (!added.ok()) return absl::FailedPreconditionError(added.message());
  }
  return authorities;
}

}  // namespace frank::moderation
