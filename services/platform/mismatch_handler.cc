#include "services/platform/mismatch_handler.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "services/platform/report_validate.h"
#include "storage/rate_store.h"
#include "storage/room_store.h"

namespace frank::platform {
namespace {

absl::Status NotAMember(absl::string_view why) {
  return WithReason(absl::PermissionDeniedError(why), "NOT_A_MEMBER");
}

absl::StatusOr<storage::MismatchNotice> NoticeOf(
    const Device& device, const v1::SubmitMismatchNoticeRequest& request) {
  storage::MismatchNotice notice;
  notice.account_uri = device.account_uri;
  notice.device_id = device.device_id;
  FRANK_ASSIGN_OR_RETURN(notice.request_id,
                         RequestId::Parse("request_id", request.request_id()));
  notice.room_uri = request.room_uri();
  notice.sequence = request.sequence();
  notice.kind = static_cast<uint32_t>(request.kind());
  return notice;
}

}  // namespace

void MismatchHandler::Submit(
    const services::Call& call, const v1::SubmitMismatchNoticeRequest& request,
    services::Done<v1::SubmitMismatchNoticeResponse> done) {
  absl::Status valid = Validate(request);
  if (!valid.ok()) return std::move(done)(valid);
  absl::StatusOr<Device> device = authenticator_.AuthenticateDevice(call);
  if (!device.ok()) return std::move(done)(device.status());
  absl::StatusOr<storage::MismatchNotice> notice = NoticeOf(*device, request);
  if (!notice.ok()) return std::move(done)(notice.status());
  auto counted = std::make_shared<bool>(false);
  storage::RunTransaction(
      engine_,
      [this, notice = *std::move(notice), mailbox = device->mailbox,
       counted](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(*counted, Store(notice, mailbox, transaction));
        return absl::OkStatus();
      },
      [this, counted, done = std::move(done)](absl::Status stored) mutable {
        if (!stored.ok()) return std::move(done)(stored);
        if (*counted) metrics_.NoticeCounted();
        std::move(done)(v1::SubmitMismatchNoticeResponse());
      });
}

absl::StatusOr<bool> MismatchHandler::WasFor(
    const storage::MismatchNotice& notice, const storage::MailboxId& mailbox,
    const storage::MessageOrigin& origin) const {
  if (origin.recipients) {
    return std::find(origin.recipients->begin(), origin.recipients->end(),
                     mailbox) != origin.recipients->end();
  }
  storage::StaysOfAccount stays(engine_, notice.account_uri);
  return stays.Include(notice.room_uri, origin.accepted_at);
}

absl::StatusOr<bool> MismatchHandler::Store(
    const storage::MismatchNotice& notice, const storage::MailboxId& mailbox,
    storage::Transaction& transaction) const {
  FRANK_ASSIGN_OR_RETURN(auto room,
                         storage::FindRoom(transaction, notice.room_uri));
  if (!room || !storage::IsMember(*room, notice.account_uri)) {
    return NotAMember("the caller is not a member of the room");
  }
  FRANK_ASSIGN_OR_RETURN(storage::MismatchKnown known,
                         storage::FindMismatch(transaction, notice));
  if (known == storage::MismatchKnown::kCounted) return false;
  if (known == storage::MismatchKnown::kConflict) {
    return WithReason(absl::AlreadyExistsError(
                          "this request id came before with other content"),
                      "ID_CONFLICT");
  }
  UnixMillis now = clock_.Now();
  FRANK_RETURN_IF_ERROR(storage::CountInHour(
      transaction, storage::RateKind::kMismatchNotices, notice.account_uri, now,
      limits::kMaxMismatchNoticesAnHour));
  FRANK_ASSIGN_OR_RETURN(
      auto origin,
      storage::FindOrigin(transaction, notice.room_uri, notice.sequence));
  absl::optional<std::string> sender;
  if (origin) {
    FRANK_ASSIGN_OR_RETURN(bool was_for, WasFor(notice, mailbox, *origin));
    if (!was_for) return NotAMember("the message was not for this device");
    sender = std::move(origin->sender_uri);
  }
  FRANK_RETURN_IF_ERROR(storage::AddMismatch(
      transaction, notice, sender, now + limits::kIdempotencyRetention));
  return sender.has_value();
}

}  // namespace frank::platform
