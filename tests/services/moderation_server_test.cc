// frank-moderation over a real channel.
#include "services/moderation/moderation_server.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "proto/files.h"
#include "services/common/call_metrics.h"
#include "services/common/server.h"
#include "tests/services/moderation_audit_world.h"
#include "tests/services/raw_call.h"
#include "tests/services/server_certificates.h"
#include "tests/storage/temp_dir.h"

namespace frank::moderation {
namespace {

class AbsentPlatform final : public EffectClient {
 public:
  absl::Status Apply(const v1::ApplyRequest&) override {
    return absl::UnavailableError("the platform is away");
  }
};

class ModerationServerTest : public ::testing::Test {
 protected:
  ModerationServerTest() {
    MakeServerCertificates(dir_.Sub("."), "moderation");
    moderation_ = std::make_unique<ModerationServer>(
        world_.config, Keys(),
        ModerationServer::Dependencies{*world_.engine, platform_, world_.clock,
                                       world_.random, metrics_});
    services::TlsFiles tls;
    tls.certificate = dir_.Sub("moderation.pem");
    tls.private_key = dir_.Sub("moderation.key");
    tls.peer_authority = dir_.Sub("ca.pem");
    server_ =
        services::Server::Start({"127.0.0.1:0", tls, "",
                                 moderation_->services(), &health_, &calls_})
            .value();
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = wire::ReadFile(dir_.Sub("ca.pem")).value();
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("moderation.example");
    channel_ =
        grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                  grpc::SslCredentials(options), arguments);
  }
  ~ModerationServerTest() override { server_->Drain(); }

  ModerationKeys Keys() {
    Routing routing = Routing::BuiltIn();
    Targets targets =
        Targets::Create(world_.config.targets(), routing, *world_.reasons)
            .value();
    return {
        ReportJudge({}, world_.platform.ModerationRings(false), world_.reasons),
        crypto::Secret::Random(world_.random, 32),
        ConfiguredModerators::Create(world_.config).value(),
        ExposureRules::Create(world_.config.exposure()).value(),
        nullptr,
        ReceiptSigner({}),
        EvidenceSigner(std::vector<wire::EvidenceKey>()),
        AuditKeys(AuditSigner(), {}),
        world_.reasons,
        std::move(routing),
        PolicyBook::Load("").value(),
        DecisionTiming::FromConfig(world_.config).value(),
        {},
        Authorities(),
        RetentionRules::Create(world_.config.retention()).value(),
        std::move(targets)};
  }

  storage::TempDir dir_;
  ModerationWorld world_;
  AbsentPlatform platform_;
  services::Health health_;
  services::Metrics metrics_;
  services::CallMetrics calls_{metrics_};
  std::unique_ptr<ModerationServer> moderation_;
  std::unique_ptr<services::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ModerationServerTest, RefusesToParseWhatWouldGrowInMemory) {
  const std::vector<std::string> names = {
      "AuditService",    "ConfigurationService", "DecisionService",
      "EvidenceService", "IntakeService",        "ModeratorService",
      "QueueService",    "ReasonService",        "ReferralService",
      "ReporterService", "RetentionService",     "ReviewService",
      "TargetService"};
  // Whoever adds a service adds its name.
  EXPECT_EQ(names.size(), moderation_->services().size());
  EXPECT_GT(ExpectToRefuseWhatWouldGrow(channel_, names), 50);
}

}  // namespace
}  // namespace frank::moderation
