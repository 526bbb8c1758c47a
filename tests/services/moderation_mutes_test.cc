// Muting those who report, and what waits in their lanes meanwhile.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "services/moderation/act_view.h"
#include "storage/intake_store.h"
#include "tests/services/reporter_fixture.h"

namespace frank::moderation {
namespace {

using ::testing::SizeIs;

class ModerationMutesTest : public ReporterFixture {
 protected:
  // The only mute that a moderator sees.
  v1::Mute OnlyMute(const std::string& token = kSenior) {
    auto page =
        Ask(&ReporterHandler::ListMutes, v1::ListMutesRequest(), token).value();
    EXPECT_THAT(page.mute(), SizeIs(1));
    return page.mute_size() == 1 ? page.mute(0) : v1::Mute();
  }
};

TEST_F(ModerationMutesTest, HoldsReportsOfAMutedReporterInTheirLane) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")}, "violence.incitement");
  EXPECT_EQ(OpenCases(), 0) << "it opens none by itself";
  Report(kCarol, {Text("other")});
  Report(kBob, {Unproven("more")}, "harassment.targeted");
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_EQ(world_.OnlyCase().report_count(), 1u) << "it raises none";
  v1::GetReporterResponse shown = Show(kBob);
  EXPECT_EQ(shown.reporter().muted_until(), world_.clock.Now() + kDay);
  EXPECT_EQ(shown.reporter().muted_by(), "sena");
  ASSERT_THAT(shown.held(), SizeIs(2));
  EXPECT_EQ(shown.held(0).accused_uri(), kMallory);
  EXPECT_EQ(shown.held(0).message_count(), 1u);
  EXPECT_EQ(shown.held(0).proven_count(), 0u);
  EXPECT_FALSE(shown.more_held());
}

TEST_F(ModerationMutesTest, HoldsBackNoProofAndNothingUrgent) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Text("abuse")});
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_EQ(world_.OnlyCase().proven_count(), 1u);
  Report(kBob, {}, "violence.threat");
  EXPECT_EQ(OpenCases(), 2);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  // A forgery with the same reason is not urgent.
  SentMessage forged = Text("abuse");
  forged.reported.mutable_whole()->mutable_content()->back() ^= 1;
  Report(kBob, {forged}, "violence.threat");
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
}

TEST_F(ModerationMutesTest, LosesNoProofWhoseKeyComesDuringAMute) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + 20 * kDay).ok());
  Report(kBob, {world_.platform.SendText(kMallory, "abuse",
                                         StampingPlatform::kLater)});
  ASSERT_THAT(Show(kBob).held(), SizeIs(1));
  world_.clock.Advance(limits::kUnknownKeyRetryInterval);
  world_.Fold();
  EXPECT_THAT(Show(kBob).held(), SizeIs(1)) << "the key has not come";
  world_.Restart(/*with_later_window=*/true);
  world_.clock.Advance(limits::kUnknownKeyRetryInterval);
  world_.Fold();
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  EXPECT_EQ(world_.OnlyCase().proven_count(), 1u);
}

TEST_F(ModerationMutesTest, HoldsNoReportForLongerThanAMuteMayLast) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + limits::kMaxMute).ok());
  Report(kBob, {Unproven("abuse")});
  world_.clock.Advance(limits::kMaxMute - 1);
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + limits::kMaxMute).ok());
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  world_.clock.Advance(1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
}

TEST_F(ModerationMutesTest, HoldsWhatWaitedWhenTheMuteBegan) {
  world_.Report(
      world_.Content(kMallory, "harassment.hate", {Unproven("abuse")}), kBob);
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
}

TEST_F(ModerationMutesTest, LetsTheLaneGoWhenTheMuteEnds) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")});
  world_.clock.Advance(kDay - 1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  world_.clock.Advance(1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_EQ(world_.OnlyCase().unproven_count(), 1u);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  EXPECT_EQ(Of(kBob).muted_until(), 0u);
  EXPECT_EQ(Of(kBob).report_count(), 1u);
}

TEST_F(ModerationMutesTest, HoldsOnWhenTheMuteIsExtended) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")});
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + 3 * kDay).ok());
  world_.clock.Advance(kDay);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
  world_.clock.Advance(2 * kDay);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
}

TEST_F(ModerationMutesTest, MakesNothingUrgentByTheEndOfAMute) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + 3 * kDay).ok());
  Report(kBob, {});
  world_.clock.Advance(3 * kDay);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().deadline(), world_.clock.Now() + 24 * kHour);
}

