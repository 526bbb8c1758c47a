#include <utility>

#include "client/load/moderation_load.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "core/status.h"
#include "frank/v1/decision.grpc.pb.h"
#include "frank/v1/review.grpc.pb.h"

namespace frank::load {
namespace {

using frank::v1::DecisionService;
using frank::v1::ReviewService;

constexpr char kRationale[] = "Decided under load.";

// What each decision says but for the case.
absl::StatusOr<frank::v1::DecideCaseRequest> TemplateOf(
    const frank::v1::ListPoliciesResponse& policies) {
  frank::v1::DecideCaseRequest request;
  for (const frank::v1::Policy& policy : policies.policy()) {
    if (!policy.heading() && !policy.second_person() &&
        request.policy().empty()) {
      request.set_policy(policy.policy());
    }
  }
  for (const frank::v1::DecisionReason& reason : policies.no_action_reason()) {
    if (!reason.second_person() && request.reason().empty()) {
      request.set_reason(reason.reason());
    }
  }
  if (request.policy().empty() || request.reason().empty()) {
    return absl::FailedPreconditionError(
        "every policy, or every reason for no action, needs a second person");
  }
  request.set_rationale(kRationale);
  request.add_action()->set_kind(frank::v1::ACTION_KIND_NONE);
  return request;
}

class ClaimLoad final : public Workload {
 public:
  ClaimLoad(const std::vector<std::shared_ptr<grpc::Channel>>& moderation,
            std::vector<std::string> tokens, RandomSource& random)
      : tokens_(std::move(tokens)),
        reviews_(moderation),
        decisions_(moderation),
        random_(random) {}

  absl::Status FetchPolicies() {
    FRANK_ASSIGN_OR_RETURN(
        frank::v1::ListPoliciesResponse policies,
        CallAndWait(decisions_.Next(), &DecisionService::Stub::ListPolicies,
                    tokens_.front(), frank::v1::ListPoliciesRequest()));
    FRANK_ASSIGN_OR_RETURN(template_, TemplateOf(policies));
    return absl::OkStatus();
  }

  std::vector<Operation> operations() const override {
    return {{"claim-decide"}};
  }
  absl::Status Begin(const RunContext&) override { return absl::OkStatus(); }
  void End() override { WaitForCalls(); }

  absl::StatusOr<Job> Compose(Dice*) override {
    frank::v1::DecideCaseRequest decision = template_;
    decision.set_decision_id(ToString(DecisionId::Random(random_).bytes()));
    const std::string& token = tokens_[next_++ % tokens_.size()];
    return Job{0, [this, &token, decision](Nanos, Done done) {
                 Claim(token, decision, std::move(done));
               }};
  }

 private:
  void Claim(const std::string& token, frank::v1::DecideCaseRequest decision,
             Done done) {
    CallAsync(reviews_.Next(), &Async<ReviewService>::ClaimCase, token,
              frank::v1::ClaimCaseRequest(),
              [this, &token, decision = std::move(decision), done](
                  const absl::Status& status,
                  const frank::v1::ClaimCaseResponse& response) mutable {
                if (!status.ok()) return done(status);
                if (!response.has_claimed()) {
                  return done(WithReason(absl::NotFoundError("no case waits"),
                                         kReasonIdle));
                }
                frank::v1::HeldCase* held = decision.add_held_case();
                held->set_case_id(response.claimed().case_id());
                held->set_epoch(response.claimed().lease().epoch());
                Decide(token, std::move(decision), done);
              });
  }

  void Decide(const std::string& token, frank::v1::DecideCaseRequest decision,
              const Done& done) {
    CallAsync(decisions_.Next(), &Async<DecisionService>::DecideCase, token,
              std::move(decision),
              [done](const absl::Status& status,
                     const frank::v1::DecideCaseResponse&) { done(status); });
  }

  const std::vector<std::string> tokens_;
  Stubs<ReviewService> reviews_;
  Stubs<DecisionService> decisions_;
  RandomSource& random_;
  frank::v1::DecideCaseRequest template_;
  std::atomic<size_t> next_{0};
};

}  // namespace

absl::StatusOr<std::unique_ptr<Workload>> MakeClaimLoad(
    const std::vector<std::shared_ptr<grpc::Channel>>& moderation,
    std::vector<std::string> moderator_tokens, RandomSource& random) {
  auto load = std::make_unique<ClaimLoad>(moderation,
                                          std::move(moderator_tokens), random);
  FRANK_RETURN_IF_ERROR(load->FetchPolicies());
  return load;
}

}  // namespace frank::load
