// The keys of evidence packages in files.
#ifndef FRANK_PROTO_EVIDENCE_KEYS_H_
#define FRANK_PROTO_EVIDENCE_KEYS_H_

#include <string>

#include "absl/status/statusor.h"
#include "crypto/evidence.h"
#include "crypto/hpke.h"

namespace frank::wire {

// The purpose of a recipient's key pair in its files.
inline constexpr char kRecipientPurpose[] = "evidence-recipient";

// A key of moderation's with the record that makes others trust it.
struct EvidenceKey {
  crypto::Ed25519PrivateKey private_key;
  crypto::EvidenceKeyRecord record;
  crypto::SignedRecord signed_record;
};
// kFailedPrecondition names the file and what is wrong, also when the two do
// not belong together.
absl::StatusOr<EvidenceKey> LoadEvidenceKey(const std::string& key_path,
                                            const std::string& record_path);

// A recipient's own key, and the half that they give away.
absl::StatusOr<crypto::HpkePrivateKey> LoadRecipientKey(
    const std::string& path);
absl::StatusOr<crypto::HpkePublicKey> LoadRecipientPublicKey(
    const std::string& path);

}  // namespace frank::wire

#endif  // FRANK_PROTO_EVIDENCE_KEYS_H_
