#include "services/moderation/review_rpc.h"

#include "frank/v1/review.grpc.pb.h"

namespace frank::moderation {
namespace {

using services::Call;
using services::Done;
using services::ServeUnary;

// Serves one method of the handler.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* Serve(ReviewHandler& handler,
                                void (ReviewHandler::*method)(const Call&,
                                                              const Request&,
                                                              Done<Response>),
                                grpc::CallbackServerContext* context,
                                const Request* request, Response* response) {
  return ServeUnary(context, request, response,
                    [&handler, method](const Call& call, const Request& asked,
                                       Done<Response> done) {
                      (handler.*method)(call, asked, std::move(done));
                    });
}

class ReviewRpc final : public v1::ReviewService::CallbackService {
 public:
  explicit ReviewRpc(ReviewHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* ListCases(
      grpc::CallbackServerContext* context, const v1::ListCasesRequest* request,
      v1::ListCasesResponse* response) override {
    return Serve(handler_, &ReviewHandler::ListCases, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ClaimCase(
      grpc::CallbackServerContext* context, const v1::ClaimCaseRequest* request,
      v1::ClaimCaseResponse* response) override {
    return Serve(handler_, &ReviewHandler::ClaimCase, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* RenewLease(
      grpc::CallbackServerContext* context,
      const v1::RenewLeaseRequest* request,
      v1::RenewLeaseResponse* response) override {
    return Serve(handler_, &ReviewHandler::RenewLease, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* GetCase(grpc::CallbackServerContext* context,
                                    const v1::GetCaseRequest* request,
                                    v1::GetCaseResponse* response) override {
    return Serve(handler_, &ReviewHandler::GetCase, context, request, response);
  }
  grpc::ServerUnaryReactor* ReleaseCase(
      grpc::CallbackServerContext* context,
      const v1::ReleaseCaseRequest* request,
      v1::ReleaseCaseResponse* response) override {
    return Serve(handler_, &ReviewHandler::ReleaseCase, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ListActs(grpc::CallbackServerContext* context,
                                     const v1::ListActsRequest* request,
                                     v1::ListActsResponse* response) override {
    return Serve(handler_, &ReviewHandler::ListActs, context, request,
                 response);
  }

 private:
  ReviewHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeReviewService(ReviewHandler& handler) {
  return std::make_unique<ReviewRpc>(handler);
}

}  // namespace frank::moderation
