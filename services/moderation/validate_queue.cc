#include "services/moderation/validate_queue.h"

#include <string>

#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/moderator.h"
#include "services/moderation/routing.h"
#include "services/moderation/validate.h"
#include "services/moderation/validate_filter.h"
#include "storage/moderation_schema.h"

namespace frank::moderation {
namespace {

template <typename Request>
absl::Status CheckCaseId(const Request& request) {
  return CaseId::Parse("case_id", request.case_id()).status();
}

absl::Status CheckLabel(absl::string_view field, const std::string& label) {
  if (IsLabel(label)) return absl::OkStatus();
  return FieldError(field, "must be 1 to 32 of a-z, 0-9, '-', '_'");
}

absl::Status CheckNote(absl::string_view field, const std::string& note) {
  return CheckText(field, note, 1, limits::kMaxDecisionNoteBytes);
}

template <typename Request>
absl::Status CheckPair(const Request& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request));
  FRANK_RETURN_IF_ERROR(
      CaseId::Parse("other_case_id", request.other_case_id()).status());
  if (request.case_id() == request.other_case_id()) {
    return FieldError("other_case_id", "must be another case");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Check(const v1::ListQueuesRequest&) { return absl::OkStatus(); }

absl::Status Check(const v1::HoldCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request));
  return CheckText("reason", request.reason(), 1, limits::kMaxHoldReasonBytes);
}

absl::Status Check(const v1::WakeCaseRequest& request) {
  return CheckCaseId(request);
}

absl::Status Check(const v1::HandOverCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request));
  if (request.to_case() == v1::HandOverCaseRequest::TO_NOT_SET) {
    return FieldError("to", "must be a moderator or a queue");
  }
  if (request.has_moderator()) {
    FRANK_RETURN_IF_ERROR(CheckModeratorId("moderator", request.moderator()));
  } else {
    FRANK_RETURN_IF_ERROR(CheckLabel("queue", request.queue()));
  }
  return CheckNote("note", request.note());
}

absl::Status Check(const v1::TakeOverCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request));
  return CheckNote("note", request.note());
}

absl::Status Check(const v1::EscalateCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request));
  return CheckNote("note", request.note());
}

absl::Status Check(const v1::AddNoteRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request));
  FRANK_RETURN_IF_ERROR(
      storage::NoteId::Parse("note_id", request.note_id()).status());
  return CheckNote("text", request.text());
}

absl::Status Check(const v1::TagCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request));
  return CheckLabel("tag", request.tag());
}

absl::Status Check(const v1::UntagCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request));
  return CheckLabel("tag", request.tag());
}

absl::Status Check(const v1::LinkCasesRequest& request) {
  return CheckPair(request);
}

absl::Status Check(const v1::UnlinkCasesRequest& request) {
  return CheckPair(request);
}

absl::Status Check(const v1::MarkDuplicateRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request));
  return CaseId::Parse("into_case_id", request.into_case_id()).status();
}

absl::Status Check(const v1::AttendCaseRequest& request) {
  return CheckCaseId(request);
}

absl::Status Check(const v1::SearchNotesRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckText("text", request.text(),
                                  limits::kMinNoteSearchBytes,
                                  limits::kMaxNoteSearchBytes));
  return CheckListing(request);
}

}  // namespace frank::moderation
