#include "services/moderation/package_history.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "frank/v1/decision.pb.h"
#include "frank/v1/retention.pb.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/account_sanctions.h"
#include "services/moderation/act_log.h"
#include "services/moderation/decision_proto.h"
#include "storage/act_store.h"
#include "storage/audit_store.h"
#include "storage/decision_store.h"
#include "storage/moderation_account_store.h"

namespace frank::moderation {
namespace {

constexpr char kOwnRecords[] = "moderation's records";
constexpr char kPlatformCount[] = "the platform's count";
// Acts about one report: it comes, and may be held, moved or judged again.
constexpr size_t kActsOfReport = 32;

std::string Short(const std::string& name, absl::string_view prefix) {
  return ToString(AsBytes(absl::StripPrefix(name, prefix)));
}

void AddFact(absl::string_view fact, absl::string_view value,
             absl::string_view source, UnixMillis as_of,
             evidence::v1::Case* shown) {
  evidence::v1::AccountFact* added = shown->add_account_fact();
  added->set_fact(ToString(AsBytes(fact)));
  added->set_value(ToString(AsBytes(value)));
  added->set_source(ToString(AsBytes(source)));
  added->set_as_of(as_of);
}

std::string Until(UnixMillis until) {
  return until == 0 ? "until further notice" : absl::StrCat("until ", until);
}

void AddEvents(const v1::Decision& decision, evidence::v1::Decision* shown) {
  for (const v1::DecisionEvent& event : decision.event()) {
    evidence::v1::Decision::Event* added = shown->add_event();
    added->set_event(Short(v1::DecisionEventKind_Name(event.kind()),
                           "DECISION_EVENT_KIND_"));
    added->set_moderator(event.moderator());
    added->set_happened_at(event.happened_at());
  }
}

evidence::v1::Decision ToEvidence(const v1::Decision& decision) {
  evidence::v1::Decision shown;
  shown.set_decision_id(ToHex(AsBytes(decision.decision_id())));
  shown.set_state(
      Short(v1::DecisionState_Name(decision.state()), "DECISION_STATE_"));
  shown.set_moderator(decision.moderator());
  shown.set_decided_at(decision.decided_at());
  shown.set_policy(decision.policy());
  shown.set_policy_version(decision.policy_version());
  shown.set_reason(decision.reason());
  for (const v1::Action& action : decision.action()) {
    evidence::v1::Decision::Action* added = shown.add_action();
    added->set_action(
        Short(v1::ActionKind_Name(action.kind()), "ACTION_KIND_"));
    added->set_until(action.until());
    added->set_messages_an_hour(action.messages_an_hour());
  }
  shown.set_outcome(
      Short(v1::ReportOutcome_Name(decision.outcome()), "REPORT_OUTCOME_"));
  shown.set_rationale(decision.rationale());
  AddEvents(decision, &shown);
  return shown;
}

absl::Status AddPolicy(storage::Engine& engine, evidence::v1::Decision* shown) {
  FRANK_ASSIGN_OR_RETURN(auto version, storage::FindPolicyVersion(
                                           engine, shown->policy_version()));
  if (!version) return absl::OkStatus();
  for (const auto& policy : version->policy()) {
    if (policy.policy() != shown->policy()) continue;
    shown->set_policy_title(policy.title());
    shown->set_policy_text(policy.text());
  }
  return absl::OkStatus();
}

// Of more acts about a subject than `limit` the first and the last, as many of
// each, and of those between them the ones with the numbers `always`: neither
// what comes first nor what comes last can push out what else was done.
absl::Status AddActs(storage::Engine& engine, const std::string& subject,
                     size_t limit, const std::set<uint64_t>& always,
                     evidence::v1::Custody* custody,
                     std::vector<storage::ActRef>* acts) {
  FRANK_ASSIGN_OR_RETURN(uint64_t count,
                         storage::GetActCount(*engine.Begin(), subject));
  evidence::v1::Subject* shown = custody->add_subject();
  shown->set_subject(subject);
  shown->set_act_count(count);
  const uint64_t room = limit - always.size();
  const uint64_t first = count > limit ? room - room / 2 : count;
  const uint64_t last_from = count > limit ? count - room / 2 + 1 : count + 1;
  for (uint64_t number = 1; number <= first; ++number) {
    acts->push_back({subject, number});
  }
  for (uint64_t number : always) {
    if (number > first && number < last_from) {
      acts->push_back({subject, number});
    }
  }
  for (uint64_t number = last_from; number <= count; ++number) {
    acts->push_back({subject, number});
  }
  return absl::OkStatus();
}

// The numbers of the acts by which a package was asked for and released.
absl::StatusOr<std::set<uint64_t>> ActsBehind(
    storage::Engine& engine, const storage::v1::ExportRecord& request) {
  std::set<uint64_t> numbers;
  for (const std::string& hash :
       {request.requested_act(), request.released_act()}) {
    // Of requests from before it was kept.
    if (hash.empty()) continue;
    FRANK_ASSIGN_OR_RETURN(auto place,
                           storage::FindPlace(engine, AsBytes(hash)));
    if (!place) return absl::DataLossError("an act of an export is missing");
    numbers.insert(place->number());
  }
  return numbers;
}

evidence::v1::Act ToEvidence(const ProvenAct& proven) {
  evidence::v1::Act act;
  act.set_subject(proven.act.subject);
  act.set_number(proven.act.number);
  act.set_entry(ToHex(AsBytes(proven.proof.entry())));
  act.set_leaf_index(proven.proof.leaf_index());
  for (const std::string& node : proven.proof.proof()) {
    act.add_proof(ToHex(AsBytes(node)));
  }
  return act;
}

}  // namespace

evidence::v1::Case CaseForPackage(const CaseId& id,
                                  const storage::v1::CaseRecord& record,
                                  const storage::v1::ExportRecord& request,
                                  const storage::v1::ExportWords& words) {
  evidence::v1::Case shown;
  shown.set_case_id(id.Hex());
  shown.set_accused(record.accused_uri());
  shown.set_policy_area(record.policy_area());
  shown.set_severity(
      Short(v1::Severity_Name(static_cast<v1::Severity>(record.severity())),
            "SEVERITY_"));
  shown.set_state(
      Short(v1::CaseState_Name(static_cast<v1::CaseState>(record.state())),
            "CASE_STATE_"));
  shown.set_opened_at(record.opened_at());
  shown.set_report_count(record.report_count());
  evidence::v1::Case::Request* asked = shown.mutable_request();
  asked->set_requested_by(request.requested_by());
  asked->set_requested_at(request.requested_at());
  asked->set_released_by(request.released_by());
  asked->set_released_at(request.released_at());
  asked->set_purpose(words.purpose());
  asked->set_legal_basis(words.legal_basis());
  return shown;
}

evidence::v1::Case::Retention RetentionForPackage(
    const storage::v1::CaseRecord& record, const RetentionRules& rules) {
  evidence::v1::Case::Retention retention;
  retention.set_retention_class(Short(
      v1::RetentionClass_Name(
          static_cast<v1::RetentionClass>(storage::RetentionClassOf(record))),
      "RETENTION_CLASS_"));
  retention.set_due_at(rules.DueAt(record).value_or(0));
  return retention;
}

absl::Status AddAccountFacts(storage::Engine& engine,
                             const std::string& account, UnixMillis now,
                             evidence::v1::Case* shown) {
  if (account.empty()) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(auto sanctions,
                         storage::ListSanctions(engine, account));
  const DerivedState state = DeriveState(sanctions, now);
  AddFact("suspended", state.suspended ? Until(state.suspended_until) : "no",
          kOwnRecords, now, shown);
  if (state.messages_an_hour > 0) {
    AddFact(
        "messages_an_hour",
        absl::StrCat(state.messages_an_hour, ", ", Until(state.limited_until)),
        kOwnRecords, now, shown);
  }
  FRANK_ASSIGN_OR_RETURN(auto strikes, storage::ListStrikes(engine, account));
  for (const storage::StoredStrike& strike : strikes) {
    AddFact("strike",
            absl::StrCat(strike.record.policy(), ", weight ",
                         strike.record.weight(),
                         strike.record.reversed() ? ", reversed" : ""),
            kOwnRecords, strike.added_at, shown);
  }
  FRANK_ASSIGN_OR_RETURN(uint64_t notices,
                         storage::GetMismatchNotices(engine, account));
  AddFact("mismatch_notices", absl::StrCat(notices), kPlatformCount, now,
          shown);
  return absl::OkStatus();
}

absl::StatusOr<evidence::v1::Decisions> DecisionsForPackage(
    storage::Engine& engine, const KeyVault& vault, const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(auto decisions, storage::ListDecisions(engine, id));
  evidence::v1::Decisions shown;
  for (const storage::StoredDecision& stored : decisions) {
    FRANK_ASSIGN_OR_RETURN(
        v1::Decision decision,
        ShowDecision(vault, engine, stored.id, stored.record));
    evidence::v1::Decision* added = shown.add_decision();
    *added = ToEvidence(decision);
    FRANK_RETURN_IF_ERROR(AddPolicy(engine, added));
  }
  return shown;
}

absl::StatusOr<ShownCustody> CustodyForPackage(
    storage::Engine& engine, const AuditView& log, const CaseId& id,
    const std::vector<storage::ReportRef>& reports,
    const storage::v1::ExportRecord& request) {
  ShownCustody shown;
  std::vector<storage::ActRef> acts;
  FRANK_ASSIGN_OR_RETURN(auto behind, ActsBehind(engine, request));
  FRANK_RETURN_IF_ERROR(AddActs(engine, CaseSubject(id),
                                limits::kMaxActsOfPackage, behind,
                                &shown.custody, &acts));
  for (const storage::ReportRef& report : reports) {
    FRANK_RETURN_IF_ERROR(AddActs(engine, ReportSubject(report), kActsOfReport,
                                  {}, &shown.custody, &acts));
  }
  FRANK_ASSIGN_OR_RETURN(ProvenActs proven, log.ProveActs(acts));
  bool has_released = false;
  for (const ProvenAct& act : proven.acts) {
    has_released = has_released ||
                   ToString(crypto::Sha256({AsBytes(act.proof.entry())})) ==
                       request.released_act();
    *shown.custody.add_act() = ToEvidence(act);
  }
  if (!has_released) {
    return WithRetryAfter(
        WithReason(
            absl::UnavailableError("the release is not in the audit log yet"),
            "UNAVAILABLE"),
        1 * kSecond);
  }
  shown.checkpoint = std::move(proven.checkpoint);
  return shown;
}

}  // namespace frank::moderation
