#include "client/load/workloads.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/types/optional.h"
#include "client/grpc_transport.h"
#include "client/load/case_watcher.h"
#include "client/load/connection.h"
#include "client/load/mixed_load.h"
#include "client/load/moderation_load.h"
#include "client/load/population.h"
#include "client/load/receivers.h"
#include "client/load/reports.h"
#include "client/load/send_load.h"
#include "client/load/stamp_load.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/status.h"
#include "crypto/records.h"
#include "crypto/signature.h"
#include "proto/files.h"

namespace frank::load {
namespace {

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(crypto::Secret token, wire::ReadSecretFile(path));
  std::string text = ToString(token.bytes());
  absl::StripAsciiWhitespace(&text);
  return text;
}

StampMode ModeOf(WorkloadKind kind) {
  switch (kind) {
    case WorkloadKind::kStampBatch:
      return StampMode::kBatch;
    case WorkloadKind::kStampStream:
      return StampMode::kStream;
    default:
      return StampMode::kUnary;
  }
}

absl::StatusOr<crypto::Ed25519PublicKey> ReadModerationKey(
    const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(Bytes key, wire::LoadPublicKey(path, "identity"));
  return crypto::Ed25519PublicKey::Create(key);
}

std::unique_ptr<Workload> StampWorkload(
    const Options& options, std::string token,
    const std::vector<std::shared_ptr<grpc::Channel>>& platform,
    RandomSource& random) {
  StampOptions stamp;
  stamp.mode = ModeOf(options.workload);
  stamp.batch = options.batch;
  stamp.token = std::move(token);
  stamp.authority = options.stamp_authority;
  stamp.senders = options.devices;
  stamp.rooms = options.rooms;
  stamp.zipf = options.zipf;
  return MakeStampLoad(stamp, platform, random);
}

// Everything that workloads of devices are made of, and outlives them.
class Scene {
 public:
  Scene(const Options& options, std::string authority_pem, RandomSource& random)
      : options_(options),
        authority_pem_(std::move(authority_pem)),
        random_(random),
        platform_(
            OpenChannels(options.platform, authority_pem_, options.channels)) {}

  absl::Status Open() {
    FRANK_ASSIGN_OR_RETURN(moderation_key_,
                           ReadModerationKey(options_.moderation_key_file));
    std::string registration_token;
    if (!options_.registration_token_file.empty()) {
      FRANK_ASSIGN_OR_RETURN(registration_token,
                             ReadToken(options_.registration_token_file));
    }
    connect_ = [this, registration_token] {
      return client::CreateGrpcTransport(
          {options_.platform, authority_pem_, registration_token});
    };
    FRANK_ASSIGN_OR_RETURN(std::string authority, FetchAuthority());
    FRANK_ASSIGN_OR_RETURN(
        population_,
        Population::Open(
            options_.population_file, authority,
            {options_.devices, options_.rooms, options_.room_size}, connect_,
            random_,
            {options_.session.progress, options_.session.plan.interrupted}));
    return absl::OkStatus();
  }

  SendOptions send_options() const { return {options_.zipf, options_.sizes}; }
  SendParts send_parts() { return {*population_, platform_, clock_, random_}; }

  // For what moderation is asked for: people to report, and somebody to watch.
  absl::Status OpenModeration() {
    for (const std::string& path : options_.moderator_token_files) {
      FRANK_ASSIGN_OR_RETURN(std::string token, ReadToken(path));
      moderator_tokens_.push_back(std::move(token));
    }
    moderation_ =
        OpenChannels(options_.moderation, authority_pem_, options_.channels);
    FRANK_ASSIGN_OR_RETURN(
        reports_, Reports::Create(send_parts(), options_.sizes, connect_,
                                  *moderation_key_));
    FRANK_ASSIGN_OR_RETURN(
        watcher_, CaseWatcher::Create(moderation_, moderator_tokens_.front()));
    return absl::OkStatus();
  }

  std::unique_ptr<Workload> MakeReport() {
    return MakeReportLoad(*reports_, *watcher_);
  }
  absl::StatusOr<std::unique_ptr<Workload>> MakeClaim() {
    return MakeClaimLoad(moderation_, moderator_tokens_, random_);
  }
  absl::Status OpenCasesToClaim() {
    return OpenCases(options_.cases, *reports_, *watcher_);
  }

  absl::StatusOr<std::unique_ptr<Workload>> MakeDeliver() {
    return MakeDeliverLoad(
        send_options(), send_parts(),
        OpenChannels(options_.platform, authority_pem_,
                     ChannelsFor(population_->devices().size())));
  }

