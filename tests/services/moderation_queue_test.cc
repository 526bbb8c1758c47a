// Work on cases: holding, handing over, escalating, notes, tags, links,
// duplicates, and what comes with time.
#include <algorithm>
#include <map>
#include <set>

#include "storage/act_store.h"
#include "storage/case_list_store.h"
#include "storage/evidence_store.h"
#include "storage/wrapped_key_store.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ModerationQueueTest : public QueueFixture {};

TEST_F(ModerationQueueTest, HoldsACaseUntilItsTimeAndWakesItByItself) {
  std::string id = ReportAbout("mallory");
  v1::CaseSummary held = Claim(id);
  auto hold = Hold(held, world_.clock.Now() + 2 * kDay);
  ASSERT_TRUE(hold.ok()) << hold.status();
  EXPECT_EQ(hold->case_summary().state(), v1::CASE_STATE_ON_HOLD);
  EXPECT_FALSE(hold->case_summary().has_lease());
  EXPECT_TRUE(world_.Claim(kSecondReviewer)->has_nothing_waiting());
  EXPECT_EQ(world_.GetCase(kSecondReviewer, id, false)->hold_reason(),
            "waiting for a translation");

  world_.clock.Advance(2 * kDay - 1);
  Tend();
  EXPECT_EQ(Summary(id).state(), v1::CASE_STATE_ON_HOLD);
  world_.clock.Advance(1);
  Tend();
  EXPECT_EQ(Summary(id).state(), v1::CASE_STATE_OPEN);
  EXPECT_EQ(Summary(id).hold_until(), 0u);
  EXPECT_EQ(world_.GetCase(kReviewer, id, false)->hold_reason(), "");
  EXPECT_TRUE(world_.Claim(kSecondReviewer)->has_claimed());
  EXPECT_THAT(ActsOf(id),
              ElementsAre("case.opened", "report.opened", "case.claimed",
                          "case.held", "case.woken", "case.claimed"));
}

TEST_F(ModerationQueueTest, WakesACaseByHand) {
  std::string id = ReportAbout("mallory");
  ASSERT_TRUE(Hold(Claim(id), world_.clock.Now() + kDay).ok());
  ASSERT_TRUE(Wake(id, kSecondReviewer).ok());
  EXPECT_TRUE(world_.Claim(kSecondReviewer)->has_claimed());
  EXPECT_EQ(Reason(Wake(id).status()), "CASE_STATE");
}

TEST_F(ModerationQueueTest, RefusesAHoldThatIsOverOrTooLong) {
  v1::CaseSummary held = Claim(ReportAbout("mallory"));
  for (UnixMillis until :
       {world_.clock.Now(), world_.clock.Now() + 91 * kDay}) {
    auto hold = Hold(held, until);
    EXPECT_EQ(FindFieldViolation(hold.status())->field, "until");
  }
}

TEST_F(ModerationQueueTest, WakesACaseThatIsOnHoldForWhatIsNewInIt) {
  SentMessage sent = world_.platform.SendText(Account("mallory"), "abuse");
  std::string id = ReportMessage("mallory", "harassment.hate", "bob", sent);
  ASSERT_TRUE(Hold(Claim(id), world_.clock.Now() + kDay).ok());
  EXPECT_EQ(ReportMessage("mallory", "harassment.hate", "carol", sent), id);
  EXPECT_EQ(Summary(id).report_count(), 2u);
  EXPECT_EQ(Summary(id).state(), v1::CASE_STATE_ON_HOLD) << "the same again";
  EXPECT_EQ(ReportAbout("mallory", "harassment.hate", "dave"), id);
  EXPECT_EQ(Summary(id).state(), v1::CASE_STATE_OPEN) << "another message";
}

