// Watching cases: nothing is missed, from any token on.
#include <deque>
#include <map>
#include <memory>
#include <thread>

#include "core/limits.h"
#include "crypto/hash.h"
#include "storage/case_change_store.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

// A watcher that takes an answer when it is asked to.
class TestWatcher {
 public:
  TestWatcher(ModerationWorld& world, const std::string& token,
              const std::string& as = kReviewer)
      : world_(world), got_(std::make_shared<Got>()) {
    v1::WatchCasesRequest request;
    request.set_token(token);
    // As a stream's, the wire may be called while its watcher closes.
    WatchHub::Wire wire;
    wire.send = [got = got_](v1::WatchCasesResponse response) {
      absl::MutexLock lock(&got->mutex);
      got->answers.push_back(std::move(response));
    };
    wire.close = [got = got_](absl::Status status) {
      absl::MutexLock lock(&got->mutex);
      got->end = std::move(status);
    };
    id_ =
        world_.process->queue.WatchCases(CallOf(as), request, std::move(wire));
  }
  ~TestWatcher() {
    if (id_.ok()) world_.process->watchers.Close(*id_);
  }

  absl::Status opened() const { return id_.status(); }

  // Waits for the next answer and says that it went out.
  v1::WatchCasesResponse Take() {
    v1::WatchCasesResponse answer;
    {
      absl::MutexLock lock(&got_->mutex);
      got_->mutex.Await(absl::Condition(
          +[](Got* got) { return !got->answers.empty(); }, got_.get()));
      answer = std::move(got_->answers.front());
      got_->answers.pop_front();
    }
    world_.process->watchers.OnSent(*id_);
    return answer;
  }
  absl::Status WaitForEnd() {
    absl::MutexLock lock(&got_->mutex);
    got_->mutex.Await(absl::Condition(
        +[](Got* got) { return !got->end.ok(); }, got_.get()));
    return got_->end;
  }
  size_t waiting() {
    absl::MutexLock lock(&got_->mutex);
    return got_->answers.size();
  }

 private:
  // Under its lock.
  struct Got {
    absl::Mutex mutex;
    std::deque<v1::WatchCasesResponse> answers;
    absl::Status end;
  };

  ModerationWorld& world_;
  const std::shared_ptr<Got> got_;
  absl::StatusOr<uint64_t> id_;
};

class ModerationWatchTest : public QueueFixture {
 protected:
  // Takes answers until a case has reached a revision; of each case, the
  // revisions that were told.
  std::map<std::string, std::vector<uint64_t>> TakeUntil(TestWatcher& watcher,
                                                         const std::string& id,
                                                         uint64_t revision) {
    std::map<std::string, std::vector<uint64_t>> told;
    while (told[id].empty() || told[id].back() < revision) {
      v1::WatchCasesResponse answer = watcher.Take();
      token_ = answer.token();
      for (const auto& change : answer.change()) {
        told[change.case_id()].push_back(change.revision());
      }
    }
    return told;
  }
  std::string token_;
};

TEST_F(ModerationWatchTest, TellsOfAChangeWithWhoHoldsTheCase) {
  TestWatcher watcher(world_, "");
  EXPECT_EQ(watcher.Take().change_size(), 0);
  std::string id = ReportAbout("mallory");
  v1::WatchCasesResponse opened = watcher.Take();
  ASSERT_EQ(opened.change_size(), 1);
  EXPECT_EQ(opened.change(0).case_id(), id);
  EXPECT_EQ(opened.change(0).queue(), "harassment");
  EXPECT_EQ(opened.change(0).holder(), "");
  v1::CaseSummary held = Claim(id);
  v1::WatchCasesResponse claimed = watcher.Take();
  EXPECT_EQ(claimed.change(0).holder(), "rita");
  EXPECT_EQ(claimed.change(0).revision(), held.revision());
  // A heartbeat is no change.
  ASSERT_TRUE(world_.Renew(kReviewer, held).ok());
  Decide(held);
  EXPECT_EQ(watcher.Take().change(0).state(), v1::CASE_STATE_DECIDED);
}

TEST_F(ModerationWatchTest, GoesOnFromATokenWithoutAGapAcrossARestart) {
  std::string id = ReportAbout("mallory");
  std::string token = TestWatcher(world_, "").Take().token();
  std::string other = ReportAbout("trudy");
  Claim(id);
  world_.Restart();
  ReportAbout("mallory", "harassment.hate", "carol");
  TestWatcher watcher(world_, token);
  auto told = TakeUntil(watcher, id, Summary(id).revision());
  EXPECT_THAT(told[id], ::testing::ElementsAre(2, 3));
  if (told[other].empty()) told = TakeUntil(watcher, other, 1);
  EXPECT_THAT(told[other], ::testing::ElementsAre(1));
}

