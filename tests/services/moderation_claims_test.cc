// Claims: priority, filters, who may not, races.
#include <set>
#include <thread>

#include "core/limits.h"
#include "services/moderation/claim_choice.h"
#include "storage/case_index.h"
#include "storage/queue_schema.h"
#include "tests/services/hooked_engine.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

using storage::ClaimLane;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ModerationClaimsTest : public QueueFixture {
 protected:
  absl::StatusOr<v1::ClaimCaseResponse> ClaimBy(
      const v1::ClaimFilter& filter, const std::string& token = kReviewer) {
    v1::ClaimCaseRequest request;
    *request.mutable_filter() = filter;
    return world_.Claim(token, request);
  }
  v1::ClaimFilter Queue(const std::string& queue) {
    v1::ClaimFilter filter;
    filter.add_queue(queue);
    return filter;
  }
  // Writes open cases, as many reports would have left them.
  void PutCases(size_t count,
                const std::function<void(storage::v1::CaseRecord*)>& describe) {
    absl::Status status = storage::RunTransactionAndWait(
        *world_.engine, [&](storage::Transaction& t) -> absl::Status {
          for (size_t i = 0; i < count; ++i) {
            storage::v1::CaseRecord record;
            record.set_accused_uri(Account(absl::StrCat("many", ++accounts_)));
            record.set_policy_area("violence");
            record.set_severity(4);
            record.set_deadline(kNow);
            record.set_opened_at(kNow);
            record.set_state(storage::kCaseOpen);
            record.set_queue("harm");
            describe(&record);
            FRANK_RETURN_IF_ERROR(storage::PutCase(
                t, CaseId::Random(world_.random), nullptr, &record));
          }
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
  }
  // What a claim would find first in a queue.
  std::vector<std::string> Waiting(const std::string& queue,
                                   uint32_t severity) {
    std::vector<std::string> ids;
    auto rows = storage::ScanWaitingCases(
        *world_.engine, {queue, severity, ClaimLane::kText}, "", 100);
    for (const auto& row : *rows) ids.push_back(std::string(row.id.text()));
    return ids;
  }
  size_t accounts_ = 0;
};

constexpr uint32_t kLow = 1;
constexpr uint32_t kHigh = 3;

TEST_F(ModerationClaimsTest, GivesACaseThatCannotBeShown) {
  PutCases(1, [](storage::v1::CaseRecord*) {});  // without a key of its own
  v1::ClaimCaseRequest next;
  next.set_show(true);
  auto claim = world_.Claim(kReviewer, next);
  ASSERT_TRUE(claim.ok()) << claim.status();
  EXPECT_TRUE(claim->has_claimed());
  EXPECT_FALSE(claim->has_shown());
}

TEST_F(ModerationClaimsTest, ShowsTheCaseThatItTakesWithoutContent) {
  std::string id = ReportAbout("mallory");
  v1::ClaimCaseRequest next;
  next.set_show(true);
  auto claim = world_.Claim(kReviewer, next);
  ASSERT_TRUE(claim.ok()) << claim.status();
  auto got = world_.GetCase(kReviewer, id, false);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(claim->shown().SerializeAsString(), got->SerializeAsString());
  ASSERT_EQ(claim->shown().evidence_size(), 1);
  EXPECT_THAT(claim->shown().evidence(0).part(0).body(), IsEmpty());

  v1::ClaimCaseRequest again = next;
  again.set_case_id(id);
  EXPECT_EQ(world_.Claim(kReviewer, again)->shown().SerializeAsString(),
            got->SerializeAsString());
  again.set_show(false);
  EXPECT_FALSE(world_.Claim(kReviewer, again)->has_shown());
}

TEST_F(ModerationClaimsTest,
       TakesTheGravestThenTheFirstDueThenTheMostReported) {
  std::string spam = ReportAbout("spam", "deception.spam");
  std::set<std::string> hate;
  for (int i = 0; i < 4; ++i) hate.insert(ReportAbout(absl::StrCat("hate", i)));
  std::string many = ReportAbout("many");
  ReportAbout("many", "harassment.hate", "carol");
  // Another slot of the deadline.
  world_.clock.Advance(6 * kMinute);
  std::string later = ReportAbout("later");
  std::string threat = ReportAbout("threat", "violence.threat");
  std::vector<std::string> taken;
  EXPECT_EQ(Waiting("harassment", kHigh)[0], many);
  for (int i = 0; i < 8; ++i) {
    taken.push_back(world_.Claim(kReviewer)->claimed().case_id());
  }
  EXPECT_EQ(taken[0], threat);
  EXPECT_EQ(taken[1], many);
  EXPECT_EQ(std::set<std::string>(&taken[2], &taken[6]), hate);
  EXPECT_EQ(taken[6], later);
  EXPECT_EQ(taken[7], spam);
}

TEST_F(ModerationClaimsTest, TakesOnlyWhatTheFilterLetsThrough) {
  ReportAbout("threat", "violence.threat");
  std::string doxxing = ReportAbout("a", "harassment.doxxing");
  std::string scam = ReportAbout("b", "deception.scam");
  std::string hate = ReportAbout("c", "harassment.hate");
  EXPECT_EQ(ClaimBy(Queue("deception"))->claimed().case_id(), scam);
  v1::ClaimFilter reason;
  reason.add_reason("harassment.hate");
  EXPECT_EQ(ClaimBy(reason)->claimed().case_id(), hate);
  v1::ClaimFilter area;
  area.add_policy_area("harassment");
  area.add_severity(v1::SEVERITY_HIGH);
  EXPECT_EQ(ClaimBy(area)->claimed().case_id(), doxxing);
  auto nothing = ClaimBy(area);
  ASSERT_TRUE(nothing->has_nothing_waiting());
  EXPECT_FALSE(nothing->nothing_waiting().partial());
  EXPECT_EQ(FindFieldViolation(ClaimBy(Queue("no-such")).status())->field,
            "filter.queue");
  EXPECT_EQ(Reason(ClaimBy(Queue(kSeniorsQueue)).status()), "NOT_PERMITTED");
}

TEST_F(ModerationClaimsTest, TakesByWhatIsProvenAndWhenItIsDue) {
  std::string proven = ReportAbout("a");
  std::string later = ReportAbout("b");
  Rewrite(later, [](auto* record) {
    record->set_proven_count(0);
    record->set_deadline(kNow + 20 * kDay);
  });
  v1::ClaimFilter unproven;
  unproven.add_proof(v1::PROOF_STATUS_UNPROVEN);
  unproven.set_due_until(kNow + 20 * kDay);
  EXPECT_TRUE(ClaimBy(unproven)->has_nothing_waiting());
  unproven.set_due_until(kNow + 20 * kDay + 1);
  EXPECT_EQ(ClaimBy(unproven)->claimed().case_id(), later);
  v1::ClaimFilter soon;
  soon.set_due_until(kNow + 10 * kDay);
  EXPECT_EQ(ClaimBy(soon)->claimed().case_id(), proven);
  unproven.add_proof(static_cast<v1::ProofStatus>(99));
  EXPECT_EQ(FindFieldViolation(ClaimBy(unproven).status())->field,
            "filter.proof");
}

TEST_F(ModerationClaimsTest, NeverGivesACaseToWhoDecidedIt) {
  std::string id = ReportAbout("mallory");
  Decide(Claim(id));
  Rewrite(id, [](auto* record) {
    record->set_state(storage::kCaseAppealed);
    record->add_excluded_moderator("rita");
    SendToQueue(kAppealsQueue, record);
  });
  EXPECT_TRUE(world_.Claim(kReviewer)->has_nothing_waiting());
  EXPECT_EQ(Reason(world_.Claim(kReviewer, id).status()), "EXCLUDED");
  auto other = ClaimBy(Queue(kAppealsQueue), kSecondReviewer);
  ASSERT_TRUE(other->has_claimed());
  EXPECT_EQ(other->claimed().state(), v1::CASE_STATE_APPEALED);
}

TEST_F(ModerationClaimsTest, DoesNotReadOverCasesThatTheCallerMayNotHave) {
  PutCases(limits::kMaxClaimLooks, [](auto* record) {
    record->set_policy_area(kChildSafetyArea);
    record->set_queue("child-safety");
  });
  PutCases(limits::kMaxClaimLooks, [](auto* record) {
    record->set_exposure(static_cast<uint32_t>(Exposure::kGraphic));
  });
  v1::SetOptOutsRequest opt_out;
  opt_out.add_category(v1::EXPOSURE_CATEGORY_GRAPHIC);
  ASSERT_TRUE(
      world_.People(&ModeratorHandler::SetOptOuts, kReviewer, opt_out).ok());
  std::string spam = ReportAbout("spam", "deception.spam");
  auto claim = world_.Claim(kReviewer);
  ASSERT_TRUE(claim->has_claimed());
  EXPECT_EQ(claim->claimed().case_id(), spam);
  EXPECT_FALSE(world_.Claim(kReviewer)->nothing_waiting().partial());
}

TEST_F(ModerationClaimsTest, GoesOnBehindWhatItLookedAt) {
  PutCases(limits::kMaxClaimLooks + 1, [](auto* record) {
    record->set_state(storage::kCaseAppealed);
    record->add_excluded_moderator("rita");
    SendToQueue(kAppealsQueue, record);
  });
  std::string spam = ReportAbout("spam", "deception.spam");
  v1::ClaimCaseRequest request;
  auto claim = world_.Claim(kReviewer, request);
  ASSERT_TRUE(claim->nothing_waiting().partial());
  request.set_page_token(claim->nothing_waiting().next_page_token());
  EXPECT_EQ(world_.Claim(kReviewer, request)->claimed().case_id(), spam);
  // The next severity begins at its own start.
  EXPECT_EQ(world_.Claim(kSecondReviewer)->claimed().state(),
            v1::CASE_STATE_APPEALED);
}

TEST_F(ModerationClaimsTest, RefusesATokenThatItDidNotGive) {
  v1::ClaimCaseRequest request;
  request.set_page_token("AAAA");
  EXPECT_EQ(
      FindFieldViolation(world_.Claim(kReviewer, request).status())->field,
      "page_token");
  request.set_case_id(ReportAbout("mallory"));
  EXPECT_EQ(
      FindFieldViolation(world_.Claim(kReviewer, request).status())->field,
      "page_token");
}

TEST_F(ModerationClaimsTest, PassesOverNoGraverCaseHoweverOftenItLost) {
  std::string threat = ReportAbout("threat", "violence.threat");
  std::set<std::string> grave;
  for (int i = 0; i < 4; ++i) {
    world_.clock.Advance(6 * kMinute);
    ReportAbout(absl::StrCat("hate", i));
  }
  Moderator moderator;
  moderator.id = "rita";
  ClaimsUnderWay under_way;
  const Routing& routing = world_.process->routing;
  auto wish = MakeClaimWish(routing, moderator, v1::ClaimCaseRequest());
  for (size_t attempt = 0; attempt < 20; ++attempt) {
    auto choice = ChooseCase(*world_.engine, routing, *wish, world_.clock.Now(),
                             attempt, world_.random, under_way);
    grave.insert(std::string(choice->chosen->id().text()));
  }
  EXPECT_THAT(grave, ElementsAre(threat));
}

TEST_F(ModerationClaimsTest, ChoosesNoCaseThatAnotherClaimIsAboutToTake) {
  std::set<std::string> waiting = {ReportAbout("first"), ReportAbout("second")};
  Moderator moderator;
  moderator.id = "rita";
  ClaimsUnderWay under_way;
  const Routing& routing = world_.process->routing;
  auto wish = MakeClaimWish(routing, moderator, v1::ClaimCaseRequest());
  auto choose = [&] {
    return ChooseCase(*world_.engine, routing, *wish, world_.clock.Now(), 0,
                      world_.random, under_way)
        .value()
        .chosen;
  };
  auto first = choose();
  auto second = choose();
  ASSERT_TRUE(first && second);
  EXPECT_EQ((std::set<std::string>{std::string(first->id().text()),
                                   std::string(second->id().text())}),
            waiting);
  EXPECT_FALSE(choose());
  second.reset();
  EXPECT_TRUE(choose());
}

TEST_F(ModerationClaimsTest, PassesOverEmptyPartsTogether) {
  ReportAbout("spam", "deception.spam");
  HookedEngine counted(*world_.engine);
  size_t scans = 0;
  counted.on_scan = [&scans](bool) { ++scans; };
  Moderator moderator;
  moderator.id = "rita";
  ClaimsUnderWay under_way;
  const Routing& routing = world_.process->routing;
  auto wish = MakeClaimWish(routing, moderator, v1::ClaimCaseRequest());
  ASSERT_TRUE(ChooseCase(counted, routing, *wish, world_.clock.Now(), 0,
                         world_.random, under_way)
                  .value()
                  .chosen);
  // One for each queue, one behind the part that holds a case, and its rows.
  EXPECT_EQ(scans, wish->parts.queues.size() + 2);
}

TEST_F(ModerationClaimsTest, LeavesToOthersWhatItCouldNotTake) {
  world_.held_limit = 1;
  world_.Restart();
  ASSERT_TRUE(Claim(ReportAbout("first")).has_lease());
  std::string second = ReportAbout("second");
  EXPECT_EQ(Reason(world_.Claim(kReviewer).status()), "QUOTA_EXCEEDED");
  EXPECT_EQ(world_.Claim(kSecondReviewer)->claimed().case_id(), second);
}

TEST_F(ModerationClaimsTest, FindsAMoreUrgentCaseThatComesLater) {
  world_.clock.Advance(kDay);
  std::string late = ReportAbout("late");
  // Accepted by the platform a day before: due at once.
  v1::ForwardRequest old = world_.Seal(
      world_.Content(Account("urgent"), "harassment.hate",
                     {world_.platform.SendText(Account("urgent"), "abuse")}),
      kBob);
  old.set_accepted_at(world_.clock.Now() - kDay);
  ASSERT_TRUE(world_.Forward({old}).ok());
  world_.Fold();
  std::string urgent = NewestCaseOf("urgent", "harassment");
  EXPECT_THAT(Waiting("harassment", kHigh), ElementsAre(urgent, late));
  EXPECT_EQ(world_.Claim(kReviewer)->claimed().case_id(), urgent);
}

TEST_F(ModerationClaimsTest, FindsWhatComesIntoAQueueThatWasEmpty) {
  std::string first = ReportAbout("first");
  Claim(first);
  EXPECT_THAT(Waiting("harassment", kHigh), IsEmpty());
  std::string second = ReportAbout("second");
  std::string third = ReportAbout("third");
  EXPECT_EQ(Waiting("harassment", kHigh).size(), 2u);
  world_.clock.Advance(15 * kMinute);
  Tend();
  EXPECT_EQ(Waiting("harassment", kHigh).size(), 3u);
}

TEST_F(ModerationClaimsTest, RoutesAnewWhatWaitsInAQueueThatIsGone) {
  std::string id = ReportAbout("mallory");
  for (const char* gone : {"aaa", "harass", "zzzzzzzzzzzzzzzzzzzz"}) {
    Rewrite(id, [gone](auto* record) { SendToQueue(gone, record); });
    EXPECT_TRUE(world_.Claim(kReviewer)->has_nothing_waiting());
    Tend();
    EXPECT_EQ(Summary(id).queue(), "harassment") << gone;
  }
}

TEST_F(ModerationClaimsTest, GivesEachCaseOnceWhileCasesCome) {
  constexpr int kCases = 60;
  for (int i = 0; i < kCases / 2; ++i) {
    ReportAbout(absl::StrCat("a", i), "deception.spam");
  }
  absl::Mutex mutex;
  std::multiset<std::string> claimed;
  std::atomic<bool> all_there{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, token = i % 2 ? kReviewer : kSecondReviewer] {
      while (true) {
        bool last = all_there;
        auto claim = world_.Claim(token);
        if (!claim.ok()) {
          EXPECT_EQ(Reason(claim.status()), "CONTENTION");
          continue;
        }
        if (claim->has_claimed()) {
          absl::MutexLock lock(&mutex);
          claimed.insert(claim->claimed().case_id());
        } else if (last) {
          return;
        }
      }
    });
  }
  for (int i = kCases / 2; i < kCases; ++i) {
    ReportAbout(absl::StrCat("a", i), "deception.spam");
    Tend();
  }
  all_there = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(claimed.size(), kCases);
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(),
            kCases);
  EXPECT_THAT(Waiting("deception", kLow), IsEmpty());
}

