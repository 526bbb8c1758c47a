#include "services/moderation/evidence_signer.h"

#include <algorithm>

#include "core/status.h"

namespace frank::moderation {

absl::StatusOr<EvidenceSigner> EvidenceSigner::Load(
    const config::v1::ModerationConfig& config) {
  std::vector<wire::EvidenceKey> keys;
  for (const config::v1::EvidenceKey& files : config.evidence_key()) {
    FRANK_ASSIGN_OR_RETURN(
        wire::EvidenceKey key,
        wire::LoadEvidenceKey(files.key_file(), files.record_file()));
    keys.push_back(std::move(key));
  }
  return EvidenceSigner(std::move(keys));
}

const wire::EvidenceKey* EvidenceSigner::KeyAt(UnixMillis time) const {
  auto found = std::find_if(
      keys_.begin(), keys_.end(),
      [&](const wire::EvidenceKey& key) { return key.record.Holds(time); });
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace frank::moderation
