// Legal holds: placed and lifted by people, each with a reason and an act.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/retention_world.h"

namespace frank::moderation {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(LegalHoldTest, KeepsACaseUntilTheLastOneIsLifted) {
  RetentionWorld world;
  std::string id = world.ClosedWithout(kMallory, 'a');
  ASSERT_TRUE(world.PlaceHold(id, 'h').ok());
  ASSERT_TRUE(world.PlaceHold(id, 'i').ok());
  world.clock.Advance(3650 * kDay);
  world.Shred();
  EXPECT_THAT(world.Due()->due_case(), IsEmpty());
  ASSERT_EQ(world.LiftHold(id, 'h')->legal_hold_size(), 1);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(id));
  ASSERT_EQ(world.LiftHold(id, 'i')->legal_hold_size(), 0);
  world.clock.Advance(7 * kDay);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(id));
}

TEST(LegalHoldTest, LeavesOthersAWeekWhenTheTimeOfTheCaseIsOver) {
  RetentionWorld world;
  std::string id = world.ClosedWithout(kMallory, 'a');
  ASSERT_TRUE(world.PlaceHold(id, 'h').ok());
  world.clock.Advance(90 * kDay);
  ASSERT_TRUE(world.LiftHold(id, 'h').ok());
  const UnixMillis due_at = world.clock.Now() + 7 * kDay;
  ASSERT_EQ(world.Due()->due_case_size(), 1);
  EXPECT_EQ(world.Due()->due_case(0).due_at(), due_at);
  world.clock.Advance(7 * kDay - 1);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(id));
  // Somebody else sees what is due, and keeps it.
  ASSERT_TRUE(world.PlaceHold(id, 'i', kSecondSenior).ok());
  world.clock.Advance(1);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(id));
  ASSERT_TRUE(world.LiftHold(id, 'i').ok());
  world.clock.Advance(7 * kDay);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(id));
}

TEST(LegalHoldTest, LeavesOthersAWeekWhenTheCaseIsDeletedThereafter) {
  RetentionWorld world;
  v1::CaseSummary held = world.NewCase(kMallory);
  const std::string id = held.case_id();
  ASSERT_TRUE(
      world.DecideOne(held, {MakeAction(v1::ACTION_KIND_DELETE_EVIDENCE)}, 'd')
          .ok());
  ASSERT_TRUE(world.PlaceHold(id, 'h').ok());
  ASSERT_TRUE(world.LiftHold(id, 'h').ok());
  auto revision = world.GetCase(kSenior, id, false)->case_summary().revision();
  ASSERT_TRUE(world.Approve(kSenior, 'd', 'A', {revision}).ok());
  world.Send();
  world.clock.Advance(7 * kDay - 1);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(id));
  world.clock.Advance(1);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(id));
}

TEST(LegalHoldTest, LeavesTheTimeOfACaseThatIsNotDueSoon) {
  RetentionWorld world;
  std::string id = world.ClosedWithout(kMallory, 'a');
  ASSERT_TRUE(world.PlaceHold(id, 'h').ok());
  ASSERT_TRUE(world.LiftHold(id, 'h').ok());
  world.clock.Advance(90 * kDay);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(id));
}

