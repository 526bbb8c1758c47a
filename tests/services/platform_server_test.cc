// frank-platform over a real channel, and what it says when it will not start.
#include "services/platform/platform_server.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/random.h"
#include "crypto/records.h"
#include "frank/v1/enforcement.grpc.pb.h"
#include "frank/v1/franking.grpc.pb.h"
#include "frank/v1/message.grpc.pb.h"
#include "frank/v1/report.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "proto/files.h"
#include "services/common/call_metrics.h"
#include "services/common/config.h"
#include "services/common/metrics_exposer.h"
#include "services/common/server.h"
#include "services/common/status_mapping.h"
#include "services/common/tls.h"
#include "services/platform/authenticator.h"
#include "storage/account_store.h"
#include "storage/memory/memory_engine.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/services/raw_call.h"
#include "tests/services/server_certificates.h"
#include "tests/storage/gate.h"
#include "tests/storage/temp_dir.h"

namespace frank::platform {
namespace {

using ::testing::HasSubstr;

constexpr char kOwn[] = "mimi://hub.example";
constexpr char kOther[] = "mimi://other.example";
constexpr char kToken[] = "frank_stamp";

// A folder with a configuration and all that it names.
class Folder {
 public:
  Folder() {
    MakeServerCertificates(Path("."), "platform");
    WriteKeys(kOwn, "own");
    WriteKeys(kOther, "other");
    WriteReviewKey();
    WriteConfig("127.0.0.1:0");
  }

  std::string Path(const std::string& name) const { return dir_.Sub(name); }
  std::string ConfigPath() const { return Path("platform.textproto"); }

  void Write(const std::string& name, const std::string& text,
             wire::FileMode mode = wire::FileMode::kPublic) const {
    absl::Status written = wire::WriteFile(Path(name), text, mode, true);
    ASSERT_TRUE(written.ok()) << written;
  }

  void WriteConfig(const std::string& address) {
    config::v1::PlatformConfig config;
    config.mutable_listener()->set_address(address);
    config.mutable_listener()->set_certificate_file("platform.pem");
    config.mutable_listener()->set_private_key_file("platform.key");
    config.mutable_listener()->set_peer_authority_file("ca.pem");
    config.set_store("store");
    config.set_authority(kOwn);
    for (const char* name : {"own", "other"}) {
      config.add_key_ring_file(absl::StrCat(name, ".ring"));
      config.add_franking_keys_file(absl::StrCat(name, ".keys"));
    }
    config.add_review_key_record_file("review.record");
    config.mutable_moderation()->set_address("127.0.0.1:1");
    config.mutable_moderation()->set_name("moderation.example");
    config::v1::StampCredential* stamp = config.add_stamp_credential();
    stamp->set_name("other");
    stamp->set_token_sha256(ToHex(crypto::Sha256({AsBytes(kToken)})));
    stamp->add_authority(kOther);
    Write("platform.textproto", wire::PrintTextProto(config));
  }

  // Writes a ring of such windows, and the FrankingKeys that publish it.
  void WriteRing(
      const std::string& authority, const std::string& name,
      const std::vector<std::pair<UnixMillis, UnixMillis>>& windows) {
    config::v1::KeyRing ring;
    ring.set_authority(authority);
    for (auto [from, to] : windows) {
      config::v1::KeyWindow* window = ring.add_window();
      window->set_not_before(from);
      window->set_not_after(to);
      window->set_form("batched");
      window->set_hub_key(std::string(64, '1'));
      window->set_franking_private_key(ToHex(random_.Draw<32>()));
      crypto::Ed25519PrivateKey key =
          crypto::Ed25519PrivateKey::FromSeed(
              crypto::Secret::Copy(
                  FromHex(window->franking_private_key()).value()))
              .value();
      window->set_franking_public_key(ToHex(key.public_key().bytes()));
    }
    Write(name + ".ring", wire::PrintTextProto(ring), wire::FileMode::kSecret);
  }