 private:
  // The platform's own, as moderation signed it.
  absl::StatusOr<std::string> FetchAuthority() const {
    FRANK_ASSIGN_OR_RETURN(std::unique_ptr<client::Transport> platform,
                           connect_());
    FRANK_ASSIGN_OR_RETURN(
        frank::v1::GetReportingKeysResponse keys,
        platform->GetReportingKeys(frank::v1::GetReportingKeysRequest()));
    if (keys.franking_keys_size() != 1) {
      return absl::NotFoundError("the platform has no franking keys");
    }
    const auto& record = keys.franking_keys(0);
    FRANK_ASSIGN_OR_RETURN(crypto::FrankingKeys own,
                           crypto::ParseFrankingKeys(AsBytes(record.record())));
    FRANK_ASSIGN_OR_RETURN(
        own, crypto::OpenFrankingKeys(own.authority, AsBytes(record.record()),
                                      AsBytes(record.signature()),
                                      *moderation_key_, nullptr, clock_.Now()));
    return own.authority;
  }

  const Options options_;
  const std::string authority_pem_;
  RandomSource& random_;
  const SystemClock clock_;
  const std::vector<std::shared_ptr<grpc::Channel>> platform_;
  absl::optional<crypto::Ed25519PublicKey> moderation_key_;
  TransportMaker connect_;
  std::unique_ptr<Population> population_;
  std::vector<std::string> moderator_tokens_;
  std::vector<std::shared_ptr<grpc::Channel>> moderation_;
  std::unique_ptr<Reports> reports_;
  std::unique_ptr<CaseWatcher> watcher_;
};

// Messages, and the moderators' work in its proportion to them: as many claims
// as reports.
absl::StatusOr<std::unique_ptr<Workload>> MixedWorkload(const Options& options,
                                                        Scene& scene) {
  std::vector<MixedPart> parts(3);
  FRANK_ASSIGN_OR_RETURN(parts[0].workload, scene.MakeDeliver());
  parts[0].share = 1 - 2 * options.report_share;
  parts[1].workload = scene.MakeReport();
  parts[1].share = options.report_share;
  FRANK_ASSIGN_OR_RETURN(parts[2].workload, scene.MakeClaim());
  parts[2].share = options.report_share;
  return MakeMixedLoad(std::move(parts));
}

absl::StatusOr<std::unique_ptr<Workload>> DeviceWorkload(const Options& options,
                                                         Scene& scene) {
  if (options.workload >= WorkloadKind::kReport) {
    FRANK_RETURN_IF_ERROR(scene.OpenModeration());
  }
  switch (options.workload) {
    case WorkloadKind::kSend:
      return MakeSendLoad(scene.send_options(), scene.send_parts());
    case WorkloadKind::kDeliver:
      return scene.MakeDeliver();
    case WorkloadKind::kReport:
      return scene.MakeReport();
    case WorkloadKind::kClaimDecide:
      FRANK_RETURN_IF_ERROR(scene.OpenCasesToClaim());
      return scene.MakeClaim();
    default:
      return MixedWorkload(options, scene);
  }
}

// A workload with the scene that it plays in.
class StagedWorkload final : public Workload {
 public:
  StagedWorkload(std::unique_ptr<Scene> scene,
                 std::unique_ptr<Workload> workload)
      : scene_(std::move(scene)), workload_(std::move(workload)) {}
  std::vector<Operation> operations() const override {
    return workload_->operations();
  }
  absl::Status Begin(const RunContext& context) override {
    return workload_->Begin(context);
  }
  absl::StatusOr<Job> Compose(Dice* dice) override {
    return workload_->Compose(dice);
  }
  size_t Pass(Dice* dice) override { return workload_->Pass(dice); }
  void End() override { workload_->End(); }

 private:
  const std::unique_ptr<Scene> scene_;
  const std::unique_ptr<Workload> workload_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Workload>> MakeWorkload(const Options& options,
                                                       RandomSource& random) {
  FRANK_ASSIGN_OR_RETURN(std::string authority_pem,
                         wire::ReadFile(options.ca_file));
  if (options.workload <= WorkloadKind::kStampStream) {
    FRANK_ASSIGN_OR_RETURN(std::string token,
                           ReadToken(options.stamp_token_file));
    return StampWorkload(
        options, std::move(token),
        OpenChannels(options.platform, authority_pem, options.channels),
        random);
  }
  auto scene =
      std::make_unique<Scene>(options, std::move(authority_pem), random);
  FRANK_RETURN_IF_ERROR(scene->Open());
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Workload> workload,
                         DeviceWorkload(options, *scene));
  return std::make_unique<StagedWorkload>(std::move(scene),
                                          std::move(workload));
}

}  // namespace frank::load
