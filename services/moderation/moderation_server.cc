#include "services/moderation/moderation_server.h"

#include <algorithm>
#include <utility>

#include "absl/types/optional.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "core/taxonomy.h"
#include "proto/files.h"
#include "proto/receipts.h"
#include "services/common/reason_file.h"
#include "services/common/wait.h"
#include "services/moderation/audit_handler.h"
#include "services/moderation/audit_rpc.h"
#include "services/moderation/audit_sequencer.h"
#include "services/moderation/audit_view.h"
#include "services/moderation/case_desk.h"
#include "services/moderation/case_view.h"
#include "services/moderation/claim_desk.h"
#include "services/moderation/configuration_handler.h"
#include "services/moderation/configuration_rpc.h"
#include "services/moderation/decision_desk.h"
#include "services/moderation/decision_handler.h"
#include "services/moderation/decision_rpc.h"
#include "services/moderation/decision_view.h"
#include "services/moderation/effect_sender.h"
#include "services/moderation/export_desk.h"
#include "services/moderation/export_handler.h"
#include "services/moderation/export_rpc.h"
#include "services/moderation/identity_provider.h"
#include "services/moderation/intake.h"
#include "services/moderation/intake_rpc.h"
#include "services/moderation/moderation_metrics.h"
#include "services/moderation/moderator_handler.h"
#include "services/moderation/moderator_rpc.h"
#include "services/moderation/moderators.h"
#include "services/moderation/outcome_fold.h"
#include "services/moderation/package_composer.h"
#include "services/moderation/queue_figures.h"
#include "services/moderation/queue_handler.h"
#include "services/moderation/queue_keeper.h"
#include "services/moderation/queue_rpc.h"
#include "services/moderation/referral_handler.h"
#include "services/moderation/referral_rpc.h"
#include "services/moderation/report_folder.h"
#include "services/moderation/reporter_rpc.h"
#include "services/moderation/retention_handler.h"
#include "services/moderation/retention_keeper.h"
#include "services/moderation/retention_rpc.h"
#include "services/moderation/review_handler.h"
#include "services/moderation/review_rpc.h"
#include "services/moderation/target_fold.h"
#include "services/moderation/target_handler.h"
#include "services/moderation/target_rpc.h"
#include "services/moderation/target_view.h"
#include "services/moderation/watch_hub.h"
#include "storage/audit_schema.h"
#include "storage/moderation_schema.h"

