// Files that tell where a server listens, for ports that it picked.
#ifndef FRANK_SERVICES_COMMON_ADDRESS_FILE_H_
#define FRANK_SERVICES_COMMON_ADDRESS_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace frank::services {

// Writes "host:port" and a line feed. kFailedPrecondition names the file.
absl::Status WriteAddressFile(const std::string& path, absl::string_view host,
                              int port);

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_ADDRESS_FILE_H_