TEST_F(ModerationQueueTest, HandsACaseToAPersonWhoThenHoldsIt) {
  std::string id = ReportAbout("mallory");
  v1::CaseSummary held = Claim(id);
  auto over = HandOverTo(held, "sam");
  ASSERT_TRUE(over.ok()) << over.status();
  const v1::Lease& lease = over->case_summary().lease();
  EXPECT_EQ(lease.holder(), "sam");
  EXPECT_EQ(lease.expires_at(), world_.clock.Now() + 4 * kHour);
  EXPECT_EQ(Reason(world_.Renew(kReviewer, held).status()), "LEASE_LOST");
  auto shown = world_.GetCase(kSecondReviewer, id, true);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->note(0).text(), "please look at the second message");
  // Whoever does not come loses it, with its notes, to the queue.
  world_.clock.Advance(4 * kHour);
  Tend();
  EXPECT_FALSE(Summary(id).has_lease());
  EXPECT_EQ(world_.GetCase(kReviewer, id, false)->note_size(), 1);
}

TEST_F(ModerationQueueTest, RefusesToHandOverToOneselfOrToWhoDecidedBefore) {
  std::string id = ReportAbout("mallory");
  Rewrite(id, [](auto* record) { record->add_excluded_moderator("sam"); });
  v1::CaseSummary held = Claim(id);
  for (const char* to : {"rita", "sam"}) {
    EXPECT_EQ(FindFieldViolation(HandOverTo(held, to).status())->field,
              "moderator");
  }
}

TEST_F(ModerationQueueTest, HandsACaseToAnotherQueueWhereItStays) {
  std::string id = ReportAbout("mallory");
  EXPECT_EQ(Summary(id).queue(), "harassment");
  ASSERT_TRUE(HandOverToQueue(Claim(id), "deception").ok());
  EXPECT_EQ(Summary(id).queue(), "deception");
  EXPECT_FALSE(Summary(id).has_lease());
  // New facts do not move what a person has put there.
  ReportAbout("mallory", "harassment.doxxing", "carol");
  EXPECT_EQ(Summary(id).queue(), "deception");
  EXPECT_EQ(
      FindFieldViolation(HandOverToQueue(Claim(id), "no-such").status())->field,
      "queue");
}

TEST_F(ModerationQueueTest, EscalatesToWhereOnlySeniorsAreServed) {
  std::string id = ReportAbout("mallory");
  ASSERT_TRUE(Escalate(Claim(id)).ok());
  EXPECT_EQ(Summary(id).queue(), kSeniorsQueue);
  EXPECT_TRUE(world_.Claim(kReviewer)->has_nothing_waiting());
  EXPECT_EQ(Reason(world_.Claim(kReviewer, id).status()), "NOT_PERMITTED");
  EXPECT_EQ(world_.Claim(kSenior)->claimed().case_id(), id);
}

TEST_F(ModerationQueueTest, ReturnsALapsedCaseWithoutAnybodyClaiming) {
  std::string id = ReportAbout("mallory");
  Claim(id);
  AddNote(id, "half done").value();
  world_.clock.Advance(15 * kMinute);
  Tend();
  EXPECT_FALSE(Summary(id).has_lease());
  EXPECT_THAT(ActsOf(id), Contains("case.returned"));
  EXPECT_EQ(world_.GetCase(kReviewer, id, false)->note_size(), 1);
}

TEST_F(ModerationQueueTest, ReturnsALapsedCaseOnceThoughTwoInstancesTend) {
  std::string id = ReportAbout("mallory");
  Claim(id);
  world_.clock.Advance(15 * kMinute);
  QueueKeeper other({*world_.engine, world_.process->routing, world_.clock,
                     world_.random, world_.process->metrics});
  Tend();
  other.Tend();
  world_.Restart();
  Tend();
  std::vector<std::string> acts = ActsOf(id);
  EXPECT_EQ(std::count(acts.begin(), acts.end(), "case.returned"), 1);
}

