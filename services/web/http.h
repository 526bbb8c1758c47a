// Requests and answers of HTTP/1.1 as the web port understands them, without
// any library's type.
#ifndef FRANK_SERVICES_WEB_HTTP_H_
#define FRANK_SERVICES_WEB_HTTP_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "services/web/event_signal.h"

namespace frank::web {

// The head of a request, of which only what the port understands is kept.
struct HttpRequest {
  std::string method;
  // As it was sent: it begins with '/', and nothing in it is decoded.
  std::string target;
  // By lower-case names.
  std::map<std::string, std::string> headers;
  size_t content_length = 0;

  // Empty without such a header.
  absl::string_view Header(const char* name) const;
  // The target before its query.
  absl::string_view path() const;
};

// Reads a head, up to and with the empty line that ends it. Returns 0, or the
// status that the request is refused with: 400, 411, 414, 431, 505. What two
// readers could read in two ways is refused: lines that are folded or end
// otherwise, a header that is understood twice, a body without one length.
int ParseRequestHead(absl::string_view head, HttpRequest* request);

// A body that is made while it is sent.
class BodyStream {
 public:
  enum class Next { kMore, kLast, kBroken };
  virtual ~BodyStream() = default;
  // Waits for the next piece. After kLast or kBroken there is none.
  virtual Next Read(std::string* piece) = 0;
};

struct HttpAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string media_type;
  std::string body;
  // If set, the body: one that others keep, and one that is made.
  std::shared_ptr<const std::string> kept_body;
  std::shared_ptr<BodyStream> stream;
};

// An answer of a status and its name, for people.
HttpAnswer PlainAnswer(int status);

// A time as headers tell it, to the second (RFC 9110 section 5.6.7).
std::string HttpDate(UnixMillis time);

// Who asked, for an answer that waits for something. Lasts until the answer was
// sent, its stream too.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Set, on any thread, when there is something to go on with.
  virtual EventSignal& signal() = 0;
  // Waits for the signal. False when there is nobody to answer any more: the
  // client closed its connection, or the server breaks it off.
  virtual bool AwaitSignal() = 0;
};

// Answers requests. Called by many threads at once.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // Whether to read the body and answer; else `refusal` is the answer.
  virtual bool Accepts(const HttpRequest& request, HttpAnswer* refusal) = 0;
  // Answers a request that Accepts took, and no other. `body` is of the length
  // that the request stated.
  virtual HttpAnswer Answer(const HttpRequest& request, std::string body,
                            HttpClient& client) = 0;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_HTTP_H_
