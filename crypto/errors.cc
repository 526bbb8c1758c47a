#include "crypto/errors.h"

#include <openssl/err.h>

#include "absl/strings/str_cat.h"

namespace frank::crypto {

absl::Status Unauthenticated() {
  // OpenSSL leaves its own account of a refusal in a queue of the thread, where
  // it would be taken for the cause of a later error.
  ERR_clear_error();
  return absl::UnauthenticatedError("not authentic");
}

absl::Status LibraryError(absl::string_view call) {
  ERR_clear_error();
  return absl::InternalError(absl::StrCat(call, " failed"));
}

}  // namespace frank::crypto
