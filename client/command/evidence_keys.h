// What somebody outside needs to check an evidence package: their own key, and
// what moderation has published.
#ifndef FRANK_CLIENT_COMMAND_EVIDENCE_KEYS_H_
#define FRANK_CLIENT_COMMAND_EVIDENCE_KEYS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/command/args.h"
#include "client/command/audit_proof.h"
#include "core/clock.h"
#include "crypto/hpke.h"
#include "crypto/records.h"
#include "crypto/signature.h"

namespace frank::client {

struct EvidenceKeys {
  crypto::HpkePrivateKey recipient;
  // Moderation's identity key.
  crypto::Ed25519PublicKey moderation;
  AuditKeyring log;
  // As published for clients, of any authorities; may be none.
  std::vector<crypto::FrankingKeys> franking;

  // The window of a room's authority that holds a time, or null.
  const crypto::FrankingWindow* FindWindow(absl::string_view room_uri,
                                           UnixMillis time) const;
};

// --recipient-key, --moderation-key, --key, --franking-keys.
std::vector<Option> EvidenceKeyOptions();
// kFailedPrecondition names the file and what is wrong.
absl::StatusOr<EvidenceKeys> LoadEvidenceKeys(const Args& args, UnixMillis now);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_EVIDENCE_KEYS_H_
