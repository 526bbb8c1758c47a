#include "services/common/address.h"

namespace frank::services {

HostAndPort SplitAddress(absl::string_view address) {
  size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) return {address, {}};
  return {address.substr(0, colon), address.substr(colon + 1)};
}

}  // namespace frank::services
