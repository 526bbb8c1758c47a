// What the platform's handlers need, for their tests: an engine in memory, a
// clock that stands still, three key rings, people with tokens.
#ifndef FRANK_TESTS_SERVICES_PLATFORM_WORLD_H_
#define FRANK_TESTS_SERVICES_PLATFORM_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/clock.h"
#include "core/status.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "services/platform/stamp_clock.h"
#include "storage/memory/memory_engine.h"

namespace frank::platform {

inline constexpr char kOwn[] = "mimi://hub.example";
inline constexpr char kOther[] = "mimi://other.example";
inline constexpr char kThird[] = "mimi://third.example";
inline constexpr char kRita[] = "mimi://hub.example/u/rita";
inline constexpr char kSam[] = "mimi://hub.example/u/sam";
inline constexpr char kRoom[] = "mimi://hub.example/r/one";
inline constexpr char kStampToken[] = "frank_stamp";
inline constexpr UnixMillis kNow = 1'700'000'000'000;

// Gives a window with the keys that its form needs.
crypto::KeyWindow WindowOf(UnixMillis not_before, UnixMillis not_after,
                           crypto::FrankForm form);

struct World {
  World();

  // Makes a device of `account`, whose token is "token of <account>".
  void AddDevice(const std::string& account);
  void Write(storage::TransactionBody body);
  static services::Call CallOf(const std::string& account);
  static services::Call StampCall();
  // A frank as the relay makes it.
  crypto::Frank FrankOf(absl::string_view sender, absl::string_view room,
                        UnixMillis at) const;

  FakeClock clock;
  SystemClock running_clock;
  std::unique_ptr<storage::MemoryEngine> engine;
  crypto::KeyRings rings;
  std::unique_ptr<StampClock> stamp_clock;
  Authenticator authenticator;
};

// Calls `handle(request, done)` and waits for the answer.
template <typename Response, typename Handle>
absl::StatusOr<Response> Answer(Handle handle) {
  absl::Notification answered;
  absl::StatusOr<Response> answer;
  handle([&](absl::StatusOr<Response> result) {
    answer = std::move(result);
    answered.Notify();
  });
  answered.WaitForNotification();
  return answer;
}

inline std::string ReasonIn(const absl::Status& status) {
  return FindReason(status).value_or("");
}
inline std::string FieldIn(const absl::Status& status) {
  auto violation = FindFieldViolation(status);
  return violation ? violation->field : "";
}

}  // namespace frank::platform

#endif  // FRANK_TESTS_SERVICES_PLATFORM_WORLD_H_
