#include "client/grpc_transport.h"

#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "frank/v1/account.grpc.pb.h"
#include "frank/v1/appeal.grpc.pb.h"
#include "frank/v1/file.grpc.pb.h"
#include "frank/v1/message.grpc.pb.h"
#include "frank/v1/reason.grpc.pb.h"
#include "frank/v1/report.grpc.pb.h"
#include "frank/v1/room.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "proto/rpc_status.h"

namespace frank::client {
namespace {

constexpr std::chrono::seconds kDeadline(30);
constexpr int kKeepaliveMillis = 60 * 1000;
constexpr int kReconnectMillis = 200;
// Every call may be repeated as it is: what creates carries an id of its own.
constexpr char kRetries[] = R"({"methodConfig": [{
  "name": [{}],
  "retryPolicy": {
    "maxAttempts": 5,
    "initialBackoff": "0.3s",
    "maxBackoff": "3s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"]
  }
}]})";

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::StatusCode code = static_cast<absl::StatusCode>(status.error_code());
  if (code == absl::StatusCode::kUnavailable &&
      status.error_details().empty()) {
    // gRPC's own words, not the platform's; they say nothing to people.
    return absl::UnavailableError("the platform cannot be reached");
  }
  std::string message = status.error_message();
  if (message.empty()) message = absl::StatusCodeToString(code);
  return wire::FromRpc(status.error_code(), message, status.error_details());
}

template <typename Stub, typename Request, typename Response>
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&,
                                      Response*);

class GrpcReceiveStream final : public ReceiveStream {
 public:
  using Stream = grpc::ClientReaderWriterInterface<v1::ReceiveRequest,
                                                   v1::ReceiveResponse>;
  GrpcReceiveStream(std::unique_ptr<grpc::ClientContext> context,
                    std::unique_ptr<Stream> stream)
      : context_(std::move(context)), stream_(std::move(stream)) {}
  ~GrpcReceiveStream() override {
    if (finished_) return;
    context_->TryCancel();
    Finish().IgnoreError();
  }

  bool Read(v1::ReceiveResponse* response) override {
    return stream_->Read(response);
  }
  bool Acknowledge(const std::string& room_uri, uint64_t sequence) override {
    v1::ReceiveRequest request;
    request.mutable_ack()->set_room_uri(room_uri);
    request.mutable_ack()->set_sequence(sequence);
    return stream_->Write(request);
  }
  bool AcknowledgeNotice(const std::string& notice_id) override {
    v1::ReceiveRequest request;
    request.mutable_notice_ack()->set_notice_id(notice_id);
    return stream_->Write(request);
  }
  bool Hold(const std::string& room_uri) override {
    v1::ReceiveRequest request;
    request.mutable_hold()->set_room_uri(room_uri);
    return stream_->Write(request);
  }
  absl::Status Finish() override {
    finished_ = true;
    stream_->WritesDone();
    // What is still on its way is delivered again on the next stream.
    v1::ReceiveResponse rest;
    while (stream_->Read(&rest)) {
    }
    return FromGrpc(stream_->Finish());
  }
  void Cancel() override { context_->TryCancel(); }

 private:
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<Stream> stream_;
  bool finished_ = false;
};

class GrpcUploadStream final : public UploadStream {
 public:
  GrpcUploadStream(std::unique_ptr<grpc::ClientContext> context,
                   v1::FileService::StubInterface* stub)
      : context_(std::move(context)),
        stream_(stub->UploadFile(context_.get(), &response_)) {}
  ~GrpcUploadStream() override {
    if (finished_) return;
    context_->TryCancel();
    Finish().IgnoreError();
  }

  bool Write(const v1::UploadFileRequest& request) override {
    return stream_->Write(request);
  }
  absl::StatusOr<v1::UploadFileResponse> Finish() override {
    finished_ = true;
    stream_->WritesDone();
    FRANK_RETURN_IF_ERROR(FromGrpc(stream_->Finish()));
    return response_;
  }

 private:
  std::unique_ptr<grpc::ClientContext> context_;
  v1::UploadFileResponse response_;
  std::unique_ptr<grpc::ClientWriterInterface<v1::UploadFileRequest>> stream_;
  bool finished_ = false;
};

class GrpcDownloadStream final : public DownloadStream {
 public:
  using Stream = grpc::ClientReaderInterface<v1::DownloadFileResponse>;
  GrpcDownloadStream(std::unique_ptr<grpc::ClientContext> context,
                     std::unique_ptr<Stream> stream)
      : context_(std::move(context)), stream_(std::move(stream)) {}
  ~GrpcDownloadStream() override {
    if (finished_) return;
    context_->TryCancel();
    v1::DownloadFileResponse rest;
    while (stream_->Read(&rest)) {
    }
    stream_->Finish();
  }

