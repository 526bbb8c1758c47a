// Evidence packages (docs/evidence.md): the key that vouches for them, the
// verdicts that it signs, and the container that only its recipient opens.
#ifndef FRANK_CRYPTO_EVIDENCE_H_
#define FRANK_CRYPTO_EVIDENCE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/records.h"
#include "crypto/report.h"
#include "crypto/secret.h"
#include "crypto/signature.h"

namespace frank::crypto {

// "frank/1 evidence key" || u64(not_before) || u64(not_after)
//   || vec(public_key)                         signed "FrankEvidenceKeyTBS"
struct EvidenceKeyRecord {
  UnixMillis not_before;
  UnixMillis not_after;
  Ed25519PublicKey public_key;

  bool Holds(UnixMillis time) const {
    return not_before <= time && time < not_after;
  }
};
Bytes Serialize(const EvidenceKeyRecord& record);
// kInvalidArgument also on not_before >= not_after and on a key that no
// signature may be verified with.
absl::StatusOr<EvidenceKeyRecord> ParseEvidenceKeyRecord(ByteSpan bytes);
absl::StatusOr<SignedRecord> Sign(const EvidenceKeyRecord& record,
                                  const Ed25519PrivateKey& moderation);
// kInvalidArgument, kUnauthenticated. Says nothing about `now`: what was signed
// within the window stays signed.
absl::StatusOr<EvidenceKeyRecord> OpenEvidenceKeyRecord(
    const SignedRecord& record, const Ed25519PublicKey& moderation);

// Moderation's word for what it found when it checked a message: the MAC of the
// frank means nothing to who has no hub_key, so this stands for it.
//   report_id[16] || sealed_sha256[32] || u32(message) || u8(verdict)
//   || vec(franking_tag) || vec(context) || u8(form) || u64(window_not_before)
//   || u64(window_not_after) || u64(stated_at)     signed "FrankVerdictTBS"
// Tag and context are empty where the verdict is MALFORMED.
struct VerdictStatement {
  ReportId report_id;
  // Of the sealed report, as in its receipt.
  Sha256Digest sealed_sha256{};
  // The message's place in the report, from 0 on.
  uint32_t message = 0;
  Verdict verdict = Verdict::kMalformed;
  Bytes franking_tag;
  Bytes context;
  // What the window asked for, and the window: 0 where there was none.
  uint8_t form = 0;
  UnixMillis window_not_before = 0;
  UnixMillis window_not_after = 0;
  UnixMillis stated_at = 0;
};
// kInternal if OpenSSL fails.
absl::StatusOr<Signature> SignVerdict(const VerdictStatement& statement,
                                      const Ed25519PrivateKey& key);
// kUnauthenticated.
absl::Status VerifyVerdict(const VerdictStatement& statement,
                           ByteSpan signature, const Ed25519PublicKey& key);

// The manifest of a package, signed "FrankEvidenceTBS".
absl::StatusOr<Signature> SignManifest(ByteSpan manifest,
                                       const Ed25519PrivateKey& key);
absl::Status VerifyManifest(ByteSpan manifest, ByteSpan signature,
                            const Ed25519PublicKey& key);

// Seals an archive to a recipient. The archive is a file of protocol section 3:
// committed to in chunks, each encrypted for itself.
//   header  = "frank-evidence/1\n" || export_id[16] || recipient[32]
//   opening = file_tag[32] || u64(len) || file_root_salt[32] || file_key[16]
//   package = header || HPKE Seal(recipient, "frank/1 evidence", header,
//   opening)
//             || ciphertext_0 … ciphertext_n-1
// kInvalidArgument when the archive is longer than limits::kMaxArchiveBytes.
absl::StatusOr<Bytes> SealEvidence(const ExportId& id,
                                   const HpkePublicKey& recipient,
                                   ByteSpan archive, RandomSource& random);

struct OpenedEvidence {
  ExportId id;
  Secret archive;
};
// kInvalidArgument on what is no package or is cut or extended;
// kFailedPrecondition when it is sealed to another key; kUnauthenticated when a
// bit of it was changed.
absl::StatusOr<OpenedEvidence> OpenEvidence(ByteSpan package,
                                            const HpkePrivateKey& recipient);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_EVIDENCE_H_
