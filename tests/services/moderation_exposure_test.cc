// What moderators are shown: reveals by piece, budgets, opt-outs, breaks, and
// what need not be looked at again.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/evidence_store.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using H = ModeratorHandler;

class ModerationExposureTest : public ::testing::Test {
 protected:
  // Small numbers, and a process that goes by them.
  ModerationExposureTest() {
    config::v1::ExposureRules* rules = world_.config.mutable_exposure();
    rules->set_shift_ms(8 * kHour);
    rules->set_break_due_load(10);
    rules->set_break_ms(20 * kMinute);
    SetBudget("text", 4, 1);
    SetBudget("graphic", 6, 5);
    world_.Restart();
  }
  void SetBudget(const std::string& category, uint32_t pieces, uint32_t load) {
    auto* budget = world_.config.mutable_exposure()->add_budget();
    budget->set_category(category);
    budget->set_pieces(pieces);
    budget->set_load(load);
  }

  // Reports about an account of so many messages, claimed by the reviewer.
  std::vector<SentMessage> HoldCase(const std::string& reason, int messages) {
    std::vector<SentMessage> sent;
    for (int i = 0; i < messages; ++i) {
      sent.push_back(
          world_.platform.SendText(kMallory, absl::StrCat("message ", i)));
    }
    v1::ReportContent content = world_.Content(kMallory, reason, sent);
    content.set_note("please help");
    world_.Report(content, kBob);
    world_.Fold();
    held_ = world_.Claim(kReviewer)->claimed();
    return sent;
  }
  absl::StatusOr<v1::GetCaseResponse> Reveal(
      const std::vector<SentMessage>& named, bool notes = false) {
    v1::GetCaseRequest request;
    request.set_case_id(held_.case_id());
    for (const SentMessage& message : named) {
      request.add_reveal_tag(message.frank.franking_tag());
    }
    request.set_reveal_notes(notes);
    return world_.GetCase(kReviewer, request);
  }
  static uint32_t Pieces(const v1::Exposure& exposure,
                         v1::ExposureCategory category) {
    for (const auto& entry : exposure.category()) {
      if (entry.category() == category) return entry.pieces();
    }
    return 0;
  }
  v1::Exposure Exposure() {
    return world_.People(&H::GetExposure, kReviewer, v1::GetExposureRequest())
        ->exposure();
  }
  // Makes the stored evidence of a message that of one in the form of MIMI.
  void MakeMimi(const SentMessage& sent) {
    const CaseId case_id(ToArray<CaseId::kSize>(AsBytes(held_.case_id())));
    auto held = storage::ListCaseEvidence(*world_.engine, case_id).value();
    ASSERT_TRUE(
        storage::RunTransactionAndWait(
            *world_.engine,
            [&](storage::Transaction& transaction) -> absl::Status {
              for (const storage::HeldEvidence& evidence : held) {
                auto record = storage::FindEvidence(transaction, evidence.id);
                if ((*record)->franking_tag() != sent.frank.franking_tag()) {
                  continue;
                }
                (*record)->set_mimi_content(true);
                storage::PutEvidence(transaction, evidence.id, **record);
              }
              return absl::OkStatus();
            })
            .ok());
  }
  // The details of the case's newest act.
  std::string LastAct() {
    auto acts = world_.Acts(kAuditor, held_.case_id()).value();
    return acts.act(acts.act_size() - 1).details();
  }
  absl::Status OptOut(const std::vector<v1::ExposureCategory>& categories,
                      const std::string& token = kReviewer) {
    v1::SetOptOutsRequest request;
    for (v1::ExposureCategory category : categories) {
      request.add_category(category);
    }
    return world_.People(&H::SetOptOuts, token, request).status();
  }

  ModerationWorld world_;
  v1::CaseSummary held_;
};

