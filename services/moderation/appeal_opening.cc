#include "services/moderation/appeal_opening.h"

#include <set>

#include "core/status.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/decision_plan.h"
#include "services/moderation/decision_proto.h"
#include "services/moderation/routing.h"
#include "services/moderation/target_events.h"
#include "storage/decision_store.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;
using storage::v1::DecisionRecord;

absl::Status BadState(absl::string_view rule) {
  return WithReason(absl::FailedPreconditionError(rule), "DECISION_STATE");
}

absl::Status CheckAppealable(const DecisionRecord& decision) {
  if (decision.state() != v1::DECISION_STATE_MADE) {
    return BadState("the decision does not hold");
  }
  if (!ConcernsAccount(ActionsOf(decision))) {
    return BadState("the decision does not concern the account");
  }
  for (const auto& event : decision.event()) {
    if (event.kind() == v1::DECISION_EVENT_KIND_APPEALED) {
      return BadState("the decision has been appealed against");
    }
  }
  return absl::OkStatus();
}

std::set<std::string> TakersOfPart(const DecisionRecord& decision) {
  std::set<std::string> moderators = {decision.moderator()};
  for (const auto& event : decision.event()) {
    if (event.kind() == v1::DECISION_EVENT_KIND_APPROVED) {
      moderators.insert(event.moderator());
    }
  }
  return moderators;
}

}  // namespace

absl::Status OpenAppeal(storage::Transaction& transaction,
                        const AppealOpening& opening, ActLog* acts) {
  const DecisionId& id = opening.decision_id;
  FRANK_ASSIGN_OR_RETURN(auto decision, storage::FindDecision(transaction, id));
  if (!decision) {
    return WithReason(absl::NotFoundError("no such decision"), "NOT_FOUND");
  }
  FRANK_RETURN_IF_ERROR(CheckAppealable(*decision));
  FRANK_ASSIGN_OR_RETURN(CaseId case_id,
                         CaseId::Parse("case_id", decision->case_id(0)));
  FRANK_ASSIGN_OR_RETURN(CaseRecord before, GetCase(transaction, case_id));
  FRANK_ASSIGN_OR_RETURN(uint32_t state,
                         StateAfter(before.state(), CaseEvent::kAppeal));
  CaseRecord after = before;
  after.set_state(state);
  after.set_appealed_decision_id(ToString(id.bytes()));
  after.set_appealed_at(opening.now);
  after.set_deadline(opening.now + opening.time_to_answer);
  after.clear_excluded_moderator();
  for (const std::string& moderator : TakersOfPart(*decision)) {
    after.add_excluded_moderator(moderator);
  }
  after.set_queue(kAppealsQueue);
  after.set_queue_by_hand(true);
  FRANK_RETURN_IF_ERROR(
      storage::PutCase(transaction, case_id, &before, &after));

  FRANK_ASSIGN_OR_RETURN(
      crypto::Sha256Digest hash,
      acts->Add(CaseSubject(case_id), opening.actor, "case.appealed",
                crypto::AuditDetails().SetHex("decision", id.bytes())));
  auto* event = decision->add_event();
  event->set_kind(v1::DECISION_EVENT_KIND_APPEALED);
  event->set_happened_at(opening.now);
  event->set_act_sha256(ToString(hash));
  NoteAppeal(transaction, opening.now, case_id, id, before, *decision);
  storage::PutDecision(transaction, id, *decision);
  return absl::OkStatus();
}

}  // namespace frank::moderation
