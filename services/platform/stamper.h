// One signature for stamps that are asked for at the same time.
#ifndef FRANK_SERVICES_PLATFORM_STAMPER_H_
#define FRANK_SERVICES_PLATFORM_STAMPER_H_

#include <cstddef>
#include <map>
#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"

namespace frank::platform {

// Stamps for calls that bring one tag each. A signature costs twice what all
// else of such a call does, so calls of one key ring that come in one burst, up
// to limits::kMaxStampGroup, share it where its form allows (protocol section
// 4). None waits for others to come: who is alone is stamped at once, and
// groups grow with the load, since more comes while one is answered.
//
// A proof tells a caller how many shared with it, and nothing of them: what it
// has of another is a hash over a MAC. Thread-safe; the rings outlive it.
class Stamper {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<crypto::FrankStamp>)>;

  explicit Stamper(const crypto::KeyRings& rings);
  ~Stamper();

  // Stamps with a ring of the rings. The texts of `input` outlive `done`, which
  // is called once, now or at the end of a burst, with the errors of
  // crypto::StampApart.
  void Stamp(const crypto::KeyRing& ring, const crypto::StampInput& input,
             Done done);

 private:
  // The calls of one ring.
  class Line;

  std::map<const crypto::KeyRing*, std::shared_ptr<Line>> lines_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_STAMPER_H_
