// AuditService: what it proves, and to whom.
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/act_log.h"
#include "tests/services/moderation_audit_world.h"

namespace frank::moderation {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ModerationAuditTest : public ::testing::Test {
 protected:
  // A case from its report to its decision.
  v1::DecideCaseResponse DecideACase() {
    std::vector<SentMessage> messages = {
        world_.base.platform.SendText(kMallory, "abuse")};
    world_.base.Report(
        world_.base.Content(kMallory, "harassment.hate", messages), kBob);
    world_.base.Fold();
    v1::CaseSummary held = world_.base.Claim(kReviewer)->claimed();
    case_id_ = held.case_id();
    auto decided = world_.base.Decide(
        kReviewer,
        world_.base.Decision(held, {MakeAction(v1::ACTION_KIND_WARN)},
                             std::string(16, 'd')));
    EXPECT_TRUE(decided.ok()) << decided.status();
    return decided.value_or(v1::DecideCaseResponse());
  }

  AuditWorld world_;
  std::string case_id_;
};

TEST_F(ModerationAuditTest, SignsAnEmptyLogBeforeAnythingHappens) {
  EXPECT_TRUE(absl::IsNotFound(world_.Checkpoint().status()));
  world_.Sequence();
  crypto::Checkpoint empty = world_.Opened();
  EXPECT_EQ(empty.size, 0u);
  EXPECT_EQ(empty.root, crypto::Sha256({}));
}

TEST_F(ModerationAuditTest, ProvesEveryActOfACaseByItsHashAndByItsNumber) {
  DecideACase();
  world_.Sequence();
  auto acts = world_.base.Acts(kAuditor, case_id_).value();
  ASSERT_GE(acts.act_size(), 3);
  for (const auto& act : acts.act()) {
    v1::GetInclusionProofRequest by_hash;
    by_hash.set_entry_sha256(act.sha256());
    std::string entry = Proven(world_.Inclusion(by_hash));
    EXPECT_EQ(ToString(crypto::Sha256({AsBytes(entry)})), act.sha256());
    EXPECT_EQ(Proven(world_.InclusionOf(act.subject(), act.number())), entry);
  }
}

TEST_F(ModerationAuditTest, LeadsFromTheReplyOfADecisionToItsProof) {
  v1::DecideCaseResponse decided = DecideACase();
  v1::GetInclusionProofRequest request;
  request.set_entry_sha256(decided.act_hash());
  auto early = world_.Inclusion(request);
  ASSERT_TRUE(early.ok()) << early.status();
  EXPECT_TRUE(early->has_not_yet_included());
  world_.Sequence();
  auto entry =
      crypto::ParseAuditEntry(AsBytes(Proven(world_.Inclusion(request))));
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->act, "case.decided");
}

TEST_F(ModerationAuditTest, ExportsWhatTheRootIsOf) {
  DecideACase();
  for (int i = 0; i < 700; ++i) ASSERT_TRUE(world_.Act("case:b").ok());
  world_.Sequence();
  auto entries = world_.ExportAll();
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_EQ(RootOf(*entries), world_.Opened().root);
  // By number within each subject, without a gap.
  std::map<std::string, uint64_t> numbers;
  for (const std::string& bytes : *entries) {
    auto entry = crypto::ParseAuditEntry(AsBytes(bytes));
    ASSERT_TRUE(entry.ok());
    EXPECT_EQ(crypto::FindActNumber(*entry), ++numbers[entry->subject]);
  }
  EXPECT_EQ(numbers["case:b"], 700u);
  EXPECT_EQ(numbers[CaseSubject(*CaseId::Parse("id", case_id_))],
            uint64_t(world_.base.Acts(kAuditor, case_id_)->act_size()));
  // A part of it is that part.
  EXPECT_EQ(
      *world_.Export(3, 5),
      std::vector<std::string>(entries->begin() + 3, entries->begin() + 5));
  EXPECT_THAT(*world_.Export(7, 7), IsEmpty());
}

