// The HTTPS server below the port, with handlers of the tests' own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/clock.h"
#include "services/web/https_server.h"
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
                    int) override {
    if (request.target == "/throw") throw std::runtime_error("a secret");
    if (request.target == "/wait") {
      arrived.Notify();
      go_on.WaitForNotification();
    }
    HttpAnswer answer;
    answer.media_type = "text/plain";
    answer.body = body.empty() ? request.target : body;
    return answer;
  }

  absl::Notification arrived;
  absl::Notification go_on;
};

struct FakeClock final : Clock {
  UnixMillis Now() const override { return now; }
  UnixMillis now = 1000000;
};

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
    return HttpsServer::Listen(options, *identity_);
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

  Folder folder_;
  FakeClock clock_;
  Echo echo_;
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

TEST_F(HttpsServerTest, TakesOverAChangedCertificate) {
  EXPECT_THAT(ShownName(), HasSubstr("web"));
  folder_.Make("renewed");
  EXPECT_THAT(ShownName(), HasSubstr("web"));
  clock_.now += 60 * kSecond;
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
  clock_.now += 60 * kSecond;
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