TEST(LegalHoldTest, IsShownWithItsReasonAndInTheLog) {
  RetentionWorld world;
  v1::CaseSummary open = world.NewCase(kMallory);
  const std::string id = open.case_id();
  ASSERT_TRUE(world.PlaceHold(id, 'h').ok());
  v1::CaseSummary shown = world.GetCase(kReviewer, id, false)->case_summary();
  ASSERT_EQ(shown.legal_hold_size(), 1);
  EXPECT_EQ(shown.legal_hold(0).reason(), "court order 7");
  EXPECT_EQ(shown.legal_hold(0).hold_id(), IdOf('h'));
  EXPECT_EQ(shown.legal_hold(0).placed_at(), world.clock.Now());
  EXPECT_EQ(world.ActNames(id).back(), "legal_hold.placed");
  // In lists without the reason.
  v1::ListCasesResponse list = world.ListCases(kReviewer).value();
  EXPECT_EQ(list.case_summary(0).legal_hold(0).reason(), "");

  auto holds = world.AskRetention(&RetentionHandler::ListLegalHolds, kAuditor,
                                  v1::ListLegalHoldsRequest());
  ASSERT_EQ(holds->legal_hold_size(), 1);
  EXPECT_EQ(holds->legal_hold(0).case_id(), id);

  world.clock.Advance(1);  // the order of notes of one time is nobody's
  ASSERT_TRUE(world.LiftHold(id, 'h').ok());
  EXPECT_EQ(world.ActNames(id).back(), "legal_hold.lifted");
  v1::GetCaseResponse revealed = world.GetCase(kReviewer, id, true).value();
  ASSERT_EQ(revealed.note_size(), 2);
  EXPECT_EQ(revealed.note(0).text(), "court order 7");
  EXPECT_EQ(revealed.note(1).text(), "the court has ruled");
}

TEST(LegalHoldTest, ListsHoldsByPages) {
  RetentionWorld world;
  std::string id = world.NewCase(kMallory).case_id();
  for (char hold : {'h', 'i', 'j'}) {
    ASSERT_TRUE(world.PlaceHold(id, hold).ok());
    world.clock.Advance(1);
  }
  v1::ListLegalHoldsRequest request;
  request.set_page_size(2);
  auto list = [&] {
    return world
        .AskRetention(&RetentionHandler::ListLegalHolds, kSenior, request)
        .value();
  };
  v1::ListLegalHoldsResponse page = list();
  ASSERT_EQ(page.legal_hold_size(), 2);
  request.set_page_token(page.next_page_token());
  page = list();
  ASSERT_EQ(page.legal_hold_size(), 1);
  EXPECT_EQ(page.legal_hold(0).hold_id(), IdOf('j'));
  EXPECT_EQ(page.next_page_token(), "");
}

TEST(LegalHoldTest, IsOneHoldHoweverOftenItIsPlacedOrLifted) {
  RetentionWorld world;
  std::string id = world.NewCase(kMallory).case_id();
  ASSERT_TRUE(world.PlaceHold(id, 'h').ok());
  ASSERT_TRUE(world.PlaceHold(id, 'h').ok());
  EXPECT_EQ(
      world.GetCase(kReviewer, id, false)->case_summary().legal_hold_size(), 1);
  ASSERT_TRUE(world.LiftHold(id, 'h').ok());
  ASSERT_TRUE(world.LiftHold(id, 'h').ok());
  EXPECT_EQ(ReasonOf(world.LiftHold(id, 'x').status()), "NOT_FOUND");
  EXPECT_EQ(ReasonOf(world.PlaceHold(id, 'h').status()), "ID_CONFLICT");
}

TEST(LegalHoldTest, IsForThoseWhoMayTouchTheCase) {
  RetentionWorld world;
  std::string id = world.NewCase(kMallory).case_id();
  EXPECT_EQ(ReasonOf(world.PlaceHold(id, 'h', kReviewer).status()),
            "NOT_PERMITTED");
  EXPECT_EQ(ReasonOf(world.PlaceHold(id, 'h', kAdministrator).status()),
            "NOT_PERMITTED");
  EXPECT_EQ(ReasonOf(world.PlaceHold(IdOf('n'), 'h').status()), "NOT_FOUND");
}

TEST(LegalHoldTest, IsLimitedInNumberAndLength) {
  RetentionWorld world;
  std::string id = world.NewCase(kMallory).case_id();
  for (char hold = 'a'; hold < 'i'; ++hold) {
    ASSERT_TRUE(world.PlaceHold(id, hold).ok());
  }
  EXPECT_EQ(ReasonOf(world.PlaceHold(id, 'z').status()), "QUOTA_EXCEEDED");
  v1::PlaceLegalHoldRequest request;
  request.set_case_id(id);
  request.set_hold_id(IdOf('y'));
  auto place = [&] {
    return ReasonOf(
        world.AskRetention(&RetentionHandler::PlaceLegalHold, kSenior, request)
            .status());
  };
  EXPECT_EQ(place(), "INVALID_ARGUMENT");
  request.set_reason(std::string(1025, 'x'));
  EXPECT_EQ(place(), "INVALID_ARGUMENT");
  request.set_reason("x");
  request.set_hold_id("short");
  EXPECT_EQ(place(), "INVALID_ARGUMENT");
}

