#include "services/moderation/reporter_rpc.h"

#include <utility>

#include "frank/v1/reporters.grpc.pb.h"

namespace frank::moderation {
namespace {

class ReporterRpc final : public v1::ReporterService::CallbackService {
 public:
  explicit ReporterRpc(ReporterHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* GetReporter(
      grpc::CallbackServerContext* context,
      const v1::GetReporterRequest* request,
      v1::GetReporterResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.GetReporter(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* MuteReporter(
      grpc::CallbackServerContext* context,
      const v1::MuteReporterRequest* request,
      v1::MuteReporterResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.MuteReporter(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* UnmuteReporter(
      grpc::CallbackServerContext* context,
      const v1::UnmuteReporterRequest* request,
      v1::UnmuteReporterResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.UnmuteReporter(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* ReleaseReports(
      grpc::CallbackServerContext* context,
      const v1::ReleaseReportsRequest* request,
      v1::ReleaseReportsResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.ReleaseReports(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* ListMutes(
      grpc::CallbackServerContext* context, const v1::ListMutesRequest* request,
      v1::ListMutesResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.ListMutes(std::forward<decltype(args)>(args)...);
        });
  }

 private:
  ReporterHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeReporterService(ReporterHandler& handler) {
  return std::make_unique<ReporterRpc>(handler);
}

}  // namespace frank::moderation
