// frank-moderation put together: its key files, its store, its services and its
// background work.
#ifndef FRANK_SERVICES_MODERATION_MODERATION_SERVER_H_
#define FRANK_SERVICES_MODERATION_MODERATION_SERVER_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/taxonomy.h"
#include "frank/config/v1/config.pb.h"
#include "services/common/metrics.h"
#include "services/common/rpc_service.h"
#include "services/moderation/audit_tree.h"
#include "services/moderation/authorities.h"
#include "services/moderation/configured_moderators.h"
#include "services/moderation/decision_timing.h"
#include "services/moderation/effect_client.h"
#include "services/moderation/evidence_signer.h"
#include "services/moderation/exposure_rules.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderators.h"
#include "services/moderation/policy_book.h"
#include "services/moderation/receipt_signer.h"
#include "services/moderation/report_judge.h"
#include "services/moderation/retention_rules.h"
#include "services/moderation/review_keys.h"
#include "services/moderation/routing.h"
#include "services/moderation/targets.h"
#include "services/oidc/key_source.h"
#include "storage/engine.h"

namespace frank::moderation {

// What the configuration's files hold, read and checked.
struct ModerationKeys {
  ReportJudge judge;
  crypto::Secret master_key;
  ConfiguredModerators moderators;
  ExposureRules exposure;
  // Null without an identity provider.
  std::unique_ptr<oidc::JwksFetcher> provider_keys;
  ReceiptSigner receipts;
  EvidenceSigner evidence;
  AuditKeys audit_keys;
  std::shared_ptr<const ReasonTable> reasons;
  Routing routing;
  PolicyBook policies;
  DecisionTiming timing;
  std::vector<ReviewKeyStatus> review_keys;
  Authorities authorities;
  RetentionRules retention;
  Targets targets;
};
// kFailedPrecondition names the file and what is wrong. What is overdue for
// destruction at `now` is not used.
absl::StatusOr<ModerationKeys> LoadModerationKeys(
    const config::v1::ModerationConfig& config, UnixMillis now);

// Owns handlers and workers; ends the workers when destroyed.
class ModerationServer {
 public:
  // All outlive the server.
  struct Dependencies {
    storage::Engine& engine;
    EffectClient& client;
    const Clock& clock;
    RandomSource& random;
    services::Metrics& metrics;
  };
  ModerationServer(const config::v1::ModerationConfig& config,
                   ModerationKeys keys, const Dependencies& dependencies);
  ~ModerationServer();

  // What to serve; owned by this object.
  std::vector<services::RpcService*> services() const;
  // Starts folding reports, sending effects, tending the queue and filling the
  // audit log.
  void StartWorkers();
  // Ends the streams that would last as long as their clients, before the
  // server is drained; takes no more of them.
  void EndStreams();

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATION_SERVER_H_
