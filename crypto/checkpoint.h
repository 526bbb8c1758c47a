// The signed head of the audit log (protocol section 8): a C2SP tlog-checkpoint
// in a C2SP signed note.
//   origin LF decimal(size) LF base64(root) LF ["time " decimal(ms) LF]
//   [extension LF]… LF
//   "— " name " " base64(key_id[4] || signature) LF …
//   key_id = SHA-256(name || 0x0A || 0x01 || public_key)[0..4)
//   vkey   = name "+" hex(key_id) "+" base64(0x01 || public_key)
// Base64 is canonical and padded; the origin is the name of the log's key.
#ifndef FRANK_CRYPTO_CHECKPOINT_H_
#define FRANK_CRYPTO_CHECKPOINT_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "crypto/merkle_tree.h"
#include "crypto/signature.h"

namespace frank::crypto {

struct Checkpoint {
  uint64_t size = 0;
  MerkleHash root{};
  // When it was signed; 0: it does not say.
  UnixMillis time = 0;
};

// Opens the checkpoints of one log. There is no way to read one without
// verifying it. Thread-safe.
class CheckpointVerifier {
 public:
  // kInvalidArgument unless the origin is 1 to 512 bytes of UTF-8 without
  // spaces, control characters and '+'.
  static absl::StatusOr<CheckpointVerifier> Create(absl::string_view origin,
                                                   Ed25519PublicKey key);
  // kInvalidArgument on what is no vkey of Ed25519, on a key id that is not
  // that of the key, and on keys that Ed25519PublicKey refuses.
  static absl::StatusOr<CheckpointVerifier> ParseVkey(absl::string_view vkey);

  std::string Vkey() const;
  const std::string& origin() const { return origin_; }
  const Ed25519PublicKey& key() const { return key_; }

  // Returns what was signed. Signatures of others are passed over, other
  // extension lines are allowed and not returned. kInvalidArgument on a note or
  // a checkpoint of another form; kUnauthenticated without a signature of this
  // key, if one of its does not verify, or on the origin of another log.
  absl::StatusOr<Checkpoint> Open(absl::string_view note) const;

 private:
  friend class CheckpointSigner;
  CheckpointVerifier(std::string origin, Ed25519PublicKey key);

  std::string origin_;
  Ed25519PublicKey key_;
  std::array<uint8_t, 4> key_id_{};
};

// Signs checkpoints of one log. Thread-safe.
class CheckpointSigner {
 public:
  // As CheckpointVerifier::Create.
  static absl::StatusOr<CheckpointSigner> Create(absl::string_view origin,
                                                 Ed25519PrivateKey key);

  // Returns the note; the same for the same checkpoint. kInternal if OpenSSL
  // fails.
  absl::StatusOr<std::string> Sign(const Checkpoint& checkpoint) const;

  const CheckpointVerifier& verifier() const { return verifier_; }

 private:
  CheckpointSigner(CheckpointVerifier verifier, Ed25519PrivateKey key)
      : verifier_(std::move(verifier)), key_(std::move(key)) {}

  CheckpointVerifier verifier_;
  Ed25519PrivateKey key_;
};

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_CHECKPOINT_H_
