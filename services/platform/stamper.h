// One signature for stamps that are asked for at the same time.
#ifndef FRANK_SERVICES_PLATFORM_STAMPER_H_
#define FRANK_SERVICES_PLATFORM_STAMPER_H_

#include <cstddef>
#include <map>
#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"

namespace frank::platform {

// Stamps for calls that bring one tag each. A signature costs twice what all
// else of such a call does, so calls of one key ring share it where its form
// allows (protocol section 4).
//
// A call that is alone is stamped at once. One that finds another under way
// waits for company, and so do those after it: a group goes as soon as it is
// complete, on the thread of who completed it, or when its time is up. How many
// make it complete follows the load: twice as many after two groups that were
// complete in time; a quarter less, but no less than had come, after one that
// was not. So groups grow while there are calls to fill them, and the last one
// of a busy time is soon alone again. What waits is never more than a group.
//
// A proof tells a caller how many shared with it, and nothing of them: what it
// has of another is a hash over a MAC. Thread-safe; the rings outlive it.
class Stamper {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<crypto::FrankStamp>)>;

  // A group's time is `patience` at least, and twice that at most.
  explicit Stamper(const crypto::KeyRings& rings,
                   absl::Duration patience = absl::Microseconds(250));
  // Answers those that wait.
  ~Stamper();

  // Stamps with a ring of the rings. The texts of `input` outlive `done`, which
  // is called once, on this or on another thread, with the errors of
  // crypto::StampApart.
  void Stamp(const crypto::KeyRing& ring, const crypto::StampInput& input,
             Done done);

 private:
  // The calls of one ring.
  class Line;

  std::map<const crypto::KeyRing*, std::unique_ptr<Line>> lines_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_STAMPER_H_
