#include "services/moderation/queue_rpc.h"

#include <utility>

#include "frank/v1/queue.grpc.pb.h"
#include "frank/v1/reason.grpc.pb.h"
#include "services/common/stream.h"

namespace frank::moderation {
namespace {

using services::Call;
using services::RpcService;

// One watcher. The hub holds it weakly: the stream lives as long as the call,
// and ends its watching with itself.
class WatchStream final
    : public services::ResponseStream<v1::WatchCasesRequest,
                                      v1::WatchCasesResponse> {
 public:
  explicit WatchStream(QueueHandler& handler) : handler_(handler) {}
  ~WatchStream() override {
    if (watcher_.ok()) handler_.watchers().Close(*watcher_);
  }

  static std::shared_ptr<WatchStream> Make(
      QueueHandler& handler, const Call& call,
      const v1::WatchCasesRequest& request) {
    auto stream = std::make_shared<WatchStream>(handler);
    std::weak_ptr<WatchStream> weak = stream;
    WatchHub::Wire to;
    to.send = [weak](v1::WatchCasesResponse response) {
      if (auto open = weak.lock()) open->Send(std::move(response));
    };
    to.close = [weak](absl::Status status) {
      if (auto open = weak.lock()) open->Close(std::move(status));
    };
    stream->watcher_ = handler.WatchCases(call, request, std::move(to));
    return stream;
  }

 protected:
  void OnReady() override {
    if (!watcher_.ok()) return Close(watcher_.status());
    // The first time it is the call that is ready: nothing was sent.
    if (std::exchange(started_, true)) handler_.watchers().OnSent(*watcher_);
  }

 private:
  QueueHandler& handler_;
  bool started_ = false;
  absl::StatusOr<uint64_t> watcher_;
};

}  // namespace

std::unique_ptr<RpcService> MakeQueueService(QueueHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::QueueService::service_full_name());
  service->Unary("ListQueues", handler, &QueueHandler::ListQueues);
  service->Unary("AttendCase", handler, &QueueHandler::AttendCase);
  service->Unary("HoldCase", handler, &QueueHandler::HoldCase);
  service->Unary("WakeCase", handler, &QueueHandler::WakeCase);
  service->Unary("HandOverCase", handler, &QueueHandler::HandOverCase);
  service->Unary("TakeOverCase", handler, &QueueHandler::TakeOverCase);
  service->Unary("EscalateCase", handler, &QueueHandler::EscalateCase);
  service->Unary("AddNote", handler, &QueueHandler::AddNote);
  service->Unary("TagCase", handler, &QueueHandler::TagCase);
  service->Unary("UntagCase", handler, &QueueHandler::UntagCase);
  service->Unary("LinkCases", handler, &QueueHandler::LinkCases);
  service->Unary("UnlinkCases", handler, &QueueHandler::UnlinkCases);
  service->Unary("MarkDuplicate", handler, &QueueHandler::MarkDuplicate);
  service->Unary("SearchNotes", handler, &QueueHandler::SearchNotes);
  service->Responses<v1::WatchCasesRequest>(
      "WatchCases",
      [&handler](const Call& call, const v1::WatchCasesRequest& request) {
        return WatchStream::Make(handler, call, request);
      });
  return service;
}

std::unique_ptr<RpcService> MakeReasonService(QueueHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::ReasonService::service_full_name());
  service->Unary("ListReasons", handler, &QueueHandler::ListReasons);
  return service;
}

}  // namespace frank::moderation
