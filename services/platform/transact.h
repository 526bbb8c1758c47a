// A handler's one transaction, from its body to the answer.
#ifndef FRANK_SERVICES_PLATFORM_TRANSACT_H_
#define FRANK_SERVICES_PLATFORM_TRANSACT_H_

#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "services/common/call.h"
#include "storage/engine.h"

namespace frank::platform {

// Runs `body` as RunTransaction does, with an empty response to fill each time,
// and answers once that is durable.
template <typename Response, typename Body>
void Transact(storage::Engine& engine, Body body,
              services::Done<Response> done) {
  auto response = std::make_shared<Response>();
  storage::RunTransaction(
      engine,
      [response,
       body = std::move(body)](storage::Transaction& transaction) mutable {
        response->Clear();
        return body(transaction, *response);
      },
      [response, done = std::move(done)](absl::Status status) mutable {
        if (status.ok()) {
          done(std::move(*response));
        } else {
          done(std::move(status));
        }
      });
}

}  // namespace frank::platform

// In a handler: answers with the error of `expr`, if it is one, and returns.
#define FRANK_ANSWER_IF_ERROR(done, expr)                         \
  do {                                                            \
    if (absl::Status frank_status_ = (expr); !frank_status_.ok()) \
      return (done)(std::move(frank_status_));                    \
  } while (false)

#endif  // FRANK_SERVICES_PLATFORM_TRANSACT_H_
