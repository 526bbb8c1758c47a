#include "services/web/http.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/limits.h"

namespace frank::web {
namespace {

constexpr absl::string_view kLineEnd = "\r\n";
constexpr size_t kMaxMethodBytes = 16;
// More digits than any length that is accepted.
constexpr size_t kMaxLengthDigits = 10;

// What the port understands; all else is left out.
constexpr absl::string_view kUnderstood[] = {"accept-encoding",
                                             "authorization",
                                             "connection",
                                             "connect-protocol-version",
                                             "connect-timeout-ms",
                                             "content-encoding",
                                             "content-length",
                                             "content-type",
                                             "host",
                                             "if-none-match",
                                             "origin",
                                             "sec-fetch-site",
                                             "transfer-encoding"};

bool IsToken(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("!#$%&'*+-.^_`|~", c);
  });
}

// Visible ASCII and spaces: enough for every header that is understood, and all
// that gRPC takes in metadata.
bool IsFieldValue(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c));
  });
}

// Cuts a line off; false when there is none, or it holds a lone CR or LF.
bool TakeLine(absl::string_view* head, absl::string_view* line) {
  size_t end = head->find(kLineEnd);
  if (end == absl::string_view::npos) return false;
  *line = head->substr(0, end);
  head->remove_prefix(end + kLineEnd.size());
  return line->find_first_of(kLineEnd) == absl::string_view::npos;
}

int ParseRequestLine(absl::string_view line, HttpRequest* request) {
  size_t first = line.find(' ');
  size_t last = line.rfind(' ');
  if (first == absl::string_view::npos || first == last) return 400;
  absl::string_view method = line.substr(0, first);
  absl::string_view target = line.substr(first + 1, last - first - 1);
  if (!IsToken(method) || method.size() > kMaxMethodBytes) return 400;
  if (line.substr(last + 1) != "HTTP/1.1") return 505;
  if (target.size() > limits::kMaxWebTargetBytes) return 414;
  if (target.empty() || target[0] != '/' ||
      !std::all_of(target.begin(), target.end(), [](char c) {
        return absl::ascii_isgraph(static_cast<unsigned char>(c));
      })) {
    return 400;
  }
  request->method = std::string(method);
  request->target = std::string(target);
  return 0;
}

int ParseHeaderLine(absl::string_view line, HttpRequest* request) {
  size_t colon = line.find(':');
  if (colon == absl::string_view::npos) return 400;
  absl::string_view name = line.substr(0, colon);
  if (!IsToken(name)) return 400;
  std::string lower = absl::AsciiStrToLower(name);
  if (std::find(std::begin(kUnderstood), std::end(kUnderstood), lower) ==
      std::end(kUnderstood)) {
    return 0;
  }
  absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (!IsFieldValue(value)) return 400;
  bool added =
      request->headers.emplace(std::move(lower), std::string(value)).second;
  return added ? 0 : 400;
}

// A body has a length that was said beforehand, and one of it.
int CheckLength(HttpRequest* request) {
  if (request->headers.count("transfer-encoding") > 0) return 411;
  auto length = request->headers.find("content-length");
  if (length == request->headers.end()) {
    return request->method == "POST" ? 411 : 0;
  }
  const std::string& digits = length->second;
  if (digits.size() > kMaxLengthDigits ||
      !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(digits, &request->content_length)) {
    return 400;
  }
  return request->method == "POST" || request->content_length == 0 ? 0 : 400;
}

const char* NameOf(int status) {
  switch (status) {
    case 400:
      return "the request is malformed";
    case 403:
      return "the request comes from another site";
    case 404:
      return "there is no such page";
    case 405:
      return "the method is not offered here";
    case 411:
      return "the body's length is missing";
    case 413:
      return "the body is too large";
    case 414:
      return "the target is too long";
    case 415:
      return "the media type is not offered";
    case 429:
      return "this address has too many connections";
    case 431:
      return "the head is too large";
    case 503:
      return "the server has too many connections";
    case 505:
      return "the version is not offered";
    default:
      return "the server failed";
  }
}

}  // namespace

absl::string_view HttpRequest::Header(const char* name) const {
  auto found = headers.find(name);
  if (found == headers.end()) return {};
  return found->second;
}

absl::string_view HttpRequest::path() const {
  return absl::string_view(target).substr(0, target.find('?'));
}

int ParseRequestHead(absl::string_view head, HttpRequest* request) {
  absl::string_view line;
  if (!TakeLine(&head, &line)) return 400;
  if (int refused = ParseRequestLine(line, request)) return refused;
  for (size_t count = 0; TakeLine(&head, &line); ++count) {
    if (line.empty()) return head.empty() ? CheckLength(request) : 400;
    if (count == limits::kMaxWebHeaders) return 431;
    if (int refused = ParseHeaderLine(line, request)) return refused;
  }
  return 400;
}

HttpAnswer PlainAnswer(int status) {
  HttpAnswer answer;
  answer.status = status;
  answer.media_type = "text/plain; charset=utf-8";
  answer.body = absl::StrCat(NameOf(status), "\n");
  return answer;
}

std::string HttpDate(UnixMillis time) {
  return absl::FormatTime("%a, %d %b %E4Y %H:%M:%S GMT",
                          absl::FromUnixMillis(static_cast<int64_t>(time)),
                          absl::UTCTimeZone());
}

}  // namespace frank::web