TEST_F(ModerationMutesTest, LetsTheLaneGoSoonerWhenTheMuteIsShortened) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + 3 * kDay).ok());
  Report(kBob, {Unproven("abuse")});
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  world_.clock.Advance(kDay - 1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  world_.clock.Advance(1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
}

TEST_F(ModerationMutesTest, ReleasesAHeldReportThatCouldNotBeFolded) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  v1::ForwardRequest bad =
      world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob);
  ASSERT_TRUE(world_.Forward({bad}).ok());
  world_.Fold();
  storage::ReportRef ref{kBob,
                         ReportId::Parse("report_id", bad.report_id()).value()};
  std::string key = storage::schema::SealedPieceKey(ref, 0);
  std::string piece = **world_.engine->Get(key);
  auto put = [&](const std::string& value) {
    ASSERT_TRUE(
        storage::RunTransactionAndWait(*world_.engine,
                                       [&](storage::Transaction& transaction) {
                                         transaction.Put(key, value);
                                         return absl::OkStatus();
                                       })
            .ok());
  };
  put("damaged");
  world_.clock.Advance(kDay);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  // The mute is renewed; what was put off is let go all the same.
  put(piece);
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  ASSERT_TRUE(Release(kBob).ok());
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  std::vector<storage::schema::DueReport> waiting =
      storage::ScanWaiting(*world_.engine, world_.clock.Now() + kDay, 8)
          .value();
  EXPECT_THAT(waiting, SizeIs(0)) << "it is in the queue once";
}

TEST_F(ModerationMutesTest, LetsTheLaneGoWhenTheReporterIsUnmuted) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  for (int i = 0; i < 3; ++i) Report(kBob, {Unproven(absl::StrCat(i))});
  ASSERT_TRUE(Unmute(kBob).ok());
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().report_count(), 3u);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  Report(kBob, {Unproven("later")});
  EXPECT_EQ(world_.OnlyCase().report_count(), 4u);
}

TEST_F(ModerationMutesTest, LetsGoWhatASeniorReleasesAndHoldsWhatComes) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("one")});
  ASSERT_TRUE(Release(kBob).ok());
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().report_count(), 1u);
  Report(kBob, {Unproven("two")});
  EXPECT_EQ(world_.OnlyCase().report_count(), 1u);
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
  EXPECT_NE(Of(kBob).muted_until(), 0u);
}

TEST_F(ModerationMutesTest, LetsALargeLaneGoWhole) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  std::vector<v1::ForwardRequest> requests;
  for (int i = 0; i < 300; ++i) {
    requests.push_back(
        world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob));
  }
  ASSERT_TRUE(world_.Forward(requests).ok());
  world_.Fold();
  v1::GetReporterResponse shown = Show(kBob);
  EXPECT_THAT(shown.held(), SizeIs(200));
  EXPECT_TRUE(shown.more_held());
  EXPECT_EQ(OnlyMute().held_count(), 20u) << "a list looks at a few of each";
  EXPECT_TRUE(OnlyMute().more_held());
  ASSERT_TRUE(Unmute(kBob).ok());
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().report_count(), 300u);
}

TEST_F(ModerationMutesTest, WritesAnActForEachChange) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")});
  ASSERT_TRUE(Release(kBob).ok());
  ASSERT_TRUE(Unmute(kBob).ok());
  ASSERT_TRUE(Unmute(kBob).ok()) << "nothing changes";
  auto acts = ShowActs(*world_.engine, ReporterSubject(kBob), 0).value();
  std::vector<std::string> names;
  for (const auto& act : acts.act()) names.push_back(act.act());
  EXPECT_THAT(names, testing::ElementsAre("reporter.muted", "reporter.released",
                                          "reporter.unmuted"));
  EXPECT_EQ(acts.act(0).actor(), "moderator:sena");
  EXPECT_EQ(acts.act(0).subject().find("bob"), std::string::npos)
      << "the log names nobody who reported";
}

TEST_F(ModerationMutesTest, RefusesRequestsThatBreakALimit) {
  UnixMillis now = world_.clock.Now();
  EXPECT_EQ(FindFieldViolation(Mute("", now + kDay)).value().field,
            "reporter_uri");
  EXPECT_EQ(FindFieldViolation(Unmute("")).value().field, "reporter_uri");
  EXPECT_EQ(FindFieldViolation(Release("")).value().field, "reporter_uri");
  EXPECT_EQ(FindFieldViolation(Mute(kBob, now)).value().field, "until");
  EXPECT_EQ(
      FindFieldViolation(Mute(kBob, now + limits::kMaxMute + 1)).value().field,
      "until");
  EXPECT_TRUE(Mute(kBob, now + limits::kMaxMute).ok());
}

TEST_F(ModerationMutesTest, KeepsLinkedSeniorsFromMutesAndLanes) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")});
  ASSERT_THAT(Show(kBob).held(), SizeIs(1));
  Link("sena", kMallory);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  EXPECT_EQ(FindReason(Mute(kBob, world_.clock.Now() + 2 * kDay)),
            "NOT_PERMITTED");
  EXPECT_EQ(FindReason(Unmute(kBob)), "NOT_PERMITTED");
  EXPECT_EQ(FindReason(Release(kBob)), "NOT_PERMITTED");
  EXPECT_EQ(Of(kBob).muted_until(), world_.clock.Now() + kDay);
  // Whoever else reported is theirs to mute, but not they themselves.
  EXPECT_TRUE(Mute(kCarol, world_.clock.Now() + kDay).ok());
  EXPECT_EQ(FindReason(Mute(kMallory, world_.clock.Now() + kDay)),
            "NOT_PERMITTED");
}