TEST_F(ModerationQueueTest, ReturnsACaseThatWasTakenWhileTheClockWasBehind) {
  std::string id = ReportAbout("mallory");
  // All is handled until now; then the clock is set back by hours.
  Tend();
  world_.clock.Set(kNow - 5 * kHour);
  Tend();
  Claim(id);
  world_.clock.Advance(15 * kMinute);
  Tend();
  EXPECT_FALSE(Summary(id).has_lease());
}

TEST_F(ModerationQueueTest, KeepsOneNoteOfARepeatedRequest) {
  std::string id = ReportAbout("mallory");
  ASSERT_TRUE(AddNote(id, "first", 'a').ok());
  world_.clock.Advance(kMinute);
  ASSERT_TRUE(AddNote(id, "first", 'a').ok());
  ASSERT_TRUE(AddNote(id, "second", 'b').ok());
  EXPECT_EQ(world_.GetCase(kReviewer, id, false)->note_size(), 2);
}

TEST_F(ModerationQueueTest, TakesTagsOffWhenTheyExpire) {
  std::string id = ReportAbout("mallory");
  ASSERT_TRUE(Tag(id, "week", world_.clock.Now() + 7 * kDay).ok());
  ASSERT_TRUE(Tag(id, "raid").ok());
  ASSERT_TRUE(Tag(id, "hour", world_.clock.Now() + kHour).ok());
  world_.clock.Advance(kHour);
  Tend();
  EXPECT_EQ(Summary(id).tag_size(), 2);
  world_.clock.Advance(7 * kDay);
  Tend();
  ASSERT_EQ(Summary(id).tag_size(), 1);
  EXPECT_EQ(Summary(id).tag(0).name(), "raid");
  EXPECT_EQ(Summary(id).tag(0).moderator(), "rita");
  v1::UntagCaseRequest untag;
  untag.set_case_id(id);
  untag.set_tag("raid");
  ASSERT_TRUE(Call(&QueueHandler::UntagCase, kReviewer, untag).ok());
  EXPECT_EQ(Summary(id).tag_size(), 0);
  EXPECT_EQ(Reason(Call(&QueueHandler::UntagCase, kReviewer, untag).status()),
            "NOT_FOUND");
}

TEST_F(ModerationQueueTest, GivesATagThatIsThereAnotherEnd) {
  std::string id = ReportAbout("mallory");
  ASSERT_TRUE(Tag(id, "raid", world_.clock.Now() + kHour).ok());
  ASSERT_TRUE(Tag(id, "raid", world_.clock.Now() + kDay).ok());
  ASSERT_EQ(Summary(id).tag_size(), 1);
  world_.clock.Advance(kHour);
  Tend();
  EXPECT_EQ(Summary(id).tag_size(), 1);
}

TEST_F(ModerationQueueTest, WritesNoActForATagThatIsThere) {
  std::string id = ReportAbout("mallory");
  ASSERT_TRUE(Tag(id, "raid").ok());
  const uint64_t revision = Summary(id).revision();
  const int acts = world_.Acts(kAuditor, id)->act_size();
  auto again = Tag(id, "raid");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->case_summary().tag_size(), 1);
  EXPECT_EQ(Summary(id).revision(), revision);
  EXPECT_EQ(world_.Acts(kAuditor, id)->act_size(), acts);
}

TEST_F(ModerationQueueTest, LinksCasesSeenFromBothAndUnlinksThem) {
  std::string a = ReportAbout("mallory");
  std::string b = ReportAbout("trudy");
  v1::LinkCasesRequest link;
  link.set_case_id(a);
  link.set_other_case_id(b);
  ASSERT_TRUE(Call(&QueueHandler::LinkCases, kReviewer, link).ok());
  ASSERT_TRUE(Call(&QueueHandler::LinkCases, kReviewer, link).ok());
  for (const auto& [id, other] : {std::pair(a, b), std::pair(b, a)}) {
    auto shown = world_.GetCase(kReviewer, id, false);
    ASSERT_EQ(shown->link_size(), 1);
    EXPECT_EQ(shown->link(0).case_id(), other);
    EXPECT_EQ(shown->link(0).kind(), v1::CASE_LINK_KIND_RELATED);
  }
  v1::UnlinkCasesRequest unlink;
  unlink.set_case_id(b);
  unlink.set_other_case_id(a);
  ASSERT_TRUE(Call(&QueueHandler::UnlinkCases, kReviewer, unlink).ok());
  EXPECT_EQ(world_.GetCase(kReviewer, a, false)->link_size(), 0);
}

