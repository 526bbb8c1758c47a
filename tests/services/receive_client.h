// A client of Receive without gRPC, for tests.
#ifndef FRANK_TESTS_SERVICES_RECEIVE_CLIENT_H_
#define FRANK_TESTS_SERVICES_RECEIVE_CLIENT_H_

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "frank/v1/message.pb.h"
#include "gtest/gtest.h"
#include "services/platform/authenticator.h"
#include "services/platform/receive_hub.h"
#include "services/platform/receive_session.h"
#include "tests/services/platform_fixture.h"

namespace frank::platform {

// The client's end of a stream. What is sent to it goes out at once, unless it
// is told to hold back.
class FakeClient {
 public:
  FakeClient(ReceiveHub& hub, Authenticator& authenticator,
             const TestDevice& device, bool hold_back = false)
      : hold_back_(hold_back) {
    auto principal = authenticator.AuthenticateDevice(device.call());
    EXPECT_TRUE(principal.ok()) << principal.status();
    session_ = ReceiveSession::Open(
        hub, *principal,
        {[this](const v1::ReceiveResponse& response) { Take(response); },
         [this](const DeliveryBytes& delivery) {
           v1::ReceiveResponse response;
           EXPECT_TRUE(
               response.ParseFromString(delivery.own + *delivery.shared));
           Take(std::move(response));
         },
         [this](absl::Status status) {
           absl::MutexLock lock(&mutex_);
           closed_ = std::move(status);
         },
         [] {}});
  }
  ~FakeClient() {
    session_->OnClosed();
    // The wire is dropped on the hub's thread.
    while (session_.use_count() > 1) std::this_thread::yield();
  }

  void Start(uint32_t window = 0, bool drain = false) {
    v1::ReceiveRequest request;
    request.mutable_start()->set_window(window);
    request.mutable_start()->set_drain(drain);
    session_->OnRequest(request);
  }
  void Ack(const std::string& room_uri, uint64_t sequence) {
    v1::ReceiveRequest request;
    request.mutable_ack()->set_room_uri(room_uri);
    request.mutable_ack()->set_sequence(sequence);
    session_->OnRequest(request);
  }
  void AckNotice(const std::string& notice_id) {
    v1::ReceiveRequest request;
    request.mutable_notice_ack()->set_notice_id(notice_id);
    session_->OnRequest(request);
  }
  void Hold(const std::string& room_uri) {
    v1::ReceiveRequest request;
    request.mutable_hold()->set_room_uri(room_uri);
    session_->OnRequest(request);
  }
  void Request(const v1::ReceiveRequest& request) {
    session_->OnRequest(request);
  }
  void End() { session_->OnRequestsEnd(); }

  // Waits for the next response of each kind, in the order in which they came.
  v1::ReceiveResponse Next() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](FakeClient* self) {
          return !self->received_.empty() || self->closed_.has_value();
        },
        this));
    if (received_.empty()) return {};
    v1::ReceiveResponse response = std::move(received_.front());
    received_.pop_front();
    return response;
  }
  // Takes deliveries up to the next CaughtUp.
  std::vector<v1::ReceiveResponse::Delivery> UntilCaughtUp() {
    std::vector<v1::ReceiveResponse::Delivery> deliveries;
    for (;;) {
      v1::ReceiveResponse response = Next();
      if (!response.has_delivery()) {
        EXPECT_TRUE(response.has_caught_up()) << response.ShortDebugString();
        return deliveries;
      }
      deliveries.push_back(response.delivery());
    }
  }
  absl::Status WaitClosed() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](absl::optional<absl::Status>* closed) {
          return closed->has_value();
        },
        &closed_));
    return *closed_;
  }
  bool nothing_received() {
    absl::MutexLock lock(&mutex_);
    return received_.empty();
  }
  // What was held back goes out.
  void ReportSent(int count) {
    for (int i = 0; i < count; ++i) session_->OnSent();
  }

 private:
  void Take(v1::ReceiveResponse response) {
    {
      absl::MutexLock lock(&mutex_);
      received_.push_back(std::move(response));
    }
    if (!hold_back_) session_->OnSent();
  }

  const bool hold_back_;
  std::shared_ptr<ReceiveSession> session_;
  absl::Mutex mutex_;
  std::deque<v1::ReceiveResponse> received_;
  absl::optional<absl::Status> closed_;
};

}  // namespace frank::platform

#endif  // FRANK_TESTS_SERVICES_RECEIVE_CLIENT_H_
