#include "services/platform/platform_server.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "proto/files.h"
#include "services/common/config.h"
#include "services/common/reason_file.h"
#include "services/common/wait.h"
#include "services/platform/account_rpc.h"
#include "services/platform/appeal_rpc.h"
#include "services/platform/enforcement_rpc.h"
#include "services/platform/file_rpc.h"
#include "services/platform/forwarder.h"
#include "services/platform/franking_rpc.h"
#include "services/platform/message_rpc.h"
#include "services/platform/platform_jobs.h"
#include "services/platform/platform_metrics.h"
#include "services/platform/reason_rpc.h"
#include "services/platform/receive_hub.h"
#include "services/platform/relay.h"
#include "services/platform/report_retention.h"
#include "services/platform/report_rpc.h"
#include "services/platform/room_rpc.h"

namespace frank::platform {
namespace {

using services::RpcService;

// The embedded store belongs to one process, so a process that comes back takes
// the lease of its predecessor over at once.
constexpr char kLeaseHolder[] = "embedded";

absl::Status CheckRingOf(const std::string& authority,
                         const crypto::KeyRings& rings) {
  if (rings.Find(authority) != nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("key_ring_file: no file holds a key ring of ", authority));
}

absl::StatusOr<storage::TokenHash> ToTokenHash(absl::string_view field,
                                               absl::string_view hex) {
  FRANK_ASSIGN_OR_RETURN(std::string hash,
                         services::ParseTokenHash(field, hex));
  return storage::TokenHash::Parse(field, hash);
}

absl::StatusOr<std::vector<StampCredential>> CredentialsOf(
    const config::v1::PlatformConfig& config) {
  std::vector<StampCredential> credentials;
  for (const config::v1::StampCredential& stamp : config.stamp_credential()) {
    StampCredential credential;
    credential.name = stamp.name();
    FRANK_ASSIGN_OR_RETURN(
        credential.token_hash,
        ToTokenHash("stamp_credential.token_sha256", stamp.token_sha256()));
    credential.authorities.assign(stamp.authority().begin(),
                                  stamp.authority().end());
    credentials.push_back(std::move(credential));
  }
  return credentials;
}

absl::StatusOr<absl::optional<storage::TokenHash>> RegistrationTokenOf(
    const config::v1::PlatformConfig& config) {
  const std::string& hex = config.registration_token_sha256();
  if (hex.empty()) return absl::optional<storage::TokenHash>();
  FRANK_ASSIGN_OR_RETURN(storage::TokenHash hash,
                         ToTokenHash("registration_token_sha256", hex));
  return absl::make_optional(hash);
}

uint64_t FileQuotaOf(const config::v1::PlatformConfig& config) {
  return config.file_quota_bytes() == 0 ? limits::kDefaultFileQuotaBytes
                                        : config.file_quota_bytes();
}

UnixMillis AppealPeriodOf(const config::v1::PlatformConfig& config) {
  return config.appeal_period_ms() == 0 ? limits::kDefaultAppealPeriod
                                        : config.appeal_period_ms();
}

}  // namespace

// What is checked before anything is built.
struct Settings {
  std::vector<StampCredential> credentials;
  absl::optional<storage::TokenHash> registration_token;
  std::unique_ptr<StampClock> stamp_clock;
};

// In the order of their making; each is used by those below it.
struct PlatformServer::Parts {
  Parts(const config::v1::PlatformConfig& config, PlatformKeys platform_keys,
        Settings settings, const Dependencies& dependencies)
      : d(dependencies),
        keys(std::move(platform_keys)),
        metrics(d.metrics),
        stamp_clock(std::move(settings.stamp_clock)),
        authenticator(d.engine, d.clock, std::move(settings.credentials)),
        outbox(d.engine, d.clock),
        refusals(d.clock),
        relay(d.engine, *stamp_clock, keys.rings, refusals),
        receive_hub(d.engine, d.clock),
        accounts({d.engine, d.clock, d.random, authenticator,
                  config.authority(), settings.registration_token}),
        rooms({d.engine, d.clock, authenticator, config.authority()}),
        messages(authenticator, relay),
        files({d.engine, d.clock, authenticator, FileQuotaOf(config)}),
        franking(authenticator, *stamp_clock, keys.rings),
        reports({&d.engine, &d.clock, &authenticator, &outbox, &keys.rings,
                 &keys.records, config.authority()}),
        appeals({d.engine, authenticator, outbox}),
        mismatches(d.engine, d.clock, authenticator, metrics),
        enforcement({d.engine, d.clock, config.moderation().name(),
                     AppealPeriodOf(config)}),
        retention(d.engine, d.clock) {
    AddQueueGauges({refusals, relay, receive_hub, d.engine}, d.metrics);
  }

