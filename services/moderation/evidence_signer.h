// The keys that evidence packages are signed with (docs/evidence.md).
#ifndef FRANK_SERVICES_MODERATION_EVIDENCE_SIGNER_H_
#define FRANK_SERVICES_MODERATION_EVIDENCE_SIGNER_H_

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "frank/config/v1/config.pb.h"
#include "proto/evidence_keys.h"

namespace frank::moderation {

// Immutable, hence thread-safe.
class EvidenceSigner {
 public:
  explicit EvidenceSigner(std::vector<wire::EvidenceKey> keys)
      : keys_(std::move(keys)) {}

  // Reads what the configuration names. kFailedPrecondition names the file.
  static absl::StatusOr<EvidenceSigner> Load(
      const config::v1::ModerationConfig& config);

  // The key whose window holds a time or null.
  const wire::EvidenceKey* KeyAt(UnixMillis time) const;

 private:
  std::vector<wire::EvidenceKey> keys_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EVIDENCE_SIGNER_H_
