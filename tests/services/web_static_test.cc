// The tool's files, its configuration, and what every answer carries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"
#include "services/web/client_config.h"
#include "services/web/static_files.h"
#include "services/web/web_site.h"
#include "tests/storage/temp_dir.h"

namespace frank::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StaticFilesTest : public testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    std::filesystem::path path = dir_.Sub(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

  void WriteTool() {
    Write("index.html", "the page");
    Write("assets/app-1a.js", "the script");
    Write("assets/app-1a.js.gz", "compressed");
    Write("icon.svg", "<svg/>");
  }

  std::string RefusalOf() {
    absl::Status status = StaticFiles::Load(dir_.Sub("")).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    return std::string(status.message());
  }

  static HttpAnswer Get(
      const StaticFiles& files, const std::string& target,
      const std::map<std::string, std::string>& headers = {}) {
    HttpRequest request;
    request.method = "GET";
    request.target = target;
    request.headers = headers;
    return files.Answer(request);
  }
  static std::string Header(const HttpAnswer& answer, const std::string& name) {
    for (const auto& [key, value] : answer.headers) {
      if (key == name) return value;
    }
    return "";
  }

  storage::TempDir dir_;
};

TEST_F(StaticFilesTest, ServesPageAndAssets) {
  WriteTool();
  StaticFiles files = StaticFiles::Load(dir_.Sub("")).value();
  HttpAnswer page = Get(files, "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(*page.kept_body, "the page");
  EXPECT_EQ(page.media_type, "text/html; charset=utf-8");
  EXPECT_EQ(Header(page, "Cache-Control"), "no-cache");
  HttpAnswer script = Get(files, "/assets/app-1a.js?x=1");
  EXPECT_EQ(*script.kept_body, "the script");
  EXPECT_EQ(script.media_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(Header(script, "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(Get(files, "/icon.svg").media_type, "image/svg+xml");
}

TEST_F(StaticFilesTest, GivesThePageToPathsOfTheToolAlone) {
  WriteTool();
  StaticFiles files = StaticFiles::Load(dir_.Sub("")).value();
  EXPECT_EQ(*Get(files, "/cases/1234").kept_body, "the page");
  for (const char* path :
       {"/nothing.js", "/assets/app-1a.js.gz", "/../etc/passwd",
        "/assets/../../etc/passwd", "/%2e%2e/etc/passwd", "/.git/config",
        "/a\\b", "/index.html/x.y"}) {
    EXPECT_EQ(Get(files, path).status, 404) << path;
  }
  EXPECT_EQ(Get(StaticFiles(), "/").status, 404);
}

TEST_F(StaticFilesTest, SendsWhatIsCompressedToWhoTakesIt) {
  WriteTool();
  StaticFiles files = StaticFiles::Load(dir_.Sub("")).value();
  auto coding = [&](const std::string& accepted) {
    return Header(
        Get(files, "/assets/app-1a.js", {{"accept-encoding", accepted}}),
        "Content-Encoding");
  };
  EXPECT_EQ(coding("gzip, deflate, br"), "gzip");
  EXPECT_EQ(coding("br, GZIP;q=0.5"), "gzip");
  EXPECT_EQ(coding("gzip;q=0"), "");
  EXPECT_EQ(coding("gzip; q=0.000"), "");
  EXPECT_EQ(coding("br"), "");
  EXPECT_EQ(coding(""), "");
  EXPECT_EQ(Header(Get(files, "/", {{"accept-encoding", "gzip"}}),
                   "Content-Encoding"),
            "");
}

TEST_F(StaticFilesTest, SendsNothingTwice) {
  WriteTool();
  StaticFiles files = StaticFiles::Load(dir_.Sub("")).value();
  const std::string path = "/assets/app-1a.js";
  const std::string tag = Header(Get(files, path), "ETag");
  const std::string compressed =
      Header(Get(files, path, {{"accept-encoding", "gzip"}}), "ETag");
  EXPECT_NE(tag, compressed);
  HttpAnswer again = Get(files, path, {{"if-none-match", "\"x\", " + tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.kept_body, nullptr);
  EXPECT_EQ(Get(files, path, {{"if-none-match", compressed}}).status, 200);
}

// A large file is in memory once, however many clients take it slowly.
TEST_F(StaticFilesTest, SharesItsBytesAmongAnswers) {
  WriteTool();
  StaticFiles files = StaticFiles::Load(dir_.Sub("")).value();
  EXPECT_EQ(Get(files, "/").kept_body, Get(files, "/cases/1").kept_body);
  EXPECT_EQ(Get(files, "/").body, "");
}

TEST_F(StaticFilesTest, RefusesAFolderThatIsNoTool) {
  EXPECT_THAT(RefusalOf(), HasSubstr("index.html is missing"));
  WriteTool();
  Write("a b.js", "x");
  EXPECT_THAT(RefusalOf(), HasSubstr("a b.js has a name that no path can be"));
  std::filesystem::remove(dir_.Sub("a b.js"));
  Write("other.css.gz", "x");
  EXPECT_THAT(RefusalOf(), HasSubstr("other.css.gz has no file beside it"));
  EXPECT_THAT(
      std::string(StaticFiles::Load(dir_.Sub("none")).status().message()),
      HasSubstr("none is no folder"));
}

TEST(ClientConfigTest, TellsHowOneSignsIn) {
  config::v1::ModerationConfig config;
  auto told = [&config] {
    return nlohmann::json::parse(ClientConfigJson(config, "log+1+key"));
  };
  EXPECT_EQ(told(), nlohmann::json(
                        {{"localTokens", true}, {"auditVkey", "log+1+key"}}));
  config.mutable_web()->set_hide_token_sign_in(true);
  config.mutable_oidc()->set_issuer("https://id.example/");
  config.mutable_oidc()->set_audience("frank");
  EXPECT_EQ(told()["localTokens"], false);
  EXPECT_EQ(told().count("oidc"), 0u);
  config.mutable_oidc()->set_client_id("review");
  EXPECT_EQ(told()["oidc"],
            nlohmann::json({{"issuer", "https://id.example/"},
                            {"audience", "frank"},
                            {"clientId", "review"},
                            {"scopes", nlohmann::json::array({"openid"})}}));
  config.mutable_oidc()->add_scope("openid");
  config.mutable_oidc()->add_scope("roles");
  EXPECT_EQ(told()["oidc"]["scopes"],
            nlohmann::json::array({"openid", "roles"}));
}

std::string HeaderOf(
    const std::string& name,
    const std::vector<std::pair<std::string, std::string>>& headers) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(HardeningHeadersTest, AllowWhatTheToolShows) {
  const std::string policy =
      HeaderOf("Content-Security-Policy", HardeningHeaders("", true));
  for (const char* rule : {"font-src 'self';", "manifest-src 'self';",
                           "img-src 'self' blob:;", "form-action 'none'"}) {
    EXPECT_THAT(policy, HasSubstr(rule));
  }
}

TEST(HardeningHeadersTest, BindNoMachinesLoopbackToHttps) {
  const char* const kName = "Strict-Transport-Security";
  EXPECT_EQ(HeaderOf(kName, HardeningHeaders("", true)), "max-age=31536000");
  EXPECT_EQ(HeaderOf(kName, HardeningHeaders("", false)), "");
}

TEST(HardeningHeadersTest, AllowNoScriptBesidesTheFiles) {
  auto policy = [](const std::string& provider) {
    return HeaderOf("Content-Security-Policy",
                    HardeningHeaders(provider, true));
  };
  EXPECT_THAT(policy(""), HasSubstr("default-src 'none'; script-src 'self';"));
  EXPECT_THAT(policy(""), HasSubstr("connect-src 'self';"));
  EXPECT_THAT(policy(""), HasSubstr("font-src 'self';"));
  EXPECT_THAT(policy(""), Not(HasSubstr("unsafe")));
  EXPECT_THAT(policy(""), Not(HasSubstr("data:")));
  EXPECT_THAT(policy("https://id.example"),
              HasSubstr("connect-src 'self' https://id.example;"));
}

}  // namespace
}  // namespace frank::web
