// The story of a shift, from the first account to the closed books.
#ifndef FRANK_TESTS_E2E_SHIFT_SHIFT_H_
#define FRANK_TESTS_E2E_SHIFT_SHIFT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "crypto/random.h"
#include "tests/e2e/shift/appellants.h"
#include "tests/e2e/shift/books.h"
#include "tests/e2e/shift/desk.h"
#include "tests/e2e/shift/reporters.h"
#include "tests/e2e/shift/servers.h"
#include "tests/e2e/shift/tally.h"
#include "tests/e2e/shift/town.h"

namespace frank::shift {

struct ShiftOptions {
  uint64_t seed = 1;
  size_t reports = 0;
  TownSize town;
  std::vector<Colleague> colleagues;
  // Who may see the log.
  std::string auditor;
  // Asks whoever runs the servers for something: "kill platform", "kill
  // moderation", "witness". Does not wait for it.
  std::function<void(absl::string_view order)> order;
};

// Plays it once. Errors are those that end it; what is wrong is in the tally.
class Shift {
 public:
  Shift(const Servers& servers, const ShiftOptions& options)
      : servers_(servers),
        options_(options),
        desk_(tally_, random_, options.colleagues) {}

  absl::Status Play();
  const Tally& tally() const { return tally_; }

 private:
  class Joined;

  absl::Status Prepare();
  // Everybody is at work, until all is decided; orders are given meanwhile.
  absl::Status Work(const Town& town, Reporters& reporters,
                    Appellants& appellants, Books& books);
  absl::Status StartModerators(const Town& town, std::vector<Joined>* at_work);
  // Waits until everything is decided that was reported.
  absl::Status Close(const Appellants& appellants, Books& books);
  absl::Status ReleaseSome();
  absl::Status AwaitLull(Books& books) const;
  absl::StatusOr<bool> FewerAreOpen(uint32_t count) const;
  absl::StatusOr<bool> ReleasedAreJudged() const;

  const Servers& servers_;
  const ShiftOptions options_;
  crypto::SystemRandom random_;
  Tally tally_;
  Desk desk_;
  absl::optional<ModerationClient> senior_;
  absl::optional<ModerationClient> auditor_;
  // Whose mute was ended before the books are closed.
  std::vector<std::string> released_;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_SHIFT_H_