 private:
  void WriteKeys(const std::string& authority, const std::string& name) {
    WriteRing(authority, name, {{1, 1ull << 50}});
    crypto::KeyRing ring =
        wire::LoadKeyRing(Path(name + ".ring"), wire::RingHolder::kPlatform)
            .value();
    WriteRecord(
        name + ".keys",
        crypto::Sign(crypto::FrankingKeys{authority, ring.PublicWindows()},
                     identity_)
            .value());
  }

  void WriteReviewKey() {
    crypto::HpkePrivateKey key =
        crypto::HpkePrivateKey::Create(crypto::Secret::Random(random_, 32))
            .value();
    WriteRecord(
        "review.record",
        crypto::Sign(crypto::ReviewKeyRecord{1, 1ull << 50, key.public_key()},
                     identity_)
            .value());
  }

  void WriteRecord(const std::string& name,
                   const crypto::SignedRecord& record) {
    config::v1::SignedRecord file;
    file.set_record(ToHex(record.record));
    file.set_signature(ToHex(record.signature));
    Write(name, wire::PrintTextProto(file));
  }

  storage::TempDir dir_;
  crypto::SystemRandom random_;
  crypto::Ed25519PrivateKey identity_ =
      crypto::Ed25519PrivateKey::FromSeed(crypto::Secret::Random(random_, 32))
          .value();
};

std::unique_ptr<PlatformServer> MakePlatform(const Folder& folder,
                                             storage::Engine& engine,
                                             const Clock& clock,
                                             RandomSource& random,
                                             services::Metrics& metrics) {
  config::v1::PlatformConfig config =
      services::LoadPlatformConfig(folder.ConfigPath()).value();
  return PlatformServer::Create(
             config, LoadPlatformKeys(config).value(),
             {engine, clock, random,
              services::MakePeerChannel(services::TlsFilesOf(config.listener()),
                                        "127.0.0.1:1", "moderation.example")
                  .value(),
              metrics})
      .value();
}

std::unique_ptr<services::Server> StartServer(const Folder& folder,
                                              PlatformServer& platform,
                                              services::Health* health,
                                              services::CallMetrics* calls) {
  config::v1::PlatformConfig config =
      services::LoadPlatformConfig(folder.ConfigPath()).value();
  return services::Server::Start({config.listener().address(),
                                  services::TlsFilesOf(config.listener()), "",
                                  platform.services(), health, calls})
      .value();
}

class ServerTest : public testing::Test {
 protected:
  ServerTest()
      : engine_(storage::MemoryEngine::Make(clock_)),
        platform_(MakePlatform(folder_, *engine_, clock_, random_, metrics_)),
        server_(StartServer(folder_, *platform_, &health_, &calls_)),
        channel_(Connect()) {}
  ~ServerTest() override { server_->Drain(); }

  std::shared_ptr<grpc::Channel> Connect() { return Connect(server_->port()); }
  std::shared_ptr<grpc::Channel> Connect(int port) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = wire::ReadFile(folder_.Path("ca.pem")).value();
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("platform.example");
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                     grpc::SslCredentials(options), arguments);
  }
  static v1::StampRequest RequestOf(const std::string& room) {
    v1::StampRequest request;
    request.set_franking_tag(std::string(32, 't'));
    request.set_sender_uri(absl::StrCat(kOther, "/u/ann"));
    request.set_room_uri(room);
    return request;
  }
  grpc::Status Stamp(const v1::StampRequest& request, const std::string& token,
                     v1::StampResponse* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
    return v1::FrankingService::NewStub(channel_)->Stamp(&context, request,
                                                         response);
  }

  Folder folder_;
  SystemClock clock_;
  crypto::SystemRandom random_;
  services::Health health_;
  services::Metrics metrics_;
  services::CallMetrics calls_{metrics_};
  std::unique_ptr<storage::MemoryEngine> engine_;
  std::unique_ptr<PlatformServer> platform_;
  std::unique_ptr<services::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ServerTest, StampsOverTls) {
  v1::StampResponse response;
  grpc::Status status =
      Stamp(RequestOf(absl::StrCat(kOther, "/r/x")), kToken, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.frank().server_frank().size(), 32u);
}

