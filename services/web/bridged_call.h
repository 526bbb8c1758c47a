// A call that goes on to the server's own handlers, as bytes.
#ifndef FRANK_SERVICES_WEB_BRIDGED_CALL_H_
#define FRANK_SERVICES_WEB_BRIDGED_CALL_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/channel.h"
#include "services/common/call_queues.h"
#include "services/web/http.h"

namespace frank::web {

// To the server's own handlers, within the process.
struct Bridge {
  explicit Bridge(std::shared_ptr<grpc::Channel> to) : channel(std::move(to)) {}

  const std::shared_ptr<grpc::Channel> channel;
  services::EventQueue queue{services::EventQueue::Polling::kQuiet};
};

// Unary or with a stream of answers. One thread starts and reads it; the next
// answer is asked for when the last was taken, so that at most one waits here.
// The destructor cancels what still runs, and waits for its end. The client
// outlives it, and has one call at a time.
class BridgedCall {
 public:
  struct Request {
    std::string method;  // "/frank.v1.ReviewService/ListCases"
    std::string message;
    std::string authorization;  // metadata of that name; empty: none
    absl::Duration timeout;
  };
  enum class Event {
    kMessage,
    kEnd,    // status() says how
    kClosed  // nobody waits for the answer any more
  };

  BridgedCall(std::shared_ptr<Bridge> bridge, const Request& request,
              HttpClient& client);
  ~BridgedCall();

  // Waits for the next answer, the end, or until the client is not there.
  Event Next(std::string* message);

  // After the end: what the handler answered, details and all.
  const google::rpc::Status& status() const;

 private:
  class Wire;
  const std::shared_ptr<Bridge> bridge_;
  HttpClient& client_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_BRIDGED_CALL_H_
