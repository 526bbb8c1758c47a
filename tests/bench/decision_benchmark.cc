// What deciding a case costs while many others are open:
//   frank_decision_benchmark
// Over the engine in memory: the work of a decision, without a disk's syncs.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/clock.h"
#include "core/status.h"
#include "crypto/random.h"
#include "services/moderation/case_decision.h"
#include "services/moderation/case_lease.h"
#include "storage/memory/memory_engine.h"

namespace frank::moderation {
namespace {

constexpr UnixMillis kNow = 1'795'500'000'000;
// Cases that one transaction adds.
constexpr size_t kAtOnce = 1000;

// Open cases, each about an account of its own and held by one moderator.
class Desk {
 public:
  explicit Desk(size_t cases)
      : engine_(storage::MemoryEngine::Make(clock_)),
        vault_(crypto::Secret::Random(random_, 32), random_),
        policies_(PolicyBook::Load("").value()) {
    while (ids_.size() < cases) AddSome();
  }

  // Decides the next one.
  void Decide() {
    v1::DecideCaseRequest request;
    v1::HeldCase* held = request.add_held_case();
    held->set_case_id(ToString(ids_[next_++ % ids_.size()].bytes()));
    held->set_epoch(1);
    request.set_decision_id(ToString(DecisionId::Random(random_).bytes()));
    request.set_policy("violence.threats");
    request.set_reason("proven");
    request.set_rationale("It breaks the rule.");
    request.add_action()->set_kind(v1::ACTION_KIND_WARN);
    Moderator moderator;
    moderator.id = "rita";
    DecisionInput input = MakeDecisionInput(moderator, request);
    input.now = kNow;
    input.effects_due_at = kNow;
    absl::Status decided = storage::RunTransactionAndWait(
        *engine_, [&](storage::Transaction& transaction) {
          return CaseDecision({vault_, policies_, *engine_, transaction}, input)
              .Run()
              .status();
        });
    FRANK_CHECK(decided.ok());
  }

 private:
  void AddSome() {
    std::vector<CaseId> added;
    absl::Status status = storage::RunTransactionAndWait(
        *engine_, [&](storage::Transaction& transaction) -> absl::Status {
          added.clear();
          for (size_t i = 0; i < kAtOnce; ++i) {
            const CaseId id = CaseId::Random(random_);
            storage::v1::CaseRecord record;
            record.set_accused_uri(
                absl::StrCat("mimi://hub.example/u/", id.Hex()));
            record.set_policy_area("violence");
            record.set_severity(1 + i % 4);
            record.set_deadline(kNow + i * kMinute);
            record.set_opened_at(kNow);
            record.set_state(storage::kCaseOpen);
            TakeLease("rita", kNow + kHour, &record);
            FRANK_RETURN_IF_ERROR(
                storage::PutCase(transaction, id, nullptr, &record));
            FRANK_RETURN_IF_ERROR(vault_.AddCaseKey(transaction, id).status());
            added.push_back(id);
          }
          return absl::OkStatus();
        });
    FRANK_CHECK(status.ok());
    ids_.insert(ids_.end(), added.begin(), added.end());
  }

  FakeClock clock_{kNow};
  crypto::SystemRandom random_;
  std::unique_ptr<storage::MemoryEngine> engine_;
  const KeyVault vault_;
  const PolicyBook policies_;
  std::vector<CaseId> ids_;
  size_t next_ = 0;
};

void DecideAmongOpenCases(benchmark::State& state) {
  Desk desk(static_cast<size_t>(state.range(0)));
  for (auto step : state) desk.Decide();
}
// Each case is decided once.
BENCHMARK(DecideAmongOpenCases)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Iterations(1'000)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace frank::moderation

BENCHMARK_MAIN();
