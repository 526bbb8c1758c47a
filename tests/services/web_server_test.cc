// The HTTPS server below the port, with handlers of the tests' own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <list>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "core/clock.h"
#include "core/limits.h"
#include "services/common/metrics.h"
#include "services/web/https_server.h"
#include "services/web/socket.h"
#include "services/web/tls_identity.h"
#include "tests/storage/temp_dir.h"

namespace frank::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A certificate, and its key.
class Folder {
 public:
  Folder() { Make("web"); }
  void Make(const std::string& name) {
    std::string script = absl::StrCat(
        "cd ", dir_.Sub("."),
        " && umask 077 && openssl req -x509 -newkey ec "
        "-pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=",
        name,
        " -days 2 -keyout new.key -out new.pem && mv new.key web.key && "
        "mv new.pem web.pem");
    EXPECT_EQ(std::system(absl::StrCat("(", script, ") 2>/dev/null").c_str()),
              0);
  }
  std::string Path(const std::string& name) const { return dir_.Sub(name); }

 private:
  storage::TempDir dir_;
};

// Answers with the body; what the target asks for besides happens.
class Echo final : public HttpHandler {
 public:
  bool Accepts(const HttpRequest&, HttpAnswer*) override { return true; }
  HttpAnswer Answer(const HttpRequest& request, std::string body,
                    HttpClient& client) override {
    if (request.target == "/throw") throw std::runtime_error("a secret");
    if (request.target == "/wait") {
      arrived.Notify();
      go_on.WaitForNotification();
    }
    if (request.target == "/for-ever") {
      arrived.Notify();
      while (client.AwaitSignal()) continue;
    }
    HttpAnswer answer;
    answer.media_type = "text/plain";
    answer.body = body.empty() ? request.target : body;
    if (request.target == "/kept") answer.kept_body = kept;
    return answer;
  }

  absl::Notification arrived;
  absl::Notification go_on;
  const std::shared_ptr<const std::string> kept =
      std::make_shared<const std::string>(3u << 20, 'k');
};

// A client that says nothing.
class RawClient {
 public:
  bool Connect(int port) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(socket_.descriptor(), reinterpret_cast<sockaddr*>(&address),
                   sizeof(address)) == 0;
  }
  // Waits for it.
  bool IsClosed() {
    char byte = 0;
    return recv(socket_.descriptor(), &byte, 1, 0) <= 0;
  }

 private:
  const Socket socket_{::socket(AF_INET, SOCK_STREAM, 0)};
};

// While it lasts, the process can open so many descriptors more.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t left) {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
    rlimit low = before_;
    low.rlim_cur =
        static_cast<rlim_t>(Socket(dup(STDERR_FILENO)).descriptor()) + left;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  }
  ~DescriptorLimit() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_ = {};
};

// How many connections had such an outcome.
uint64_t CountedIn(const services::Metrics& metrics,
                   const std::string& outcome) {
  for (const services::Metrics::Reading& reading : metrics.ReadAll()) {
    for (const services::MetricSample& sample : reading.samples) {
      if (sample.labels.front() == outcome) {
        return static_cast<uint64_t>(sample.value);
      }
    }
  }
  return 0;
}

class HttpsServerTest : public testing::Test {
 protected:
  HttpsServerTest()
      : identity_(TlsIdentity::Load(folder_.Path("web.pem"),
                                    folder_.Path("web.key"), clock_)
                      .value()),
        server_(Listen(0).value()) {
    server_->Serve(echo_);
  }

  absl::StatusOr<std::unique_ptr<HttpsServer>> Listen(int port) {
    HttpsServer::Options options;
    options.host = "127.0.0.1";
    options.port = port;
    options.connections_of_address = 4;
    options.headers = {{"X-Every", "answer"}};
    options.drain_time = drain_time_;
    return HttpsServer::Listen(options, *identity_, clock_, metrics_);
  }
  std::unique_ptr<httplib::SSLClient> Client() const {
    auto client =
        std::make_unique<httplib::SSLClient>("127.0.0.1", server_->port());
    client->enable_server_certificate_verification(false);
    client->set_keep_alive(true);
    return client;
  }
  // The name in the certificate that a new connection is shown.
  std::string ShownName() const {
    auto client = Client();
    std::string command =
        absl::StrCat("openssl s_client -connect 127.0.0.1:", server_->port(),
                     " </dev/null 2>/dev/null | openssl x509 -noout -subject >",
                     folder_.Path("subject"));
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream file(folder_.Path("subject"));
    std::string subject;
    std::getline(file, subject);
    return subject;
  }

  uint64_t Counted(const std::string& outcome) const {
    return CountedIn(metrics_, outcome);
  }