TEST_F(ModerationExposureTest, RevealsWhatIsNamedAndNothingElse) {
  auto sent = HoldCase("harassment.hate", 3);
  auto shown = Reveal({sent[1]});
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_EQ(shown->evidence_size(), 3);
  for (const v1::Evidence& evidence : shown->evidence()) {
    bool named = evidence.franking_tag() == sent[1].frank.franking_tag();
    EXPECT_EQ(evidence.part(0).body(), named ? "message 1" : "");
    EXPECT_EQ(evidence.part(0).sha256().empty(), !named);
  }
  EXPECT_EQ(shown->report(0).note(), "");
  EXPECT_EQ(Pieces(shown->exposure(), v1::EXPOSURE_CATEGORY_TEXT), 1);
  EXPECT_EQ(Reveal({}, /*notes=*/true)->report(0).note(), "please help");
  EXPECT_EQ(Pieces(Exposure(), v1::EXPOSURE_CATEGORY_TEXT), 1);
}

TEST_F(ModerationExposureTest, ShowsTextWithoutWhatElseIsInTheMessage) {
  SentMessage sent = world_.platform.SendParts(
      kMallory,
      {crypto::EncodePart("text/plain", AsBytes("look")).value(),
       crypto::EncodePart("image/png", AsBytes("pixels")).value()},
      {0, 1});
  world_.Report(world_.Content(kMallory, "sexual.unwanted", {sent}), kBob);
  world_.Fold();
  held_ = world_.Claim(kReviewer)->claimed();
  v1::GetCaseRequest request;
  request.set_case_id(held_.case_id());
  request.add_reveal_tag(sent.frank.franking_tag());
  request.set_text_only(true);
  auto shown = world_.GetCase(kReviewer, request);
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_EQ(shown->evidence(0).part_size(), 2);
  EXPECT_EQ(shown->evidence(0).part(0).body(), "look");
  EXPECT_EQ(shown->evidence(0).part(1).body(), "");
  EXPECT_EQ(shown->evidence(0).part(1).sha256().size(), 32);
  EXPECT_EQ(Pieces(Exposure(), v1::EXPOSURE_CATEGORY_GRAPHIC), 1)
      << "its text is of the piece";
  EXPECT_THAT(LastAct(), AllOf(HasSubstr("\"text_only\":true"),
                               HasSubstr("\"bodies\":1,")));
  request.set_text_only(false);
  EXPECT_EQ(world_.GetCase(kReviewer, request)->evidence(0).part(1).body(),
            "pixels");
  EXPECT_THAT(LastAct(), HasSubstr("\"bodies\":2,"));
  EXPECT_EQ(Pieces(Exposure(), v1::EXPOSURE_CATEGORY_GRAPHIC), 1);
}

// A picture on its own, of a message of three parts.
TEST_F(ModerationExposureTest, ShowsAPartWithoutThoseBesideIt) {
  auto picture = [](absl::string_view pixels) {
    return crypto::EncodePart("image/png", AsBytes(pixels)).value();
  };
  SentMessage sent = world_.platform.SendParts(
      kMallory, {picture("first"), picture("second"), picture("third")},
      {0, 1, 2});
  world_.Report(world_.Content(kMallory, "sexual.unwanted", {sent}), kBob);
  world_.Fold();
  held_ = world_.Claim(kReviewer)->claimed();
  v1::GetCaseRequest request;
  request.set_case_id(held_.case_id());
  request.set_franking_tag(sent.frank.franking_tag());
  request.set_reveal(true);
  request.set_first_index(1);
  request.set_index_count(1);
  auto shown = world_.GetCase(kReviewer, request);
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_EQ(shown->evidence(0).part_size(), 1);
  EXPECT_EQ(shown->evidence(0).part(0).body(), "second");
  EXPECT_EQ(shown->evidence(0).left_out_count(), 0);
  EXPECT_THAT(LastAct(), HasSubstr("\"bodies\":1,"));
  request.clear_index_count();
  EXPECT_EQ(world_.GetCase(kReviewer, request)->evidence(0).part_size(), 2);
}

