// Keeping a server busy from one client.
#ifndef FRANK_TESTS_BENCH_CALLS_H_
#define FRANK_TESTS_BENCH_CALLS_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/status.h"

namespace frank::bench {

// A channel of its own, without TLS.
inline std::shared_ptr<grpc::Channel> Open(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(16 << 20);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

// What stands at the end of a call: aborts unless it succeeded.
using Answered = std::function<void(const grpc::Status&)>;

// Makes a call whose answer is looked at by `look`, which may be empty.
template <typename Stub, typename Async, typename Request, typename Response>
void Call(Stub& stub,
          void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                std::function<void(grpc::Status)>),
          const std::string& token, const Request& request,
          std::function<void(const Response&)> look, Answered answered) {
  struct State {
    grpc::ClientContext context;
    Response response;
  };
  auto state = std::make_shared<State>();
  state->context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  // The request is the caller's until the answer.
  (stub.async()->*method)(
      &state->context, &request, &state->response,
      [state, look = std::move(look),
       answered = std::move(answered)](const grpc::Status& status) mutable {
        if (status.ok() && look) look(state->response);
        // It keeps the channel, which whoever is told may be about to close.
        state.reset();
        answered(status);
      });
}

// Starts call after call, so many on their way at a time, until `count` were
// answered, all of them well.
inline void Drive(size_t count, size_t outstanding,
                  const std::function<void(size_t number, Answered)>& start) {
  absl::Mutex mutex;
  size_t answered = 0, begun = 0;
  while (begun < count) {
    {
      absl::MutexLock lock(&mutex);
      auto free = [&] { return begun - answered < outstanding; };
      mutex.Await(absl::Condition(&free));
    }
    start(begun++, [&](const grpc::Status& status) {
      FRANK_CHECK(status.ok());
      absl::MutexLock lock(&mutex);
      ++answered;
    });
  }
  absl::MutexLock lock(&mutex);
  auto all = [&] { return answered == count; };
  mutex.Await(absl::Condition(&all));
}

}  // namespace frank::bench

#endif  // FRANK_TESTS_BENCH_CALLS_H_
