// The commands of `frank keys` that make, extend and delete keys. Private keys
// are written to files of mode 0600 and never printed; no file is overwritten
// unless the command exists to change it.
#ifndef FRANK_CLIENT_COMMAND_KEYS_MAKE_H_
#define FRANK_CLIENT_COMMAND_KEYS_MAKE_H_

#include "absl/status/status.h"
#include "client/command/command.h"

namespace frank::client {

absl::Status RunIdentity(const Invocation& in);
absl::Status RunMaster(const Invocation& in);
absl::Status RunStore(const Invocation& in);
absl::Status RunAudit(const Invocation& in);
absl::Status RunToken(const Invocation& in);
absl::Status RunRing(const Invocation& in);
absl::Status RunRingAdd(const Invocation& in);
absl::Status RunRingDelete(const Invocation& in);
absl::Status RunFrankingKeys(const Invocation& in);
absl::Status RunReview(const Invocation& in);
absl::Status RunReviewDelete(const Invocation& in);
absl::Status RunReceiptKey(const Invocation& in);
absl::Status RunEvidenceKey(const Invocation& in);
absl::Status RunRecipient(const Invocation& in);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_KEYS_MAKE_H_
