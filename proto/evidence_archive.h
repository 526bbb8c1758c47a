// The archive inside an evidence package (docs/evidence.md): a signed manifest,
// and the members that it names.
//   archive = vec(manifest) || signature[64] || vec(EvidenceKeyRecord)
//             || key_signature[64] || member_0 … member_n-1
#ifndef FRANK_PROTO_EVIDENCE_ARCHIVE_H_
#define FRANK_PROTO_EVIDENCE_ARCHIVE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/evidence.h"
#include "crypto/secret.h"
#include "frank/evidence/v1/evidence.pb.h"
#include "proto/evidence_keys.h"

namespace frank::wire {

inline constexpr char kEvidenceSchema[] = "frank-evidence/1";

// Gathers members, then signs. Not thread-safe; what it held is overwritten
// when it goes.
class EvidenceArchive {
 public:
  // The next member; a name is added once.
  void Add(const std::string& name, absl::string_view bytes);
  void AddJson(const std::string& name,
               const google::protobuf::Message& message);

  // Bytes of all members so far.
  size_t size() const { return size_; }

  // Names the members in the manifest, signs it, and puts all together.
  // kInvalidArgument on a manifest that is not canonical JSON; kInternal.
  absl::StatusOr<crypto::Secret> Finish(evidence::v1::Manifest manifest,
                                        const EvidenceKey& key) const;

 private:
  struct Member {
    std::string name;
    crypto::Secret bytes;
  };
  std::vector<Member> members_;
  size_t size_ = 0;
};

// An archive whose signature and hashes hold. Views what it was opened from.
struct OpenArchive {
  evidence::v1::Manifest manifest;
  // Whose public key verifies verdicts.
  crypto::EvidenceKeyRecord key;
  std::map<std::string, ByteSpan> members;

  // Reads a member of canonical JSON. kInvalidArgument names the member, also
  // when it is missing.
  absl::Status Read(const std::string& name,
                    google::protobuf::Message* message) const;
};
// Verifies the key's record under moderation's identity key, the manifest under
// the key, whose window must hold its time, and each member's size and hash.
// kUnauthenticated when moderation did not sign it so; kInvalidArgument when it
// is of another form, though signed.
absl::StatusOr<OpenArchive> ReadArchive(
    ByteSpan archive, const crypto::Ed25519PublicKey& moderation);

}  // namespace frank::wire

#endif  // FRANK_PROTO_EVIDENCE_ARCHIVE_H_