namespace frank::moderation {
namespace {

using config::v1::ModerationConfig;

// When nothing is due: hourly retries need no more.
constexpr UnixMillis kIdle = 30 * kSecond;
// How long workers gather what they are woken for, so that one run and one sync
// do for all of it: the audit log and what the platform is told, and reports,
// which moderators wait for.
constexpr UnixMillis kGather = 20;
constexpr UnixMillis kGatherReports = 5;
constexpr size_t kMasterKeyBytes = 32;
constexpr UnixMillis kAfterFailure = 1 * kSecond;

UnixMillis LeaseTime(const ModerationConfig& config) {
  return config.lease_ms() == 0 ? limits::kDefaultLease : config.lease_ms();
}

// The longest service level of any reason: what holds for every report.
UnixMillis IndicativeTime(const ModerationConfig& config,
                          const ReasonTable& reasons) {
  if (config.indicative_time_ms() != 0) return config.indicative_time_ms();
  UnixMillis longest = 0;
  for (uint32_t version = kTaxonomyVersion; version <= reasons.newest();
       ++version) {
    for (const ReportReason& reason : reasons.Reasons(version)) {
      longest = std::max(longest, reason.deadline);
    }
  }
  return std::max(longest, reasons.unproven_caps().min_deadline);
}

absl::StatusOr<ReceiptSigner> LoadReceiptKeys(const ModerationConfig& config) {
  std::vector<wire::ReceiptKey> keys;
  for (const config::v1::ReceiptKey& files : config.receipt_key()) {
    FRANK_ASSIGN_OR_RETURN(
        wire::ReceiptKey key,
        wire::LoadReceiptKey(files.key_file(), files.record_file()));
    keys.push_back(std::move(key));
  }
  return ReceiptSigner(std::move(keys));
}

UnixMillis HandOverTime(const ModerationConfig& config) {
  return config.hand_over_ms() == 0 ? limits::kDefaultHandOver
                                    : config.hand_over_ms();
}

UnixMillis AnswerAppealTime(const ModerationConfig& config) {
  return config.answer_appeal_ms() == 0 ? limits::kDefaultAnswerAppeal
                                        : config.answer_appeal_ms();
}

uint32_t HeldLimit(const ModerationConfig& config) {
  return config.max_held_cases() == 0 ? limits::kDefaultHeldCases
                                      : config.max_held_cases();
}

absl::StatusOr<ReportJudge> LoadJudge(
    const ModerationConfig& config, std::vector<wire::ReviewKey> review_keys,
    std::shared_ptr<const ReasonTable> reasons) {
  std::vector<std::string> paths(config.key_ring_file().begin(),
                                 config.key_ring_file().end());
  FRANK_ASSIGN_OR_RETURN(
      crypto::KeyRings rings,
      wire::LoadKeyRings(paths, wire::RingHolder::kModeration));
  return ReportJudge(std::move(review_keys), std::move(rings),
                     std::move(reasons));
}

}  // namespace

absl::StatusOr<ModerationKeys> LoadModerationKeys(
    const ModerationConfig& config, UnixMillis now) {
  FRANK_ASSIGN_OR_RETURN(ReasonTable table,
                         services::LoadReasonTable(config.reason_file()));
  FRANK_ASSIGN_OR_RETURN(Routing routing,
                         Routing::Load(config.routing_file(), table));
  auto reasons = std::make_shared<const ReasonTable>(std::move(table));
  std::vector<std::string> review_key_files(config.review_key_file().begin(),
                                            config.review_key_file().end());
  FRANK_ASSIGN_OR_RETURN(ReviewKeys review_keys,
                         LoadReviewKeys(review_key_files, now));
  FRANK_ASSIGN_OR_RETURN(
      ReportJudge judge,
      LoadJudge(config, std::move(review_keys.usable), reasons));
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret master_key,
      wire::LoadSecretKey(config.master_key_file(), "master", kMasterKeyBytes));
  FRANK_ASSIGN_OR_RETURN(ConfiguredModerators moderators,
                         ConfiguredModerators::Create(config));
  FRANK_ASSIGN_OR_RETURN(ExposureRules exposure,
                         ExposureRules::Create(config.exposure()));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<oidc::JwksFetcher> provider_keys,
                         MakeProviderKeys(config));
  FRANK_ASSIGN_OR_RETURN(ReceiptSigner receipts, LoadReceiptKeys(config));
  FRANK_ASSIGN_OR_RETURN(EvidenceSigner evidence, EvidenceSigner::Load(config));
  FRANK_ASSIGN_OR_RETURN(AuditKeys audit_keys, AuditKeys::Load(config));
  FRANK_ASSIGN_OR_RETURN(PolicyBook policies,
                         PolicyBook::Load(config.policy_file()));
  FRANK_ASSIGN_OR_RETURN(DecisionTiming timing,
                         DecisionTiming::FromConfig(config));
  FRANK_ASSIGN_OR_RETURN(Authorities authorities, Authorities::Create(config));
  FRANK_ASSIGN_OR_RETURN(
      RetentionRules retention,
      RetentionRules::Create(config.retention(), authorities));
  FRANK_ASSIGN_OR_RETURN(Targets targets,
                         Targets::Create(config.targets(), routing, *reasons));
  return ModerationKeys{std::move(judge),
                        std::move(master_key),
                        std::move(moderators),
                        std::move(exposure),
                        std::move(provider_keys),
                        std::move(receipts),
                        std::move(evidence),
                        std::move(audit_keys),
                        std::move(reasons),
                        std::move(routing),
                        std::move(policies),
                        timing,
                        std::move(review_keys.known),
                        std::move(authorities),
                        std::move(retention),
                        std::move(targets)};
}

