// The servers under load: their addresses, channels to them, and calls that do
// not wait for the answer.
#ifndef FRANK_CLIENT_LOAD_CONNECTION_H_
#define FRANK_CLIENT_LOAD_CONNECTION_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/grpcpp.h"

namespace frank::load {

// Says whether a "host:port" can only be this machine: 127.0.0.0/8, [::1] or
// localhost. Who wants to load another says so.
bool IsLoopback(absl::string_view address);

// How many calls a channel is given at a time: of the 256 that the servers take
// over one connection, with room to spare. More would wait in the client
// unseen, and look like the server's latency.
inline constexpr size_t kCallsOfChannel = 200;
// Channels that so many calls at a time need, or so many streams.
size_t ChannelsFor(size_t calls, size_t calls_of_channel = kCallsOfChannel);

// Opens channels that share no connection.
// `authority_pem` signed the server's certificate.
std::vector<std::shared_ptr<grpc::Channel>> OpenChannels(
    const std::string& address, const std::string& authority_pem, size_t count);

absl::Status FromGrpc(const grpc::Status& status);

// Gives a call its token, if there is one, and its deadline.
void PrepareContext(const std::string& token, grpc::ClientContext* context);

// Counts the calls under way that CallAsync made, so that what their answers
// need is not destroyed before they came: each ends by its deadline.
void CallBegan();
void CallEnded();
void WaitForCalls();

// What calls without waiting: names its methods, as &Async<Service>::Send.
template <typename Service>
using Async = class Service::Stub::async;

// Makes a unary call with a token; an empty one is left out. `done` is told the
// status and the response, which it may take, from a thread of gRPC.
template <typename Stub, typename Base, typename Request, typename Response,
          typename Told>
void CallAsync(Stub& stub,
               void (Base::*method)(grpc::ClientContext*, const Request*,
                                    Response*,
                                    std::function<void(grpc::Status)>),
               const std::string& token, Request request, Told done) {
  struct Call {
    grpc::ClientContext context;
    Request request;
    Response response;
  };
  auto call = std::make_shared<Call>();
  call->request = std::move(request);
  PrepareContext(token, &call->context);
  CallBegan();
  (stub.async()->*method)(
      &call->context, &call->request, &call->response,
      [call, done = std::move(done)](const grpc::Status& status) mutable {
        done(FromGrpc(status), call->response);
        // It keeps the channel, which may be closed when no call is under way.
        call.reset();
        CallEnded();
      });
}

// Makes the same kind of call and waits for the answer.
template <typename Stub, typename Base, typename Request, typename Response>
absl::StatusOr<Response> CallAndWait(
    Stub& stub,
    grpc::Status (Base::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    const std::string& token, const Request& request) {
  grpc::ClientContext context;
  PrepareContext(token, &context);
  Response response;
  absl::Status status = FromGrpc((stub.*method)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

// Stubs of a service over several channels, used in turn. Thread-safe.
template <typename Service>
class Stubs {
 public:
  explicit Stubs(const std::vector<std::shared_ptr<grpc::Channel>>& channels) {
    for (const auto& channel : channels) {
      stubs_.push_back(Service::NewStub(channel));
    }
  }
  typename Service::Stub& Next() {
    return *stubs_[next_.fetch_add(1) % stubs_.size()];
  }
  typename Service::Stub& At(size_t index) {
    return *stubs_[index % stubs_.size()];
  }

 private:
  std::vector<std::unique_ptr<typename Service::Stub>> stubs_;
  std::atomic<size_t> next_{0};
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_CONNECTION_H_
