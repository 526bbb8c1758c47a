#include "crypto/errors.h"

#include "absl/strings/str_cat.h"

namespace frank::crypto {

absl::Status Unauthenticated() {
  return absl::UnauthenticatedError("does not verify");
}

absl::Status LibraryError(absl::string_view call) {
  return absl::InternalError(absl::StrCat(call, " failed"));
}

}  // namespace frank::crypto