TEST_F(ModerationWatchTest, MissesNothingWhileManyWriteAndTheWatcherIsSlow) {
  constexpr int kCases = 20;
  constexpr int kTags = 8;
  std::vector<std::string> ids;
  for (int i = 0; i < kCases; ++i) {
    ids.push_back(ReportAbout(absl::StrCat("a", i)));
  }
  TestWatcher watcher(world_, "");
  watcher.Take();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kTags; ++i) {
        for (int c = t; c < kCases; c += 4) {
          while (!Tag(ids[c], absl::StrCat("tag", i)).ok()) {
          }
        }
      }
    });
  }
  std::map<std::string, std::vector<uint64_t>> told;
  int done = 0;
  while (done < kCases) {
    v1::WatchCasesResponse answer = watcher.Take();
    for (const auto& change : answer.change()) {
      std::vector<uint64_t>& revisions = told[change.case_id()];
      revisions.push_back(change.revision());
      // Each revision of a case once, in order.
      EXPECT_EQ(change.revision(), 1 + revisions.size());
      if (revisions.size() == kTags) ++done;
    }
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(ModerationWatchTest, SendsTheNextAnswerOnlyWhenTheLastWentOut) {
  TestWatcher watcher(world_, "");
  std::string first = ReportAbout("a");
  TestWatcher other(world_, "");
  other.Take();
  ReportAbout("b");
  // The other has been told of b, so the hub has been through both.
  other.Take();
  EXPECT_EQ(watcher.waiting(), 1u);
}

TEST_F(ModerationWatchTest, CutsOffAWatcherThatTakesNothing) {
  TestWatcher watcher(world_, "");
  TestWatcher quick(world_, "");
  quick.Take();
  while (watcher.waiting() == 0) std::this_thread::yield();
  world_.clock.Advance(limits::kMaxWatchWait);
  ReportAbout("mallory");
  EXPECT_EQ(Reason(watcher.WaitForEnd()), "WATCH_TOO_SLOW");
}

TEST_F(ModerationWatchTest, SaysResyncWhenTheLogHasBeenTrimmed) {
  Tend();
  std::string token = TestWatcher(world_, "").Take().token();
  std::string id = ReportAbout("mallory");
  world_.clock.Advance(kHour);
  Tend();
  world_.clock.Advance(limits::kChangeRetention);
  Tend();
  TestWatcher watcher(world_, token);
  v1::WatchCasesResponse answer = watcher.Take();
  EXPECT_TRUE(answer.resync());
  EXPECT_EQ(answer.change_size(), 0);
  // From here it goes on.
  Claim(id);
  v1::WatchCasesResponse next = watcher.Take();
  EXPECT_FALSE(next.resync());
  EXPECT_EQ(next.change(0).holder(), "rita");
}

TEST_F(ModerationWatchTest, SaysResyncToATokenOfAnotherStore) {
  std::string ahead(1 + 8 * storage::schema::kChangeBuckets, '\x01');
  EXPECT_TRUE(TestWatcher(world_, ahead).Take().resync());
}

TEST_F(ModerationWatchTest, RefusesTokensCallersAndCrowds) {
  EXPECT_EQ(FindFieldViolation(TestWatcher(world_, "x").opened())->field,
            "token");
  EXPECT_EQ(Reason(TestWatcher(world_, "", kAdministrator).opened()),
            "NOT_PERMITTED");
  std::vector<std::unique_ptr<TestWatcher>> crowd;
  for (size_t i = 0; i < limits::kMaxWatchersOfModerator; ++i) {
    crowd.push_back(std::make_unique<TestWatcher>(world_, ""));
    ASSERT_TRUE(crowd.back()->opened().ok());
  }
  EXPECT_EQ(Reason(TestWatcher(world_, "").opened()), "QUOTA_EXCEEDED");
  EXPECT_TRUE(TestWatcher(world_, "", kSecondReviewer).opened().ok());
  crowd.pop_back();
  EXPECT_TRUE(TestWatcher(world_, "").opened().ok());
}

TEST_F(ModerationWatchTest, RefusesMoreThanAllTogetherMayHave) {
  auto token = [](size_t i) { return absl::StrCat("frank_one_of_many_", i); };
  for (size_t i = 0; i <= limits::kMaxWatchers; ++i) {
    auto* moderator = world_.config.add_moderator();
    moderator->set_id(absl::StrCat("many", i));
    moderator->add_role("reviewer");
    moderator->set_token_sha256(ToHex(crypto::Sha256({AsBytes(token(i))})));
  }
  world_.Restart();
  std::vector<std::unique_ptr<TestWatcher>> crowd;
  for (size_t i = 0; i < limits::kMaxWatchers; ++i) {
    crowd.push_back(std::make_unique<TestWatcher>(world_, "", token(i)));
    ASSERT_TRUE(crowd.back()->opened().ok());
  }
  EXPECT_EQ(
      Reason(TestWatcher(world_, "", token(limits::kMaxWatchers)).opened()),
      "QUOTA_EXCEEDED");
}

TEST_F(ModerationWatchTest, EndsAWatcherWhoMayNotWatchAnyMore) {
  TestWatcher watcher(world_, "");
  TestWatcher other(world_, "", kSecondReviewer);
  watcher.Take();
  other.Take();
  v1::EnableModeratorRequest disable;
  disable.set_id("rita");
  ASSERT_TRUE(
      world_.People(&ModeratorHandler::EnableModerator, kAdministrator, disable)
          .ok());
  world_.clock.Advance(limits::kWatchRecheck);
  ReportAbout("mallory");
  EXPECT_EQ(Reason(watcher.WaitForEnd()), "CREDENTIAL_INVALID");
  EXPECT_EQ(other.Take().change_size(), 1);
  EXPECT_EQ(watcher.waiting(), 0u);
}

TEST_F(ModerationWatchTest, EndsAllWatchersWhenTheServerEnds) {
  TestWatcher watcher(world_, "");
  watcher.Take();
  world_.process->watchers.End();
  EXPECT_TRUE(absl::IsUnavailable(watcher.WaitForEnd()));
  EXPECT_TRUE(absl::IsUnavailable(TestWatcher(world_, "").opened()));
}

}  // namespace
}  // namespace frank::moderation
