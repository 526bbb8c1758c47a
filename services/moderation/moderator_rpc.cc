#include "services/moderation/moderator_rpc.h"

#include "frank/v1/moderators.grpc.pb.h"

namespace frank::moderation {
namespace {

using services::Call;
using services::Done;
using services::ServeUnary;

// Serves one method of the handler.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* Serve(
    ModeratorHandler& handler,
    void (ModeratorHandler::*method)(const Call&, const Request&,
                                     Done<Response>),
    grpc::CallbackServerContext* context, const Request* request,
    Response* response) {
  return ServeUnary(context, request, response,
                    [&handler, method](const Call& call, const Request& asked,
                                       Done<Response> done) {
                      (handler.*method)(call, asked, std::move(done));
                    });
}

class ModeratorRpc final : public v1::ModeratorService::CallbackService {
 public:
  explicit ModeratorRpc(ModeratorHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* AddModerator(
      grpc::CallbackServerContext* context,
      const v1::AddModeratorRequest* request,
      v1::AddModeratorResponse* response) override {
    return Serve(handler_, &ModeratorHandler::AddModerator, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* GetModerator(
      grpc::CallbackServerContext* context,
      const v1::GetModeratorRequest* request,
      v1::GetModeratorResponse* response) override {
    return Serve(handler_, &ModeratorHandler::GetModerator, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ListModerators(
      grpc::CallbackServerContext* context,
      const v1::ListModeratorsRequest* request,
      v1::ListModeratorsResponse* response) override {
    return Serve(handler_, &ModeratorHandler::ListModerators, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* SetModeratorRoles(
      grpc::CallbackServerContext* context,
      const v1::SetModeratorRolesRequest* request,
      v1::SetModeratorRolesResponse* response) override {
    return Serve(handler_, &ModeratorHandler::SetModeratorRoles, context,
                 request, response);
  }
  grpc::ServerUnaryReactor* LinkAccount(
      grpc::CallbackServerContext* context,
      const v1::LinkAccountRequest* request,
      v1::LinkAccountResponse* response) override {
    return Serve(handler_, &ModeratorHandler::LinkAccount, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* EnableModerator(
      grpc::CallbackServerContext* context,
      const v1::EnableModeratorRequest* request,
      v1::EnableModeratorResponse* response) override {
    return Serve(handler_, &ModeratorHandler::EnableModerator, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ReplaceModeratorToken(
      grpc::CallbackServerContext* context,
      const v1::ReplaceModeratorTokenRequest* request,
      v1::ReplaceModeratorTokenResponse* response) override {
    return Serve(handler_, &ModeratorHandler::ReplaceModeratorToken, context,
                 request, response);
  }
  grpc::ServerUnaryReactor* ListModeratorActs(
      grpc::CallbackServerContext* context,
      const v1::ListModeratorActsRequest* request,
      v1::ListModeratorActsResponse* response) override {
    return Serve(handler_, &ModeratorHandler::ListModeratorActs, context,
                 request, response);
  }
  grpc::ServerUnaryReactor* ListExposure(
      grpc::CallbackServerContext* context,
      const v1::ListExposureRequest* request,
      v1::ListExposureResponse* response) override {
    return Serve(handler_, &ModeratorHandler::ListExposure, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* GetSelf(grpc::CallbackServerContext* context,
                                    const v1::GetSelfRequest* request,
                                    v1::GetSelfResponse* response) override {
    return Serve(handler_, &ModeratorHandler::GetSelf, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* GetExposure(
      grpc::CallbackServerContext* context,
      const v1::GetExposureRequest* request,
      v1::GetExposureResponse* response) override {
    return Serve(handler_, &ModeratorHandler::GetExposure, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ListColleagues(
      grpc::CallbackServerContext* context,
      const v1::ListColleaguesRequest* request,
      v1::ListColleaguesResponse* response) override {
    return Serve(handler_, &ModeratorHandler::ListColleagues, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* SetOptOuts(
      grpc::CallbackServerContext* context,
      const v1::SetOptOutsRequest* request,
      v1::SetOptOutsResponse* response) override {
    return Serve(handler_, &ModeratorHandler::SetOptOuts, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ReplaceOwnToken(
      grpc::CallbackServerContext* context,
      const v1::ReplaceOwnTokenRequest* request,
      v1::ReplaceOwnTokenResponse* response) override {
    return Serve(handler_, &ModeratorHandler::ReplaceOwnToken, context, request,
                 response);
  }

 private:
  ModeratorHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeModeratorService(ModeratorHandler& handler) {
  return std::make_unique<ModeratorRpc>(handler);
}

}  // namespace frank::moderation