struct ModerationServer::Parts {
  Parts(const ModerationConfig& config, ModerationKeys keys,
        const Dependencies& d)
      : engine(d.engine),
        clock(d.clock),
        authorities(std::move(keys.authorities)),
        metrics(d.metrics, authorities),
        judge(std::move(keys.judge)),
        configured(std::move(keys.moderators)),
        directory(d.engine, d.clock),
        provider(MakeIdentityProvider(config.oidc(),
                                      std::move(keys.provider_keys), d.clock)),
        moderators(configured, directory,
                   provider == nullptr ? nullptr : &provider->verifier()),
        book(std::move(keys.exposure), d.clock),
        audit_keys(std::move(keys.audit_keys)),
        reasons(std::move(keys.reasons)),
        routing(std::move(keys.routing)),
        policies(std::move(keys.policies)),
        review_keys(std::move(keys.review_keys)),
        retention(std::move(keys.retention)),
        targets(std::move(keys.targets)),
        vault(keys.master_key, d.random),
        receipts(std::move(keys.receipts)),
        evidence(std::move(keys.evidence)),
        appeals(vault, judge, AnswerAppealTime(config)),
        intake({d.engine, vault, receipts, appeals, d.clock}),
        folder({d.engine, vault, judge, routing, d.clock, d.random, metrics}),
        sender({d.engine, d.client, d.clock, d.random}),
        keeper({d.engine, routing, d.clock, d.random, metrics}),
        shredder({d.engine, retention, d.clock, d.random}),
        view({d.engine, vault, judge}),
        reveals({d.engine, view, book, d.clock, metrics}),
        claims({d.engine, vault, view, reveals, routing, d.clock, d.random,
                LeaseTime(config), metrics, HeldLimit(config)}),
        desk({d.engine, vault, routing, d.clock, d.random, configured,
              LeaseTime(config), HandOverTime(config), provider != nullptr,
              HeldLimit(config)}),
        attendance(d.engine, d.clock),
        watchers(d.engine, d.clock),
        decisions({d.engine, vault, policies, d.clock, d.random, keys.timing,
                   LeaseTime(config)}),
        decision_view({d.engine, vault, policies, d.clock, keys.timing}),
        decision({moderators, decisions, decision_view}),
        review({d.engine, moderators, claims, view, reveals}),
        people({d.engine, configured, directory, d.clock}),
        reporters({d.engine, d.clock}),
        reporter_handler(moderators, reporters),
        people_handler({d.engine, moderators, configured, people, book}),
        queue({d.engine, moderators, vault, routing, *reasons, d.clock, desk,
               attendance, watchers}),
        holds({d.engine, vault, d.clock, d.random}),
        retention_view({d.engine, retention, review_keys, d.clock}),
        retention_handler(moderators, holds, retention_view),
        referrals({d.engine, vault, authorities, retention, d.clock, d.random,
                   metrics}),
        referral_handler(moderators, referrals),
        figures({d.engine, routing, d.clock, d.random}),
        target_fold({d.engine, targets, d.clock, d.random, metrics}),
        outcome_fold({d.engine, d.clock, d.random}),
        target_view(d.engine, targets),
        target(moderators, target_view),
        configuration(
            d.engine, moderators,
            {routing, *reasons, policies, retention, targets, book.rules(),
             keys.timing, LeaseTime(config), HandOverTime(config)}),
        sequencer({d.engine, audit_keys, d.clock, d.random}),
        audit_view(d.engine, audit_keys, d.clock),
        audit(moderators, audit_view),
        packages({d.engine, vault, judge, audit_view, evidence, retention,
                  d.clock, d.random}),
        exports({d.engine, vault, packages, d.clock}),
        export_handler(moderators, exports),
        intake_service(MakeIntakeService(intake, config.platform().name(),
                                         IndicativeTime(config, *reasons))),
        decision_service(MakeDecisionService(decision)),
        review_service(MakeReviewService(review)),
        moderator_service(MakeModeratorService(people_handler)),
        reporter_service(MakeReporterService(reporter_handler)),
        referral_service(MakeReferralService(referral_handler)),
        retention_service(MakeRetentionService(retention_handler)),
        queue_service(MakeQueueService(queue)),
        reason_service(MakeReasonService(queue)),
        audit_service(MakeAuditService(audit)),
        evidence_service(MakeEvidenceService(export_handler, clock)),
        target_service(MakeTargetService(target)),
        configuration_service(MakeConfigurationService(configuration)) {
    AddQueueGauges(d.engine, routing, d.clock, d.metrics);
  }