TEST_F(ModerationQueueTest, ClosesADuplicateIntoTheOtherWithAllItHolds) {
  SentMessage shared = world_.platform.SendText(Account("mallory"), "abuse");
  std::string into = ReportMessage("mallory", "harassment.hate", "bob", shared);
  std::string from =
      ReportMessage("mallory", "violence.threat", "carol", shared);
  world_.Report(
      world_.Content(Account("mallory"), "violence.threat",
                     {world_.platform.SendText(Account("mallory"), "more")}),
      Account("dave"));
  world_.Fold();
  auto merged = Merge(Claim(from), into);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->into().report_count(), 3u);
  // The shared message is one piece of evidence.
  EXPECT_EQ(merged->into().proven_count(), 2u);
  EXPECT_EQ(merged->into().proven_reporter_count(), 3u);
  EXPECT_EQ(merged->into().severity(), v1::SEVERITY_CRITICAL);
  EXPECT_EQ(merged->into().queue(), "harm");
  EXPECT_EQ(Summary(from).state(), v1::CASE_STATE_DUPLICATE);
  EXPECT_EQ(Summary(from).duplicate_of(), into);
  // What has gone elsewhere was not left out for its size.
  auto closed = world_.GetCase(kReviewer, from, false);
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->left_out_report_count(), 0u);
  EXPECT_EQ(closed->evidence_size(), 0);

  Claim(into);
  auto shown = world_.GetCase(kReviewer, into, true);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->report_size(), 3);
  ASSERT_EQ(shown->evidence_size(), 2);
  std::set<std::string> bodies;
  for (const auto& evidence : shown->evidence()) {
    bodies.insert(evidence.part(0).body());
  }
  EXPECT_EQ(bodies, (std::set<std::string>{"abuse", "more"}));
  // No key of the closed one opens what the other may be told to delete.
  CaseId left(ToArray<CaseId::kSize>(AsBytes(from)));
  CaseId held(ToArray<CaseId::kSize>(AsBytes(into)));
  auto evidence = storage::ListCaseEvidence(*world_.engine, held);
  ASSERT_THAT(*evidence, testing::SizeIs(2));
  for (const storage::HeldEvidence& piece : *evidence) {
    EXPECT_FALSE(
        storage::FindEvidenceKey(*world_.engine, piece.id, left)->has_value());
  }
  EXPECT_THAT(*storage::ListCaseEvidence(*world_.engine, left),
              testing::IsEmpty());
  // Reports that come go on to the case that is open.
  EXPECT_NE(ReportAbout("mallory", "violence.threat", "erin"), from);
}

TEST_F(ModerationQueueTest, RefusesADuplicateOfAnotherAccountOrOfItself) {
  std::string a = ReportAbout("mallory");
  std::string b = ReportAbout("trudy");
  v1::CaseSummary held = Claim(a);
  EXPECT_EQ(Reason(Merge(held, b).status()), "OTHER_ACCUSED");
  EXPECT_EQ(FindFieldViolation(Merge(held, a).status())->field, "into_case_id");
  Decide(Claim(b, kReviewer));
  EXPECT_EQ(Reason(Merge(held, b).status()), "CASE_DECIDED");
}

