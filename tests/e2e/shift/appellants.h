// The accused, who appeal against some of the decisions that they are told of.
#ifndef FRANK_TESTS_E2E_SHIFT_APPELLANTS_H_
#define FRANK_TESTS_E2E_SHIFT_APPELLANTS_H_

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/v1/appeal.pb.h"
#include "tests/e2e/shift/desk.h"
#include "tests/e2e/shift/dice.h"
#include "tests/e2e/shift/servers.h"
#include "tests/e2e/shift/town.h"

namespace frank::shift {

// Returns the decisions that an account was told of.
absl::StatusOr<std::vector<v1::DecisionAboutAccount>> DecisionsAbout(
    client::Transport& platform, const Account& account);

// Used by one thread.
class Appellants {
 public:
  Appellants(const Servers& servers, const Town& town, Desk& desk,
             RandomSource& random, Dice dice)
      : town_(town),
        desk_(desk),
        random_(random),
        dice_(dice),
        platform_(servers.Platform()) {}

  // Until the shift is over. Once it comes near its end, nobody begins to wait
  // for a decision that they might appeal.
  void Work();
  // Whether nobody waits to be told of a decision. From any thread.
  bool idle() const { return idle_; }

  // Ids of the decisions that were appealed against; to be read after Work.
  const std::set<std::string>& appealed() const { return appealed_; }

 private:
  struct Waiting {
    MadeDecision decision;
    size_t account = 0;
    UnixMillis since = 0;
  };

  void Take();
  // True: done with it.
  bool Try(const Waiting& waiting);
  void Appeal(const Waiting& waiting);
  absl::StatusOr<v1::SubmitAppealRequest> Write(const Waiting& waiting,
                                                const std::string& text);
  absl::optional<size_t> Find(const std::string& uri) const;

  const Town& town_;
  Desk& desk_;
  RandomSource& random_;
  Dice dice_;
  std::unique_ptr<client::Transport> platform_;
  std::vector<Waiting> waiting_;
  std::set<std::string> appealed_;
  std::atomic<bool> idle_{true};
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_APPELLANTS_H_
