#include "services/moderation/decision_desk.h"

#include <memory>
#include <utility>

#include "core/status.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_decision.h"

namespace frank::moderation {

DecisionDesk::DecisionDesk(const Dependencies& dependencies)
    : d_(dependencies) {}

void DecisionDesk::Decide(const Moderator& moderator,
                          const v1::DecideCaseRequest& request,
                          services::Done<v1::DecideCaseResponse> done) {
  auto input = std::make_shared<const DecisionInput>(
      MakeDecisionInput(moderator.id, request, d_.clock.Now(), d_.undo_window));
  auto response = std::make_shared<v1::DecideCaseResponse>();
  storage::RunTransaction(
      d_.engine,
      [this, moderator, input,
       response](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(
            CheckAccess(transaction, moderator, input->case_id));
        FRANK_ASSIGN_OR_RETURN(
            *response,
            CaseDecision(d_.vault, d_.engine, transaction, *input).Run());
        return absl::OkStatus();
      },
      [response, done = std::move(done)](absl::Status status) mutable {
        if (!status.ok()) return done(std::move(status));
        done(std::move(*response));
      });
}

}  // namespace frank::moderation
