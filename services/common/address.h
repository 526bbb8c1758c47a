// Addresses of servers as configurations have them: "host:port".
#ifndef FRANK_SERVICES_COMMON_ADDRESS_H_
#define FRANK_SERVICES_COMMON_ADDRESS_H_

#include "absl/strings/string_view.h"

namespace frank::services {

// Parts of the text that was split.
struct HostAndPort {
  absl::string_view host;  // of IPv6 with its brackets
  absl::string_view port;
};

// Cuts an address at its last colon. Without one, all of it is the host.
HostAndPort SplitAddress(absl::string_view address);

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_ADDRESS_H_
