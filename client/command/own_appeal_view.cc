#include "client/command/own_appeal_view.h"

#include "absl/strings/str_cat.h"
#include "client/command/people.h"
#include "client/command/text.h"

namespace frank::client {
namespace {

const char* StateName(const v1::DecisionAboutAccount& decision) {
  if (!decision.has_appeal()) return "none";
  switch (decision.appeal().state()) {
    case v1::APPEAL_STATE_ACCEPTED:
      return "accepted";
    case v1::APPEAL_STATE_FORWARDED:
      return "with_moderators";
    case v1::APPEAL_STATE_DECIDED:
      return "decided";
    default:
      return "unknown";
  }
}

std::string AppealText(const v1::DecisionAboutAccount& decision,
                       UnixMillis now) {
  if (!decision.has_appeal()) {
    return absl::StrCat(now < decision.appeal_until()
                            ? "may be appealed until "
                            : "could be appealed until ",
                        FormatTime(decision.appeal_until()));
  }
  switch (decision.appeal().state()) {
    case v1::APPEAL_STATE_ACCEPTED:
      return "appealed; on its way to the moderators";
    case v1::APPEAL_STATE_FORWARDED:
      return "appealed; with the moderators";
    default:
      return absl::StrCat("appealed; ",
                          AppealOutcomeText(decision.appeal().outcome()));
  }
}

}  // namespace

JsonObject OwnDecisionJson(const v1::DecisionAboutAccount& decision) {
  JsonObject object;
  object.Hex("decision_id", decision.decision_id())
      .Text("notice", NoticeValue(decision.notice_kind()))
      .Text("policy", decision.policy())
      .Number("until", decision.until())
      .Number("told_at", decision.told_at())
      .Number("appeal_until", decision.appeal_until())
      .Text("appeal", StateName(decision))
      .Number("appealed_at", decision.appeal().accepted_at())
      .Text("outcome", AppealOutcomeName(decision.appeal().outcome()))
      .Number("decided_at", decision.appeal().decided_at());
  return object;
}

std::string OwnDecisionText(const v1::DecisionAboutAccount& decision,
                            UnixMillis now) {
  std::string text =
      absl::StrCat(ToHex(AsBytes(decision.decision_id())), "  ",
                   FormatTime(decision.told_at()), "  the moderators ",
                   NoticeText(decision.notice_kind()));
  if (!decision.policy().empty()) {
    absl::StrAppend(&text, ", policy ", Printable(decision.policy()));
  }
  if (decision.until() != 0) {
    absl::StrAppend(&text, ", until ", FormatTime(decision.until()));
  }
  return absl::StrCat(text, "\n  ", AppealText(decision, now));
}

}  // namespace frank::client
