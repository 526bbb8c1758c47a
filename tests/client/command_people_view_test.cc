#include "absl/strings/str_cat.h"
#include "client/command/own_report_view.h"
#include "client/command/people_view.h"
#include "client/franking.h"
#include "crypto/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/wire.h"

namespace frank::client {
namespace {

constexpr char kAuthority[] = "mimi://hub.example";
constexpr char kAlice[] = "mimi://hub.example/u/alice";
constexpr char kRoom[] = "mimi://hub.example/r/1";
constexpr UnixMillis kNow = 1'800'000'000'000;

// A message as its recipient has it, of a room without signatures.
VerifiedMessage Received(const Committed& committed) {
  crypto::SystemRandom random;
  crypto::KeyWindow window{kNow - kDay, kNow + kDay, false,
                           crypto::FrankForm::kNone};
  window.hub_key = crypto::Secret::Random(random, crypto::kHubKeyBytes);
  std::vector<crypto::KeyWindow> windows;
  windows.push_back(std::move(window));
  crypto::KeyRing ring =
      *crypto::KeyRing::Create(kAuthority, std::move(windows));
  crypto::StampInput input{committed.tag, kAlice, kRoom, kNow};
  v1::Frank frank;
  wire::SetFrank(input, crypto::Stamp(ring, {input})->front(), &frank);
  return *VerifyReceived(ChannelIdentity(kAlice, kRoom),
                         {static_cast<uint32_t>(committed.scheme),
                          committed.tag.bytes(), committed.payload.bytes()},
                         frank, {kAuthority, ring.PublicWindows()},
                         RequiredIntegrity::kAsStated, kNow);
}

VerifiedMessage Received(const std::vector<crypto::Part>& parts) {
  crypto::SystemRandom random;
  return Received(*CommitParts({kAlice, kRoom, kNow}, parts, random));
}

TEST(MessageTextTest, ShowsEachPartWithItsNumber) {
  std::string text =
      MessageText(7, Received({{"text/plain", AsBytes("first")},
                               {"image/png", AsBytes("picture")}}));
  EXPECT_THAT(text, testing::StartsWith("7  mimi://hub.example/u/alice  "));
  EXPECT_THAT(text, testing::HasSubstr("[0] \n    first"));
  EXPECT_THAT(text, testing::HasSubstr("[1] image/png, 7 bytes"));
}

// As many as fit a message of some 400 kB: a sender must not be able to keep a
// recipient busy for minutes, which work quadratic in the parts would do.
TEST(MessageTextTest, ShowsAMessageOfVeryManyParts) {
  constexpr size_t kParts = 200'000;
  VerifiedMessage message =
      Received(std::vector<crypto::Part>(kParts, {"", ByteSpan()}));
  std::string text = MessageText(1, message);
  EXPECT_THAT(text, testing::HasSubstr("[199999] , 0 bytes"));
  EXPECT_THAT(MessageJson(1, message).ToString(),
              testing::HasSubstr("\"index\":199999"));
}

TEST(MessageTextTest, SaysThatMimiContentIsNotShown) {
  Bytes salt(16, 1);
  VerifiedMessage message =
      Received(*CommitMimi({kAlice, kRoom, kNow}, salt, AsBytes("\x87\x01")));
  EXPECT_THAT(MessageText(1, message),
              testing::HasSubstr("MIMI content, 2 bytes"));
  EXPECT_THAT(MessageJson(1, message).ToString(),
              testing::HasSubstr("\"mimi_content_bytes\":2"));
}

std::string JsonOf(v1::ReportState state, v1::ReportOutcome outcome) {
  OwnReport report;
  report.status.set_state(state);
  report.status.set_outcome(outcome);
  return OwnReportJson(report).ToString();
}

TEST(OwnReportViewTest, NamesStatesAndOutcomesAsDocumented) {
  const std::pair<int, const char*> states[] = {{0, "unknown"},
                                                {1, "accepted"},
                                                {2, "with_moderators"},
                                                {3, "decided"},
                                                {4, "unknown"}};
  for (const auto& [state, name] : states) {
    EXPECT_THAT(JsonOf(static_cast<v1::ReportState>(state),
                       v1::REPORT_OUTCOME_UNSPECIFIED),
                testing::HasSubstr(
                    absl::StrCat("\"state\":\"", name, "\",\"outcome\":\"\"")));
  }
  const std::pair<int, const char*> outcomes[] = {
      {0, ""},
      {1, "action_taken"},
      {2, "no_action"},
      {3, "not_verifiable"},
      {4, "more_information_wanted"},
      {5, ""}};
  for (const auto& [outcome, name] : outcomes) {
    EXPECT_THAT(JsonOf(v1::REPORT_STATE_DECIDED,
                       static_cast<v1::ReportOutcome>(outcome)),
                testing::HasSubstr(absl::StrCat("\"outcome\":\"", name, "\"")));
  }
}

TEST(OwnReportViewTest, SaysWhetherTheReceiptIsTheModerators) {
  OwnReport report;
  EXPECT_THAT(OwnReportJson(report).ToString(),
              testing::HasSubstr("\"receipt\":\"none\""));
  report.receipt = absl::UnauthenticatedError("not authentic");
  EXPECT_THAT(OwnReportJson(report).ToString(),
              testing::HasSubstr("\"receipt\":\"refused\""));
  crypto::SignedReceipt receipt;
  receipt.receipt.received_at = kNow;
  report.receipt = receipt;
  EXPECT_THAT(OwnReportJson(report).ToString(),
              testing::HasSubstr(absl::StrCat(
                  "\"receipt\":\"verified\",\"received_at\":", kNow)));
}

TEST(RoomKindNameTest, TakesNoUnknownKindForAGroup) {
  EXPECT_EQ(RoomKindName(v1::ROOM_KIND_DIRECT), "direct");
  EXPECT_EQ(RoomKindName(v1::ROOM_KIND_GROUP), "group");
  EXPECT_EQ(RoomKindName(static_cast<v1::RoomKind>(7)), "unknown");
}

}  // namespace
}  // namespace frank::client
