// Every field of the requests about decisions, moderators and the audit log
// against its limit, before anything is looked up. What depends on the clock,
// the policies or the log is in the tests of the desks.
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/moderation/validate_audit.h"
#include "services/moderation/validate_decision.h"
#include "services/moderation/validate_moderators.h"
#include "tests/services/field_rules.h"

namespace frank::moderation {
namespace {

constexpr char kMallory[] = "mimi://hub.example/u/mallory";

template <typename Request>
FieldRules<Request> Rules(Request good) {
  return FieldRules<Request>(std::move(good),
                             [](const Request& r) { return Check(r); });
}

// 16 bytes, another for each number.
std::string CaseOf(size_t number) {
  return absl::StrCat(absl::Dec(number, absl::kZeroPad16));
}

template <typename Request>
void AddAction(Request& r, int kind, uint64_t until = 0,
               uint32_t messages_an_hour = 0) {
  v1::Action* action = r.add_action();
  action->set_kind(static_cast<v1::ActionKind>(kind));
  action->set_until(until);
  action->set_messages_an_hour(messages_an_hour);
}

// Policy, reason and actions: of decisions and of previews.
template <typename Request>
void HasGrounds(const Request& good) {
  const auto set = [](int kind, uint64_t until = 0, uint32_t rate = 0) {
    return [=](Request& r) {
      r.clear_action();
      AddAction(r, kind, until, rate);
    };
  };
  const auto add = [](int kind) {
    return [kind](Request& r) { AddAction(r, kind); };
  };
  Rules(good)
      .HasText("policy", 1, limits::kMaxPolicyBytes,
               [](auto& r, const auto& policy) { r.set_policy(policy); })
      .HasText("reason", 1, limits::kMaxPolicyWordBytes,
               [](auto& r, const auto& reason) { r.set_reason(reason); })
      .Refuses("action", "none", [](auto& r) { r.clear_action(); })
      .Refuses(
          "action", "too many",
          [](auto& r) {
            while (r.action_size() <= static_cast<int>(limits::kMaxActions)) {
              AddAction(r, v1::ACTION_KIND_WARN);
            }
          })
      .Refuses("action[0].kind", "unspecified", set(0))
      .Refuses("action[0].kind", "unknown", set(99))
      .Refuses("action[0].until", "of a warning", set(v1::ACTION_KIND_WARN, 1))
      .Refuses("action[0].messages_an_hour", "of a suspension",
               set(v1::ACTION_KIND_SUSPEND, 0, 1))
      .Refuses("action[0].messages_an_hour", "none", set(v1::ACTION_KIND_LIMIT))
      .Refuses("action[0].messages_an_hour", "too many",
               set(v1::ACTION_KIND_LIMIT, 0, limits::kMaxMessagesAnHour + 1))
      .Takes("the highest limit",
             set(v1::ACTION_KIND_LIMIT, 1, limits::kMaxMessagesAnHour))
      .Takes("a suspension", set(v1::ACTION_KIND_SUSPEND, 1))
      .Refuses("action[1].kind", "unknown", add(99))
      .Refuses("action", "twice", add(v1::ACTION_KIND_WARN))
      .Refuses("action", "NONE beside", add(v1::ACTION_KIND_NONE))
      .Refuses("action", "ASK_REPORTER beside",
               add(v1::ACTION_KIND_ASK_REPORTER))
      .Refuses("action", "DELETE_EVIDENCE and REFER",
               [](auto& r) {
                 AddAction(r, v1::ACTION_KIND_DELETE_EVIDENCE);
                 AddAction(r, v1::ACTION_KIND_REFER);
               })
      .Refuses("action", "RESTORE and SUSPEND", [](auto& r) {
        AddAction(r, v1::ACTION_KIND_RESTORE);
        AddAction(r, v1::ACTION_KIND_SUSPEND);
      });
}

TEST(DecisionFieldsTest, DecideCase) {
  v1::DecideCaseRequest good;
  good.add_held_case()->set_case_id(CaseOf(0));
  good.set_decision_id(OfBytes(16));
  good.set_policy("threats");
  good.set_reason("proven");
  good.set_rationale("he wrote it");
  AddAction(good, v1::ACTION_KIND_WARN);
  HasGrounds(good);
  const auto cases = [](size_t count) {
    return [count](v1::DecideCaseRequest& r) {
      for (size_t i = 1; i < count; ++i) {
        r.add_held_case()->set_case_id(CaseOf(i));
      }
    };
  };
  Rules(good)
      .Refuses("held_case", "none", [](auto& r) { r.clear_held_case(); })
      .Takes("as many as may be", cases(limits::kMaxDecidedCases))
      .Refuses("held_case", "too many", cases(limits::kMaxDecidedCases + 1))
      .HasBytes(
          "held_case[1].case_id", 16,
          [](auto& r, const auto& id) { r.add_held_case()->set_case_id(id); })
      .Refuses("held_case[1].case_id", "twice",
               [](auto& r) { *r.add_held_case() = r.held_case(0); })
      .HasBytes("decision_id", 16,
                [](auto& r, const auto& id) { r.set_decision_id(id); })
      .HasText("rationale", 1, limits::kMaxDecisionNoteBytes,
               [](auto& r, const auto& why) { r.set_rationale(why); });
}

TEST(DecisionFieldsTest, EndsOfSuspensionsAndLimits) {
  constexpr UnixMillis kNow = 1'700'000'000'000;
  v1::DecideCaseRequest good;
  AddAction(good, v1::ACTION_KIND_WARN);
  AddAction(good, v1::ACTION_KIND_SUSPEND);
  const auto until = [](UnixMillis time) {
    return [time](auto& r) { r.mutable_action(1)->set_until(time); };
  };
  FieldRules<v1::DecideCaseRequest>(
      good, [&](const auto& r) { return CheckEnds(r.action(), kNow); })
      .Takes("for good", until(0))
      .Takes("at once", until(kNow + 1))
      .Takes("as late as may be", until(kNow + limits::kMaxSanction))
      .Refuses("action[1].until", "over", until(kNow))
      .Refuses("action[1].until", "too late",
               until(kNow + limits::kMaxSanction + 1))
      .Refuses("action[1].until", "the highest", until(UINT64_MAX));
}

TEST(DecisionFieldsTest, PreviewDecision) {
  v1::PreviewDecisionRequest good;
  good.add_case_id(CaseOf(0));
  good.set_policy("threats");
  good.set_reason("proven");
  AddAction(good, v1::ACTION_KIND_WARN);
  HasGrounds(good);
  const auto cases = [](size_t count) {
    return [count](v1::PreviewDecisionRequest& r) {
      for (size_t i = 1; i < count; ++i) r.add_case_id(CaseOf(i));
    };
  };
  Rules(good)
      .Refuses("case_id", "none", [](auto& r) { r.clear_case_id(); })
      .Takes("as many as may be", cases(limits::kMaxDecidedCases))
      .Refuses("case_id", "too many", cases(limits::kMaxDecidedCases + 1))
      .HasBytes("case_id[1]", 16,
                [](auto& r, const auto& id) { r.add_case_id(id); })
      .Refuses("case_id[1]", "twice",
               [](auto& r) { r.add_case_id(CaseOf(0)); });
}

// Of a request that is an act upon a decision.
template <typename Request>
FieldRules<Request> ActRules(Request good = Request()) {
  good.set_decision_id(OfBytes(16));
  good.set_act_id(OfBytes(16));
  return Rules(good)
      .HasBytes("decision_id", 16,
                [](Request& r, const auto& id) { r.set_decision_id(id); })
      .HasBytes("act_id", 16,
                [](Request& r, const auto& id) { r.set_act_id(id); });
}
template <typename Request>
void HasActAndReason() {
  Request good;
  good.set_reason("why");
  ActRules(good).HasText(
      "reason", 1, limits::kMaxDecisionNoteBytes,
      [](Request& r, const auto& why) { r.set_reason(why); });
}

TEST(DecisionFieldsTest, ActsUponADecision) {
  ActRules<v1::UndoDecisionRequest>();
  ActRules<v1::ApproveDecisionRequest>();
  ActRules<v1::WithdrawDecisionRequest>();
  HasActAndReason<v1::ReverseDecisionRequest>();
  HasActAndReason<v1::RefuseDecisionRequest>();
}

TEST(DecisionFieldsTest, DecideAppeal) {
  const auto outcome = [](int value) {
    return [value](v1::DecideAppealRequest& r) {
      r.set_outcome(static_cast<v1::AppealOutcome>(value));
    };
  };
  v1::DecideAppealRequest good;
  good.mutable_held_case()->set_case_id(CaseOf(0));
  good.set_act_id(OfBytes(16));
  good.set_outcome(v1::APPEAL_OUTCOME_GRANTED);
  good.set_reason("why");
  Rules(good)
      .HasBytes("held_case.case_id", 16,
                [](auto& r, const auto& id) {
                  r.mutable_held_case()->set_case_id(id);
                })
      .HasBytes("act_id", 16, [](auto& r, const auto& id) { r.set_act_id(id); })
      .Refuses("outcome", "absent", outcome(0))
      .Refuses("outcome", "unknown", outcome(3))
      .HasText("reason", 1, limits::kMaxDecisionNoteBytes,
               [](auto& r, const auto& why) { r.set_reason(why); });
}

TEST(DecisionFieldsTest, Lists) {
  const auto token = [](size_t size) {
    return absl::WebSafeBase64Escape(OfBytes(size));
  };
  Rules(v1::ListApprovalsRequest())
      .HasPages({token(1), token(23), token(25), "?"})
      .Takes("a token", [&](auto& r) { r.set_page_token(token(24)); });
  v1::ListStrikesRequest strikes;
  strikes.set_account_uri(kMallory);
  Rules(strikes).HasUri(
      "account_uri", [](auto& r, const auto& uri) { r.set_account_uri(uri); });
}

// An id of this service's accounts or, if `any`, of the provider's moderators.
template <typename Request>
FieldRules<Request> IdRules(Request good = Request(), bool any = true) {
  good.set_id("rey");
  const auto set = [](const std::string& id) {
    return [id](Request& r) { r.set_id(id); };
  };
  auto rules = Rules(good);
  for (const std::string& id :
       {std::string(), OfBytes(limits::kMaxModeratorIdBytes + 1),
        std::string("Rey"), std::string("r y"), std::string("oidc:"),
        "oidc:" + OfBytes(limits::kMaxTokenSubjectBytes + 1)}) {
    rules.Refuses("id", id, set(id));
  }
  rules.Takes("the longest id", set(OfBytes(limits::kMaxModeratorIdBytes)));
  const std::string provided = "oidc:" + OfBytes(limits::kMaxTokenSubjectBytes);
  return any ? rules.Takes(provided, set(provided))
             : rules.Refuses("id", provided, set(provided));
}

template <typename Request>
void HasRoles(FieldRules<Request>& rules) {
  const auto role = [](int value) {
    return [value](Request& r) {
      r.add_role(static_cast<v1::ModeratorRole>(value));
    };
  };
  rules.Takes("no role", [](Request& r) { r.clear_role(); })
      .Refuses("role", "unspecified", role(0))
      .Refuses("role", "unknown", role(v1::MODERATOR_ROLE_ADMINISTRATOR + 1))
      .Refuses("role", "twice", role(v1::MODERATOR_ROLE_SENIOR));
}

template <typename Request>
void HasToken(FieldRules<Request> rules) {
  rules.HasBytes("token_sha256", 32, [](Request& r, const auto& hash) {
    r.set_token_sha256(hash);
  });
}

TEST(ModeratorFieldsTest, AddModerator) {
  const auto links = [](size_t count) {
    return [count](v1::AddModeratorRequest& r) {
      while (r.linked_account_size() < static_cast<int>(count)) {
        r.add_linked_account(kMallory);
      }
    };
  };
  v1::AddModeratorRequest good;
  good.set_token_sha256(OfBytes(32));
  good.add_role(v1::MODERATOR_ROLE_SENIOR);
  auto rules = IdRules(good, /*any=*/false);
  HasRoles(rules);
  HasToken(rules);
  rules.Takes("as many as may be", links(limits::kMaxLinkedAccounts))
      .Refuses("linked_account", "too many",
               links(limits::kMaxLinkedAccounts + 1))
      .HasUri("linked_account[0]",
              [](auto& r, const auto& uri) { r.add_linked_account(uri); });
}

TEST(ModeratorFieldsTest, ChangesOfAModerator) {
  v1::SetModeratorRolesRequest roles;
  roles.add_role(v1::MODERATOR_ROLE_SENIOR);
  auto rules = IdRules(roles);
  HasRoles(rules);
  v1::LinkAccountRequest link;
  link.set_account_uri(kMallory);
  IdRules(link).HasUri(
      "account_uri", [](auto& r, const auto& uri) { r.set_account_uri(uri); });
  IdRules<v1::EnableModeratorRequest>();
  v1::ReplaceModeratorTokenRequest token;
  token.set_token_sha256(OfBytes(32));
  HasToken(IdRules(token));
  v1::ReplaceOwnTokenRequest own;
  own.set_token_sha256(OfBytes(32));
  HasToken(Rules(own));
}

TEST(ModeratorFieldsTest, ListsAndShowsModerators) {
  IdRules<v1::GetModeratorRequest>();
  IdRules<v1::ListModeratorActsRequest>();
  Rules(v1::ListModeratorsRequest())
      .HasPages({"Rey", "\xff", OfBytes(limits::kMaxModeratorIdBytes + 1)})
      .Takes("a token", [](auto& r) { r.set_page_token("rey"); });
  Rules(v1::ListExposureRequest())
      .HasPages({"Rey", "\xff", OfBytes(limits::kMaxModeratorIdBytes + 1)})
      .Takes("a token", [](auto& r) { r.set_page_token("oidc:rey"); });
}

TEST(ModeratorFieldsTest, SetOptOuts) {
  const auto category = [](int value) {
    return [value](v1::SetOptOutsRequest& r) {
      r.add_category(static_cast<v1::ExposureCategory>(value));
    };
  };
  v1::SetOptOutsRequest good;
  good.add_category(v1::EXPOSURE_CATEGORY_GRAPHIC);
  Rules(good)
      .Takes("nothing", [](auto& r) { r.clear_category(); })
      .Refuses("category", "unspecified", category(0))
      .Refuses("category", "NONE", category(v1::EXPOSURE_CATEGORY_NONE))
      .Refuses("category", "unknown",
               category(v1::EXPOSURE_CATEGORY_CHILD_SAFETY + 1))
      .Refuses("category", "twice", category(v1::EXPOSURE_CATEGORY_GRAPHIC));
}

TEST(AuditFieldsTest, GetInclusionProof) {
  v1::GetInclusionProofRequest by_hash;
  by_hash.set_entry_sha256(OfBytes(32));
  Rules(by_hash)
      .Refuses("entry", "absent", [](auto& r) { r.clear_entry(); })
      .HasBytes("entry_sha256", 32,
                [](auto& r, const auto& hash) { r.set_entry_sha256(hash); });
  v1::GetInclusionProofRequest by_act;
  by_act.mutable_act()->set_subject("case:00");
  by_act.mutable_act()->set_number(1);
  Rules(by_act)
      .HasText("act.subject", 1, limits::kMaxAuditSubjectBytes,
               [](auto& r, const auto& subject) {
                 r.mutable_act()->set_subject(subject);
               })
      .Refuses("act.number", "none",
               [](auto& r) { r.mutable_act()->clear_number(); });
}

TEST(AuditFieldsTest, Ranges) {
  v1::GetConsistencyProofRequest sizes;
  sizes.set_old_size(1);
  sizes.set_new_size(1);
  Rules(sizes).Refuses("old_size", "above new_size",
                       [](auto& r) { r.set_old_size(2); });
  v1::ExportEntriesRequest range;
  range.set_first_index(1);
  range.set_end_index(1);
  Rules(range).Refuses("first_index", "above end_index",
                       [](auto& r) { r.set_first_index(2); });
}

}  // namespace
}  // namespace frank::moderation
