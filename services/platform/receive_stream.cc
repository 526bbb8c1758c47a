#include "services/platform/receive_stream.h"

#include <grpcpp/support/proto_buffer_writer.h>
#include <grpcpp/support/slice.h>

#include <string>

#include "core/status.h"

namespace frank::platform {
namespace {

// Of bytes that are kept as long as somebody holds the slice.
grpc::Slice Share(const std::shared_ptr<const std::string>& bytes) {
  using Holder = std::shared_ptr<const std::string>;
  auto* holder = new Holder(bytes);
  return grpc::Slice(
      const_cast<char*>(bytes->data()), bytes->size(),
      [](void* held) { delete static_cast<Holder*>(held); }, holder);
}

}  // namespace

void ReceiveStream::OnStart() {
  if (!device_.ok()) return Close(device_.status());
  // The session keeps the stream until OnClosed makes it let go.
  auto self = std::static_pointer_cast<ReceiveStream>(shared_from_this());
  session_ = ReceiveSession::Open(
      hub_, *device_,
      {[self](const v1::ReceiveResponse& response) {
         self->SendResponse(response);
       },
       [self](const DeliveryBytes& delivery) { self->SendDelivery(delivery); },
       [self](absl::Status status) { self->Close(std::move(status)); },
       [self] { self->ReadNext(); }});
  ReadNext();
}

void ReceiveStream::SendResponse(const v1::ReceiveResponse& response) {
  grpc::ByteBuffer buffer;
  bool own_buffer = false;
  FRANK_CHECK(grpc::SerializationTraits<v1::ReceiveResponse>::Serialize(
                  response, &buffer, &own_buffer)
                  .ok());
  Send(std::move(buffer));
}

void ReceiveStream::SendDelivery(const DeliveryBytes& delivery) {
  const grpc::Slice slices[] = {grpc::Slice(delivery.own),
                                Share(delivery.shared)};
  Send(grpc::ByteBuffer(slices, 2));
}

void ReceiveStream::OnRequestsEnd() {
  if (session_ != nullptr) session_->OnRequestsEnd();
}

void ReceiveStream::OnClosed() {
  if (session_ != nullptr) session_->OnClosed();
}

}  // namespace frank::platform
