#include "services/platform/message_handler.h"

#include <atomic>
#include <memory>
#include <utility>

#include "core/status.h"
#include "proto/rpc_status.h"
#include "services/platform/transact.h"
#include "services/platform/validate_message.h"

namespace frank::platform {
namespace {

void SetError(const absl::Status& status,
              v1::SendBatchResponse::SendError& error) {
  error.set_code(wire::ToRpc(status).code());
  error.set_reason(wire::ReasonOf(status));
  if (auto violation = FindFieldViolation(status)) {
    error.set_field(violation->field);
    error.set_rule(violation->rule);
  }
}

// The outcomes of one batch as they come in, from several threads; each has a
// place of its own, and the last one answers.
class Gathering {
 public:
  Gathering(int size, services::Done<v1::SendBatchResponse> done)
      : missing_(size), done_(std::move(done)) {
    for (int i = 0; i < size; ++i) response_.add_outcome();
  }

  void Add(int index, absl::StatusOr<v1::SendResponse> outcome) {
    v1::SendBatchResponse::Outcome& place = *response_.mutable_outcome(index);
    if (outcome.ok()) {
      *place.mutable_response() = *std::move(outcome);
    } else {
      SetError(outcome.status(), *place.mutable_error());
    }
    if (--missing_ == 0) done_(std::move(response_));
  }

 private:
  std::atomic<int> missing_;
  v1::SendBatchResponse response_;
  services::Done<v1::SendBatchResponse> done_;
};

}  // namespace

void MessageHandler::Send(const services::Call& call,
                          const v1::SendRequest& request,
                          services::Done<v1::SendResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  absl::StatusOr<Device> caller = authenticator_.AuthenticateDevice(call);
  FRANK_ANSWER_IF_ERROR(done, caller.status());
  relay_.Send(*std::move(caller), request, std::move(done));
}

void MessageHandler::SendBatch(const services::Call& call,
                               const v1::SendBatchRequest& request,
                               services::Done<v1::SendBatchResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  absl::StatusOr<Device> caller = authenticator_.AuthenticateDevice(call);
  FRANK_ANSWER_IF_ERROR(done, caller.status());
  const int size = request.send_size();
  auto gathering = std::make_shared<Gathering>(size, std::move(done));
  for (int i = 0; i < size; ++i) {
    // The last Add ends the request: nothing of it is read after its own.
    const v1::SendRequest& send = request.send(i);
    if (absl::Status valid = Validate(send); !valid.ok()) {
      gathering->Add(i, std::move(valid));
      continue;
    }
    relay_.Send(*caller, send,
                [gathering, i](absl::StatusOr<v1::SendResponse> outcome) {
                  gathering->Add(i, std::move(outcome));
                });
  }
}

}  // namespace frank::platform
