// What the moderators of the shift have in common: who they are, what they may
// name, and what the service acknowledged to any of them.
#ifndef FRANK_TESTS_E2E_SHIFT_DESK_H_
#define FRANK_TESTS_E2E_SHIFT_DESK_H_

#include <atomic>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "core/random.h"
#include "frank/v1/decision.pb.h"
#include "tests/e2e/shift/dice.h"
#include "tests/e2e/shift/servers.h"
#include "tests/e2e/shift/tally.h"

namespace frank::shift {

// A moderator as `frank mod-admin` added them.
struct Colleague {
  std::string id;
  bool senior = false;
  bool child_safety = false;
};

// A decision that is in force, or was when it was acknowledged.
struct MadeDecision {
  std::string id;
  std::string moderator;
  std::string accused_uri;
  // Whether it does something to the account, which may appeal then.
  bool concerns_account = false;
};

// Thread-safe.
class Desk {
 public:
  Desk(Tally& tally, RandomSource& random, std::vector<Colleague> colleagues)
      : tally_(tally), random_(random), colleagues_(std::move(colleagues)) {}

  // Fetches what decisions may name.
  absl::Status FetchPolicies(const ModerationClient& client);

  Tally& tally() { return tally_; }
  RandomSource& random() { return random_; }
  const std::vector<Colleague>& colleagues() const { return colleagues_; }
  // From FetchPolicies on.
  const std::vector<std::string>& policies() const { return policies_; }
  const std::vector<std::string>& action_reasons() const {
    return action_reasons_;
  }
  const std::vector<std::string>& no_action_reasons() const {
    return no_action_reasons_;
  }

  // The end of the shift comes near: what is open is decided, and nothing is
  // begun that leads elsewhere.
  void Close() { closing_ = true; }
  bool is_closing() const { return closing_; }
  // Everybody goes home.
  void End() { over_ = true; }
  bool is_over() const { return over_; }

  // Acknowledged acts, by the hash of their entry.
  void Acknowledged(const std::string& act_hash);
  std::set<std::string> acknowledged() const;

  void Made(MadeDecision decision);
  absl::optional<MadeDecision> SomeDecision(Dice* dice) const;
  // Hands over each decision about an account once, for who may appeal.
  absl::optional<MadeDecision> NextToAppeal();

  // Whom somebody muted, and for whom that is over.
  void Muted(const std::string& reporter_uri);
  std::vector<std::string> muted() const;

 private:
  Tally& tally_;
  RandomSource& random_;
  const std::vector<Colleague> colleagues_;
  std::vector<std::string> policies_;
  std::vector<std::string> action_reasons_;
  std::vector<std::string> no_action_reasons_;
  std::atomic<bool> closing_{false};
  std::atomic<bool> over_{false};
  mutable absl::Mutex mutex_;
  std::set<std::string> acts_ ABSL_GUARDED_BY(mutex_);
  std::vector<MadeDecision> made_ ABSL_GUARDED_BY(mutex_);
  std::deque<MadeDecision> to_appeal_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> muted_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_DESK_H_
