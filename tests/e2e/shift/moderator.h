// A moderator at work: claims, looks, and does what moderators do, chosen by
// dice. What the service refuses is met as a client would; only what no honest
// client can meet is wrong.
#ifndef FRANK_TESTS_E2E_SHIFT_MODERATOR_H_
#define FRANK_TESTS_E2E_SHIFT_MODERATOR_H_

#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "frank/v1/decision.pb.h"
#include "frank/v1/review.pb.h"
#include "tests/e2e/shift/desk.h"
#include "tests/e2e/shift/dice.h"
#include "tests/e2e/shift/servers.h"
#include "tests/e2e/shift/town.h"

namespace frank::shift {

// Used by one thread.
class Moderator {
 public:
  Moderator(Desk& desk, const Town& town, const Colleague& self,
            ModerationClient client, Dice dice)
      : desk_(desk),
        town_(town),
        self_(self),
        client_(std::move(client)),
        dice_(dice) {}

  // Until the shift is over.
  void Work();

 private:
  // A case in the moderator's hands.
  struct InHand {
    v1::CaseSummary summary;
    uint64_t epoch = 0;
    // The revision that was shown.
    uint64_t seen = 0;
  };

  void Turn();
  absl::optional<InHand> Claim();
  absl::optional<InHand> ClaimNamed(const std::string& case_id);
  // A case that somebody handed over, or that was left.
  absl::optional<InHand> FindOwn();
  void Handle(InHand held);
  bool Look(InHand* held);
  void Reveal(const v1::GetCaseResponse& shown, InHand* held);

  // moderator_moves.cc: what is done with a case instead of deciding it. True:
  // it left the moderator's hands.
  bool MoveAway(const InHand& held);
  void Annotate(const InHand& held);
  bool Renew(const InHand& held);
  void Release(const InHand& held, const std::string& note);
  void HandOver(const InHand& held);
  void Hold(const InHand& held);
  void Escalate(const InHand& held);
  bool CloseIntoAnother(const InHand& held);
  void WakeSomething();
  void TakeOverSomething();
  void MuteSomebody();
  void TryWhatIsForbidden();
  std::vector<v1::CaseSummary> OthersAbout(const v1::CaseSummary& summary);

  // moderator_decisions.cc
  void Decide(InHand held);
  v1::DecideCaseRequest Choose(const std::vector<InHand>& held);
  void ChooseActions(const v1::CaseSummary& summary,
                     v1::DecideCaseRequest* request);
  absl::optional<v1::Decision> Submit(v1::DecideCaseRequest request);
  void Race(const v1::DecideCaseRequest& request);
  void Disturb(const v1::DecideCaseRequest& request);
  void AfterDeciding(const v1::Decision& decision);
  void Note(const v1::Decision& decision);
  void Undo(const std::string& decision_id);
  void Withdraw(const std::string& decision_id);
  void ReverseSomething();
  // True: there was something to approve.
  bool LookAtApprovals();
  void Judge(const v1::Decision& proposal);
  void DecideAppeal(const InHand& held);

  std::string NewId();
  void Refused(absl::string_view act, const absl::Status& status,
               std::initializer_list<absl::string_view> expected) {
    desk_.tally().Refused(act, status, expected);
  }

  Desk& desk_;
  const Town& town_;
  const Colleague self_;
  const ModerationClient client_;
  Dice dice_;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_MODERATOR_H_
