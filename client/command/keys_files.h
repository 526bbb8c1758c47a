// Key files as the operators' commands see them: any kind, told apart by their
// fields (proto/frank/config/v1/config.proto).
#ifndef FRANK_CLIENT_COMMAND_KEYS_FILES_H_
#define FRANK_CLIENT_COMMAND_KEYS_FILES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"
#include "client/command/args.h"
#include "core/clock.h"
#include "core/random.h"
#include "crypto/checkpoint.h"
#include "crypto/hash.h"
#include "crypto/records.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "frank/config/v1/config.pb.h"
#include "proto/cleansed.h"
#include "proto/files.h"

namespace frank::client {

// A key ring file's contents, overwritten when they go.
class RingFile {
 public:
  // Reads a file of mode 0600. kFailedPrecondition names it.
  static absl::StatusOr<RingFile> Read(const std::string& path);
  absl::Status Write(const std::string& path, bool replace) const;

  const config::v1::KeyRing& ring() const { return *ring_; }
  config::v1::KeyRing* mutable_ring() { return &*ring_; }
  // The platform's holds private keys.
  wire::RingHolder holder() const;
  // Returns moderation's half: the same windows without private keys.
  RingFile ForModeration() const;

 private:
  wire::Cleansed<config::v1::KeyRing> ring_;
};

// Overwrites the keys of a window and makes it a tombstone.
void MakeTombstone(config::v1::KeyWindow* window);

// Makes a bearer token and writes it to a new file of mode 0600; returns its
// SHA-256, which is all that a server needs.
absl::StatusOr<crypto::Sha256Digest> WriteNewToken(const std::string& path,
                                                   RandomSource& random);

// Appends a window with fresh keys for `form` ("none", "each" or "batched").
// kInvalidArgument on another form.
absl::Status AddWindow(UnixMillis not_before, UnixMillis not_after,
                       const std::string& form, RandomSource& random,
                       config::v1::KeyRing* ring);

// Loads the moderators' identity key that --identity names.
absl::StatusOr<crypto::Ed25519PrivateKey> LoadIdentity(const std::string& path);
absl::StatusOr<crypto::Ed25519PublicKey> LoadIdentityPublic(
    const std::string& path);

// Writes a record of protocol section 5 with its signature.
absl::Status WriteSignedRecord(const std::string& path,
                               const crypto::SignedRecord& record,
                               bool replace);

// Any key file; what is secret in it is overwritten when it goes. A verifier is
// a C2SP vkey on a line.
using AnyKeyFile =
    absl::variant<RingFile, wire::Cleansed<config::v1::ReviewKey>,
                  config::v1::SignedRecord,
                  wire::Cleansed<config::v1::SecretKey>, config::v1::PublicKey,
                  crypto::CheckpointVerifier>;
// kFailedPrecondition when the file is not one of them.
absl::StatusOr<AnyKeyFile> ReadAnyKeyFile(const std::string& path);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_KEYS_FILES_H_
