// The three meanings of an error in crypto/: malformed input is
// kInvalidArgument with field and rule (FieldError, core/status.h);
// well-formed but not authentic is kUnauthenticated; a library that fails is
// kInternal. What is authentic but does not hold now (expired, a lower version,
// no key window) is kFailedPrecondition.
#ifndef FRANK_CRYPTO_ERRORS_H_
#define FRANK_CRYPTO_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace frank::crypto {

// Makes the one kUnauthenticated of this folder. The text is the same for every
// cause, so that nobody learns from it which check failed.
absl::Status Unauthenticated();

// Makes kInternal for a library call that failed though its input was right.
// `call` names the call.
absl::Status LibraryError(absl::string_view call);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_ERRORS_H_