TEST_F(ModerationExposureTest, NamesNoFileBesideThePartThatIsLookedAt) {
  const FrankingTag tag(std::array<uint8_t, 32>{7});
  SentMessage sent = world_.platform.SendParts(
      kMallory,
      {crypto::EncodePart("image/png", AsBytes("pixels")).value(),
       crypto::EncodeFilePart({tag, 10, "image/jpeg", "insult.jpg"}).value()},
      {0, 1});
  world_.Report(world_.Content(kMallory, "sexual.unwanted", {sent}), kBob);
  world_.Fold();
  held_ = world_.Claim(kReviewer)->claimed();
  v1::GetCaseRequest request;
  request.set_case_id(held_.case_id());
  request.set_franking_tag(sent.frank.franking_tag());
  request.set_reveal(true);
  request.set_index_count(1);
  auto shown = world_.GetCase(kReviewer, request);
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_EQ(shown->evidence(0).file_size(), 1);
  EXPECT_EQ(shown->evidence(0).file(0).media_type(), "image/jpeg");
  EXPECT_EQ(shown->evidence(0).file(0).name(), "");
  request.set_first_index(1);
  EXPECT_EQ(world_.GetCase(kReviewer, request)->evidence(0).file(0).name(),
            "insult.jpg");
  request.clear_first_index();
  request.clear_index_count();
  EXPECT_EQ(world_.GetCase(kReviewer, request)->evidence(0).file(0).name(),
            "insult.jpg");
}

// From "next" to a case that can be read in one call.
TEST_F(ModerationExposureTest, ShowsTheTextOfTheCaseThatAClaimTakes) {
  std::vector<SentMessage> sent = {
      world_.platform.SendText(kMallory, "message 0"),
      world_.platform.SendParts(
          kMallory,
          {crypto::EncodePart("text/plain", AsBytes("look")).value(),
           crypto::EncodePart("image/png", AsBytes("pixels")).value()},
          {0, 1})};
  v1::ReportContent content = world_.Content(kMallory, "harassment.hate", sent);
  content.set_note("please help");
  world_.Report(content, kBob);
  world_.Fold();
  v1::ClaimCaseRequest next;
  next.set_show(true);
  next.set_reveal_notes(true);
  next.set_reveal_texts(true);
  auto claim = world_.Claim(kReviewer, next);
  ASSERT_TRUE(claim.ok()) << claim.status();
  held_ = claim->claimed();
  ASSERT_EQ(claim->shown().evidence_size(), 2);
  for (const v1::Evidence& evidence : claim->shown().evidence()) {
    const bool text = evidence.part_size() == 1;
    EXPECT_EQ(evidence.part(0).body(), text ? "message 0" : "")
        << "beside a picture text waits to be asked for";
  }
  EXPECT_EQ(claim->shown().report(0).note(), "please help");
  EXPECT_EQ(Pieces(claim->shown().exposure(), v1::EXPOSURE_CATEGORY_TEXT), 1);
  EXPECT_EQ(Pieces(Exposure(), v1::EXPOSURE_CATEGORY_TEXT), 1);
  auto acts = world_.Acts(kAuditor, held_.case_id()).value();
  EXPECT_EQ(acts.act(acts.act_size() - 2).act(), "evidence.revealed");
  EXPECT_EQ(acts.act(acts.act_size() - 1).act(), "notes.revealed");
}

TEST_F(ModerationExposureTest, ShowsAClaimNoContentThatAskingWouldNotGet) {
  HoldCase("harassment.hate", 5);
  v1::ClaimCaseRequest again;
  again.set_case_id(held_.case_id());
  again.set_show(true);
  again.set_reveal_texts(true);
  auto over = world_.Claim(kReviewer, again);
  ASSERT_TRUE(over.ok()) << "five pieces where four may be seen: it is "
                         << "the caller's all the same, " << over.status();
  EXPECT_TRUE(over->has_claimed());
  ASSERT_EQ(over->shown().evidence_size(), 5);
  EXPECT_EQ(over->shown().evidence(0).part(0).body(), "");
  EXPECT_EQ(Pieces(Exposure(), v1::EXPOSURE_CATEGORY_TEXT), 0);
}

TEST_F(ModerationExposureTest, ShowsAClaimNoTextWherePicturesAreExpected) {
  HoldCase("sexual.unwanted", 1);
  v1::ClaimCaseRequest again;
  again.set_case_id(held_.case_id());
  again.set_show(true);
  again.set_reveal_notes(true);
  again.set_reveal_texts(true);
  auto shown = world_.Claim(kReviewer, again)->shown();
  EXPECT_EQ(shown.evidence(0).part(0).body(), "");
  EXPECT_EQ(shown.report(0).note(), "please help");
}