  Folder folder_;
  FakeClock clock_{1000000};
  Echo echo_;
  services::Metrics metrics_;
  absl::Duration drain_time_ = absl::Seconds(10);
  std::unique_ptr<TlsIdentity> identity_;
  std::unique_ptr<HttpsServer> server_;
};

TEST_F(HttpsServerTest, AnswersRequestsOfOneConnection) {
  auto client = Client();
  for (int i = 0; i < 20; ++i) {
    std::string body(static_cast<size_t>(i) * 5000 + 1, 'b');
    auto answer = client->Post("/x", body, "text/plain");
    ASSERT_TRUE(answer) << i;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, body);
    EXPECT_EQ(answer->get_header_value("X-Every"), "answer");
  }
  EXPECT_EQ(client->Get("/a%20b?c")->body, "/a%20b?c");
  EXPECT_EQ(client->Head("/x")->body, "");
}

TEST_F(HttpsServerTest, SaysInEachAnswerWhatTimeItIs) {
  clock_.Set(784111777999);
  const std::string date = "Sun, 06 Nov 1994 08:49:37 GMT";
  std::vector<std::unique_ptr<httplib::SSLClient>> clients;
  // Answered, answered as something failed, and by the library alone.
  for (const char* target : {"/x", "/kept", "/throw"}) {
    clients.push_back(Client());
    auto answer = clients.back()->Get(target);
    ASSERT_TRUE(answer) << target;
    EXPECT_EQ(answer->get_header_value("Date"), date) << target;
    EXPECT_EQ(answer->get_header_value_count("Date"), 1u) << target;
  }
  clients.push_back(Client());
  EXPECT_EQ(clients.back()->Put("/x")->get_header_value("Date"), date);
  // A connection too many.
  auto refused = Client()->Get("/x");
  ASSERT_EQ(refused->status, 429);
  EXPECT_EQ(refused->get_header_value("Date"), date);
}

// The library would send what the exception says in a header.
TEST_F(HttpsServerTest, TellsNothingOfAnException) {
  auto answer = Client()->Get("/throw");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->get_header_value("X-Every"), "answer");
  EXPECT_THAT(answer->body, Not(HasSubstr("secret")));
  for (const auto& [name, value] : answer->headers) {
    EXPECT_THAT(value, Not(HasSubstr("secret"))) << name;
  }
}

TEST_F(HttpsServerTest, SharesItsPortWithNobody) {
  absl::Status status = Listen(server_->port()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("web.address: cannot listen on 127.0.0.1:"));
}

TEST_F(HttpsServerTest, RefusesMoreConnectionsOfAnAddress) {
  std::vector<std::unique_ptr<httplib::SSLClient>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(Client());
    ASSERT_EQ(clients.back()->Get("/x")->status, 200);
  }
  auto refused = Client()->Get("/x");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 429);
  EXPECT_EQ(refused->get_header_value("X-Every"), "answer");
  EXPECT_EQ(clients.front()->Get("/x")->status, 200);
  EXPECT_EQ(Counted("served"), 4u);
  EXPECT_EQ(Counted("too_many_of_address"), 1u);
}

// What one address sends beyond its share holds none of the others' places.
TEST_F(HttpsServerTest, ServesOthersWhileOneAddressConnectsWithoutEnd) {
  std::list<RawClient> silent;
  for (size_t i = 0;
       i < limits::kMaxWebConnections + limits::kMaxWebRefusals + 8; ++i) {
    ASSERT_TRUE(silent.emplace_back().Connect(server_->port())) << i;
  }
  auto other = Client();
  other->set_interface("127.0.0.2");
  auto answer = other->Get("/x");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_GT(Counted("closed"), 0u);
}

TEST_F(HttpsServerTest, GoesOnOnceThereAreDescriptorsAgain) {
  RawClient waiting, closed;
  {
    // The sanitizers' check of a member call takes descriptors.
    const services::Metrics& metrics = metrics_;
    const int port = server_->port();
    DescriptorLimit none(0);
    ASSERT_TRUE(waiting.Connect(port));
    while (CountedIn(metrics, "failed") < 3) std::this_thread::yield();
  }
  EXPECT_EQ(Client()->Get("/x")->status, 200);
  {
    // One for the connection, none for its signal.
    DescriptorLimit one(1);
    ASSERT_TRUE(closed.Connect(server_->port()));
    EXPECT_TRUE(closed.IsClosed());
  }
  EXPECT_EQ(Client()->Get("/x")->status, 200);
}

TEST_F(HttpsServerTest, LetsARunningCallEndBeforeItEnds) {
  auto idle = Client();
  ASSERT_TRUE(idle->Get("/x"));
  std::string waited;
  std::thread caller([&] {
    httplib::Result answer = Client()->Get("/wait");
    if (answer) waited = answer->body;
  });
  echo_.arrived.WaitForNotification();
  std::thread drain([&] { server_->Drain(); });
  echo_.go_on.Notify();
  caller.join();
  drain.join();
  EXPECT_EQ(waited, "/wait");
  EXPECT_FALSE(Client()->Get("/x"));
}

