// What a claim, a decision and a list cost with many open cases, and after many
// claims have left their deleted keys at the head of the queue. On the RocksDB
// engine, in a folder that is made where it is missing:
//
//   frank_queue_benchmark FOLDER [CASES…]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/random.h"
#include "services/moderation/case_search.h"
#include "services/moderation/case_view.h"
#include "services/moderation/claim_desk.h"
#include "services/moderation/decision_desk.h"
#include "services/moderation/report_judge.h"
#include "storage/case_index.h"
#include "storage/case_store.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

constexpr size_t kTimes = 200;
constexpr size_t kBatch = 1000;
constexpr size_t kTaken = 1'000'000;
constexpr uint32_t kGrave = 3;
constexpr char kModerator[] = "bench";

void Check(const absl::Status& status) {
  if (!status.ok()) Die(std::string(status.message()));
}

class Bench {
 public:
  explicit Bench(const std::string& folder)
      : engine_(storage::RocksDbEngine::Open({folder, &clock_}).value()) {}

  // Adds open cases of a queue, due one minute after the other.
  std::vector<CaseId> AddCases(size_t count, const std::string& queue,
                               UnixMillis first_due) {
    std::vector<CaseId> ids;
    for (size_t begin = 0; begin < count; begin += kBatch) {
      Check(storage::RunTransactionAndWait(
          *engine_, [&](storage::Transaction& transaction) -> absl::Status {
            ids.resize(begin);
            for (size_t i = begin; i < std::min(begin + kBatch, count); ++i) {
              ids.push_back(CaseId::Random(random_));
              CaseRecord record = NewCase(queue, first_due + i * kMinute);
              FRANK_RETURN_IF_ERROR(
                  storage::PutCase(transaction, ids.back(), nullptr, &record));
            }
            return absl::OkStatus();
          }));
    }
    return ids;
  }

  // Takes cases as claims do, many in a transaction.
  void TakeAll(const std::vector<CaseId>& ids) {
    for (size_t begin = 0; begin < ids.size(); begin += kBatch) {
      Check(storage::RunTransactionAndWait(
          *engine_, [&](storage::Transaction& transaction) -> absl::Status {
            size_t end = std::min(begin + kBatch, ids.size());
            for (size_t i = begin; i < end; ++i) {
              FRANK_ASSIGN_OR_RETURN(auto before,
                                     storage::FindCase(transaction, ids[i]));
              CaseRecord after = *before;
              after.mutable_lease()->set_holder("others");
              after.mutable_lease()->set_expires_at(clock_.Now() + kDay);
              FRANK_RETURN_IF_ERROR(
                  storage::PutCase(transaction, ids[i], &*before, &after));
            }
            return absl::OkStatus();
          }));
    }
  }

  // Choosing alone: what could grow with the queue.
  void Choose() {
    ClaimWish wish =
        MakeClaimWish(routing_, moderator_, v1::ClaimCaseRequest()).value();
    auto choice = ChooseCase(*engine_, routing_, wish, clock_.Now(), 0, random_,
                             under_way_);
    FRANK_CHECK(choice.ok() && choice->chosen);
  }
  // A whole claim, synced.
  void Claim() {
    absl::Notification answered;
    claims_.ClaimNext(moderator_, v1::ClaimCaseRequest(),
                      [&](absl::StatusOr<v1::ClaimCaseResponse> response) {
                        FRANK_CHECK(response.ok() && response->has_claimed());
                        v1::HeldCase& held = held_.emplace_back();
                        held.set_case_id(response->claimed().case_id());
                        held.set_epoch(response->claimed().lease().epoch());
                        answered.Notify();
                      });
    answered.WaitForNotification();
  }
  // Gives the cases that were claimed what a decision needs of them: a key for
  // its words, and somebody to tell.
  void PrepareDecisions() {
    Check(storage::RunTransactionAndWait(
        *engine_, [&](storage::Transaction& transaction) -> absl::Status {
          for (const v1::HeldCase& held : held_) {
            CaseId id(ToArray<CaseId::kSize>(AsBytes(held.case_id())));
            FRANK_RETURN_IF_ERROR(vault_.AddCaseKey(transaction, id).status());
            storage::PutCaseReport(
                transaction, id, clock_.Now(),
                {{"mimi://hub.example/u/reporter", ReportId::Random(random_)},
                 true});
          }
          return absl::OkStatus();
        }));
  }
  // A whole decision about a case that was claimed, synced.
  void Decide() {
    v1::DecideCaseRequest request;
    *request.add_held_case() = held_.back();
    held_.pop_back();
    request.set_decision_id(ToString(DecisionId::Random(random_).bytes()));
    request.set_policy("violence.threats");
    request.set_reason("proven");
    request.set_rationale("It breaks the rule.");
    request.add_action()->set_kind(v1::ACTION_KIND_WARN);
    absl::Notification answered;
    decisions_.Decide(moderator_, request,
                      [&](absl::StatusOr<v1::DecideCaseResponse> response) {
                        Check(response.status());
                        answered.Notify();
                      });
    answered.WaitForNotification();
  }
  // The first page of open cases.
  void List(const std::function<void(v1::CaseFilter*)>& filter) {
    CaseQuery query;
    query.page_size = 50;
    filter(&query.filter);
    FRANK_CHECK(CaseSearch(*engine_, vault_, query).Run().ok());
  }
  void ScanFromTheStart(const std::string& queue) {
    FRANK_CHECK(engine_
                    ->Scan(storage::schema::WaitingCases(
                               {queue, kGrave, storage::ClaimLane::kText}),
                           32)
                    .ok());
  }