  const Dependencies d;
  const PlatformKeys keys;
  PlatformMetrics metrics;
  const std::unique_ptr<StampClock> stamp_clock;
  Authenticator authenticator;
  OutboxQueue outbox;
  services::HeldRefusals refusals;
  Relay relay;
  ReceiveHub receive_hub;

  AccountHandler accounts;
  RoomHandler rooms;
  MessageHandler messages;
  FileHandler files;
  FrankingHandler franking;
  ReportHandler reports;
  AppealHandler appeals;
  MismatchHandler mismatches;
  EnforcementHandler enforcement;

  const std::unique_ptr<RpcService> services[9] = {
      MakeAccountService(accounts),
      MakeRoomService(rooms),
      MakeMessageService(messages, authenticator, receive_hub),
      MakeFileService(files),
      MakeFrankingService(franking),
      MakeReportService(reports, mismatches),
      MakeAppealService(appeals),
      MakeReasonService(authenticator, keys.reasons),
      MakeEnforcementService(enforcement)};

  std::unique_ptr<PlatformJobs> jobs;
  ReportRetention retention;
  std::unique_ptr<services::Worker> retention_worker;
  std::unique_ptr<Forwarder> forwarder;
};

absl::StatusOr<PlatformKeys> LoadPlatformKeys(
    const config::v1::PlatformConfig& config) {
  PlatformKeys keys;
  FRANK_ASSIGN_OR_RETURN(keys.rings,
                         wire::LoadKeyRings({config.key_ring_file().begin(),
                                             config.key_ring_file().end()},
                                            wire::RingHolder::kPlatform));
  FRANK_RETURN_IF_ERROR(CheckRingOf(config.authority(), keys.rings));
  for (const config::v1::StampCredential& stamp : config.stamp_credential()) {
    for (const std::string& authority : stamp.authority()) {
      FRANK_RETURN_IF_ERROR(CheckRingOf(authority, keys.rings));
    }
  }
  FRANK_ASSIGN_OR_RETURN(
      keys.records,
      ReportingKeys::Load({config.review_key_record_file().begin(),
                           config.review_key_record_file().end()},
                          {config.franking_keys_file().begin(),
                           config.franking_keys_file().end()},
                          keys.rings));
  FRANK_ASSIGN_OR_RETURN(keys.reasons,
                         services::LoadReasonTable(config.reason_file()));
  return keys;
}

absl::StatusOr<std::unique_ptr<PlatformServer>> PlatformServer::Create(
    const config::v1::PlatformConfig& config, PlatformKeys keys,
    const Dependencies& dependencies) {
  Settings settings;
  FRANK_ASSIGN_OR_RETURN(settings.credentials, CredentialsOf(config));
  FRANK_ASSIGN_OR_RETURN(settings.registration_token,
                         RegistrationTokenOf(config));
  FRANK_ASSIGN_OR_RETURN(
      settings.stamp_clock,
      StampClock::Open(dependencies.engine, dependencies.clock));
  return std::unique_ptr<PlatformServer>(
      new PlatformServer(std::make_unique<Parts>(
          config, std::move(keys), std::move(settings), dependencies)));
}

PlatformServer::PlatformServer(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

PlatformServer::~PlatformServer() = default;

std::vector<RpcService*> PlatformServer::services() const {
  std::vector<RpcService*> services;
  for (const auto& service : parts_->services) {
    services.push_back(service.get());
  }
  return services;
}

void PlatformServer::Leave() {
  parts_->forwarder.reset();
  parts_->refusals.LetGo();
}

void PlatformServer::StartWorkers(grpc::CompletionQueue* queue) {
  parts_->jobs =
      std::make_unique<PlatformJobs>(parts_->d.engine, parts_->d.clock);
  parts_->retention_worker = std::make_unique<services::Worker>(
      "report_retention", [this] { return parts_->retention.Run(); });
  Forwarder::Options options;
  options.engine = &parts_->d.engine;
  options.clock = &parts_->d.clock;
  options.random = &parts_->d.random;
  options.moderation = parts_->d.moderation;
  options.queue = queue;
  options.holder = kLeaseHolder;
  parts_->forwarder = std::make_unique<Forwarder>(std::move(options));
}

}  // namespace frank::platform