TEST(LegalHoldTest, GoesWhereTheReportsOfItsCaseGo) {
  RetentionWorld world;
  std::string from = world.NewCase(kMallory, "deception.spam").case_id();
  std::string into = world.NewCase(kMallory, "harassment.hate").case_id();
  ASSERT_TRUE(world.PlaceHold(from, 'h').ok());
  v1::MarkDuplicateRequest request;
  request.set_case_id(from);
  request.set_into_case_id(into);
  request.set_epoch(
      world.GetCase(kReviewer, from, false)->case_summary().lease().epoch());
  auto merged = Await<v1::MarkDuplicateResponse>([&](auto done) {
    world.process->queue.MarkDuplicate(CallOf(kReviewer), request,
                                       std::move(done));
  });
  ASSERT_TRUE(merged.ok()) << merged.status();
  ASSERT_EQ(merged->into().legal_hold_size(), 1);
  EXPECT_EQ(merged->into().legal_hold(0).from_case_id(), from);
  EXPECT_THAT(world.ActNames(into), Contains("legal_hold.carried"));
  EXPECT_EQ(
      world.GetCase(kReviewer, from, false)->case_summary().legal_hold_size(),
      1);
  // What there is to keep is there now, and would not be kept from here.
  absl::Status late = world.PlaceHold(from, 'i').status();
  EXPECT_EQ(ReasonOf(late), "CASE_STATE");
  EXPECT_THAT(std::string(late.message()), HasSubstr("into another"));
  EXPECT_TRUE(world.PlaceHold(from, 'h').ok()) << "a repeat";
  EXPECT_TRUE(world.LiftHold(from, 'h').ok());
}

TEST(LegalHoldTest, LeavesOthersAWeekWhereverTheReportsGo) {
  RetentionWorld world;
  std::string from = world.NewCase(kMallory, "deception.spam").case_id();
  v1::CaseSummary into = world.NewCase(kMallory, "harassment.hate");
  ASSERT_TRUE(world.PlaceHold(from, 'h').ok());
  ASSERT_TRUE(world.LiftHold(from, 'h').ok());
  v1::MarkDuplicateRequest request;
  request.set_case_id(from);
  request.set_into_case_id(into.case_id());
  request.set_epoch(
      world.GetCase(kReviewer, from, false)->case_summary().lease().epoch());
  auto merged = Await<v1::MarkDuplicateResponse>([&](auto done) {
    world.process->queue.MarkDuplicate(CallOf(kReviewer), request,
                                       std::move(done));
  });
  ASSERT_TRUE(merged.ok()) << merged.status();
  ASSERT_TRUE(
      world.DecideOne(into, {MakeAction(v1::ACTION_KIND_DELETE_EVIDENCE)}, 'd')
          .ok());
  auto revision =
      world.GetCase(kSenior, into.case_id(), false)->case_summary().revision();
  ASSERT_TRUE(world.Approve(kSenior, 'd', 'A', {revision}).ok());
  world.Send();
  world.Shred();
  EXPECT_FALSE(world.IsShredded(into.case_id()));
  world.clock.Advance(7 * kDay);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(into.case_id()));
}

TEST(LegalHoldTest, ComesTooLateForWhatWasShredded) {
  RetentionWorld world;
  std::string id = world.ClosedWithout(kMallory, 'a');
  world.clock.Advance(90 * kDay);
  world.Shred();
  EXPECT_EQ(ReasonOf(world.PlaceHold(id, 'h').status()), "CASE_SHREDDED");
  EXPECT_THAT(world.ActNames(id), Not(Contains("legal_hold.placed")));
}

}  // namespace
}  // namespace frank::moderation
