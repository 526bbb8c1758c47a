// What a moderator's service says of its audit log, verified with nothing but
// the log's public keys and the checkpoints that one has.
#ifndef FRANK_CLIENT_COMMAND_AUDIT_PROOF_H_
#define FRANK_CLIENT_COMMAND_AUDIT_PROOF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/command/args.h"
#include "crypto/audit_entry.h"
#include "crypto/checkpoint.h"
#include "frank/v1/audit.pb.h"

namespace frank::client {

// --key, which may be repeated, or $FRANK_AUDIT_KEY.
Option AuditKeyOption();

// The keys of one log: the present one and, where it was replaced, former ones.
class AuditKeyring {
 public:
  // Each is a vkey or the path of a file that holds one. kInvalidArgument
  // without any, or if they are not of one log.
  static absl::StatusOr<AuditKeyring> FromArgs(const Args& args);
  explicit AuditKeyring(std::vector<crypto::CheckpointVerifier> verifiers)
      : verifiers_(std::move(verifiers)) {}

  // kUnauthenticated, NOT_AUTHENTIC, unless one of the keys signed it and it is
  // a checkpoint.
  absl::StatusOr<crypto::Checkpoint> Open(absl::string_view note) const;
  const std::string& origin() const { return verifiers_.front().origin(); }

 private:
  std::vector<crypto::CheckpointVerifier> verifiers_;
};

// Makes kUnauthenticated, NOT_AUTHENTIC, in words.
absl::Status NotAuthentic(absl::string_view words);

// Whether a checkpoint was signed lately: a log that stands still shows the
// last one for ever. kUnauthenticated, NOT_AUTHENTIC, if it was not, or does
// not say.
absl::Status CheckFresh(const crypto::Checkpoint& checkpoint, UnixMillis now);

using FetchConsistency =
    absl::FunctionRef<absl::StatusOr<crypto::MerkleProof>(uint64_t, uint64_t)>;
// Verifies that the log of `old` is the beginning of that of `now`; `fetch` is
// asked for the proof. kUnauthenticated, NOT_AUTHENTIC, if it is not.
absl::Status CheckContinues(const crypto::Checkpoint& old,
                            const crypto::Checkpoint& now,
                            FetchConsistency fetch);

// An entry that was proven to be in the log.
struct ProvenEntry {
  crypto::AuditEntry entry;
  uint64_t leaf_index = 0;
  uint64_t size = 0;
};
// Verifies that the proof is of the entry that was asked for and leads to a
// checkpoint that the keys open. kUnauthenticated, NOT_AUTHENTIC, if not.
absl::StatusOr<ProvenEntry> CheckInclusion(
    const v1::GetInclusionProofRequest& asked, const v1::InclusionProof& proof,
    const AuditKeyring& keys);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_AUDIT_PROOF_H_
