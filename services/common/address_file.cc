#include "services/common/address_file.h"

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"

namespace frank::services {

absl::Status WriteAddressFile(const std::string& path, absl::string_view host,
                              int port) {
  // Written whole, then named: a reader never sees half an address.
  std::string temporary = path + ".tmp";
  std::FILE* file = std::fopen(temporary.c_str(), "w");
  if (file == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot write the address file ", path));
  }
  std::string address = absl::StrCat(host, ":", port, "\n");
  bool ok = std::fputs(address.c_str(), file) >= 0;
  ok = std::fclose(file) == 0 && ok;
  if (!ok || std::rename(temporary.c_str(), path.c_str()) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot write the address file ", path));
  }
  return absl::OkStatus();
}

}  // namespace frank::services
