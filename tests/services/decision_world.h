// The world of moderation as decisions need it: more people, a platform that
// remembers, and calls to DecisionService.
#ifndef FRANK_TESTS_SERVICES_DECISION_WORLD_H_
#define FRANK_TESTS_SERVICES_DECISION_WORLD_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "services/moderation/decision_handler.h"
#include "services/moderation/effect_sender.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {

inline constexpr char kSecondSenior[] = "frank_second_senior";

// Applies states by number, as the platform does, and keeps what it was told.
class RememberingPlatform final : public EffectClient {
 public:
  absl::Status Apply(const v1::ApplyRequest& request) override;

  // What holds of an account at a time.
  struct Effective {
    bool suspended = false;
    uint32_t messages_an_hour = 0;
    friend bool operator==(const Effective& a, const Effective& b) {
      return a.suspended == b.suspended &&
             a.messages_an_hour == b.messages_an_hour;
    }
  };
  Effective At(const std::string& account, UnixMillis now) const;

  absl::Status away;
  // Runs before each call, on the sender's thread.
  std::function<void()> before;
  std::map<std::string, v1::EnforcementState> accounts;
  std::vector<v1::NoticeKind> notices;
  // By reporter: the outcome that they see.
  std::map<std::string, v1::OutcomeNotice> outcomes;
  std::vector<v1::AppealNotice> appeals;
};

class DecisionWorld : public ModerationWorld {
 public:
  explicit DecisionWorld(UnixMillis undo_window = 1 * kMinute);
  // Over a store that is there.
  DecisionWorld(UnixMillis undo_window, std::unique_ptr<storage::Engine> store);

  // A new process over the same store.
  void StartAgain();
  // Sends what is due now.
  void Send();

  // A reported case about an account, claimed.
  v1::CaseSummary NewCase(const std::string& accused,
                          const std::string& reason = "harassment.hate",
                          const std::string& token = kReviewer,
                          const std::string& reporter = kBob);
  v1::CaseState StateOf(const std::string& case_id);

  // Calls a method of the service and waits for the answer.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(
      void (DecisionHandler::*method)(const services::Call&, const Request&,
                                      services::Done<Response>),
      const std::string& token, const Request& request) {
    services::Call call;
    call.bearer_token = token;
    absl::Notification answered;
    absl::StatusOr<Response> result = absl::UnknownError("not answered");
    (process->decision.*method)(
        call, request,
        services::Done<Response>([&](absl::StatusOr<Response> answer) {
          result = std::move(answer);
          answered.Notify();
        }));
    answered.WaitForNotification();
    return result;
  }

  absl::StatusOr<v1::DecideCaseResponse> DecideOne(
      const v1::CaseSummary& held, const std::vector<v1::Action>& actions,
      char id, const std::string& token = kReviewer);
  absl::StatusOr<v1::UndoDecisionResponse> Undo(const std::string& token,
                                                char id, char act = 'U');
  absl::StatusOr<v1::ReverseDecisionResponse> Reverse(const std::string& token,
                                                      char id, char act = 'R');
  absl::StatusOr<v1::ApproveDecisionResponse> Approve(
      const std::string& token, char id, char act = 'A',
      const std::vector<uint64_t>& seen = {});
  absl::StatusOr<v1::RefuseDecisionResponse> Refuse(const std::string& token,
                                                    char id, char act = 'F');
  absl::StatusOr<v1::WithdrawDecisionResponse> Withdraw(
      const std::string& token, char id, char act = 'W');
  absl::StatusOr<v1::ListApprovalsResponse> Approvals(
      const std::string& token = kSenior);
  absl::StatusOr<v1::ListStrikesResponse> Strikes(const std::string& account);
  // The case's decision as the case shows it.
  v1::Decision Shown(const std::string& case_id, int index = 0);

  RememberingPlatform receiver;

 private:
  std::unique_ptr<EffectSender> sender_;
};

// 16 bytes of one letter.
std::string IdOf(char letter);
std::string ReasonOf(const absl::Status& status);

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_DECISION_WORLD_H_
