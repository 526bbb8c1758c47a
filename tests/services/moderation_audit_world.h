// The audit log of a moderation service over the memory engine.
#ifndef FRANK_TESTS_SERVICES_MODERATION_AUDIT_WORLD_H_
#define FRANK_TESTS_SERVICES_MODERATION_AUDIT_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/moderation/audit_handler.h"
#include "services/moderation/audit_sequencer.h"
#include "services/moderation/audit_view.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {

inline constexpr char kAuditOrigin[] = "audit.hub.example/frank";

crypto::CheckpointSigner AuditSigner(uint8_t seed = 7);

class AuditWorld {
 public:
  AuditWorld() : AuditWorld(AuditKeys(AuditSigner(), {})) {}
  explicit AuditWorld(AuditKeys keys);

  // Writes one act of the service, in a transaction of its own.
  absl::Status Act(const std::string& subject,
                   const std::string& act = "case.claimed");
  // Writes acts of the service, in one transaction.
  absl::Status ActTogether(const std::string& subject, int count);
  // A new process: another sequencer, once the lease of the last has run out.
  void RestartSequencer();
  // Runs the sequencer until it has nothing more to do.
  void Sequence();

  absl::StatusOr<v1::GetCheckpointResponse> Checkpoint(
      const std::string& token = kAuditor);
  // Opened with the signer's key; fails the test if it does not open.
  crypto::Checkpoint Opened();
  absl::StatusOr<v1::GetInclusionProofResponse> Inclusion(
      const v1::GetInclusionProofRequest& request,
      const std::string& token = kAuditor);
  absl::StatusOr<v1::GetInclusionProofResponse> InclusionOf(
      const std::string& subject, uint64_t number);
  absl::StatusOr<v1::GetConsistencyProofResponse> Consistency(
      uint64_t old_size, uint64_t new_size,
      const std::string& token = kAuditor);
  // All entries that a range exports.
  absl::StatusOr<std::vector<std::string>> Export(
      uint64_t first, uint64_t end, const std::string& token = kAuditor);
  absl::StatusOr<std::vector<std::string>> ExportAll();

  // The store, edited behind everybody's back.
  std::string Raw(const std::string& key);
  void SetRaw(const std::string& key, const std::string& value);
  void DeleteRaw(const std::string& key);

  ModerationWorld base;
  AuditKeys keys;
  std::unique_ptr<AuditSequencer> sequencer;
  AuditView view{*base.engine, keys, base.clock};
  AuditHandler handler{base.process->moderators, view};
};

// Checks that the proof leads from its entry to its checkpoint; returns the
// entry.
std::string Proven(const absl::StatusOr<v1::GetInclusionProofResponse>& answer);

// MTH of entries.
crypto::MerkleHash RootOf(const std::vector<std::string>& entries);

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_MODERATION_AUDIT_WORLD_H_