// The sender writes the media type, and can write anything.
TEST_F(ModerationExposureTest, TakesForTextWhatReadsAsText) {
  const std::string picture = "\x89PNG\r\n";
  SentMessage sent = world_.platform.SendParts(
      kMallory,
      {crypto::EncodePart("Text/plain", AsBytes("look")).value(),
       crypto::EncodePart("text/plain", AsBytes(picture)).value()},
      {0, 1});
  SentMessage mimi = world_.platform.SendText(kMallory, "as MIMI has it");
  world_.Report(world_.Content(kMallory, "sexual.unwanted", {sent, mimi}),
                kBob);
  world_.Fold();
  held_ = world_.Claim(kReviewer)->claimed();
  MakeMimi(mimi);
  v1::GetCaseRequest request;
  request.set_case_id(held_.case_id());
  request.set_franking_tag(sent.frank.franking_tag());
  request.set_reveal(true);
  request.set_text_only(true);
  auto shown = world_.GetCase(kReviewer, request);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->evidence(0).part(0).body(), "look");
  EXPECT_EQ(shown->evidence(0).part(1).body(), "");
  EXPECT_THAT(LastAct(), HasSubstr("\"bodies\":1,"));
  request.set_franking_tag(mimi.frank.franking_tag());
  EXPECT_EQ(world_.GetCase(kReviewer, request)->evidence(0).part(0).body(), "");
  EXPECT_THAT(LastAct(), HasSubstr("\"bodies\":0,"));
  request.set_text_only(false);
  EXPECT_THAT(world_.GetCase(kReviewer, request)->evidence(0).part(0).body(),
              HasSubstr("as MIMI has it"));
}

TEST_F(ModerationExposureTest, ListsWhatModeratorsWereShownInTheirShifts) {
  auto list = [this](const std::string& token, const std::string& after = "") {
    v1::ListExposureRequest request;
    request.set_page_size(1);
    request.set_page_token(after);
    return world_.People(&H::ListExposure, token, request);
  };
  EXPECT_EQ(FindReason(list(kReviewer).status()), "NOT_PERMITTED");
  EXPECT_EQ(list(kSenior)->moderator_exposure_size(), 0);
  auto sent = HoldCase("harassment.hate", 3);
  ASSERT_TRUE(Reveal({sent[0], sent[1]}).ok());
  ASSERT_TRUE(OptOut({v1::EXPOSURE_CATEGORY_GRAPHIC}).ok());
  auto shown = list(kSenior);
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_EQ(shown->moderator_exposure_size(), 1);
  EXPECT_EQ(shown->moderator_exposure(0).moderator(), "rita");
  const v1::Exposure& exposure = shown->moderator_exposure(0).exposure();
  EXPECT_EQ(Pieces(exposure, v1::EXPOSURE_CATEGORY_TEXT), 2);
  for (const auto& category : exposure.category()) {
    EXPECT_FALSE(category.opted_out()) << "that is their own business";
  }
  EXPECT_EQ(shown->next_page_token(), "rita");
  EXPECT_EQ(list(kSenior, "rita")->moderator_exposure_size(), 0);
  EXPECT_EQ(list(kSenior, "rita")->next_page_token(), "");
  world_.clock.Advance(8 * kHour);
  EXPECT_EQ(list(kSenior)->moderator_exposure_size(), 0) << "it is over";
}

TEST_F(ModerationExposureTest, MakesEachRevealAnActWithItsCategory) {
  auto sent = HoldCase("sexual.unwanted", 2);
  ASSERT_TRUE(Reveal({sent[1]}, /*notes=*/true).ok());
  auto acts = world_.Acts(kAuditor, held_.case_id()).value();
  ASSERT_GE(acts.act_size(), 2);
  const auto& notes = acts.act(acts.act_size() - 1);
  const auto& evidence = acts.act(acts.act_size() - 2);
  EXPECT_EQ(evidence.act(), "evidence.revealed");
  EXPECT_EQ(evidence.actor(), "moderator:rita");
  EXPECT_THAT(evidence.details(), HasSubstr("\"exposure\":\"graphic\""));
  EXPECT_THAT(evidence.details(),
              HasSubstr(ToHex(AsBytes(sent[1].frank.franking_tag()))));
  EXPECT_EQ(notes.act(), "notes.revealed");
  EXPECT_EQ(world_.OnlyCase().exposure(), v1::EXPOSURE_CATEGORY_GRAPHIC);
}

