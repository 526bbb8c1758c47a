#include "services/moderation/decision_desk.h"

#include <memory>
#include <utility>

#include "core/status.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_decision.h"

namespace frank::moderation {
namespace {

// After its last retry a transaction is still kAborted.
absl::Status Explain(absl::Status status) {
  if (!absl::IsAborted(status) || FindReason(status)) return status;
  return WithReason(absl::AbortedError("others decide at the same time"),
                    "CONTENTION");
}

template <typename Answer>
storage::CommitDone Give(std::shared_ptr<Answer> answer,
                         services::Done<Answer> done) {
  return [answer, done = std::move(done)](absl::Status status) mutable {
    if (!status.ok()) return done(Explain(std::move(status)));
    done(std::move(*answer));
  };
}

}  // namespace

DecisionDesk::DecisionDesk(const Dependencies& dependencies)
    : d_(dependencies) {}

void DecisionDesk::Decide(const Moderator& moderator,
                          const v1::DecideCaseRequest& request,
                          services::Done<v1::DecideCaseResponse> done) {
  auto response = std::make_shared<v1::DecideCaseResponse>();
  storage::RunTransaction(
      d_.engine,
      [this, input = MakeDecisionInput(moderator, request),
       response](storage::Transaction& transaction) mutable -> absl::Status {
        input.now = d_.clock.Now();
        input.effects_due_at = d_.timing.DueAt(input.now, d_.random);
        FRANK_ASSIGN_OR_RETURN(
            *response,
            CaseDecision({d_.vault, d_.policies, d_.engine, transaction}, input)
                .Run());
        return absl::OkStatus();
      },
      Give(response, std::move(done)));
}

void DecisionDesk::Apply(const Moderator& moderator, const Change& change,
                         services::Done<ChangedDecision> done) {
  DecisionId id(ToArray<DecisionId::kSize>(AsBytes(change.decision_id)));
  ChangeInput input =
      MakeChangeInput(change.kind, moderator, change.act_id, change.reason);
  input.seen_revisions = change.seen_revisions;
  Run(
      std::move(input), [id](DecisionChange& run) { return run.Run(id); },
      std::move(done));
}

void DecisionDesk::DecideAppeal(const Moderator& moderator,
                                const v1::DecideAppealRequest& request,
                                services::Done<ChangedDecision> done) {
  CaseId id(ToArray<CaseId::kSize>(AsBytes(request.held_case().case_id())));
  Run(
      MakeChangeInput(request.outcome() == v1::APPEAL_OUTCOME_GRANTED
                          ? v1::DECISION_EVENT_KIND_APPEAL_OVERTURNED
                          : v1::DECISION_EVENT_KIND_APPEAL_UPHELD,
                      moderator, request.act_id(), request.reason()),
      [id, epoch = request.held_case().epoch()](DecisionChange& run) {
        return run.RunOnAppeal(id, epoch);
      },
      std::move(done));
}

void DecisionDesk::Run(ChangeInput input, Body body,
                       services::Done<ChangedDecision> done) {
  input.lease_time = d_.lease_time;
  auto changed = std::make_shared<ChangedDecision>();
  storage::RunTransaction(
      d_.engine,
      [this, input = std::move(input), body = std::move(body),
       changed](storage::Transaction& transaction) mutable -> absl::Status {
        input.now = d_.clock.Now();
        input.effects_due_at = d_.timing.DueAt(input.now, d_.random);
        DecisionChange run({d_.vault, d_.engine, transaction}, input);
        FRANK_ASSIGN_OR_RETURN(*changed, body(run));
        return absl::OkStatus();
      },
      Give(changed, std::move(done)));
}

}  // namespace frank::moderation
