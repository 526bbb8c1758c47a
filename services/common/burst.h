// What comes together can be done together: work that waits until all that is
// there has been looked at, and no longer.
#ifndef FRANK_SERVICES_COMMON_BURST_H_
#define FRANK_SERVICES_COMMON_BURST_H_

#include <vector>

#include "absl/functional/any_invocable.h"

namespace frank::services {

// The events that a thread finds before it has to wait for more. One at a time
// on a thread, on which it stays.
class Burst {
 public:
  Burst();
  // Ends it.
  ~Burst();
  Burst(const Burst&) = delete;
  Burst& operator=(const Burst&) = delete;

  // Runs `work` on this thread at the end of its burst; at once where there is
  // none.
  static void AtEnd(absl::AnyInvocable<void()> work);

  // Whether anything waits for the end.
  bool awaited() const { return !work_.empty(); }
  // Runs what waits, and what that adds. The next burst begins.
  void End();

 private:
  std::vector<absl::AnyInvocable<void()>> work_;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_BURST_H_