// Who comes by the channel within the process has no certificate, hence no
// name: what is for the other server stays closed.
TEST_F(ServerTest, TakesNobodyWithinTheProcessForTheOtherServer) {
  grpc::ClientContext context;
  v1::ApplyResponse response;
  grpc::Status status =
      v1::EnforcementService::NewStub(server_->MakeInProcessChannel())
          ->Apply(&context, v1::ApplyRequest(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(ServerTest, StampsAStreamInOrder) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", kToken));
  auto stream = v1::FrankingService::NewStub(channel_)->StampStream(&context);
  for (int i = 0; i < 20; ++i) {
    v1::StampBatchRequest batch;
    *batch.add_stamp() = RequestOf(absl::StrCat(kOther, "/r/", i));
    ASSERT_TRUE(stream->Write(batch));
  }
  stream->WritesDone();
  v1::StampBatchResponse response;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.frank(0).room_uri(), absl::StrCat(kOther, "/r/", i));
  }
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ServerTest, GivesReportingKeysToEverybody) {
  grpc::ClientContext context;
  v1::GetReportingKeysRequest request;
  v1::GetReportingKeysResponse response;
  ASSERT_TRUE(v1::ReportService::NewStub(channel_)
                  ->GetReportingKeys(&context, request, &response)
                  .ok());
  EXPECT_EQ(response.review_key_size(), 1);
  EXPECT_EQ(response.franking_keys_size(), 1);
  EXPECT_NE(response.server_time(), 0u);
}