TEST_F(ModerationExposureTest, CountsAPieceOnceAShiftAndRefusesWhatIsOver) {
  auto sent = HoldCase("harassment.hate", 6);
  ASSERT_TRUE(Reveal({sent[0], sent[1], sent[2]}).ok());
  // Shown again, it costs nothing.
  auto again = Reveal({sent[0], sent[1], sent[2]});
  EXPECT_EQ(Pieces(again->exposure(), v1::EXPOSURE_CATEGORY_TEXT), 3);
  absl::Status over = Reveal({sent[2], sent[3], sent[4]}).status();
  EXPECT_TRUE(absl::IsResourceExhausted(over));
  EXPECT_EQ(FindReason(over), "EXPOSURE_SPENT");
  EXPECT_EQ(FindRetryAfter(over), 8 * kHour);
  EXPECT_THAT(std::string(over.message()), HasSubstr("2 new pieces"));
  EXPECT_EQ(
      FindReason(world_.GetCase(kReviewer, held_.case_id(), true).status()),
      "EXPOSURE_SPENT");
  EXPECT_EQ(Pieces(Exposure(), v1::EXPOSURE_CATEGORY_TEXT), 3);
  ASSERT_TRUE(Reveal({sent[3]}).ok());
  EXPECT_EQ(FindReason(Reveal({sent[4]}).status()), "EXPOSURE_SPENT");
  // What was shown may be shown on.
  EXPECT_TRUE(Reveal({sent[0]}).ok());
  // A case can be decided without a look.
  EXPECT_TRUE(
      world_
          .Decide(kReviewer,
                  world_.Decision(held_, {MakeAction(v1::ACTION_KIND_NONE)},
                                  std::string(16, 'd')))
          .ok());
}

TEST_F(ModerationExposureTest, BeginsAnewWithTheNextShift) {
  auto sent = HoldCase("harassment.hate", 5);
  ASSERT_TRUE(Reveal({sent[0], sent[1], sent[2], sent[3]}).ok());
  world_.clock.Advance(8 * kHour - 1);
  EXPECT_EQ(FindReason(Reveal({sent[4]}).status()), "EXPOSURE_SPENT");
  world_.clock.Advance(1);
  EXPECT_EQ(Exposure().shift_started_at(), 0);
  auto shown = Reveal({sent[0], sent[4]});
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(Pieces(shown->exposure(), v1::EXPOSURE_CATEGORY_TEXT), 2);
  EXPECT_EQ(shown->exposure().shift_started_at(), world_.clock.Now());
  EXPECT_EQ(shown->exposure().shift_ends_at(), world_.clock.Now() + 8 * kHour);
}

TEST_F(ModerationExposureTest, ForcesABreakAfterALoad) {
  auto sent = HoldCase("sexual.unwanted", 5);
  EXPECT_EQ(Reveal({sent[0]})->exposure().load(), 5);
  auto second = Reveal({sent[1]});
  EXPECT_EQ(second->exposure().break_until(),
            world_.clock.Now() + 20 * kMinute);
  absl::Status refused = Reveal({sent[2]}).status();
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_EQ(FindReason(refused), "BREAK_DUE");
  EXPECT_EQ(FindRetryAfter(refused), 20 * kMinute);
  // Another process knows it too.
  UnixMillis until = world_.clock.Now() + 20 * kMinute;
  world_.Restart();
  world_.clock.Set(until - 1);
  EXPECT_EQ(FindReason(Reveal({sent[2]}).status()), "BREAK_DUE");
  // What was seen before is nothing new.
  EXPECT_TRUE(Reveal({sent[0]}).ok());
  world_.clock.Advance(1);
  auto rested = Reveal({sent[2]});
  ASSERT_TRUE(rested.ok()) << rested.status();
  EXPECT_EQ(rested->exposure().load(), 5);
  EXPECT_EQ(rested->exposure().break_until(), 0);
  EXPECT_EQ(Pieces(rested->exposure(), v1::EXPOSURE_CATEGORY_GRAPHIC), 3);
}

