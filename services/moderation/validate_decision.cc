#include "services/moderation/validate_decision.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "services/moderation/validate.h"

namespace frank::moderation {
namespace {

absl::Status CheckAction(const v1::Action& action) {
  bool timed = action.kind() == v1::ACTION_KIND_SUSPEND ||
               action.kind() == v1::ACTION_KIND_LIMIT;
  if (action.kind() < v1::ACTION_KIND_NONE ||
      action.kind() > v1::ActionKind_MAX) {
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

absl::Status CheckTogether(const std::set<int>& kinds) {
  auto has = [&](v1::ActionKind kind) { return kinds.count(kind) > 0; };
  if (has(v1::ACTION_KIND_NONE) && kinds.size() > 1) {
    return FieldError("action", "NONE must stand alone");
  }
  if (has(v1::ACTION_KIND_ASK_REPORTER) && kinds.size() > 1) {
    return FieldError("action", "ASK_REPORTER must stand alone");
  }
  if (has(v1::ACTION_KIND_DELETE_EVIDENCE) && has(v1::ACTION_KIND_REFER)) {
    return FieldError("action", "DELETE_EVIDENCE must not be with REFER");
  }
  if (has(v1::ACTION_KIND_RESTORE) &&
      (has(v1::ACTION_KIND_SUSPEND) || has(v1::ACTION_KIND_LIMIT))) {
    return FieldError("action", "RESTORE must not be with SUSPEND or LIMIT");
  }
  return absl::OkStatus();
}

template <typename Actions>
absl::Status CheckActions(const Actions& actions) {
  if (actions.empty() ||
      actions.size() > static_cast<int>(limits::kMaxActions)) {
    return FieldError("action",
                      absl::StrCat("must be 1 to ", limits::kMaxActions));
  }
  std::set<int> kinds;
  for (int i = 0; i < actions.size(); ++i) {
    FRANK_RETURN_IF_ERROR(
        InField(absl::StrCat("action[", i, "]"), CheckAction(actions[i])));
    if (!kinds.insert(actions[i].kind()).second) {
      return FieldError("action", "must name each kind once");
    }
  }
  return CheckTogether(kinds);
}

// Policy and reason may be any here: which there are, the desk knows.
template <typename Request>
absl::Status CheckGrounds(const Request& request) {
  FRANK_RETURN_IF_ERROR(
      CheckText("policy", request.policy(), 1, limits::kMaxPolicyBytes));
  FRANK_RETURN_IF_ERROR(
      CheckText("reason", request.reason(), 1, limits::kMaxPolicyWordBytes));
  return CheckActions(request.action());
}

absl::Status CheckCount(absl::string_view field, int count) {
  if (count >= 1 && count <= static_cast<int>(limits::kMaxDecidedCases)) {
    return absl::OkStatus();
  }
  return FieldError(field,
                    absl::StrCat("must be 1 to ", limits::kMaxDecidedCases));
}

// One of several cases.
absl::Status CheckCase(absl::string_view field, const std::string& id,
                       std::set<std::string>* seen) {
  FRANK_RETURN_IF_ERROR(CaseId::Parse(field, id).status());
  if (seen->insert(id).second) return absl::OkStatus();
  return FieldError(field, "must occur once");
}

// The decision and the act of a request.
template <typename Request>
absl::Status CheckAct(const Request& request) {
  FRANK_RETURN_IF_ERROR(
      DecisionId::Parse("decision_id", request.decision_id()).status());
  return DecisionId::Parse("act_id", request.act_id()).status();
}

absl::Status CheckWords(absl::string_view field, const std::string& text) {
  return CheckText(field, text, 1, limits::kMaxDecisionNoteBytes);
}

}  // namespace

absl::Status Check(const v1::DecideCaseRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCount("held_case", request.held_case_size()));
  std::set<std::string> cases;
  for (int i = 0; i < request.held_case_size(); ++i) {
    FRANK_RETURN_IF_ERROR(CheckCase(absl::StrCat("held_case[", i, "].case_id"),
                                    request.held_case(i).case_id(), &cases));
  }
  FRANK_RETURN_IF_ERROR(
      DecisionId::Parse("decision_id", request.decision_id()).status());
  FRANK_RETURN_IF_ERROR(CheckWords("rationale", request.rationale()));
  return CheckGrounds(request);
}

absl::Status Check(const v1::PreviewDecisionRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckCount("case_id", request.case_id_size()));
  std::set<std::string> cases;
  for (int i = 0; i < request.case_id_size(); ++i) {
    FRANK_RETURN_IF_ERROR(CheckCase(absl::StrCat("case_id[", i, "]"),
                                    request.case_id(i), &cases));
  }
  return CheckGrounds(request);
}

absl::Status Check(const v1::UndoDecisionRequest& request) {
  return CheckAct(request);
}

absl::Status Check(const v1::ReverseDecisionRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckAct(request));
  return CheckWords("reason", request.reason());
}

absl::Status Check(const v1::ListApprovalsRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckPageSize(request.page_size()));
  // Behind it there is when the last of the page was proposed, and its id.
  return CheckPageToken("page_token", request.page_token(),
                        8 + DecisionId::kSize);
}

absl::Status Check(const v1::ApproveDecisionRequest& request) {
  if (request.seen_revision_size() >
      static_cast<int>(limits::kMaxDecidedCases)) {
    return FieldError("seen_revision", absl::StrCat("must be at most ",
                                                    limits::kMaxDecidedCases));
  }
  return CheckAct(request);
}

absl::Status Check(const v1::RefuseDecisionRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckAct(request));
  return CheckWords("reason", request.reason());
}

absl::Status Check(const v1::WithdrawDecisionRequest& request) {
  return CheckAct(request);
}

absl::Status Check(const v1::DecideAppealRequest& request) {
  FRANK_RETURN_IF_ERROR(InField(
      "held_case",
      CaseId::Parse("case_id", request.held_case().case_id()).status()));
  FRANK_RETURN_IF_ERROR(DecisionId::Parse("act_id", request.act_id()).status());
  if (request.outcome() != v1::APPEAL_OUTCOME_REJECTED &&
      request.outcome() != v1::APPEAL_OUTCOME_GRANTED) {
    return FieldError("outcome", "must be REJECTED or GRANTED");
  }
  return CheckWords("reason", request.reason());
}

absl::Status Check(const v1::ListPoliciesRequest&) { return absl::OkStatus(); }

absl::Status Check(const v1::ListStrikesRequest& request) {
  return CheckUri("account_uri", request.account_uri());
}

absl::Status CheckEnds(
    const google::protobuf::RepeatedPtrField<v1::Action>& actions,
    UnixMillis now) {
  for (int i = 0; i < actions.size(); ++i) {
    const UnixMillis until = actions[i].until();
    if (until == 0) continue;
    const std::string field = absl::StrCat("action[", i, "].until");
    if (until <= now) return FieldError(field, "must be in the future");
    if (until > now + limits::kMaxSanction) {
      return FieldError(field,
                        "must be within the next 3650 days; longer is for "
                        "good: until 0");
    }
  }
  return absl::OkStatus();
}

}  // namespace frank::moderation