  UnixMillis Fold() {
    absl::StatusOr<size_t> folded = folder.FoldSome();
    if (!folded.ok()) {
      Log(Severity::kWarning, "fold.failed",
          {LogField("code", folded.status().code())});
      return kAfterFailure;
    }
    if (!folder.is_mine()) return limits::kWorkerLeaseLook;
    // What came meanwhile has woken the worker.
    return *folded < ReportFolder::kScan ? kIdle : 0;
  }

  void End() {
    watches.clear();
    if (!fold_worker) return;
    shred_worker.reset();
    figure_worker.reset();
    outcome_worker.reset();
    target_worker.reset();
    keep_worker.reset();
    send_worker.reset();
    fold_worker.reset();
    audit_worker.reset();
    shredder.End();
    keeper.End();
    sender.End();
    folder.End();
    sequencer.End();
    target_fold.End();
    outcome_fold.End();
    figures.End();
  }

  storage::Engine& engine;
  const Clock& clock;
  const Authorities authorities;
  ModerationMetrics metrics;
  ReportJudge judge;
  const ConfiguredModerators configured;
  ModeratorDirectory directory;
  const std::unique_ptr<IdentityProvider> provider;
  const Moderators moderators;
  const ExposureBook book;
  const AuditKeys audit_keys;
  const std::shared_ptr<const ReasonTable> reasons;
  const Routing routing;
  const PolicyBook policies;
  const std::vector<ReviewKeyStatus> review_keys;
  const RetentionRules retention;
  const Targets targets;
  const KeyVault vault;
  const ReceiptSigner receipts;
  const EvidenceSigner evidence;
  const AppealIntake appeals;
  Intake intake;
  ReportFolder folder;
  EffectSender sender;
  QueueKeeper keeper;
  RetentionKeeper shredder;
  const CaseView view;
  const RevealDesk reveals;
  ClaimDesk claims;
  CaseDesk desk;
  AttendanceDesk attendance;
  WatchHub watchers;
  DecisionDesk decisions;
  const DecisionView decision_view;
  DecisionHandler decision;
  ReviewHandler review;
  ModeratorDesk people;
  ReporterDesk reporters;
  ReporterHandler reporter_handler;
  ModeratorHandler people_handler;
  QueueHandler queue;
  LegalHolds holds;
  const RetentionView retention_view;
  RetentionHandler retention_handler;
  ReferralDesk referrals;
  ReferralHandler referral_handler;
  QueueFigures figures;
  TargetFold target_fold;
  OutcomeFold outcome_fold;
  const TargetView target_view;
  TargetHandler target;
  ConfigurationHandler configuration;
  AuditSequencer sequencer;
  const AuditView audit_view;
  AuditHandler audit;
  const PackageComposer packages;
  ExportDesk exports;
  ExportHandler export_handler;
  const std::unique_ptr<services::RpcService> intake_service;
  const std::unique_ptr<services::RpcService> decision_service;
  const std::unique_ptr<services::RpcService> review_service;
  const std::unique_ptr<services::RpcService> moderator_service;
  const std::unique_ptr<services::RpcService> reporter_service;
  const std::unique_ptr<services::RpcService> referral_service;
  const std::unique_ptr<services::RpcService> retention_service;
  const std::unique_ptr<services::RpcService> queue_service;
  const std::unique_ptr<services::RpcService> reason_service;
  const std::unique_ptr<services::RpcService> audit_service;
  const std::unique_ptr<services::RpcService> evidence_service;
  const std::unique_ptr<services::RpcService> target_service;
  const std::unique_ptr<services::RpcService> configuration_service;
  // End() ends them in this order reversed: watches wake workers, workers use
  // all of the above.
  absl::optional<services::Worker> audit_worker;
  absl::optional<services::Worker> fold_worker;
  absl::optional<services::Worker> send_worker;
  absl::optional<services::Worker> keep_worker;
  absl::optional<services::Worker> shred_worker;
  absl::optional<services::Worker> target_worker;
  absl::optional<services::Worker> outcome_worker;
  absl::optional<services::Worker> figure_worker;
  std::vector<std::unique_ptr<storage::Watch>> watches;
};

