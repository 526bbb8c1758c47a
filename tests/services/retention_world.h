// A world of decisions whose closed cases are shredded.
#ifndef FRANK_TESTS_SERVICES_RETENTION_WORLD_H_
#define FRANK_TESTS_SERVICES_RETENTION_WORLD_H_

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/moderation/retention_handler.h"
#include "services/moderation/retention_keeper.h"
#include "tests/services/decision_world.h"

namespace frank::moderation {

inline constexpr char kCarol[] = "mimi://hub.example/u/carol";

class RetentionWorld : public DecisionWorld {
 public:
  // Effects are due at once.
  RetentionWorld() : RetentionWorld(nullptr) {}
  explicit RetentionWorld(std::unique_ptr<storage::Engine> store)
      : DecisionWorld(0, std::move(store)) {}

  // A case about an account that a decision closed; its effects have left.
  std::string Closed(const std::string& accused, char id,
                     const std::vector<v1::Action>& actions) {
    v1::CaseSummary held = NewCase(accused);
    EXPECT_TRUE(DecideOne(held, actions, id).ok());
    Send();
    return held.case_id();
  }
  std::string ClosedWithout(const std::string& accused, char id) {
    return Closed(accused, id, {MakeAction(v1::ACTION_KIND_NONE)});
  }

  // Shreds what is due, as the worker of a running process does.
  void Shred() {
    for (int i = 0; i < 1000 && process->shredder.Tend() == 0; ++i) {
    }
  }
  bool IsShredded(const std::string& case_id) {
    return StateOf(case_id) == v1::CASE_STATE_SHREDDED;
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> AskRetention(
      void (RetentionHandler::*method)(const services::Call&, const Request&,
                                       services::Done<Response>),
      const std::string& token, const Request& request) {
    return Await<Response>([&](services::Done<Response> done) {
      (process->retention_handler.*method)(CallOf(token), request,
                                           std::move(done));
    });
  }
  absl::StatusOr<v1::ListDueResponse> Due(v1::ListDueRequest request = {}) {
    return AskRetention(&RetentionHandler::ListDue, kSenior, request);
  }
  // What stands in the way of the only case that is due.
  std::set<int> Obstacles() {
    v1::ListDueResponse due = Due().value();
    EXPECT_EQ(due.due_case_size(), 1);
    if (due.due_case_size() != 1) return {};
    return {due.due_case(0).obstacle().begin(),
            due.due_case(0).obstacle().end()};
  }
  absl::StatusOr<v1::PlaceLegalHoldResponse> PlaceHold(
      const std::string& case_id, char hold,
      const std::string& token = kSenior) {
    v1::PlaceLegalHoldRequest request;
    request.set_case_id(case_id);
    request.set_hold_id(IdOf(hold));
    request.set_reason("court order 7");
    return AskRetention(&RetentionHandler::PlaceLegalHold, token, request);
  }
  absl::StatusOr<v1::LiftLegalHoldResponse> LiftHold(
      const std::string& case_id, char hold,
      const std::string& token = kSenior) {
    v1::LiftLegalHoldRequest request;
    request.set_case_id(case_id);
    request.set_hold_id(IdOf(hold));
    request.set_reason("the court has ruled");
    return AskRetention(&RetentionHandler::LiftLegalHold, token, request);
  }
  // The acts about a case, by name.
  std::vector<std::string> ActNames(const std::string& case_id) {
    std::vector<std::string> names;
    v1::ListActsResponse acts = Acts(kReviewer, case_id).value();
    for (const auto& act : acts.act()) names.push_back(act.act());
    return names;
  }
};

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_RETENTION_WORLD_H_