 private:
  CaseRecord NewCase(const std::string& queue, UnixMillis due) {
    CaseRecord record;
    record.set_accused_uri(absl::StrCat("mimi://hub.example/u/", ++accounts_));
    record.set_policy_area("harassment");
    record.add_reason("harassment.hate");
    record.set_severity(kGrave);
    record.set_deadline(due);
    record.set_opened_at(clock_.Now());
    record.set_state(storage::kCaseOpen);
    record.set_queue(queue);
    record.set_report_count(1);
    record.set_proven_count(1);
    return record;
  }

  SystemClock clock_;
  ClaimsUnderWay under_way_;
  crypto::SystemRandom random_;
  std::unique_ptr<storage::RocksDbEngine> engine_;
  const Routing routing_ = Routing::BuiltIn();
  const KeyVault vault_{crypto::Secret::Random(random_, 32), random_};
  const ReportJudge judge_{
      {}, crypto::KeyRings(), std::make_shared<const ReasonTable>()};
  const CaseView view_{{*engine_, vault_, judge_}};
  const ExposureBook book_{{}, clock_};
  const PolicyBook policies_ = PolicyBook::Load("").value();
  services::Metrics counted_;
  ModerationMetrics metrics_{counted_};
  const RevealDesk reveals_{{*engine_, view_, book_, clock_, metrics_}};
  ClaimDesk claims_{{*engine_, vault_, view_, reveals_, routing_, clock_,
                     random_, kDay, metrics_, limits::kMaxHeldCases}};
  DecisionDesk decisions_{
      {*engine_, vault_, policies_, clock_, random_,
       DecisionTiming::FromConfig(config::v1::ModerationConfig()).value(),
       kDay}};
  const Moderator moderator_ = [] {
    Moderator moderator;
    moderator.id = kModerator;
    return moderator;
  }();
  // What was claimed and not decided.
  std::vector<v1::HeldCase> held_;
  uint64_t accounts_ = 0;
};

void Measure(const std::string& what, const std::function<void()>& run) {
  std::vector<double> micros;
  for (size_t i = 0; i < kTimes; ++i) {
    auto begin = std::chrono::steady_clock::now();
    run();
    micros.push_back(std::chrono::duration<double, std::micro>(
                         std::chrono::steady_clock::now() - begin)
                         .count());
  }
  std::sort(micros.begin(), micros.end());
  std::printf("  %-44s %9.0f %9.0f\n", what.c_str(), micros[kTimes / 2],
              micros[kTimes * 99 / 100]);
}

void MeasureAll(Bench& bench) {
  std::printf("  %-44s %9s %9s\n", "microseconds", "median", "99 %");
  Measure("choose the next case", [&] { bench.Choose(); });
  Measure("claim the next case, synced", [&] { bench.Claim(); });
  bench.PrepareDecisions();
  Measure("decide it, synced", [&] { bench.Decide(); });
  Measure("list 50 open cases", [&] { bench.List([](auto*) {}); });
  Measure("list 50 cases of a queue", [&] {
    bench.List([](auto* filter) { filter->add_queue("harassment"); });
  });
  std::fflush(stdout);
}

void MeasureOnce(const std::string& what, const std::function<void()>& run) {
  auto begin = std::chrono::steady_clock::now();
  run();
  std::printf("  %-44s %9.0f\n", what.c_str(),
              std::chrono::duration<double, std::micro>(
                  std::chrono::steady_clock::now() - begin)
                  .count());
}

void Run(const std::string& folder, size_t cases) {
  Bench bench(absl::StrCat(folder, "/", cases));
  UnixMillis now = SystemClock().Now();
  bench.AddCases(cases, "harassment", now + kDay);
  std::printf("%zu open cases\n", cases);
  MeasureAll(bench);
  bench.TakeAll(bench.AddCases(kTaken, "harassment", now - 800 * kDay));
  std::printf("the same after %zu claims\n", kTaken);
  MeasureOnce("the first scan over them",
              [&] { bench.ScanFromTheStart("harassment"); });
  MeasureOnce("the second", [&] { bench.ScanFromTheStart("harassment"); });
  MeasureAll(bench);
}

}  // namespace
}  // namespace frank::moderation

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: frank_queue_benchmark FOLDER [CASES...]\n");
    return 2;
  }
  std::vector<size_t> sizes;
  for (int i = 2; i < argc; ++i) {
    uint64_t size = 0;
    if (!absl::SimpleAtoi(argv[i], &size)) return 2;
    sizes.push_back(size);
  }
  if (sizes.empty()) sizes = {1'000, 100'000, 1'000'000};
  std::filesystem::create_directories(argv[1]);
  for (size_t size : sizes) frank::moderation::Run(argv[1], size);
  return 0;
}