// Its evidence would be anybody's to see.
TEST_F(ModerationQueueTest, RefusesADuplicateAcrossTheBoundsOfChildSafety) {
  std::string a = ReportAbout("mallory");
  std::string b = ReportAbout("mallory", "child_safety.grooming", "carol");
  EXPECT_EQ(Reason(Merge(Claim(a), b).status()), "CHILD_SAFETY_NEEDED");
  for (auto& moderator : *world_.config.mutable_moderator()) {
    moderator.set_child_safety(true);
  }
  world_.Restart();
  EXPECT_EQ(Reason(Merge(Claim(a), b).status()), "OTHER_AREA");
}

TEST_F(ModerationQueueTest, DecidesNothingThatWasNotShown) {
  std::string id = ReportAbout("mallory");
  v1::CaseSummary held = Claim(id);
  auto request = world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                 std::string(16, 'd'));
  request.mutable_held_case(0)->set_seen_revision(held.revision());
  ReportAbout("mallory", "harassment.hate", "carol");
  EXPECT_EQ(Reason(world_.Decide(kReviewer, request).status()), "NEW_EVIDENCE");
  auto shown = world_.GetCase(kReviewer, id, true);
  request.mutable_held_case(0)->set_seen_revision(
      shown->case_summary().revision());
  EXPECT_TRUE(world_.Decide(kReviewer, request).ok());
}

TEST_F(ModerationQueueTest, ShowsNewEvidenceToTheHolderByTheRevision) {
  std::string id = ReportAbout("mallory");
  v1::CaseSummary held = Claim(id);
  EXPECT_LT(held.joined_revision(), held.revision());
  auto quiet = world_.Renew(kReviewer, held);
  EXPECT_EQ(quiet->case_summary().revision(), held.revision());
  ReportAbout("mallory", "harassment.hate", "carol");
  auto renewed = world_.Renew(kReviewer, held);
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_GT(renewed->case_summary().joined_revision(), held.revision());
  EXPECT_EQ(renewed->case_summary().report_count(), 2u);
}

TEST_F(ModerationQueueTest, OpensALinkedCaseForEvidenceAfterADecision) {
  std::string first = ReportAbout("mallory");
  Decide(Claim(first));
  std::string second = ReportAbout("mallory", "harassment.hate", "carol");
  ASSERT_NE(first, second);
  auto shown = world_.GetCase(kReviewer, second, false);
  ASSERT_EQ(shown->link_size(), 1);
  EXPECT_EQ(shown->link(0).case_id(), first);
  EXPECT_EQ(shown->link(0).kind(), v1::CASE_LINK_KIND_SUCCESSOR);
}

TEST_F(ModerationQueueTest, LetsTheNewerCaseTakeReportsAfterAnUndo) {
  std::string first = ReportAbout("mallory");
  Decide(Claim(first));
  std::string second = ReportAbout("mallory", "harassment.hate", "carol");
  Rewrite(first, [](auto* record) { record->set_state(storage::kCaseOpen); });
  ReportAbout("mallory", "harassment.hate", "dave");
  EXPECT_EQ(Summary(second).report_count(), 2u);
  EXPECT_EQ(Summary(first).report_count(), 1u);
  // One is closed into the other, which then is the one that goes on.
  ASSERT_TRUE(Merge(Claim(second), first).ok());
  EXPECT_EQ(Summary(first).report_count(), 3u);
  ReportAbout("mallory", "harassment.hate", "erin");
  EXPECT_EQ(Summary(first).report_count(), 4u);
}