  bool Read(v1::DownloadFileResponse* response) override {
    return stream_->Read(response);
  }
  absl::Status Finish() override {
    finished_ = true;
    return FromGrpc(stream_->Finish());
  }

 private:
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<Stream> stream_;
  bool finished_ = false;
};

class GrpcTransport final : public Transport {
 public:
  GrpcTransport(const std::shared_ptr<grpc::Channel>& channel,
                std::string registration_token)
      : accounts_(v1::AccountService::NewStub(channel)),
        rooms_(v1::RoomService::NewStub(channel)),
        messages_(v1::MessageService::NewStub(channel)),
        files_(v1::FileService::NewStub(channel)),
        reports_(v1::ReportService::NewStub(channel)),
        appeals_(v1::AppealService::NewStub(channel)),
        reasons_(v1::ReasonService::NewStub(channel)),
        registration_token_(std::move(registration_token)) {}

  void SetToken(absl::string_view token) override {
    token_ = std::string(token);
  }

  absl::StatusOr<v1::RegisterAccountResponse> RegisterAccount(
      const v1::RegisterAccountRequest& request) override {
    return Call<v1::RegisterAccountResponse>(
        *accounts_, &Accounts::RegisterAccount, request);
  }
  absl::StatusOr<v1::UpdateDeviceListResponse> UpdateDeviceList(
      const v1::UpdateDeviceListRequest& request) override {
    return Call<v1::UpdateDeviceListResponse>(
        *accounts_, &Accounts::UpdateDeviceList, request);
  }
  absl::StatusOr<v1::GetDeviceListsResponse> GetDeviceLists(
      const v1::GetDeviceListsRequest& request) override {
    return Call<v1::GetDeviceListsResponse>(*accounts_,
                                            &Accounts::GetDeviceLists, request);
  }
  absl::StatusOr<v1::RotateTokenResponse> RotateToken(
      const v1::RotateTokenRequest& request) override {
    return Call<v1::RotateTokenResponse>(*accounts_, &Accounts::RotateToken,
                                         request);
  }
  absl::StatusOr<v1::CreateRoomResponse> CreateRoom(
      const v1::CreateRoomRequest& request) override {
    return Call<v1::CreateRoomResponse>(*rooms_, &Rooms::CreateRoom, request);
  }
  absl::StatusOr<v1::UpdateMembersResponse> UpdateMembers(
      const v1::UpdateMembersRequest& request) override {
    return Call<v1::UpdateMembersResponse>(*rooms_, &Rooms::UpdateMembers,
                                           request);
  }
  absl::StatusOr<v1::GetRoomResponse> GetRoom(
      const v1::GetRoomRequest& request) override {
    return Call<v1::GetRoomResponse>(*rooms_, &Rooms::GetRoom, request);
  }
  absl::StatusOr<v1::ListRoomsResponse> ListRooms(
      const v1::ListRoomsRequest& request) override {
    return Call<v1::ListRoomsResponse>(*rooms_, &Rooms::ListRooms, request);
  }
  absl::StatusOr<v1::SendResponse> Send(
      const v1::SendRequest& request) override {
    return Call<v1::SendResponse>(*messages_, &Messages::Send, request);
  }
  absl::StatusOr<v1::StatFileResponse> StatFile(
      const v1::StatFileRequest& request) override {
    return Call<v1::StatFileResponse>(*files_, &Files::StatFile, request);
  }
  absl::StatusOr<v1::GetReportingKeysResponse> GetReportingKeys(
      const v1::GetReportingKeysRequest& request) override {
    return Call<v1::GetReportingKeysResponse>(
        *reports_, &Reports::GetReportingKeys, request);
  }
  absl::StatusOr<v1::SubmitReportResponse> SubmitReport(
      const v1::SubmitReportRequest& request) override {
    return Call<v1::SubmitReportResponse>(*reports_, &Reports::SubmitReport,
                                          request);
  }
  absl::StatusOr<v1::ListReportsResponse> ListReports(
      const v1::ListReportsRequest& request) override {
    return Call<v1::ListReportsResponse>(*reports_, &Reports::ListReports,
                                         request);
  }
  absl::StatusOr<v1::SetReportNoticesResponse> SetReportNotices(
      const v1::SetReportNoticesRequest& request) override {
    return Call<v1::SetReportNoticesResponse>(
        *reports_, &Reports::SetReportNotices, request);
  }
  absl::StatusOr<v1::SubmitAppealResponse> SubmitAppeal(
      const v1::SubmitAppealRequest& request) override {
    return Call<v1::SubmitAppealResponse>(*appeals_, &Appeals::SubmitAppeal,
                                          request);
  }
  absl::StatusOr<v1::ListDecisionsResponse> ListDecisions(
      const v1::ListDecisionsRequest& request) override {
    return Call<v1::ListDecisionsResponse>(*appeals_, &Appeals::ListDecisions,
                                           request);
  }
  absl::StatusOr<v1::SubmitMismatchNoticeResponse> SubmitMismatchNotice(
      const v1::SubmitMismatchNoticeRequest& request) override {
    return Call<v1::SubmitMismatchNoticeResponse>(
        *reports_, &Reports::SubmitMismatchNotice, request);
  }
  absl::StatusOr<v1::ListReasonsResponse> ListReasons(
      const v1::ListReasonsRequest& request) override {
    return Call<v1::ListReasonsResponse>(*reasons_, &Reasons::ListReasons,
                                         request);
  }

