// Calls of QueueService and ReasonService, as a moderator.
#ifndef FRANK_CLIENT_COMMAND_QUEUE_CLIENT_H_
#define FRANK_CLIENT_COMMAND_QUEUE_CLIENT_H_

#include <memory>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/command/args.h"
#include "client/command/mod_connection.h"
#include "frank/v1/queue.grpc.pb.h"
#include "frank/v1/reason.grpc.pb.h"

namespace frank::client {

// Not thread-safe.
class QueueClient {
 public:
  // As ModConnection::Open.
  static absl::StatusOr<QueueClient> Connect(const Args& args);

  absl::StatusOr<v1::ListQueuesResponse> ListQueues(
      const v1::ListQueuesRequest& request);
  absl::StatusOr<v1::HoldCaseResponse> HoldCase(
      const v1::HoldCaseRequest& request);
  absl::StatusOr<v1::WakeCaseResponse> WakeCase(
      const v1::WakeCaseRequest& request);
  absl::StatusOr<v1::HandOverCaseResponse> HandOverCase(
      const v1::HandOverCaseRequest& request);
  absl::StatusOr<v1::TakeOverCaseResponse> TakeOverCase(
      const v1::TakeOverCaseRequest& request);
  absl::StatusOr<v1::EscalateCaseResponse> EscalateCase(
      const v1::EscalateCaseRequest& request);
  absl::StatusOr<v1::AttendCaseResponse> AttendCase(
      const v1::AttendCaseRequest& request);
  absl::StatusOr<v1::AddNoteResponse> AddNote(
      const v1::AddNoteRequest& request);
  absl::StatusOr<v1::TagCaseResponse> TagCase(
      const v1::TagCaseRequest& request);
  absl::StatusOr<v1::UntagCaseResponse> UntagCase(
      const v1::UntagCaseRequest& request);
  absl::StatusOr<v1::LinkCasesResponse> LinkCases(
      const v1::LinkCasesRequest& request);
  absl::StatusOr<v1::UnlinkCasesResponse> UnlinkCases(
      const v1::UnlinkCasesRequest& request);
  absl::StatusOr<v1::MarkDuplicateResponse> MarkDuplicate(
      const v1::MarkDuplicateRequest& request);
  absl::StatusOr<v1::SearchNotesResponse> SearchNotes(
      const v1::SearchNotesRequest& request);
  absl::StatusOr<v1::ListReasonsResponse> ListReasons(
      const v1::ListReasonsRequest& request);
  // Calls `each` with every answer until the stream or the time ends, which is
  // no error.
  absl::Status WatchCases(
      const v1::WatchCasesRequest& request, absl::Duration time,
      absl::FunctionRef<void(const v1::WatchCasesResponse&)> each);

 private:
  explicit QueueClient(ModConnection connection)
      : connection_(std::move(connection)),
        queue_(v1::QueueService::NewStub(connection_.channel())),
        reasons_(v1::ReasonService::NewStub(connection_.channel())) {}

  ModConnection connection_;
  std::unique_ptr<v1::QueueService::Stub> queue_;
  std::unique_ptr<v1::ReasonService::Stub> reasons_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_QUEUE_CLIENT_H_
