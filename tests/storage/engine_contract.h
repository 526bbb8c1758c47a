// The contract of storage/engine.h as a suite that every engine runs. An engine
// joins it by a harness and a line in AllEngines.
#ifndef FRANK_TESTS_STORAGE_ENGINE_CONTRACT_H_
#define FRANK_TESTS_STORAGE_ENGINE_CONTRACT_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/clock.h"
#include "storage/engine.h"
#include "tests/storage/gate.h"

namespace frank::storage {

// An engine with an empty store, and what tests do to it from below.
class EngineHarness {
 public:
  virtual ~EngineHarness() = default;
  virtual Engine& engine() = 0;
  // Destroys the engine.
  virtual void Shut() = 0;
  // Stands before what makes a batch durable.
  virtual Gate& gate() = 0;

  FakeClock clock{1'700'000'000'000};
};

// Keys under it are kept apart by the engines that can do so.
inline constexpr char kIsolatedPrefix[] = "iso/";

struct EngineUnderTest {
  std::string name;
  std::function<std::unique_ptr<EngineHarness>()> make;
};
std::vector<EngineUnderTest> AllEngines();

class EngineContractTest : public ::testing::TestWithParam<EngineUnderTest> {
 protected:
  EngineContractTest() : harness_(GetParam().make()) {}
  // A test that failed early must not leave the committer before the gate.
  void TearDown() override { harness_->gate().Open(); }

  Engine& engine() { return harness_->engine(); }
  FakeClock& clock() { return harness_->clock; }
  Gate& gate() { return harness_->gate(); }

  // Commits one write without having read anything.
  void Put(const std::string& key, const std::string& value);
  void Delete(const std::string& key);
  // "key=value" of everything in the range.
  std::vector<std::string> Rows(const KeyRange& range = {});

  std::unique_ptr<EngineHarness> harness_;
};

std::vector<std::string> ToRows(const std::vector<KeyValue>& found);

// A commit whose outcome is waited for later.
class PendingOutcome {
 public:
  explicit PendingOutcome(std::unique_ptr<Transaction> transaction);
  absl::Status Wait();
  bool IsKnown() const { return state_->ready.HasBeenNotified(); }

 private:
  struct State {
    absl::Status status;
    absl::Notification ready;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace frank::storage

#endif  // FRANK_TESTS_STORAGE_ENGINE_CONTRACT_H_
