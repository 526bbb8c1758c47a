// Unicode normal form C, which account URIs must be in when they are
// registered: two that look alike and differ only in form would be two
// accounts.
#ifndef FRANK_SERVICES_PLATFORM_NORMAL_FORM_H_
#define FRANK_SERVICES_PLATFORM_NORMAL_FORM_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace frank::platform {

// Says whether well-formed UTF-8 is in normal form C. kInternal when the
// library has no tables.
absl::StatusOr<bool> IsNfc(absl::string_view text);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_NORMAL_FORM_H_