TEST_F(ModerationExposureTest, RefusesARevealThatWouldOverrunTheBreak) {
  auto sent = HoldCase("sexual.unwanted", 4);
  absl::Status refused = Reveal({sent[0], sent[1], sent[2]}).status();
  EXPECT_EQ(FindReason(refused), "BREAK_DUE");
  EXPECT_EQ(Exposure().load(), 0) << "nothing of it was revealed";
  ASSERT_TRUE(Reveal({sent[0]}).ok());
  world_.clock.Advance(5 * kMinute);
  refused = Reveal({sent[1], sent[2]}).status();
  EXPECT_EQ(FindReason(refused), "BREAK_DUE");
  EXPECT_EQ(FindRetryAfter(refused), 15 * kMinute);
  EXPECT_TRUE(Reveal({sent[1]}).ok());
}

TEST_F(ModerationExposureTest, CountsWhatPromisedToShowNothingAsText) {
  auto sent = HoldCase("rule_breaking.ban_evasion", 1);
  auto shown = Reveal(sent);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(Pieces(shown->exposure(), v1::EXPOSURE_CATEGORY_TEXT), 1);
}

TEST_F(ModerationExposureTest, TakesALongPauseForABreak) {
  auto sent = HoldCase("sexual.unwanted", 2);
  ASSERT_TRUE(Reveal({sent[0]}).ok());
  world_.clock.Advance(20 * kMinute);
  EXPECT_EQ(Exposure().load(), 0);
  EXPECT_EQ(Reveal({sent[1]})->exposure().break_until(), 0);
}

TEST_F(ModerationExposureTest, CountsForEachModeratorAndCategoryApart) {
  auto sent = HoldCase("harassment.hate", 4);
  ASSERT_TRUE(Reveal(sent).ok());
  ASSERT_TRUE(world_.Release(kReviewer, held_, "").ok());
  held_ = world_.Claim(kSecondReviewer)->claimed();
  EXPECT_TRUE(world_.GetCase(kSecondReviewer, held_.case_id(), true).ok());
  ASSERT_TRUE(world_.Release(kSecondReviewer, held_, "").ok());
  auto graphic = HoldCase("sexual.unwanted", 1);
  EXPECT_EQ(held_.policy_area(), "harassment");
  ASSERT_TRUE(world_.Release(kReviewer, held_, "").ok());
  const v1::ListCasesResponse list = world_.ListCases(kReviewer).value();
  for (const auto& summary : list.case_summary()) {
    if (summary.policy_area() == "sexual") {
      held_ = world_.Claim(kReviewer, summary.case_id())->claimed();
    }
  }
  auto shown = Reveal(graphic);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(Pieces(shown->exposure(), v1::EXPOSURE_CATEGORY_TEXT), 4);
  EXPECT_EQ(Pieces(shown->exposure(), v1::EXPOSURE_CATEGORY_GRAPHIC), 1);
}

TEST_F(ModerationExposureTest, RespectsOptOuts) {
  ASSERT_TRUE(OptOut({v1::EXPOSURE_CATEGORY_GRAPHIC}).ok());
  EXPECT_TRUE(Exposure().category(1).opted_out());
  auto sent = HoldCase("violence.extremism", 1);
  // The only case is not offered to them; they may still ask for it by name.
  EXPECT_EQ(held_.case_id(), "");
  held_ = world_.Claim(kReviewer, world_.OnlyCase().case_id())->claimed();
  absl::Status refused = Reveal(sent).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_EQ(FindReason(refused), "OPTED_OUT");
  EXPECT_TRUE(Reveal({}, /*notes=*/true).ok());
  EXPECT_TRUE(world_.GetCase(kReviewer, held_.case_id(), false).ok());
  ASSERT_TRUE(OptOut({}).ok());
  EXPECT_TRUE(Reveal(sent).ok());
}