TEST_F(HttpsServerTest, BreaksOffWhatDoesNotEndInTheTimeForIt) {
  server_.reset();
  drain_time_ = absl::ZeroDuration();
  server_ = Listen(0).value();
  server_->Serve(echo_);
  std::thread caller([&] {
    auto client = Client();
    client->set_read_timeout(60);
    EXPECT_FALSE(client->Get("/for-ever"));
  });
  echo_.arrived.WaitForNotification();
  auto started = std::chrono::steady_clock::now();
  server_->Drain();
  // Not by the client's own patience.
  EXPECT_LT(std::chrono::steady_clock::now() - started,
            std::chrono::seconds(30));
  caller.join();
}

TEST_F(HttpsServerTest, AnswersNothingMoreThatWasSentAtOnce) {
  std::string command = absl::StrCat(
      "(printf 'GET /wait HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"
      "GET /second HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' | openssl s_client "
      "-quiet -connect 127.0.0.1:",
      server_->port(), ") >", folder_.Path("said"), " 2>/dev/null");
  std::thread caller([&] { (void)std::system(command.c_str()); });
  echo_.arrived.WaitForNotification();
  std::thread drain([&] { server_->Drain(); });
  // Until the server drains.
  while (RawClient().Connect(server_->port())) std::this_thread::yield();
  echo_.go_on.Notify();
  caller.join();
  drain.join();
  std::ifstream file(folder_.Path("said"));
  std::string said((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(said, HasSubstr("/wait"));
  EXPECT_THAT(said, Not(HasSubstr("/second")));
}

TEST_F(HttpsServerTest, DrainsBeforeAndRightAfterItServes) {
  Listen(0).value()->Drain();
  for (int i = 0; i < 20; ++i) {
    auto server = Listen(0).value();
    server->Serve(echo_);
    server->Drain();
    server->Drain();
  }
}

TEST_F(HttpsServerTest, SendsAKeptBodyAsItIs) {
  auto client = Client();
  auto answer = client->Get("/kept");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, *echo_.kept);
  answer = client->Head("/kept");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->get_header_value("Content-Length"),
            absl::StrCat(echo_.kept->size()));
  EXPECT_EQ(client->Get("/x")->body, "/x");
}

TEST_F(HttpsServerTest, TakesOverAChangedCertificate) {
  EXPECT_THAT(ShownName(), HasSubstr("web"));
  folder_.Make("renewed");
  EXPECT_THAT(ShownName(), HasSubstr("web"));
  clock_.Advance(60 * kSecond);
  EXPECT_THAT(ShownName(), HasSubstr("renewed"));
}

// There is no key of tickets that would open more than one connection.
TEST_F(HttpsServerTest, ResumesNoSession) {
  for (const char* version : {"-tls1_2", "-tls1_3"}) {
    std::string command =
        absl::StrCat("openssl s_client ", version,
                     " -reconnect -connect 127.0.0.1:", server_->port(),
                     " </dev/null 2>/dev/null | grep -q ^Reused");
    EXPECT_NE(std::system(command.c_str()), 0) << version;
  }
}

TEST_F(HttpsServerTest, KeepsItsCertificateWhileTheNewFilesAreNoPair) {
  ASSERT_EQ(std::rename(folder_.Path("web.pem").c_str(),
                        folder_.Path("old.pem").c_str()),
            0);
  folder_.Make("renewed");
  ASSERT_EQ(std::rename(folder_.Path("old.pem").c_str(),
                        folder_.Path("web.pem").c_str()),
            0);
  clock_.Advance(60 * kSecond);
  EXPECT_THAT(ShownName(), HasSubstr("web"));
}

TEST_F(HttpsServerTest, SpeaksNoOldTlsAndNoOtherProtocol) {
  auto speaks = [this](const std::string& version) {
    std::string command = absl::StrCat(
        "openssl s_client -cipher ALL:@SECLEVEL=0 ", version,
        " -connect 127.0.0.1:", server_->port(), " </dev/null >/dev/null 2>&1");
    return std::system(command.c_str()) == 0;
  };
  EXPECT_TRUE(speaks("-tls1_3"));
  EXPECT_TRUE(speaks("-alpn h2,http/1.1"));
  EXPECT_FALSE(speaks("-alpn h2"));
  EXPECT_TRUE(speaks("-tls1_2"));
  EXPECT_FALSE(speaks("-tls1_1"));
  EXPECT_FALSE(speaks("-tls1"));
}

}  // namespace
}  // namespace frank::web
