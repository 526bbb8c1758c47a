// Whom matters can be referred to, by the configuration.
#ifndef FRANK_SERVICES_MODERATION_AUTHORITIES_H_
#define FRANK_SERVICES_MODERATION_AUTHORITIES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "frank/config/v1/config.pb.h"

namespace frank::moderation {

// What metrics call a referral of no authority, and of one that the
// configuration no longer has. No authority has these names.
inline constexpr char kUnassigned[] = "unassigned";
inline constexpr char kOtherAuthority[] = "other";

struct Authority {
  std::string title;
  // How long what was handed over to it is kept at least; 0: as long as its
  // class.
  UnixMillis keep = 0;
};

// Copyable; immutable.
class Authorities {
 public:
  // None.
  Authorities() = default;
  // kFailedPrecondition names the field.
  static absl::StatusOr<Authorities> Create(
      const config::v1::ModerationConfig& config);

  // By name.
  const std::map<std::string, Authority>& all() const { return all_; }

 private:
  std::map<std::string, Authority> all_;
};

// Whether it is a name that an authority could have.
bool IsAuthorityName(const std::string& name);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_AUTHORITIES_H_
