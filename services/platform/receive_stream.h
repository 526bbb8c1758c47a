// Receive over gRPC: hands a session its wire.
#ifndef FRANK_SERVICES_PLATFORM_RECEIVE_STREAM_H_
#define FRANK_SERVICES_PLATFORM_RECEIVE_STREAM_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "frank/v1/message.pb.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/common/stream.h"
#include "services/platform/receive_session.h"

namespace frank::platform {

// Writes bytes: what many devices get alike is one buffer for all of them.
class ReceiveStream final
    : public services::BidiStream<v1::ReceiveRequest, grpc::ByteBuffer> {
 public:
  // `device` is who calls, or why it may not. The hub outlives the stream.
  ReceiveStream(ReceiveHub& hub, absl::StatusOr<Device> device)
      : hub_(hub), device_(std::move(device)) {}

 protected:
  void OnStart() override;
  void OnRequest(const v1::ReceiveRequest& request) override {
    if (session_->OnRequest(request)) ReadNext();
  }
  void OnRequestsEnd() override;
  void OnSent() override { session_->OnSent(); }
  void OnClosed() override;

 private:
  void SendResponse(const v1::ReceiveResponse& response);
  void SendDelivery(const DeliveryBytes& delivery);

  ReceiveHub& hub_;
  absl::StatusOr<Device> device_;
  std::shared_ptr<ReceiveSession> session_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RECEIVE_STREAM_H_
