#include "client/command/audit_proof.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/command/text.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "crypto/merkle_tree.h"
#include "proto/files.h"

namespace frank::client {
namespace {

constexpr char kVariable[] = "FRANK_AUDIT_KEY";

std::vector<std::string> KeyValues(const Args& args) {
  std::vector<std::string> values = args.All("key");
  const char* value = std::getenv(kVariable);
  if (values.empty() && value != nullptr && *value != '\0') {
    values.push_back(value);
  }
  return values;
}

absl::StatusOr<crypto::CheckpointVerifier> LoadVerifier(
    const std::string& value) {
  auto verifier = crypto::CheckpointVerifier::ParseVkey(value);
  if (verifier.ok()) return verifier;
  absl::StatusOr<std::string> text = wire::ReadFile(value);
  if (text.ok()) {
    verifier =
        crypto::CheckpointVerifier::ParseVkey(absl::StripSuffix(*text, "\n"));
  }
  if (verifier.ok()) return verifier;
  return FieldError("--key", "must be a vkey or a file that holds one");
}

bool IsWhatWasAsked(const v1::GetInclusionProofRequest& asked, ByteSpan bytes,
                    const crypto::AuditEntry& entry) {
  if (asked.has_entry_sha256()) {
    return ToString(crypto::Sha256({bytes})) == asked.entry_sha256();
  }
  return entry.subject == asked.act().subject() &&
         crypto::FindActNumber(entry) == asked.act().number();
}

}  // namespace

Option AuditKeyOption() {
  return {"key", "VKEY",
          absl::StrCat("the log's public key, or the file of it (or $",
                       kVariable, "); former keys too, where it was replaced"),
          /*required=*/false,
          /*repeated=*/true};
}

absl::StatusOr<AuditKeyring> AuditKeyring::FromArgs(const Args& args) {
  std::vector<crypto::CheckpointVerifier> verifiers;
  for (const std::string& value : KeyValues(args)) {
    FRANK_ASSIGN_OR_RETURN(crypto::CheckpointVerifier verifier,
                           LoadVerifier(value));
    if (!verifiers.empty() && verifiers[0].origin() != verifier.origin()) {
      return FieldError("--key", "must be of one log");
    }
    verifiers.push_back(std::move(verifier));
  }
  if (verifiers.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--key is missing, and ", kVariable, " is not set"));
  }
  return AuditKeyring(std::move(verifiers));
}

absl::StatusOr<crypto::Checkpoint> AuditKeyring::Open(
    absl::string_view note) const {
  for (const crypto::CheckpointVerifier& verifier : verifiers_) {
    absl::StatusOr<crypto::Checkpoint> opened = verifier.Open(note);
    if (opened.ok()) return opened;
  }
  return NotAuthentic("the checkpoint is not signed by the log's key");
}

absl::Status NotAuthentic(absl::string_view words) {
  return WithReason(absl::UnauthenticatedError(words), "NOT_AUTHENTIC");
}

absl::Status CheckFresh(const crypto::Checkpoint& checkpoint, UnixMillis now) {
  if (checkpoint.time == 0) {
    return NotAuthentic("the checkpoint does not say when it was signed");
  }
  if (checkpoint.time + limits::kMaxCheckpointAge >= now) {
    return absl::OkStatus();
  }
  return NotAuthentic(
      absl::StrCat("the log stands still: its checkpoint is of ",
                   FormatTime(checkpoint.time)));
}

absl::Status CheckContinues(const crypto::Checkpoint& old,
                            const crypto::Checkpoint& now,
                            FetchConsistency fetch) {
  if (now.size < old.size) {
    return NotAuthentic(absl::StrCat("the log became shorter: it had ",
                                     old.size, " entries and has ", now.size));
  }
  FRANK_ASSIGN_OR_RETURN(crypto::MerkleProof proof, fetch(old.size, now.size));
  if (crypto::VerifyConsistency(old.size, now.size, old.root, now.root, proof)
          .ok()) {
    return absl::OkStatus();
  }
  return NotAuthentic(absl::StrCat("the log was rewritten: its first ",
                                   old.size,
                                   " entries are not what they were"));
}

absl::StatusOr<ProvenEntry> CheckInclusion(
    const v1::GetInclusionProofRequest& asked, const v1::InclusionProof& proof,
    const AuditKeyring& keys) {
  FRANK_ASSIGN_OR_RETURN(crypto::Checkpoint head,
                         keys.Open(proof.checkpoint()));
  std::vector<ByteSpan> nodes;
  for (const std::string& node : proof.proof()) nodes.push_back(AsBytes(node));
  absl::StatusOr<crypto::MerkleProof> path =
      crypto::ParseMerkleProof("proof", nodes);
  ByteSpan bytes = AsBytes(proof.entry());
  if (!path.ok() || !crypto::VerifyInclusion(bytes, proof.leaf_index(),
                                             head.size, head.root, *path)
                         .ok()) {
    return NotAuthentic("the proof does not lead to the checkpoint");
  }
  absl::StatusOr<crypto::AuditEntry> entry = crypto::ParseAuditEntry(bytes);
  if (!entry.ok() || !IsWhatWasAsked(asked, bytes, *entry)) {
    return NotAuthentic("the proof is of another entry");
  }
  return ProvenEntry{*std::move(entry), proof.leaf_index(), head.size};
}

}  // namespace frank::client