TEST_F(ModerationExposureTest, OffersTheNextCaseByOptOuts) {
  world_.Report(world_.Content(kMallory, "violence.extremism",
                               {world_.platform.SendText(kMallory, "a")}),
                kBob);
  world_.Report(world_.Content(kAlice, "deception.spam",
                               {world_.platform.SendText(kAlice, "b")}),
                kBob);
  world_.Fold();
  ASSERT_TRUE(OptOut({v1::EXPOSURE_CATEGORY_GRAPHIC}).ok());
  EXPECT_EQ(world_.Claim(kReviewer)->claimed().accused_uri(), kAlice);
  EXPECT_EQ(world_.Claim(kSecondReviewer)->claimed().accused_uri(), kMallory);
}

TEST_F(ModerationExposureTest, SaysWhatWasDecidedOnTheSameMessageBefore) {
  auto sent = HoldCase("harassment.hate", 2);
  EXPECT_EQ(Reveal({})->evidence(0).prior_decision_size(), 0);
  ASSERT_TRUE(
      world_
          .Decide(kReviewer,
                  world_.Decision(held_, {MakeAction(v1::ACTION_KIND_WARN)},
                                  std::string(16, 'd')))
          .ok());
  SentMessage fresh = world_.platform.SendText(kMallory, "fresh");
  world_.Report(world_.Content(kMallory, "harassment.hate", {sent[0], fresh}),
                kAlice);
  world_.Fold();
  v1::CaseSummary next = world_.Claim(kReviewer)->claimed();
  EXPECT_NE(next.case_id(), held_.case_id());
  auto shown = world_.GetCase(kReviewer, next.case_id(), false).value();
  ASSERT_EQ(shown.evidence_size(), 2);
  for (const v1::Evidence& evidence : shown.evidence()) {
    if (evidence.franking_tag() == fresh.frank.franking_tag()) {
      EXPECT_EQ(evidence.prior_decision_size(), 0);
      continue;
    }
    ASSERT_EQ(evidence.prior_decision_size(), 1);
    const v1::PriorDecision& prior = evidence.prior_decision(0);
    EXPECT_EQ(prior.case_id(), held_.case_id());
    EXPECT_EQ(prior.decision_id(), std::string(16, 'd'));
    EXPECT_EQ(prior.policy(), "harassment.hate");
    EXPECT_THAT(prior.action(), ElementsAre(v1::ACTION_KIND_WARN));
    EXPECT_EQ(prior.decided_at(), world_.clock.Now());
  }
}

TEST_F(ModerationExposureTest, RefusesRulesThatBreakARule) {
  auto refused = [](const std::string& category, uint32_t pieces,
                    uint32_t load) {
    config::v1::ExposureRules config;
    auto* budget = config.add_budget();
    budget->set_category(category);
    budget->set_pieces(pieces);
    budget->set_load(load);
    return absl::IsFailedPrecondition(ExposureRules::Create(config).status());
  };
  EXPECT_FALSE(refused("child_safety", 1, 1));
  EXPECT_TRUE(refused("none", 1, 1));
  EXPECT_TRUE(refused("", 1, 1));
  EXPECT_TRUE(refused("text", 0, 1));
  EXPECT_TRUE(refused("text", 10001, 1));
  EXPECT_TRUE(refused("text", 1, 0));
  EXPECT_TRUE(refused("text", 1, 1001));
}

TEST_F(ModerationExposureTest, RefusesRevealsThatBreakARule) {
  HoldCase("harassment.hate", 1);
  v1::GetCaseRequest request;
  request.set_case_id(held_.case_id());
  request.add_reveal_tag("short");
  EXPECT_TRUE(
      absl::IsInvalidArgument(world_.GetCase(kReviewer, request).status()));
  request.clear_reveal_tag();
  for (size_t i = 0; i <= limits::kMaxRevealedPieces; ++i) {
    request.add_reveal_tag(std::string(32, 't'));
  }
  EXPECT_TRUE(
      absl::IsInvalidArgument(world_.GetCase(kReviewer, request).status()));
}

}  // namespace
}  // namespace frank::moderation
