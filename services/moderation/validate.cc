#include "services/moderation/validate.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
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

absl::Status CheckTag(absl::string_view field, const std::string& tag) {
  if (tag.empty() || tag.size() == limits::kTagBytes) return absl::OkStatus();
  return FieldError(
      field, absl::StrCat("must be empty or ", limits::kTagBytes, " bytes"));
}

absl::Status CheckText(absl::string_view field, const std::string& text,
                       size_t min, size_t max) {
  if (text.size() < min || text.size() > max) {
    return FieldError(field,
                      absl::StrCat("must be ", min, " to ", max, " bytes"));
  }
  if (!IsWellFormedUtf8(text)) return FieldError(field, "must be UTF-8");
  return absl::OkStatus();
}

absl::Status CheckAction(const v1::Action& action) {
  bool timed = action.kind() == v1::ACTION_KIND_SUSPEND ||
               action.kind() == v1::ACTION_KIND_LIMIT;
  if (action.kind() < v1::ACTION_KIND_NONE ||
      action.kind() > v1::ACTION_KIND_RESTORE) {
    return FieldError("kind", "must be a known action");
  }
  if (!timed && action.until() != 0) {
    return FieldError("until", "is for SUSPEND and LIMIT");
  }
  bool limit = action.kind() == v1::ACTION_KIND_LIMIT;
  if (!limit && action.messages_an_hour() != 0) {
    return FieldError("messages_an_hour", "is for LIMIT");
  }
  if (limit && (action.messages_an_hour() < 1 ||
                action.messages_an_hour() > limits::kMaxMessagesAnHour)) {
    return FieldError(
        "messages_an_hour",
        absl::StrCat("must be 1 to ", limits::kMaxMessagesAnHour));
  }
  return absl::OkStatus();
}

absl::Status CheckActions(const v1::DecideCaseRequest& request) {
  if (request.action().empty() ||
      request.action_size() > static_cast<int>(limits::kMaxActions)) {
    return FieldError("action",
                      absl::StrCat("must be 1 to ", limits::kMaxActions));
  }
  std::set<int> kinds;
  for (int i = 0; i < request.action_size(); ++i) {
    FRANK_RETURN_IF_ERROR(InField(absl::StrCat("action[", i, "]"),
                                  CheckAction(request.action(i))));
    if (!kinds.insert(request.action(i).kind()).second) {
      return FieldError("action", "must name each kind once");
    }
  }
  if (kinds.count(v1::ACTION_KIND_NONE) > 0 && kinds.size() > 1) {
    return FieldError("action", "NONE must stand alone");
  }
  if (kinds.count(v1::ACTION_KIND_RESTORE) > 0 &&
      (kinds.count(v1::ACTION_KIND_SUSPEND) > 0 ||
       kinds.count(v1::ACTION_KIND_LIMIT) > 0)) {
    return FieldError("action", "RESTORE must not be with SUSPEND or LIMIT");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Check(const v1::ListCasesRequest& request) {
  return CheckListing(request);
}

absl::Status Check(const v1::ClaimCaseRequest& request) {
  if (request.case_id().empty()) return CheckClaimFilter(request.filter());
  if (request.has_filter()) {
    return FieldError("filter", "is for the next case, not for a named one");
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
  for (const std::string& tag : request.reveal_tag()) {
    FRANK_RETURN_IF_ERROR(FrankingTag::Parse("reveal_tag", tag).status());
  }
  bool alone = !request.franking_tag().empty();
  if (!alone && (!request.file_tag().empty() || request.first_index() > 0)) {
    return FieldError("franking_tag", "is needed for file_tag, first_index");
  }
  if (!request.page_token().empty() &&
      request.page_token().size() != 2 * storage::EvidenceId::kSize) {
    return FieldError("page_token", "must be one that was returned");
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::DecideCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request.case_id()));
  FRANK_RETURN_IF_ERROR(
      DecisionId::Parse("decision_id", request.decision_id()).status());
  FRANK_RETURN_IF_ERROR(
      CheckText("policy", request.policy(), 1, limits::kMaxPolicyBytes));
  FRANK_RETURN_IF_ERROR(CheckText("rationale", request.rationale(), 1,
                                  limits::kMaxDecisionNoteBytes));
  return CheckActions(request);
}

absl::Status Check(const v1::ReleaseCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCaseId(request.case_id()));
  return CheckText("note", request.note(), 0, limits::kMaxDecisionNoteBytes);
}

absl::Status Check(const v1::ListActsRequest& request) {
  return CheckCaseId(request.case_id());
}

}  // namespace frank::moderation
