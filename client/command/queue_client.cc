#include "client/command/queue_client.h"

#include <chrono>

#include "core/status.h"
#include "grpcpp/grpcpp.h"
#include "proto/rpc_status.h"

namespace frank::client {

absl::StatusOr<QueueClient> QueueClient::Connect(const Args& args) {
  FRANK_ASSIGN_OR_RETURN(ModConnection connection, ModConnection::Open(args));
  return QueueClient(std::move(connection));
}

absl::StatusOr<v1::ListQueuesResponse> QueueClient::ListQueues(
    const v1::ListQueuesRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::ListQueues,
                          request);
}
absl::StatusOr<v1::HoldCaseResponse> QueueClient::HoldCase(
    const v1::HoldCaseRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::HoldCase, request);
}
absl::StatusOr<v1::WakeCaseResponse> QueueClient::WakeCase(
    const v1::WakeCaseRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::WakeCase, request);
}
absl::StatusOr<v1::HandOverCaseResponse> QueueClient::HandOverCase(
    const v1::HandOverCaseRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::HandOverCase,
                          request);
}
absl::StatusOr<v1::TakeOverCaseResponse> QueueClient::TakeOverCase(
    const v1::TakeOverCaseRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::TakeOverCase,
                          request);
}
absl::StatusOr<v1::EscalateCaseResponse> QueueClient::EscalateCase(
    const v1::EscalateCaseRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::EscalateCase,
                          request);
}
absl::StatusOr<v1::AttendCaseResponse> QueueClient::AttendCase(
    const v1::AttendCaseRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::AttendCase,
                          request);
}
absl::StatusOr<v1::AddNoteResponse> QueueClient::AddNote(
    const v1::AddNoteRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::AddNote, request);
}
absl::StatusOr<v1::TagCaseResponse> QueueClient::TagCase(
    const v1::TagCaseRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::TagCase, request);
}
absl::StatusOr<v1::UntagCaseResponse> QueueClient::UntagCase(
    const v1::UntagCaseRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::UntagCase, request);
}
absl::StatusOr<v1::LinkCasesResponse> QueueClient::LinkCases(
    const v1::LinkCasesRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::LinkCases, request);
}
absl::StatusOr<v1::UnlinkCasesResponse> QueueClient::UnlinkCases(
    const v1::UnlinkCasesRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::UnlinkCases,
                          request);
}
absl::StatusOr<v1::MarkDuplicateResponse> QueueClient::MarkDuplicate(
    const v1::MarkDuplicateRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::MarkDuplicate,
                          request);
}
absl::StatusOr<v1::SearchNotesResponse> QueueClient::SearchNotes(
    const v1::SearchNotesRequest& request) {
  return connection_.Call(*queue_, &v1::QueueService::Stub::SearchNotes,
                          request);
}
absl::StatusOr<v1::ListReasonsResponse> QueueClient::ListReasons(
    const v1::ListReasonsRequest& request) {
  return connection_.Call(*reasons_, &v1::ReasonService::Stub::ListReasons,
                          request);
}

absl::Status QueueClient::WatchCases(
    const v1::WatchCasesRequest& request, absl::Duration time,
    absl::FunctionRef<void(const v1::WatchCasesResponse&)> each) {
  grpc::ClientContext context;
  const bool ends = time != absl::InfiniteDuration();
  if (ends) {
    context.set_deadline(std::chrono::system_clock::now() +
                         absl::ToChronoMilliseconds(time));
  }
  connection_.Authorize(&context);
  auto stream = queue_->WatchCases(&context, request);
  v1::WatchCasesResponse response;
  while (stream->Read(&response)) each(response);
  const grpc::Status end = stream->Finish();
  if (ends && end.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return absl::OkStatus();
  }
  return wire::FromRpc(end.error_code(), end.error_message(),
                       end.error_details());
}

}  // namespace frank::client