TEST_F(ModerationQueueTest, ChecksFieldsBeforeAnythingElse) {
  auto field = [](const absl::Status& status) {
    auto violation = FindFieldViolation(status);
    return violation ? violation->field : std::string(status.message());
  };
  std::string id = ReportAbout("mallory");
  EXPECT_EQ(field(Wake("short").status()), "case_id");
  EXPECT_EQ(field(AddNote(id, "").status()), "text");
  EXPECT_EQ(field(AddNote(id, std::string(8193, 'x')).status()), "text");
  EXPECT_EQ(field(Tag(id, "Not a label").status()), "tag");
  EXPECT_EQ(field(Tag(id, "").status()), "tag");
  EXPECT_EQ(field(Tag(id, "late", world_.clock.Now()).status()), "expires_at");
  v1::HandOverCaseRequest nobody = HandOverRequest(Claim(id));
  EXPECT_EQ(
      field(Call(&QueueHandler::HandOverCase, kReviewer, nobody).status()),
      "to");
  v1::LinkCasesRequest link;
  link.set_case_id(id);
  link.set_other_case_id(id);
  EXPECT_EQ(field(Call(&QueueHandler::LinkCases, kReviewer, link).status()),
            "other_case_id");
}

// Each event in each state, through the service: what the table (case_state.cc)
// allows happens, and everything else is refused by its reason.
class ModerationTransitionsTest : public QueueFixture {
 protected:
  using Attempt = std::function<absl::Status(const v1::CaseSummary& held)>;

  std::map<CaseEvent, Attempt> Attempts() {
    using E = CaseEvent;
    UnixMillis later = world_.clock.Now() + kHour;
    return {
        {E::kClaim,
         [this](const auto& held) {
           return world_.Claim(kReviewer, held.case_id()).status();
         }},
        {E::kRenew,
         [this](const auto& held) {
           return world_.Renew(kReviewer, held).status();
         }},
        {E::kRelease,
         [this](const auto& held) {
           return world_.Release(kReviewer, held, "").status();
         }},
        {E::kHold,
         [this, later](const auto& held) {
           return Hold(held, later).status();
         }},
        {E::kWake,
         [this](const auto& held) { return Wake(held.case_id()).status(); }},
        {E::kHandOver,
         [this](const auto& held) { return HandOverTo(held, "sam").status(); }},
        {E::kTakeOver,
         [this](const auto& held) { return TakeOver(held).status(); }},
        {E::kEscalate,
         [this](const auto& held) { return Escalate(held).status(); }},
        {E::kReveal,
         [this](const auto& held) {
           return world_.GetCase(kReviewer, held.case_id(), true).status();
         }},
        {E::kDecide,
         [this](const auto& held) {
           return world_
               .Decide(kReviewer,
                       world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                       held.case_id()))
               .status();
         }},
        {E::kMerge,
         [this](const auto& held) {
           std::string into = ReportAbout("target", "deception.scam");
           Rewrite(into, [&](auto* record) {
             record->set_accused_uri(held.accused_uri());
           });
           return Merge(held, into).status();
         }},
    };
  }
};

TEST_F(ModerationTransitionsTest, AllowsThroughTheServiceWhatTheTableAllows) {
  int name = 0;
  for (uint32_t state : storage::kCaseStates) {
    for (const auto& [event, attempt] : Attempts()) {
      SCOPED_TRACE(testing::Message() << state << " " << NameOf(event));
      // By DecideAppeal alone, which moderation_approval_test calls.
      if (state == storage::kCaseAppealed && event == CaseEvent::kDecide) {
        continue;
      }
      std::string id = ReportAbout(absl::StrCat("account", ++name));
      v1::CaseSummary held = Claim(id);
      Rewrite(id, [&](auto* record) {
        record->set_state(state);
        if (state == storage::kCaseOnHold) record->set_hold_until(kNow * 2);
      });
      absl::Status status = attempt(held);
      absl::StatusOr<uint32_t> promised = StateAfter(state, event);
      if (promised.ok()) {
        ASSERT_TRUE(status.ok()) << status;
        EXPECT_EQ(static_cast<uint32_t>(Summary(id).state()), *promised);
      } else {
        EXPECT_EQ(Reason(status), Reason(promised.status()));
        EXPECT_EQ(static_cast<uint32_t>(Summary(id).state()), state);
      }
    }
  }
}

}  // namespace
}  // namespace frank::moderation
