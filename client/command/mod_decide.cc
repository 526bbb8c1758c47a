// frank mod: decide, preview.
#include "client/command/mod_decide.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/mod_client.h"
#include "client/command/mod_decision_view.h"
#include "client/command/mod_view.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::client {
namespace {

absl::StatusOr<v1::ActionKind> ParseAction(const std::string& action) {
  for (int kind = v1::ACTION_KIND_NONE; kind <= v1::ActionKind_MAX; ++kind) {
    if (ActionName(static_cast<v1::ActionKind>(kind)) == action) {
      return static_cast<v1::ActionKind>(kind);
    }
  }
  return FieldError("--action",
                    "must be none, warn, limit, suspend, restore, "
                    "ask_reporter, refer or delete_evidence");
}

// --for and --until say the same; neither means until further notice.
absl::StatusOr<uint64_t> EndOf(const Args& args, UnixMillis now) {
  if (args.Has("for") && args.Has("until")) {
    return absl::InvalidArgumentError("--for and --until exclude each other");
  }
  if (args.Has("until")) return ParseTime("--until", args.Get("until"), now);
  if (!args.Has("for")) return 0;
  FRANK_ASSIGN_OR_RETURN(uint64_t millis,
                         ParseDuration("--for", args.Get("for")));
  return now + millis;
}

// Policy, reason and actions: what decide and preview have in common.
template <typename Request>
absl::Status SetGrounds(const Invocation& in, Request* request) {
  request->set_policy(in.args.Get("policy"));
  request->set_reason(in.args.Get("reason"));
  FRANK_ASSIGN_OR_RETURN(uint64_t until, EndOf(in.args, in.clock.Now()));
  FRANK_ASSIGN_OR_RETURN(uint64_t rate, in.args.Number("messages-an-hour", 0));
  for (const std::string& name : in.args.All("action")) {
    FRANK_ASSIGN_OR_RETURN(v1::ActionKind kind, ParseAction(name));
    v1::Action* action = request->add_action();
    action->set_kind(kind);
    const bool limit = kind == v1::ACTION_KIND_LIMIT;
    if (limit || kind == v1::ACTION_KIND_SUSPEND) action->set_until(until);
    if (!limit) continue;
    if (rate < 1 || rate > limits::kMaxMessagesAnHour) {
      return FieldError("--messages-an-hour",
                        absl::StrCat("must be 1 to ",
                                     limits::kMaxMessagesAnHour, " for limit"));
    }
    action->set_messages_an_hour(static_cast<uint32_t>(rate));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CaseId>> CasesOf(const Args& args) {
  FRANK_RETURN_IF_ERROR(
      args.RequirePositionals(1, limits::kMaxDecidedCases, "CASE"));
  std::vector<CaseId> cases;
  for (const std::string& word : args.positionals()) {
    FRANK_ASSIGN_OR_RETURN(CaseId id, ParseCaseId(word));
    cases.push_back(id);
  }
  if ((args.Has("epoch") || args.Has("seen")) && cases.size() > 1) {
    return absl::InvalidArgumentError("--epoch and --seen are for one case");
  }
  return cases;
}

absl::Status RunDecide(const Invocation& in) {
  v1::DecideCaseRequest request;
  FRANK_RETURN_IF_ERROR(SetGrounds(in, &request));
  request.set_rationale(in.args.Get("rationale"));
  FRANK_ASSIGN_OR_RETURN(DecisionId id, IdOption(in, "decision-id"));
  request.set_decision_id(std::string(id.text()));
  FRANK_ASSIGN_OR_RETURN(std::vector<CaseId> cases, CasesOf(in.args));
  FRANK_ASSIGN_OR_RETURN(ModClient client, ModClient::Connect(in.args));
  for (const CaseId& case_id : cases) {
    FRANK_ASSIGN_OR_RETURN(uint64_t epoch, EpochOf(in.args, client, case_id));
    v1::HeldCase* held = request.add_held_case();
    held->set_case_id(std::string(case_id.text()));
    held->set_epoch(epoch);
    FRANK_ASSIGN_OR_RETURN(uint64_t seen, in.args.Number("seen", 0));
    held->set_seen_revision(seen);
  }
  FRANK_ASSIGN_OR_RETURN(v1::DecideCaseResponse response,
                         client.DecideCase(request));
  PrintDecision(in, response.decision(), response.act_hash());
  if (response.decision().state() == v1::DECISION_STATE_PROPOSED) {
    in.out.Say("It has no effect until somebody else approves it.");
  }
  return absl::OkStatus();
}

absl::Status RunPreview(const Invocation& in) {
  v1::PreviewDecisionRequest request;
  FRANK_RETURN_IF_ERROR(SetGrounds(in, &request));
  FRANK_ASSIGN_OR_RETURN(std::vector<CaseId> cases, CasesOf(in.args));
  for (const CaseId& case_id : cases) {
    request.add_case_id(std::string(case_id.text()));
  }
  FRANK_ASSIGN_OR_RETURN(ModClient client, ModClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::PreviewDecisionResponse response,
                         client.PreviewDecision(request));
  in.out.Print(PreviewJson(response), PreviewText(response));
  return absl::OkStatus();
}

std::vector<Option> Grounds() {
  return {
      {"action", "ACTION",
       "none, warn, limit, suspend, restore, ask_reporter or refer", true,
       true},
      {"policy", "NAME",
       "the policy, shown to the account; mod policies lists them", true},
      {"reason", "NAME", "one of the reasons that mod policies lists", true},
      {"for", "TIME", "how long suspend or limit lasts, such as 7d"},
      {"until", "TIME", "when it ends, such as 2027-01-31"},
      {"messages-an-hour", "N", "for limit"},
  };
}

}  // namespace

absl::StatusOr<DecisionId> IdOption(const Invocation& in,
                                    const std::string& option) {
  if (!in.args.Has(option)) return DecisionId::Random(in.random);
  absl::StatusOr<Bytes> bytes = FromHex(in.args.Get(option));
  if (!bytes.ok() || bytes->size() != DecisionId::kSize) {
    return FieldError(absl::StrCat("--", option), "must be 32 hex digits");
  }
  return DecisionId(ToArray<DecisionId::kSize>(*bytes));
}

absl::StatusOr<std::string> DecisionOf(const Args& args) {
  FRANK_RETURN_IF_ERROR(args.RequirePositionals(1, 1, "DECISION"));
  absl::StatusOr<Bytes> bytes = FromHex(args.positionals().front());
  if (!bytes.ok() || bytes->size() != DecisionId::kSize) {
    return FieldError("DECISION", "must be 32 hex digits");
  }
  return ToString(*bytes);
}

void PrintDecision(const Invocation& in, const v1::Decision& decision,
                   const std::string& act_hash) {
  in.out.Print(DecisionJson(decision).Hex("act_hash", act_hash),
               absl::StrCat(DecisionText(decision), "\n  act     ",
                            ToHex(AsBytes(act_hash))));
}

std::vector<Command> DecideCommands() {
  std::vector<Option> decide = Grounds();
  for (Option option : std::vector<Option>{
           {"rationale", "TEXT", "why, for other moderators", true},
           {"decision-id", "HEX", "repeat a decision under its id"},
           {"seen", "REVISION",
            "of the case as it was shown; refused if a report has joined "
            "since"},
           kEpochOption}) {
    decide.push_back(std::move(option));
  }
  return {
      {"mod decide", "CASE...",
       "Decide cases of one account that you hold, or propose it where a "
       "second person is needed.",
       WithModConnection(std::move(decide)), &RunDecide},
      {"mod preview", "CASE...",
       "Show what a decision would add up to, and whom it would tell what.",
       WithModConnection(Grounds()), &RunPreview},
  };
}

}  // namespace frank::client
