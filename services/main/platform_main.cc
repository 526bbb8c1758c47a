// frank-platform: accounts, the relay, franking, reports on their way.
#include <cstdio>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/status.h"
#include "crypto/random.h"
#include "services/common/call_metrics.h"
#include "services/common/config.h"
#include "services/common/metrics.h"
#include "services/common/metrics_exposer.h"
#include "services/common/server.h"
#include "services/common/wait.h"
#include "services/platform/platform_server.h"
#include "storage/rocksdb/rocksdb_engine.h"

ABSL_FLAG(std::string, config, "",
          "path of the configuration (PlatformConfig)");
ABSL_FLAG(bool, check, false, "check configuration and key files, then exit");

namespace frank {
namespace {

absl::Status Serve(const std::string& config_path, bool check_only) {
  FRANK_ASSIGN_OR_RETURN(config::v1::PlatformConfig config,
                         services::LoadPlatformConfig(config_path));
  services::TlsFiles tls = services::TlsFilesOf(config.listener());
  FRANK_RETURN_IF_ERROR(services::CheckTlsFiles(tls));
  FRANK_ASSIGN_OR_RETURN(platform::PlatformKeys keys,
                         platform::LoadPlatformKeys(config));
  if (check_only) return absl::OkStatus();

  SystemClock clock;
  crypto::SystemRandom random;
  services::Health health;
  storage::RocksDbEngine::Options store;
  store.path = config.store();
  store.clock = &clock;
  store.owner = "frank-platform";
  store.on_failure = [&health] { health.Fail(); };
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<storage::RocksDbEngine> engine,
                         storage::RocksDbEngine::Open(store));
  services::Metrics metrics;
  services::CallMetrics calls(metrics);
  FRANK_ASSIGN_OR_RETURN(
      std::shared_ptr<grpc::Channel> moderation,
      services::MakePeerChannel(tls, config.moderation().address(),
                                config.moderation().name()));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<platform::PlatformServer> platform,
                         platform::PlatformServer::Create(
                             config, std::move(keys),
                             {*engine, clock, random, moderation, metrics}));
  FRANK_ASSIGN_OR_RETURN(
      std::unique_ptr<services::MetricsExposer> exposer,
      services::MetricsExposer::Start(config.metrics(), metrics));
  FRANK_ASSIGN_OR_RETURN(
      std::unique_ptr<services::Server> server,
      services::Server::Start({config.listener().address(), tls,
                               config.listener().address_file(),
                               platform->services(), &health, &calls}));
  if (exposer != nullptr) exposer->LogAddress();
  platform->StartWorkers(server->queue());
  services::WaitForEnd();
  // Calls end first, then the work behind them, then the store under both.
  platform->Leave();
  server->Drain();
  Log(Severity::kInfo, "ended");
  return absl::OkStatus();
}

}  // namespace
}  // namespace frank

int main(int argc, char** argv) {
  frank::services::PrepareProcess();
  absl::SetProgramUsageMessage("frank-platform --config PATH [--check]");
  absl::ParseCommandLine(argc, argv);
  absl::Status status =
      frank::Serve(absl::GetFlag(FLAGS_config), absl::GetFlag(FLAGS_check));
  if (status.ok()) return 0;
  std::fprintf(stderr, "frank-platform: %s\n",
               std::string(status.message()).c_str());
  return 1;
}