TEST_F(ModerationMutesTest, KeepsLinkedSeniorsFromWhoProvedSomething) {
  Report(kBob, {Text("abuse")});
  ASSERT_THAT(Show(kBob).held(), SizeIs(0));
  Link("sena", kMallory);
  EXPECT_EQ(FindReason(Mute(kBob, world_.clock.Now() + kDay)), "NOT_PERMITTED");
  EXPECT_TRUE(Mute(kCarol, world_.clock.Now() + kDay).ok());
}

TEST_F(ModerationMutesTest, ListsMutesByTheirEndInPages) {
  const UnixMillis now = world_.clock.Now();
  ASSERT_TRUE(Mute(kCarol, now + 2 * kDay).ok());
  ASSERT_TRUE(Mute(kBob, now + 3 * kDay).ok());
  ASSERT_TRUE(Mute(kBob, now + kDay).ok());
  ASSERT_TRUE(Mute(kAlice, now + 2 * kDay).ok());
  Report(kBob, {Unproven("one")});
  Report(kBob, {Unproven("two")});
  v1::ListMutesRequest request;
  request.set_page_size(2);
  v1::ListMutesResponse page =
      Ask(&ReporterHandler::ListMutes, request, kReviewer).value();
  ASSERT_THAT(page.mute(), SizeIs(2));
  EXPECT_EQ(page.mute(0).reporter_uri(), kBob);
  EXPECT_EQ(page.mute(0).until(), now + kDay);
  EXPECT_EQ(page.mute(0).muted_by(), "sena");
  EXPECT_EQ(page.mute(0).held_count(), 2u);
  EXPECT_FALSE(page.mute(0).more_held());
  EXPECT_EQ(page.mute(1).reporter_uri(), kAlice);
  request.set_page_token(page.next_page_token());
  page = Ask(&ReporterHandler::ListMutes, request).value();
  ASSERT_THAT(page.mute(), SizeIs(1));
  EXPECT_EQ(page.mute(0).reporter_uri(), kCarol);
  EXPECT_EQ(page.next_page_token(), "");
  ASSERT_TRUE(Unmute(kCarol).ok());
  world_.clock.Advance(kDay);
  page = Ask(&ReporterHandler::ListMutes, v1::ListMutesRequest()).value();
  ASSERT_THAT(page.mute(), SizeIs(1)) << "one was ended, one has ended";
  EXPECT_EQ(page.mute(0).reporter_uri(), kAlice);
}

TEST_F(ModerationMutesTest, RefusesPagesOfMutesThatItDidNotGive) {
  v1::ListMutesRequest request;
  request.set_page_size(201);
  EXPECT_EQ(FindFieldViolation(Check(request))->field, "page_size");
  request.set_page_size(200);
  EXPECT_TRUE(Check(request).ok());
  for (const char* token : {"?", "AAAA", "AAAAAAAAAAAAAA"}) {
    request.set_page_token(token);
    EXPECT_EQ(FindFieldViolation(Check(request))->field, "page_token") << token;
  }
}

TEST_F(ModerationMutesTest, TellsHowManyReportsWait) {
  const auto held = [this] {
    world_.process->figures.Keep();
    for (const auto& reading : world_.process->counted.ReadAll()) {
      if (reading.family.name == "reports_held") {
        return reading.samples.at(0).value;
      }
    }
    return -1.0;
  };
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  EXPECT_EQ(held(), 0);
  Report(kBob, {Unproven("one")});
  Report(kBob, {Unproven("two")});
  EXPECT_EQ(held(), 2);
  ASSERT_TRUE(Unmute(kBob).ok());
  world_.Fold();
  EXPECT_EQ(held(), 0);
}

TEST_F(ModerationMutesTest, ShowsChildSafetyOnlyToWhoMayHaveIt) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  SentMessage forged = Text("abuse");
  forged.reported.mutable_whole()->mutable_content()->back() ^= 1;
  Report(kBob, {forged}, "child_safety.grooming");
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  EXPECT_EQ(OnlyMute().held_count(), 0u);
  for (auto& moderator : *world_.config.mutable_moderator()) {
    moderator.set_child_safety(true);
  }
  world_.Restart();
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
  EXPECT_EQ(OnlyMute().held_count(), 1u);
}

TEST_F(ModerationMutesTest, LetsOnlySeniorsMute) {
  v1::MuteReporterRequest request;
  request.set_reporter_uri(kBob);
  request.set_until(world_.clock.Now() + kDay);
  for (const char* token : {kReviewer, kAuditor, kAdministrator, kNobody}) {
    EXPECT_TRUE(absl::IsPermissionDenied(
        Ask(&ReporterHandler::MuteReporter, request, token).status()))
        << token;
  }
  EXPECT_EQ(Of(kBob).muted_until(), 0u);
}

}  // namespace
}  // namespace frank::moderation