  std::unique_ptr<ReceiveStream> Receive(
      const v1::ReceiveRequest::Start& start) override {
    std::unique_ptr<grpc::ClientContext> context = MakeContext();
    std::unique_ptr<GrpcReceiveStream::Stream> stream =
        messages_->Receive(context.get());
    v1::ReceiveRequest request;
    *request.mutable_start() = start;
    // A failed write shows in Read and Finish.
    stream->Write(request);
    return std::make_unique<GrpcReceiveStream>(std::move(context),
                                               std::move(stream));
  }
  std::unique_ptr<UploadStream> UploadFile() override {
    return std::make_unique<GrpcUploadStream>(MakeContext(), files_.get());
  }
  std::unique_ptr<DownloadStream> DownloadFile(
      const v1::DownloadFileRequest& request) override {
    std::unique_ptr<grpc::ClientContext> context = MakeContext();
    std::unique_ptr<GrpcDownloadStream::Stream> stream =
        files_->DownloadFile(context.get(), request);
    return std::make_unique<GrpcDownloadStream>(std::move(context),
                                                std::move(stream));
  }

 private:
  using Accounts = v1::AccountService::StubInterface;
  using Rooms = v1::RoomService::StubInterface;
  using Messages = v1::MessageService::StubInterface;
  using Files = v1::FileService::StubInterface;
  using Reports = v1::ReportService::StubInterface;
  using Appeals = v1::AppealService::StubInterface;
  using Reasons = v1::ReasonService::StubInterface;

  std::unique_ptr<grpc::ClientContext> MakeContext() const {
    auto context = std::make_unique<grpc::ClientContext>();
    if (!token_.empty()) {
      context->AddMetadata("authorization", absl::StrCat("Bearer ", token_));
    }
    if (!registration_token_.empty()) {
      context->AddMetadata("frank-registration", registration_token_);
    }
    return context;
  }

  template <typename Response, typename Stub, typename Request>
  absl::StatusOr<Response> Call(Stub& stub,
                                Method<Stub, Request, Response> method,
                                const Request& request) const {
    std::unique_ptr<grpc::ClientContext> context = MakeContext();
    context->set_deadline(std::chrono::system_clock::now() + kDeadline);
    Response response;
    FRANK_RETURN_IF_ERROR(
        FromGrpc((stub.*method)(context.get(), request, &response)));
    return response;
  }

  std::unique_ptr<Accounts> accounts_;
  std::unique_ptr<Rooms> rooms_;
  std::unique_ptr<Messages> messages_;
  std::unique_ptr<Files> files_;
  std::unique_ptr<Reports> reports_;
  std::unique_ptr<Appeals> appeals_;
  std::unique_ptr<Reasons> reasons_;
  std::string token_;
  std::string registration_token_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Transport>> CreateGrpcTransport(
    const ServerAddress& server) {
  if (server.address.empty()) return FieldError("server", "must be host:port");
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = server.authority_pem;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMillis);
  arguments.SetServiceConfigJSON(kRetries);
  arguments.SetMaxReceiveMessageSize(
      static_cast<int>(limits::kMaxRequestBytes));
  return std::make_unique<GrpcTransport>(
      grpc::CreateCustomChannel(server.address, grpc::SslCredentials(tls),
                                arguments),
      server.registration_token);
}

}  // namespace frank::client
