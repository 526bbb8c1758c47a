#include "services/moderation/validate.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "services/moderation/validate_filter.h"
#include "storage/moderation_schema.h"

namespace frank::moderation {
namespace {

absl::Status CheckCaseId(const std::string& id) {
  return CaseId::Parse("case_id", id).status();
}

// A page of evidence ends with the hex of its last piece.
absl::Status CheckEvidencePlace(const std::string& token) {
  if (token.empty()) return absl::OkStatus();
  const absl::StatusOr<Bytes> id = FromHex(token);
  if (id.ok() && id->size() == storage::EvidenceId::kSize) {
    return absl::OkStatus();
  }
  return FieldError("page_token", "must be one that was returned");
}

absl::Status CheckTag(absl::string_view field, const std::string& tag) {
  if (tag.empty() || tag.size() == limits::kTagBytes) return absl::OkStatus();
  return FieldError(
      field, absl::StrCat("must be empty or ", limits::kTagBytes, " bytes"));
}

}  // namespace

absl::Status CheckText(absl::string_view field, const std::string& text,
                       size_t min, size_t max) {
  if (text.size() < min || text.size() > max) {
    return FieldError(field,
                      absl::StrCat("must be ", min, " to ", max, " bytes"));
  }
  if (!IsWellFormedUtf8(text)) return FieldError(field, "must be UTF-8");
  return absl::OkStatus();
}

absl::Status CheckPageToken(absl::string_view field, const std::string& token,
                            size_t size) {
  std::string position;
  if (token.empty() || (absl::WebSafeBase64Unescape(token, &position) &&
                        position.size() == size)) {
    return absl::OkStatus();
  }
  return FieldError(field, "must be one that was returned");
}

absl::Status CheckPageSize(uint32_t page_size) {
  if (page_size <= limits::kMaxPageSize) return absl::OkStatus();
  return FieldError("page_size",
                    absl::StrCat("must be 0 to ", limits::kMaxPageSize));
}

absl::Status Check(const v1::ListCasesRequest& request) {
  return CheckListing(request);
}

absl::Status Check(const v1::ClaimCaseRequest& request) {
  if (!request.show() && (request.reveal_notes() || request.reveal_texts())) {
    return FieldError("show", "is needed for reveal_notes, reveal_texts");
  }
  if (request.case_id().empty()) return CheckClaimFilter(request.filter());
  if (request.has_filter()) {
    return FieldError("filter", "is for the next case, not for a named one");
  }
  if (!request.page_token().empty()) {
    return FieldError("page_token",
                      "is for the next case, not for a named one");
  }
  return CheckCaseId(request.case_id());
}

absl::Status Check(const v1::RenewLeaseRequest& request) {
  return CheckCaseId(request.case_id());
}

absl::Status Check(const v1::GetCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request.case_id()));
  FRANK_RETURN_IF_ERROR(CheckTag("franking_tag", request.franking_tag()));
  FRANK_RETURN_IF_ERROR(CheckTag("file_tag", request.file_tag()));
  if (request.reveal_tag_size() >
      static_cast<int>(limits::kMaxRevealedPieces)) {
    return FieldError("reveal_tag", absl::StrCat("must be at most ",
                                                 limits::kMaxRevealedPieces));
  }
  for (int i = 0; i < request.reveal_tag_size(); ++i) {
    FRANK_RETURN_IF_ERROR(
        FrankingTag::Parse(absl::StrCat("reveal_tag[", i, "]"),
                           request.reveal_tag(i))
            .status());
  }
  bool alone = !request.franking_tag().empty();
  if (!alone && (!request.file_tag().empty() || request.first_index() > 0 ||
                 request.index_count() > 0)) {
    return FieldError("franking_tag",
                      "is needed for file_tag, first_index, index_count");
  }
  FRANK_RETURN_IF_ERROR(CheckEvidencePlace(request.page_token()));
  if (request.text_only() && !request.reveal() &&
      request.reveal_tag_size() == 0) {
    return FieldError("text_only", "needs reveal or reveal_tag");
  }
  // Behind it there is the time of a note and its id.
  return CheckPageToken("note_page_token", request.note_page_token(),
                        8 + storage::NoteId::kSize);
}

absl::Status Check(const v1::ReleaseCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request.case_id()));
  return CheckText("note", request.note(), 0, limits::kMaxDecisionNoteBytes);
}

absl::Status Check(const v1::ListActsRequest& request) {
  return CheckCaseId(request.case_id());
}

}  // namespace frank::moderation
