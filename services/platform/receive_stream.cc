#include "services/platform/receive_stream.h"

namespace frank::platform {

void ReceiveStream::OnStart() {
  if (!device_.ok()) return Close(device_.status());
  // The session keeps the stream until OnClosed makes it let go.
  auto self = std::static_pointer_cast<ReceiveStream>(shared_from_this());
  session_ = ReceiveSession::Open(
      hub_, *device_,
      {[self](v1::ReceiveResponse response) {
         self->Send(std::move(response));
       },
       [self](absl::Status status) { self->Close(std::move(status)); },
       [self] { self->ReadNext(); }});
  ReadNext();
}

void ReceiveStream::OnRequestsEnd() {
  if (session_ != nullptr) session_->OnRequestsEnd();
}

void ReceiveStream::OnClosed() {
  if (session_ != nullptr) session_->OnClosed();
}

}  // namespace frank::platform