TEST_F(ModerationClaimsTest, GivesNobodyMoreCasesThanOneMayHold) {
  world_.held_limit = 2;
  world_.Restart();
  const std::string first = ReportAbout("one");
  Claim(first);
  const std::string third = ReportAbout("two");
  Claim("");
  ReportAbout("three");
  EXPECT_EQ(Reason(world_.Claim(kReviewer).status()), "QUOTA_EXCEEDED");
  EXPECT_EQ(Reason(world_.Claim(kReviewer, NewestCaseOf("three", "harassment"))
                       .status()),
            "QUOTA_EXCEEDED");
  // What they hold is theirs as before, also when it has lapsed.
  EXPECT_EQ(Claim(first).case_id(), first);
  EXPECT_TRUE(world_.Claim(kSecondReviewer).ok());
  world_.clock.Advance(15 * kMinute);
  EXPECT_EQ(Claim(first).lease().epoch(), 2u);
  ASSERT_TRUE(world_.Release(kReviewer, Claim(first), "").ok());
  EXPECT_EQ(Claim(third).case_id(), third);
  EXPECT_EQ(Claim(first).case_id(), first);
}

// The engine's callbacks tell everybody's outcomes: nobody reads there.
TEST_F(ModerationClaimsTest, LooksForTheNextOutsideOfACommitsCallback) {
  std::string id = ReportAbout("mallory");
  Claim(id);
  world_.clock.Advance(15 * kMinute);
  HookedEngine hooked(*world_.engine);
  int scans = 0;
  hooked.on_scan = [&](bool in_callback) {
    ++scans;
    EXPECT_FALSE(in_callback);
  };
  ClaimDesk desk({hooked, world_.process->vault, world_.process->view,
                  world_.process->reveals, world_.process->routing,
                  world_.clock, world_.random, 15 * kMinute,
                  world_.process->metrics, limits::kDefaultHeldCases});
  Moderator moderator;
  moderator.id = "sam";
  auto claimed = Await<v1::ClaimCaseResponse>([&](auto done) {
    desk.ClaimNext(moderator, v1::ClaimCaseRequest(), std::move(done));
  });
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  EXPECT_EQ(claimed->claimed().case_id(), id);
  EXPECT_GT(scans, 0);
}

TEST_F(ModerationClaimsTest,
       LooksOutsideOfTheCallbackAlsoWhenOthersWereFaster) {
  std::string taken = ReportAbout("mallory");
  HookedEngine hooked(*world_.engine);
  std::string left;
  int scans = 0;
  hooked.on_scan = [&](bool in_callback) {
    ++scans;
    EXPECT_FALSE(in_callback);
  };
  hooked.after_get = [&] {
    if (!left.empty()) return;
    left = ReportAbout("mordred");
    Claim(taken);
  };
  ClaimDesk desk({hooked, world_.process->vault, world_.process->view,
                  world_.process->reveals, world_.process->routing,
                  world_.clock, world_.random, 15 * kMinute,
                  world_.process->metrics, limits::kDefaultHeldCases});
  Moderator moderator;
  moderator.id = "sam";
  auto claimed = Await<v1::ClaimCaseResponse>([&](auto done) {
    desk.ClaimNext(moderator, v1::ClaimCaseRequest(), std::move(done));
  });
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  EXPECT_EQ(claimed->claimed().case_id(), left);
  EXPECT_GT(scans, 1);
}

}  // namespace
}  // namespace frank::moderation
