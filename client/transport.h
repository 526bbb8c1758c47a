// How a device reaches its platform. The interface that Device needs, so that
// it can be tested without a network; grpc_transport.h is the real one.
#ifndef FRANK_CLIENT_TRANSPORT_H_
#define FRANK_CLIENT_TRANSPORT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "frank/v1/account.pb.h"
#include "frank/v1/appeal.pb.h"
#include "frank/v1/file.pb.h"
#include "frank/v1/message.pb.h"
#include "frank/v1/reason.pb.h"
#include "frank/v1/report.pb.h"
#include "frank/v1/room.pb.h"

namespace frank::client {

// Deliveries, in order within a room. Read and Acknowledge may be called from
// one thread; ending the stream is destroying it.
class ReceiveStream {
 public:
  virtual ~ReceiveStream() = default;
  // Waits for the next message. False: the stream is over, see Finish.
  virtual bool Read(v1::ReceiveResponse* response) = 0;
  virtual bool Acknowledge(const std::string& room_uri, uint64_t sequence) = 0;
  virtual bool AcknowledgeNotice(const std::string& notice_id) = 0;
  // Leaves a room's messages for the next stream.
  virtual bool Hold(const std::string& room_uri) = 0;
  // Says that no acknowledgement follows and returns how the stream ended.
  virtual absl::Status Finish() = 0;
  // Makes a waiting Read return false. From any thread.
  virtual void Cancel() = 0;
};

// Chunks of one file on their way up.
class UploadStream {
 public:
  virtual ~UploadStream() = default;
  // False: the platform ended the upload, see Finish.
  virtual bool Write(const v1::UploadFileRequest& request) = 0;
  virtual absl::StatusOr<v1::UploadFileResponse> Finish() = 0;
};

// Chunks of one file on their way down.
class DownloadStream {
 public:
  virtual ~DownloadStream() = default;
  virtual bool Read(v1::DownloadFileResponse* response) = 0;
  virtual absl::Status Finish() = 0;
};

// One method for each RPC of a device. Each waits for the answer. Errors are
// those of the platform, with the reason, field and retry time that it gave
// (core/status.h); kUnavailable when it was not reached in time: the request
// may have been carried out.
class Transport {
 public:
  virtual ~Transport() = default;

  // The bearer token that calls are made with from now on; empty: none.
  virtual void SetToken(absl::string_view token) = 0;

  virtual absl::StatusOr<v1::RegisterAccountResponse> RegisterAccount(
      const v1::RegisterAccountRequest& request) = 0;
  virtual absl::StatusOr<v1::UpdateDeviceListResponse> UpdateDeviceList(
      const v1::UpdateDeviceListRequest& request) = 0;
  virtual absl::StatusOr<v1::GetDeviceListsResponse> GetDeviceLists(
      const v1::GetDeviceListsRequest& request) = 0;
  virtual absl::StatusOr<v1::RotateTokenResponse> RotateToken(
      const v1::RotateTokenRequest& request) = 0;

  virtual absl::StatusOr<v1::CreateRoomResponse> CreateRoom(
      const v1::CreateRoomRequest& request) = 0;
  virtual absl::StatusOr<v1::UpdateMembersResponse> UpdateMembers(
      const v1::UpdateMembersRequest& request) = 0;
  virtual absl::StatusOr<v1::GetRoomResponse> GetRoom(
      const v1::GetRoomRequest& request) = 0;
  virtual absl::StatusOr<v1::ListRoomsResponse> ListRooms(
      const v1::ListRoomsRequest& request) = 0;

  virtual absl::StatusOr<v1::SendResponse> Send(
      const v1::SendRequest& request) = 0;
  virtual std::unique_ptr<ReceiveStream> Receive(
      const v1::ReceiveRequest::Start& start) = 0;

  virtual std::unique_ptr<UploadStream> UploadFile() = 0;
  virtual absl::StatusOr<v1::StatFileResponse> StatFile(
      const v1::StatFileRequest& request) = 0;
  virtual std::unique_ptr<DownloadStream> DownloadFile(
      const v1::DownloadFileRequest& request) = 0;

  virtual absl::StatusOr<v1::GetReportingKeysResponse> GetReportingKeys(
      const v1::GetReportingKeysRequest& request) = 0;
  virtual absl::StatusOr<v1::SubmitReportResponse> SubmitReport(
      const v1::SubmitReportRequest& request) = 0;
  virtual absl::StatusOr<v1::ListReportsResponse> ListReports(
      const v1::ListReportsRequest& request) = 0;
  virtual absl::StatusOr<v1::SetReportNoticesResponse> SetReportNotices(
      const v1::SetReportNoticesRequest& request) = 0;
  virtual absl::StatusOr<v1::SubmitAppealResponse> SubmitAppeal(
      const v1::SubmitAppealRequest& request) = 0;
  virtual absl::StatusOr<v1::ListDecisionsResponse> ListDecisions(
      const v1::ListDecisionsRequest& request) = 0;
  virtual absl::StatusOr<v1::SubmitMismatchNoticeResponse> SubmitMismatchNotice(
      const v1::SubmitMismatchNoticeRequest& request) = 0;
  virtual absl::StatusOr<v1::ListReasonsResponse> ListReasons(
      const v1::ListReasonsRequest& request) = 0;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_TRANSPORT_H_