TEST_F(ServerTest, RefusesAnUnknownTokenWithAReason) {
  v1::StampResponse response;
  grpc::Status status =
      Stamp(RequestOf(absl::StrCat(kOther, "/r/x")), "frank_wrong", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(FindReason(services::FromGrpc(status)), "CREDENTIAL_INVALID");
}

TEST_F(ServerTest, NamesTheFieldAndTheRuleInTheErrorsDetails) {
  v1::StampRequest request = RequestOf(absl::StrCat(kOther, "/r/x"));
  request.mutable_franking_tag()->pop_back();
  v1::StampResponse response;
  grpc::Status status = Stamp(request, kToken, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  absl::Status decoded = services::FromGrpc(status);
  EXPECT_EQ(FindReason(decoded), "FIELD_INVALID");
  ASSERT_TRUE(FindFieldViolation(decoded));
  EXPECT_EQ(FindFieldViolation(decoded)->field, "franking_tag");
  EXPECT_EQ(FindFieldViolation(decoded)->rule, "must be 32 bytes");
}

TEST_F(ServerTest, RefusesAMessageThatIsTooLarge) {
  v1::StampRequest request = RequestOf(absl::StrCat(kOther, "/r/x"));
  request.set_franking_tag(
      std::string(limits::kMaxRequestBytes + (1 << 20), 't'));
  v1::StampResponse response;
  grpc::Status status = Stamp(request, kToken, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServerTest, ServesModerationOnlyWithItsCertificate) {
  grpc::ClientContext context;
  v1::ApplyResponse response;
  grpc::Status status = v1::EnforcementService::NewStub(channel_)->Apply(
      &context, v1::ApplyRequest(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

grpc::Status CallEmpty(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& method,
                       std::string* answer = nullptr) {
  return CallWith(channel, method, "", answer);
}

// A gauge as Prometheus is told it; -1: there is none.
double GaugeOf(const services::Metrics& metrics, absl::string_view name) {
  for (const auto& reading : metrics.ReadAll()) {
    if (reading.family.name == name) {
      return reading.samples.front().value;
    }
  }
  return -1;
}

// A message of a device that is in no room.
v1::SendRequest MessageOf(uint64_t number) {
  v1::SendRequest request;
  request.set_room_uri(absl::StrCat(kOwn, "/r/nowhere"));
  v1::Envelope& envelope = *request.mutable_envelope();
  std::string id(MessageId::kSize - sizeof number, 'i');
  AppendU64(number, &id);
  envelope.set_message_id(id);
  envelope.set_protocol(1);
  envelope.set_scheme(1);
  envelope.set_ciphersuite(1);
  envelope.set_franking_tag(std::string(limits::kTagBytes, 't'));
  envelope.set_body(std::string(100, 'b'));
  envelope.set_sender_key_id(std::string(KeyId::kSize, 'k'));
  return request;
}

// Time stands still: nothing but Leave ends what is held. The store
// stands too, until the end has begun.
TEST_F(ServerTest, AnswersWhatItHoldsBeforeItEnds) {
  constexpr char kDeviceToken[] = "frank_device";
  constexpr size_t kBatches =
      2 * limits::kMaxWaitingSends / limits::kMaxSendBatch;
  const FakeClock still(clock_.Now());
  storage::Gate gate;
  const auto engine =
      storage::MemoryEngine::Make(still, [&gate] { gate.Pass(); });
  const auto issue = [&](storage::Transaction& transaction) {
    return storage::IssueToken(transaction, absl::StrCat(kOwn, "/u/ann"),
                               DeviceId(), storage::MailboxId(),
                               HashToken(kDeviceToken));
  };
  ASSERT_TRUE(storage::RunTransactionAndWait(*engine, issue).ok());
  services::Metrics metrics;
  const auto platform = MakePlatform(folder_, *engine, still, random_, metrics);
  const auto server = StartServer(folder_, *platform, nullptr, nullptr);
  const auto stub = v1::MessageService::NewStub(Connect(server->port()));

  gate.Close();
  auto stuck = engine->Begin();
  stuck->Put("stuck", "");
  stuck->Commit([](absl::Status) {});
  gate.AwaitArrival();
  struct Call {
    grpc::ClientContext context;
    v1::SendBatchRequest request;
    v1::SendBatchResponse response;
    grpc::Status status;
  };
  std::vector<Call> calls(kBatches);
  absl::BlockingCounter unanswered(kBatches);
  uint64_t number = 0;
  for (Call& call : calls) {
    call.context.AddMetadata("authorization",
                             absl::StrCat("Bearer ", kDeviceToken));
    for (size_t i = 0; i < limits::kMaxSendBatch; ++i) {
      *call.request.add_send() = MessageOf(number++);
    }
    stub->async()->SendBatch(&call.context, &call.request, &call.response,
                             [&call, &unanswered](const grpc::Status& status) {
                               call.status = status;
                               unanswered.DecrementCount();
                             });
  }
  for (int tries = 0; tries < 1000 && GaugeOf(metrics, "frank_refusals_held") <
                                          limits::kMaxWaitingSends;
       ++tries) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(GaugeOf(metrics, "frank_refusals_held"), limits::kMaxWaitingSends);
  EXPECT_EQ(GaugeOf(metrics, "frank_sends_waiting"), limits::kMaxWaitingSends);
  // Of 100 bytes each, to nobody.
  EXPECT_EQ(GaugeOf(metrics, "frank_sends_waiting_bytes"),
            100 * limits::kMaxWaitingSends);

  platform->Leave();
  EXPECT_EQ(GaugeOf(metrics, "frank_refusals_held"), 0);
  gate.Open();
  server->Drain();
  unanswered.Wait();
  size_t decided = 0, refused = 0;
  for (const Call& call : calls) {
    EXPECT_TRUE(call.status.ok()) << call.status.error_message();
    for (const auto& outcome : call.response.outcome()) {
      decided += outcome.error().reason() == "NOT_A_MEMBER";
      refused += outcome.error().reason() == "QUOTA_EXCEEDED";
    }
  }
  EXPECT_EQ(decided, limits::kMaxWaitingSends);
  EXPECT_EQ(refused, limits::kMaxWaitingSends);
  EXPECT_EQ(GaugeOf(metrics, "frank_sends_waiting"), 0);
  EXPECT_EQ(GaugeOf(metrics, "frank_sends_waiting_bytes"), 0);
  EXPECT_EQ(GaugeOf(metrics, "frank_outbox_waiting"), 0);
  EXPECT_EQ(GaugeOf(metrics, "frank_devices_connected"), 0);
}

// Whoever adds a service adds its name.
TEST_F(ServerTest, RefusesToParseWhatWouldGrowInMemory) {
  EXPECT_GT(
      ExpectToRefuseWhatWouldGrow(
          channel_, {"AccountService", "AppealService", "EnforcementService",
                     "FileService", "FrankingService", "MessageService",
                     "ReasonService", "ReportService", "RoomService"}),
      20);
}

// "method,code,reason" of what was counted, with how often.
std::map<std::string, double> Totals(const services::Metrics& metrics) {
  std::map<std::string, double> totals;
  for (const auto& reading : metrics.ReadAll()) {
    if (reading.family.name != "grpc_server_handled_total") continue;
    for (const auto& sample : reading.samples) {
      totals[absl::StrJoin(sample.labels, ",")] = sample.value;
    }
  }
  return totals;
}

TEST_F(ServerTest, CountsCallsOfEveryKindByMethodCodeAndReason) {
  v1::StampRequest request = RequestOf(absl::StrCat(kOther, "/r/x"));
  v1::StampResponse response;
  EXPECT_TRUE(Stamp(request, kToken, &response).ok());
  EXPECT_TRUE(Stamp(request, kToken, &response).ok());
  EXPECT_FALSE(Stamp(request, "frank_wrong", &response).ok());
  request.clear_franking_tag();
  EXPECT_FALSE(Stamp(request, kToken, &response).ok());
  EXPECT_FALSE(CallEmpty(channel_, "/frank.v1.FrankingService/Forge").ok());
  {
    grpc::ClientContext context;
    auto stream = v1::FrankingService::NewStub(channel_)->StampStream(&context);
    v1::StampBatchResponse answer;
    EXPECT_FALSE(stream->Read(&answer));
    EXPECT_FALSE(stream->Finish().ok());
  }
  server_->Drain();
  // gRPC itself refused the method that there is not.
  EXPECT_EQ(Totals(metrics_),
            (std::map<std::string, double>{
                {"FrankingService.Stamp,OK,", 2},
                {"FrankingService.Stamp,UNAUTHENTICATED,CREDENTIAL_INVALID", 1},
                {"FrankingService.Stamp,INVALID_ARGUMENT,FIELD_INVALID", 1},
                {"FrankingService.StampStream,UNAUTHENTICATED,"
                 "CREDENTIAL_INVALID",
                 1}}));
}

TEST_F(ServerTest, AnswersHealthAndReflection) {
  EXPECT_TRUE(CallEmpty(channel_, "/grpc.health.v1.Health/Check").ok());
  EXPECT_NE(CallEmpty(channel_,
                      "/grpc.reflection.v1alpha.ServerReflection/"
                      "ServerReflectionInfo")
                .error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(ServerTest, TellsThatItDoesNotServeWhenItsStoreHasFailed) {
  constexpr char kCheck[] = "/grpc.health.v1.Health/Check";
  std::string answer;
  ASSERT_TRUE(CallEmpty(channel_, kCheck, &answer).ok());
  EXPECT_EQ(answer, "\x08\x01") << "SERVING";
  health_.Fail();
  ASSERT_TRUE(CallEmpty(channel_, kCheck, &answer).ok());
  EXPECT_EQ(answer, "\x08\x02") << "NOT_SERVING";
}

class StartTest : public testing::Test {
 protected:
  // Runs the program, expects it to refuse, returns its one line.
  std::string Refusal() {
    std::string output = folder_.Path("output");
    std::string command = absl::StrCat(
        "timeout 20 ", FRANK_BINARY_DIR, "/bin/frank-platform --config ",
        folder_.ConfigPath(), " > ", output, " 2>&1");
    int status = std::system(command.c_str());
    EXPECT_EQ(WEXITSTATUS(status), 1);
    std::ifstream file(output);
    std::string line, more;
    std::getline(file, line);
    EXPECT_FALSE(std::getline(file, more)) << line << "\n" << more;
    return line;
  }

  Folder folder_;
};

TEST_F(StartTest, ChecksConfigurationAndKeysAndExits) {
  EXPECT_EQ(std::system(absl::StrCat(FRANK_BINARY_DIR,
                                     "/bin/frank-platform --check --config ",
                                     folder_.ConfigPath())
                            .c_str()),
            0);
}

TEST_F(StartTest, RefusesAMissingConfiguration) {
  ASSERT_EQ(std::remove(folder_.ConfigPath().c_str()), 0);
  EXPECT_THAT(Refusal(), HasSubstr("platform.textproto"));
}

TEST_F(StartTest, RefusesAMissingKeyFile) {
  ASSERT_EQ(std::remove(folder_.Path("own.ring").c_str()), 0);
  EXPECT_THAT(Refusal(), HasSubstr("own.ring"));
}

TEST_F(StartTest, RefusesKeyFilesThatOthersCanRead) {
  ASSERT_EQ(chmod(folder_.Path("own.ring").c_str(), 0644), 0);
  EXPECT_THAT(Refusal(), HasSubstr("own.ring"));
  ASSERT_EQ(chmod(folder_.Path("own.ring").c_str(), 0600), 0);
  ASSERT_EQ(chmod(folder_.Path("platform.key").c_str(), 0640), 0);
  EXPECT_THAT(Refusal(), HasSubstr("platform.key"));
}

TEST_F(StartTest, RefusesWindowsThatOverlap) {
  folder_.WriteRing(kOwn, "own", {{1, 100}, {99, 200}});
  EXPECT_THAT(Refusal(), testing::AllOf(HasSubstr("own.ring"),
                                        HasSubstr("before the last window")));
}

TEST_F(StartTest, RefusesWindowsThatWereNotPublished) {
  folder_.WriteRing(kOwn, "own", {{1, 1ull << 50}});
  EXPECT_THAT(Refusal(),
              testing::AllOf(HasSubstr("own.keys"), HasSubstr("publish")));
}

TEST_F(StartTest, RefusesACertificateOfAnotherKey) {
  ASSERT_EQ(std::rename(folder_.Path("stranger.key").c_str(),
                        folder_.Path("platform.key").c_str()),
            0);
  EXPECT_THAT(Refusal(), testing::AllOf(HasSubstr("platform.pem"),
                                        HasSubstr("does not match")));
}

TEST_F(StartTest, RefusesAStoreThatAnotherProcessHolds) {
  SystemClock clock;
  auto engine =
      storage::RocksDbEngine::Open({folder_.Path("store"), &clock}).value();
  EXPECT_THAT(Refusal(), HasSubstr("store"));
}

TEST_F(StartTest, RefusesTheOtherServersStore) {
  SystemClock clock;
  storage::RocksDbEngine::Options options;
  options.path = folder_.Path("store");
  options.clock = &clock;
  options.owner = "frank-moderation";
  storage::RocksDbEngine::Open(options).value().reset();
  EXPECT_THAT(Refusal(), HasSubstr("is that of frank-moderation"));
}

TEST_F(StartTest, RefusesAPortThatIsInUse) {
  config::v1::PlatformConfig config =
      services::LoadPlatformConfig(folder_.ConfigPath()).value();
  auto other =
      services::Server::Start(
          {"127.0.0.1:0", services::TlsFilesOf(config.listener()), "", {}})
          .value();
  std::string address = absl::StrCat("127.0.0.1:", other->port());
  folder_.WriteConfig(address);
  EXPECT_THAT(Refusal(), HasSubstr(address));
}

TEST_F(StartTest, RefusesAMetricsPortThatIsInUseOrNone) {
  services::Metrics metrics;
  config::v1::Metrics config;
  config.set_listen_address("127.0.0.1:0");
  auto other = services::MetricsExposer::Start(config, metrics).value();
  std::string address = absl::StrCat("127.0.0.1:", other->port());
  std::string text = wire::ReadFile(folder_.ConfigPath()).value();
  for (const std::string& bad :
       {address, std::string("9464"), std::string("127.0.0.1:0,0.0.0.0:0"),
        std::string(":9464")}) {
    folder_.Write(
        "platform.textproto",
        absl::StrCat(text, "metrics { listen_address: \"", bad, "\" }\n"));
    EXPECT_THAT(Refusal(), HasSubstr("metrics.listen_address")) << bad;
  }
}

}  // namespace
}  // namespace frank::platform
