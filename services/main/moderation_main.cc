// frank-moderation: takes over reports, proves them, serves those who decide.
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
#include "services/moderation/moderation_server.h"
#include "services/web/web_port.h"
#include "storage/moderation_schema.h"
#include "storage/rocksdb/rocksdb_engine.h"

ABSL_FLAG(std::string, config, "",
          "path of the configuration (ModerationConfig)");
ABSL_FLAG(bool, check, false, "check configuration and key files, then exit");

namespace frank {
namespace {

absl::Status Serve(const std::string& config_path, bool check_only) {
  FRANK_ASSIGN_OR_RETURN(config::v1::ModerationConfig config,
                         services::LoadModerationConfig(config_path));
  services::TlsFiles tls = services::TlsFilesOf(config.listener());
  FRANK_RETURN_IF_ERROR(services::CheckTlsFiles(tls));
  SystemClock clock;
  FRANK_ASSIGN_OR_RETURN(moderation::ModerationKeys keys,
                         moderation::LoadModerationKeys(config, clock.Now()));
  const std::string audit_vkey = keys.audit_keys.signer().verifier().Vkey();
  web::WebFiles web_files;
  if (config.has_web()) {
    FRANK_ASSIGN_OR_RETURN(web_files, web::LoadWebFiles(config, clock));
  }
  if (check_only) return absl::OkStatus();

  crypto::SystemRandom random;
  services::Health health;
  storage::RocksDbEngine::Options store;
  store.path = config.store();
  store.clock = &clock;
  store.isolated_prefixes = {storage::schema::kWrappedKeyPrefix};
  store.owner = "frank-moderation";
  store.on_failure = [&health] { health.Fail(); };
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<storage::RocksDbEngine> engine,
                         storage::RocksDbEngine::Open(store));
  FRANK_RETURN_IF_ERROR(keys.policies.CheckStore(*engine));
  FRANK_ASSIGN_OR_RETURN(
      std::shared_ptr<grpc::Channel> platform,
      services::MakePeerChannel(tls, config.platform().address(),
                                config.platform().name()));
  services::Metrics metrics;
  services::CallMetrics calls(metrics);
  auto client = moderation::MakeEffectClient(platform);
  moderation::ModerationServer moderation(
      config, std::move(keys), {*engine, *client, clock, random, metrics});
  FRANK_ASSIGN_OR_RETURN(
      std::unique_ptr<services::MetricsExposer> exposer,
      services::MetricsExposer::Start(config.metrics(), metrics));
  std::unique_ptr<web::WebPort> web_port;
  if (config.has_web()) {
    FRANK_ASSIGN_OR_RETURN(
        web_port,
        web::WebPort::Listen(config, std::move(web_files), clock, metrics));
  }
  FRANK_ASSIGN_OR_RETURN(
      std::unique_ptr<services::Server> server,
      services::Server::Start({config.listener().address(), tls,
                               config.listener().address_file(),
                               moderation.services(), &health, &calls}));
  if (web_port != nullptr) {
    web_port->Serve(server->MakeInProcessChannel(), audit_vkey);
  }
  if (exposer != nullptr) exposer->LogAddress();
  moderation.StartWorkers();
  services::WaitForEnd();
  // Calls end first, then the work behind them, then the store under both.
  moderation.EndStreams();
  if (web_port != nullptr) web_port->Drain();
  server->Drain();
  Log(Severity::kInfo, "ended");
  return absl::OkStatus();
}

}  // namespace
}  // namespace frank

int main(int argc, char** argv) {
  frank::services::PrepareProcess();
  absl::SetProgramUsageMessage("frank-moderation --config PATH [--check]");
  absl::ParseCommandLine(argc, argv);
  absl::Status status =
      frank::Serve(absl::GetFlag(FLAGS_config), absl::GetFlag(FLAGS_check));
  if (status.ok()) return 0;
  std::fprintf(stderr, "frank-moderation: %s\n",
               std::string(status.message()).c_str());
  return 1;
}
