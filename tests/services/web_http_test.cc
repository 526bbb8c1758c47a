// Heads of requests, where they come from, and how many connections there are.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "services/web/connection_limits.h"
#include "services/web/http.h"
#include "services/web/origin.h"

namespace frank::web {
namespace {

int Parse(const std::string& head, HttpRequest* request) {
  *request = HttpRequest();
  return ParseRequestHead(head, request);
}
int Parse(const std::string& head) {
  HttpRequest request;
  return Parse(head, &request);
}

// A request with such lines after the first.
std::string Post(const std::string& lines) {
  return absl::StrCat("POST /x HTTP/1.1\r\nHost: desk.example\r\n", lines,
                      "\r\n");
}

TEST(RequestHeadTest, KeepsWhatThePortUnderstands) {
  HttpRequest request;
  ASSERT_EQ(Parse("POST /a/b?c=%2e HTTP/1.1\r\nHOST: desk.example:1\r\n"
                  "X-Other: 1\r\nX-Other: 2\r\ncontent-length:  12 \r\n\r\n",
                  &request),
            0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/a/b?c=%2e");
  EXPECT_EQ(request.path(), "/a/b");
  EXPECT_EQ(request.Header("host"), "desk.example:1");
  EXPECT_EQ(request.content_length, 12u);
  EXPECT_EQ(request.headers.count("x-other"), 0u);
}

TEST(RequestHeadTest, RefusesWhatTwoReadersCouldReadInTwoWays) {
  EXPECT_EQ(Parse(Post("Content-Length: 1\r\n")), 0);
  for (const char* lines : {
           "Content-Length: 1\r\nContent-Length: 1\r\n",
           "Content-Length: 1\r\nHost: other.example\r\n",
           "Content-Length: +1\r\n",
           "Content-Length: 1,1\r\n",
           "Content-Length: 99999999999\r\n",
           "Content-Length: \r\n",
           "Content-Length : 1\r\n",
           "Content-Length: 1\r\n folded: 1\r\n",
           "Content-Length: 1\r\nAuthorization: a\nb\r\n",
           "Content-Length: 1\r\nAuthorization: a\rb\r\n",
           "Content-Length: 1\r\nAuthorization: a\x01\r\n",
           "Content-Length: 1\r\nAuthorization: a\tb\r\n",
           "Content-Length: 1\r\nAuthorization: \xc3\xa4\r\n",
           "Content-Length: 1\r\nno colon\r\n",
       }) {
    EXPECT_EQ(Parse(Post(lines)), 400) << lines;
  }
  EXPECT_EQ(Parse("POST /x HTTP/1.1\nContent-Length: 1\n\n"), 400);
  EXPECT_EQ(Parse("GET /x HTTP/1.1\r\nContent-Length: 1\r\n\r\n"), 400);
}

TEST(RequestHeadTest, RefusesABodyWithoutALength) {
  EXPECT_EQ(Parse(Post("")), 411);
  EXPECT_EQ(Parse(Post("Transfer-Encoding: chunked\r\n")), 411);
  EXPECT_EQ(Parse(Post("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n")),
            411);
}

TEST(RequestHeadTest, RefusesLinesThatAreNoRequest) {
  EXPECT_EQ(Parse("GET / HTTP/1.1\r\n\r\n"), 0);
  EXPECT_EQ(Parse("GET / HTTP/1.0\r\n\r\n"), 505);
  EXPECT_EQ(Parse("GET / HTTP/2\r\n\r\n"), 505);
  EXPECT_EQ(Parse("GET /\r\n\r\n"), 400);
  EXPECT_EQ(Parse("GET / / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(Parse("GET x HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(Parse("GET https://desk.example/ HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(Parse("G(T / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(Parse("\r\n\r\n"), 400);
  EXPECT_EQ(Parse("GET / HTTP/1.1\r\n\r\nmore\r\n\r\n"), 400);
}

TEST(RequestHeadTest, BoundsTargetAndHeaders) {
  auto target = [](size_t size) {
    return absl::StrCat("GET /", std::string(size - 1, 'a'),
                        " HTTP/1.1\r\n\r\n");
  };
  EXPECT_EQ(Parse(target(limits::kMaxWebTargetBytes)), 0);
  EXPECT_EQ(Parse(target(limits::kMaxWebTargetBytes + 1)), 414);
  auto headers = [](size_t count) {
    std::string head = "GET / HTTP/1.1\r\n";
    for (size_t i = 0; i < count; ++i) absl::StrAppend(&head, "X: y\r\n");
    return absl::StrCat(head, "\r\n");
  };
  EXPECT_EQ(Parse(headers(limits::kMaxWebHeaders)), 0);
  EXPECT_EQ(Parse(headers(limits::kMaxWebHeaders + 1)), 431);
}

HttpRequest From(const std::string& lines) {
  HttpRequest request;
  EXPECT_EQ(Parse(Post(absl::StrCat("Content-Length: 0\r\n", lines)), &request),
            0);
  return request;
}

TEST(OriginTest, TakesRequestsOfThePortsOwnPagesAndOfNone) {
  for (const char* lines :
       {"", "Origin: https://desk.example\r\n",
        "Origin: https://DESK.example\r\nSec-Fetch-Site: same-origin\r\n",
        "Sec-Fetch-Site: none\r\n"}) {
    EXPECT_FALSE(IsFromElsewhere(From(lines))) << lines;
  }
}

TEST(OriginTest, KnowsRequestsOfOtherSites) {
  for (const char* lines :
       {"Origin: https://evil.example\r\n", "Origin: null\r\n", "Origin:\r\n",
        "Origin: http://desk.example\r\n",
        "Origin: https://desk.example:444\r\n",
        "Origin: https://desk.example.evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n"}) {
    EXPECT_TRUE(IsFromElsewhere(From(lines))) << lines;
  }
}

TEST(OriginTest, FindsTheOriginOfAnIssuer) {
  EXPECT_EQ(OriginOf("https://id.example:8443/realm"),
            "https://id.example:8443");
  EXPECT_EQ(OriginOf("https://id.example"), "https://id.example");
  EXPECT_EQ(OriginOf("http://id.example"), "");
  EXPECT_EQ(OriginOf("https://id.example; script-src *"), "");
  EXPECT_EQ(OriginOf("https:///x"), "");
}

class ConnectionLimitsTest : public testing::Test {
 protected:
  using Ticket = ConnectionLimits::Ticket;
  Admission Enter(const std::string& address) {
    return Ticket(limits_, address).admission();
  }
  ConnectionLimits limits_{
      {/*served=*/3, /*served_of_address=*/2, /*refused=*/1}};
};

TEST_F(ConnectionLimitsTest, RefusesBeyondAnAddressAndAll) {
  Ticket first(limits_, "a");
  {
    Ticket second(limits_, "a");
    EXPECT_EQ(second.admission(), Admission::kServed);
    EXPECT_EQ(Enter("a"), Admission::kTooManyOfAddress);
    Ticket third(limits_, "b");
    EXPECT_EQ(third.admission(), Admission::kServed);
    EXPECT_EQ(Enter("c"), Admission::kTooMany);
  }
  EXPECT_EQ(Enter("a"), Admission::kServed);
}

TEST_F(ConnectionLimitsTest, ClosesRefusedOnesBeyondAFew) {
  Ticket first(limits_, "a"), second(limits_, "a");
  {
    Ticket told(limits_, "a");
    EXPECT_EQ(told.admission(), Admission::kTooManyOfAddress);
    EXPECT_EQ(Enter("a"), Admission::kClosed);
    EXPECT_EQ(Enter("b"), Admission::kServed);
  }
  EXPECT_EQ(Enter("a"), Admission::kTooManyOfAddress);
}

}  // namespace
}  // namespace frank::web
