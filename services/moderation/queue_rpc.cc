#include "services/moderation/queue_rpc.h"

#include <utility>

#include "frank/v1/queue.grpc.pb.h"
#include "frank/v1/reason.grpc.pb.h"
#include "proto/grpc/guarded_requests.h"
#include "services/common/stream.h"

namespace frank::moderation {
namespace {

using services::Call;
using services::Done;

// Serves one method of the handler.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* Serve(QueueHandler& handler,
                                void (QueueHandler::*method)(const Call&,
                                                             const Request&,
                                                             Done<Response>),
                                grpc::CallbackServerContext* context,
                                const Request* request, Response* response) {
  return services::ServeUnary(
      context, request, response,
      [&handler, method](const Call& call, const Request& asked,
                         Done<Response> done) {
        (handler.*method)(call, asked, std::move(done));
      });
}

// One watcher. The hub holds it weakly: the stream lives as long as the call,
// and ends its watching with itself.
class WatchStream final
    : public services::ResponseStream<v1::WatchCasesResponse> {
 public:
  explicit WatchStream(QueueHandler& handler) : handler_(handler) {}
  ~WatchStream() override {
    if (watcher_.ok()) handler_.watchers().Close(*watcher_);
  }

  // Before Serve.
  static void Watch(const std::shared_ptr<WatchStream>& stream,
                    const Call& call, const v1::WatchCasesRequest& request) {
    std::weak_ptr<WatchStream> weak = stream;
    WatchHub::Wire to;
    to.send = [weak](v1::WatchCasesResponse response) {
      if (auto open = weak.lock()) open->Send(std::move(response));
    };
    to.close = [weak](absl::Status status) {
      if (auto open = weak.lock()) open->Close(std::move(status));
    };
    if (absl::Status refused = wire::RefusalOf(request); !refused.ok()) {
      stream->watcher_ = std::move(refused);
      return;
    }
    stream->watcher_ =
        stream->handler_.WatchCases(call, request, std::move(to));
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

class QueueRpc final : public v1::QueueService::CallbackService {
 public:
  explicit QueueRpc(QueueHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* ListQueues(
      grpc::CallbackServerContext* context,
      const v1::ListQueuesRequest* request,
      v1::ListQueuesResponse* response) override {
    return Serve(handler_, &QueueHandler::ListQueues, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* AttendCase(
      grpc::CallbackServerContext* context,
      const v1::AttendCaseRequest* request,
      v1::AttendCaseResponse* response) override {
    return Serve(handler_, &QueueHandler::AttendCase, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* HoldCase(grpc::CallbackServerContext* context,
                                     const v1::HoldCaseRequest* request,
                                     v1::HoldCaseResponse* response) override {
    return Serve(handler_, &QueueHandler::HoldCase, context, request, response);
  }
  grpc::ServerUnaryReactor* WakeCase(grpc::CallbackServerContext* context,
                                     const v1::WakeCaseRequest* request,
                                     v1::WakeCaseResponse* response) override {
    return Serve(handler_, &QueueHandler::WakeCase, context, request, response);
  }
  grpc::ServerUnaryReactor* HandOverCase(
      grpc::CallbackServerContext* context,
      const v1::HandOverCaseRequest* request,
      v1::HandOverCaseResponse* response) override {
    return Serve(handler_, &QueueHandler::HandOverCase, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* TakeOverCase(
      grpc::CallbackServerContext* context,
      const v1::TakeOverCaseRequest* request,
      v1::TakeOverCaseResponse* response) override {
    return Serve(handler_, &QueueHandler::TakeOverCase, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* EscalateCase(
      grpc::CallbackServerContext* context,
      const v1::EscalateCaseRequest* request,
      v1::EscalateCaseResponse* response) override {
    return Serve(handler_, &QueueHandler::EscalateCase, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* AddNote(grpc::CallbackServerContext* context,
                                    const v1::AddNoteRequest* request,
                                    v1::AddNoteResponse* response) override {
    return Serve(handler_, &QueueHandler::AddNote, context, request, response);
  }
  grpc::ServerUnaryReactor* TagCase(grpc::CallbackServerContext* context,
                                    const v1::TagCaseRequest* request,
                                    v1::TagCaseResponse* response) override {
    return Serve(handler_, &QueueHandler::TagCase, context, request, response);
  }
  grpc::ServerUnaryReactor* UntagCase(
      grpc::CallbackServerContext* context, const v1::UntagCaseRequest* request,
      v1::UntagCaseResponse* response) override {
    return Serve(handler_, &QueueHandler::UntagCase, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* LinkCases(
      grpc::CallbackServerContext* context, const v1::LinkCasesRequest* request,
      v1::LinkCasesResponse* response) override {
    return Serve(handler_, &QueueHandler::LinkCases, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* UnlinkCases(
      grpc::CallbackServerContext* context,
      const v1::UnlinkCasesRequest* request,
      v1::UnlinkCasesResponse* response) override {
    return Serve(handler_, &QueueHandler::UnlinkCases, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* MarkDuplicate(
      grpc::CallbackServerContext* context,
      const v1::MarkDuplicateRequest* request,
      v1::MarkDuplicateResponse* response) override {
    return Serve(handler_, &QueueHandler::MarkDuplicate, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* SearchNotes(
      grpc::CallbackServerContext* context,
      const v1::SearchNotesRequest* request,
      v1::SearchNotesResponse* response) override {
    return Serve(handler_, &QueueHandler::SearchNotes, context, request,
                 response);
  }
  grpc::ServerWriteReactor<v1::WatchCasesResponse>* WatchCases(
      grpc::CallbackServerContext* context,
      const v1::WatchCasesRequest* request) override {
    auto stream = std::make_shared<WatchStream>(handler_);
    WatchStream::Watch(stream, Call::From(*context), *request);
    return WatchStream::Serve(context, std::move(stream));
  }

 private:
  QueueHandler& handler_;
};

class ReasonRpc final : public v1::ReasonService::CallbackService {
 public:
  explicit ReasonRpc(QueueHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* ListReasons(
      grpc::CallbackServerContext* context,
      const v1::ListReasonsRequest* request,
      v1::ListReasonsResponse* response) override {
    return Serve(handler_, &QueueHandler::ListReasons, context, request,
                 response);
  }

 private:
  QueueHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeQueueService(QueueHandler& handler) {
  return std::make_unique<QueueRpc>(handler);
}

std::unique_ptr<grpc::Service> MakeReasonService(QueueHandler& handler) {
  return std::make_unique<ReasonRpc>(handler);
}

}  // namespace frank::moderation