ModerationServer::ModerationServer(const ModerationConfig& config,
                                   ModerationKeys keys,
                                   const Dependencies& dependencies)
    : parts_(std::make_unique<Parts>(config, std::move(keys), dependencies)) {}

ModerationServer::~ModerationServer() { parts_->End(); }

std::vector<services::RpcService*> ModerationServer::services() const {
  return {parts_->intake_service.get(),    parts_->decision_service.get(),
          parts_->review_service.get(),    parts_->moderator_service.get(),
          parts_->reporter_service.get(),  parts_->audit_service.get(),
          parts_->queue_service.get(),     parts_->reason_service.get(),
          parts_->retention_service.get(), parts_->evidence_service.get(),
          parts_->target_service.get(),    parts_->configuration_service.get(),
          parts_->referral_service.get()};
}

void ModerationServer::EndStreams() { parts_->watchers.End(); }

void ModerationServer::StartWorkers() {
  Parts* parts = parts_.get();
  if (!parts->receipts.CanSignAt(parts->clock.Now())) {
    Log(Severity::kWarning, "receipts.no_key");
  }
  parts->audit_worker.emplace(
      "audit", [parts] { return parts->sequencer.SequenceSome(); }, kGather);
  parts->fold_worker.emplace(
      "fold", [parts] { return parts->Fold(); }, kGatherReports);
  parts->send_worker.emplace(
      "effects", [parts] { return parts->sender.SendDue(); }, kGather);
  parts->keep_worker.emplace("queue", [parts] { return parts->keeper.Tend(); });
  parts->shred_worker.emplace("retention", [parts] {
    // Whichever instance shreds.
    parts->judge.DropOverdueKeys(parts->clock.Now());
    return parts->shredder.Tend();
  });
  parts->target_worker.emplace(
      "targets", [parts] { return parts->target_fold.FoldSome(); });
  parts->outcome_worker.emplace(
      "outcomes", [parts] { return parts->outcome_fold.FoldSome(); });
  parts->figure_worker.emplace("figures",
                               [parts] { return parts->figures.Keep(); });
  parts->watches.push_back(
      parts->engine.SetWatch(storage::schema::AuditPendingTable(),
                             [parts] { parts->audit_worker->Wake(); }));
  parts->watches.push_back(
      parts->engine.SetWatch(storage::schema::WaitingTable(),
                             [parts] { parts->fold_worker->Wake(); }));
  parts->watches.push_back(parts->engine.SetWatch(
      storage::schema::EffectTable(), [parts] { parts->send_worker->Wake(); }));
  // What was committed between the workers' first looks and the watches.
  parts->audit_worker->Wake();
  parts->fold_worker->Wake();
  parts->send_worker->Wake();
}

}  // namespace frank::moderation