TEST_F(ModerationAuditTest, ProvesThatItOnlyGrew) {
  std::vector<crypto::Checkpoint> seen;
  for (int i = 0; i < 12; ++i) {
    for (int k = 0; k < i; ++k) ASSERT_TRUE(world_.Act("case:a").ok());
    world_.Sequence();
    seen.push_back(world_.Opened());
  }
  for (const crypto::Checkpoint& old : seen) {
    for (const crypto::Checkpoint& later : seen) {
      auto answer = world_.Consistency(old.size, later.size);
      if (old.size > later.size) {
        EXPECT_TRUE(absl::IsInvalidArgument(answer.status()));
        continue;
      }
      ASSERT_TRUE(answer.ok()) << answer.status();
      std::vector<ByteSpan> views;
      for (const auto& node : answer->proof()) views.push_back(AsBytes(node));
      auto proof = crypto::ParseMerkleProof("proof", views);
      EXPECT_TRUE(crypto::VerifyConsistency(old.size, later.size, old.root,
                                            later.root, *proof)
                      .ok())
          << old.size << " to " << later.size;
    }
  }
}

TEST_F(ModerationAuditTest, SaysSinceWhenActsWait) {
  world_.Sequence();
  EXPECT_EQ(world_.Checkpoint()->pending_since(), 0u);
  UnixMillis first = world_.base.clock.Now();
  ASSERT_TRUE(world_.Act("case:a").ok());
  world_.base.clock.Advance(5 * kSecond);
  ASSERT_TRUE(world_.Act("case:b").ok());
  EXPECT_EQ(world_.Checkpoint()->pending_since(), first);
  world_.Sequence();
  auto after = world_.Checkpoint();
  EXPECT_EQ(after->pending_since(), 0u);
  EXPECT_EQ(after->signed_at(), world_.base.clock.Now());
  EXPECT_EQ(after->lost_count(), 0u);
}

TEST_F(ModerationAuditTest, AnswersThoseWhoMayAsk) {
  ASSERT_TRUE(world_.Act("case:a").ok());
  world_.Sequence();
  v1::GetInclusionProofRequest inclusion;
  inclusion.mutable_act()->set_subject("case:a");
  inclusion.mutable_act()->set_number(1);
  struct Row {
    const char* token;
    bool checkpoint, inclusion, consistency, entries;
  };
  constexpr Row kRows[] = {{kReviewer, false, true, false, false},
                           {kSenior, true, true, false, false},
                           {kAuditor, true, true, true, true},
                           {kAdministrator, true, true, true, true},
                           {kNobody, false, false, false, false}};
  for (const Row& row : kRows) {
    auto is = [&](const absl::Status& status, bool allowed) {
      EXPECT_EQ(status.ok(), allowed) << row.token << ": " << status;
      EXPECT_EQ(absl::IsPermissionDenied(status), !allowed) << row.token;
    };
    is(world_.Checkpoint(row.token).status(), row.checkpoint);
    is(world_.Inclusion(inclusion, row.token).status(), row.inclusion);
    is(world_.Consistency(0, 1, row.token).status(), row.consistency);
    is(world_.Export(0, 1, row.token).status(), row.entries);
  }
  EXPECT_TRUE(absl::IsUnauthenticated(world_.Checkpoint("unknown").status()));
}

TEST_F(ModerationAuditTest, ChecksEachField) {
  world_.Sequence();
  using Request = v1::GetInclusionProofRequest;
  auto code = [&](const std::function<void(Request&)>& set) {
    Request request;
    set(request);
    return world_.Inclusion(request).status().code();
  };
  auto act = [](const std::string& subject, uint64_t number) {
    return [subject, number](Request& request) {
      request.mutable_act()->set_subject(subject);
      request.mutable_act()->set_number(number);
    };
  };
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(code([](Request&) {}), kInvalid);
  EXPECT_EQ(code([](Request& r) { r.set_entry_sha256("short"); }), kInvalid);
  EXPECT_EQ(code(act("", 1)), kInvalid);
  EXPECT_EQ(code(act("case:a", 0)), kInvalid);
  EXPECT_EQ(code(act(std::string(1025, 'a'), 1)), kInvalid);
  EXPECT_EQ(code(act("case:\xff", 1)), kInvalid);
  EXPECT_EQ(code(act("case:a", 1)), absl::StatusCode::kNotFound);
  EXPECT_EQ(code([](Request& r) { r.set_entry_sha256(std::string(32, 1)); }),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(world_.Consistency(0, 1).status().code(), kInvalid);
  EXPECT_EQ(world_.Export(0, 1).status().code(), kInvalid);
  EXPECT_EQ(world_.Export(1, 0).status().code(), kInvalid);
}

}  // namespace
}  // namespace frank::moderation
