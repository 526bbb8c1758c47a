// Requests for evidence packages: who may do what, when, and what is logged.
#include <map>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "services/moderation/act_log.h"
#include "services/moderation/package_slots.h"
#include "services/moderation/retention_obstacles.h"
#include "services/moderation/retention_rules.h"
#include "storage/case_store.h"
#include "storage/evidence_package_store.h"
#include "tests/services/evidence_world.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ExportsTest : public testing::Test {
 protected:
  std::vector<std::string> ActsAbout(const std::string& case_id) {
    std::vector<std::string> names;
    auto acts = world_.Acts(kAuditor, case_id).value();
    for (const auto& act : acts.act()) {
      if (act.act().rfind("export.", 0) == 0) names.push_back(act.act());
    }
    return names;
  }

  void LinkToMallory(const std::string& moderator) {
    v1::LinkAccountRequest link;
    link.set_id(moderator);
    link.set_account_uri(kMallory);
    auto linked =
        world_.People<v1::LinkAccountRequest, v1::LinkAccountResponse>(
            &ModeratorHandler::LinkAccount, kAdministrator, link);
    ASSERT_TRUE(linked.ok()) << linked.status();
  }

  EvidenceWorld world_;
  const std::string case_ = world_.NewCase(kMallory).case_id();
};

TEST_F(ExportsTest, IsAskedForByOneReleasedByAnotherAndFetchedByTheFirst) {
  auto asked = world_.RequestExport(kSenior, world_.ExportOf(case_));
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->entry().state(), v1::EXPORT_STATE_WAITING);
  EXPECT_EQ(asked->entry().legal_basis(), "An order of the court");
  EXPECT_EQ(asked->act_hash().size(), 32u);
  EXPECT_EQ(ReasonOf(world_.FetchExport(kSenior).status()), "EXPORT_STATE");
  EXPECT_EQ(ReasonOf(world_.ReleaseExport(kSenior).status()), "SECOND_PERSON");
  auto released = world_.ReleaseExport(kSecondSenior);
  ASSERT_TRUE(released.ok()) << released.status();
  EXPECT_EQ(released->entry().state(), v1::EXPORT_STATE_RELEASED);
  EXPECT_EQ(ReasonOf(world_.FetchExport(kSecondSenior).status()),
            "NOT_PERMITTED");
  world_.Sequence();
  auto package = world_.FetchExport(kSenior);
  ASSERT_TRUE(package.ok()) << package.status();
  EXPECT_THAT(
      ActsAbout(case_),
      ElementsAre("export.requested", "export.released", "export.fetched"));
  auto acts = world_.Acts(kAuditor, case_).value();
  EXPECT_THAT(acts.act(acts.act_size() - 1).details(),
              HasSubstr(ToHex(crypto::Sha256({*package}))));
  v1::Export entry = world_.ListExports(kAuditor).value().entry(0);
  EXPECT_EQ(entry.fetch_count(), 1u);
  EXPECT_EQ(entry.package_sha256(), ToString(crypto::Sha256({*package})));
}

TEST_F(ExportsTest, KeepsWordsOutOfTheLog) {
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_)).ok());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  auto acts = world_.Acts(kAuditor, case_).value();
  ASSERT_GT(acts.act_size(), 2);
  for (const auto& act : acts.act()) {
    EXPECT_EQ(act.details().find("court"), std::string::npos);
    EXPECT_EQ(act.details().find("trial"), std::string::npos);
  }
}

TEST_F(ExportsTest, IsOnlyForWhoMaySeeTheCase) {
  auto request = world_.ExportOf(case_);
  EXPECT_EQ(ReasonOf(world_.RequestExport(kReviewer, request).status()),
            "NOT_PERMITTED");
  world_.Report(EvidenceWorld::Content("mimi://hub.example/u/other",
                                       "child_safety.grooming", {}),
                kBob);
  world_.Fold();
  auto cases = world_.ListCases(kAuditor).value();
  for (const auto& shown : cases.case_summary()) {
    if (shown.policy_area() != "child_safety") continue;
    EXPECT_EQ(
        ReasonOf(
            world_.RequestExport(kSenior, world_.ExportOf(shown.case_id(), 'C'))
                .status()),
        "CHILD_SAFETY_NEEDED");
  }
  EXPECT_EQ(cases.case_summary_size(), 2);
  LinkToMallory("sol");
  ASSERT_TRUE(world_.RequestExport(kSenior, request).ok());
  EXPECT_EQ(ReasonOf(world_.ReleaseExport(kSecondSenior).status()),
            "LINKED_ACCOUNT");
  EXPECT_TRUE(world_.ReleaseExport(kAdministrator).ok());
}

TEST_F(ExportsTest, KeepsItsCaseUntilItIsFetchedAndLosesItsWordsWithIt) {
  world_.config.mutable_retention()->set_proven_ms(1);
  world_.StartServing();
  auto shred = [this] {
    for (int i = 0; i < 100 && world_.process->shredder.Tend() == 0; ++i) {
    }
    return world_.StateOf(case_) == v1::CASE_STATE_SHREDDED;
  };
  v1::CaseSummary held =
      world_.GetCase(kReviewer, case_, false)->case_summary();
  ASSERT_TRUE(
      world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_NONE)}, 'd').ok());
  auto request = world_.ExportOf(case_);
  ASSERT_TRUE(world_.RequestExport(kSenior, request).ok());
  world_.clock.Advance(2 * kMinute);
  world_.Send();
  EXPECT_FALSE(shred());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  EXPECT_FALSE(shred());
  world_.Sequence();
  ASSERT_TRUE(world_.FetchExport(kSenior).ok());
  EXPECT_TRUE(shred());

  v1::Export entry = world_.ListExports(kAuditor)->entry(0);
  EXPECT_EQ(entry.fetch_count(), 1u);
  EXPECT_EQ(entry.purpose(), "");
  auto record = storage::FindExport(*world_.engine,
                                    ExportId(ToArray<16>(AsBytes(IdOf('E')))))
                    .value();
  EXPECT_EQ(record->words_ciphertext(), "");
  EXPECT_EQ(record->fingerprint(), "");
  EXPECT_TRUE(world_.RequestExport(kSenior, request).ok());
  EXPECT_EQ(ReasonOf(world_.FetchExport(kSenior).status()), "CASE_SHREDDED");
  EXPECT_EQ(
      ReasonOf(
          world_.RequestExport(kSenior, world_.ExportOf(case_, 'F')).status()),
      "CASE_SHREDDED");
}

// Whoever is about to shred the case has looked for requests before there was
// this one.
TEST_F(ExportsTest, IsNotMissedByWhoIsAboutToShredItsCase) {
  const CaseId id(ToArray<16>(AsBytes(case_)));
  auto shredding = world_.engine->Begin();
  auto before = storage::FindCase(*shredding, id).value();
  ASSERT_TRUE(before);
  auto after = *before;
  after.set_state(storage::kCaseShredding);
  ASSERT_TRUE(storage::PutCase(*shredding, id, &*before, &after).ok());
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_)).ok());
  EXPECT_TRUE(absl::IsAborted(storage::CommitAndWait(std::move(shredding))));
}

TEST_F(ExportsTest, ChangesUnderWhoeverAsksWhetherItsCaseIsKept) {
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_)).ok());
  const CaseId id(ToArray<16>(AsBytes(case_)));
  auto shredding = world_.engine->Begin();
  auto before = storage::FindCase(*shredding, id).value();
  auto obstacles =
      FindObstacles(*world_.engine, *shredding,
                    RetentionRules::Create({}).value(), id, world_.clock.Now());
  ASSERT_TRUE(obstacles.ok()) << obstacles.status();
  EXPECT_THAT(*obstacles, ElementsAre(v1::RETENTION_OBSTACLE_REFERRAL));
  auto after = *before;
  ASSERT_TRUE(storage::PutCase(*shredding, id, &*before, &after).ok());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  EXPECT_TRUE(absl::IsAborted(storage::CommitAndWait(std::move(shredding))));
}

TEST_F(ExportsTest, RepeatsAnAnswerAndRefusesAnotherRequestUnderItsId) {
  auto request = world_.ExportOf(case_);
  ASSERT_TRUE(world_.RequestExport(kSenior, request).ok());
  auto again = world_.RequestExport(kSenior, request);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->act_hash(), "");
  EXPECT_EQ(ReasonOf(world_.RequestExport(kSecondSenior, request).status()),
            "ID_CONFLICT");
  request.set_purpose("Another");
  EXPECT_EQ(ReasonOf(world_.RequestExport(kSenior, request).status()),
            "ID_CONFLICT");
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  EXPECT_EQ(world_.ReleaseExport(kSecondSenior).value().act_hash(), "");
  EXPECT_EQ(ReasonOf(world_.ReleaseExport(kAdministrator).status()),
            "EXPORT_STATE");
  EXPECT_THAT(ActsAbout(case_),
              ElementsAre("export.requested", "export.released"));
}

TEST_F(ExportsTest, IsOverWhenItsTimeIsOrSomebodyEndsIt) {
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_, 'A')).ok());
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_, 'B')).ok());
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_, 'C')).ok());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior, 'B').ok());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior, 'C').ok());
  ASSERT_TRUE(world_.CancelExport(kAdministrator, 'C').ok());
  EXPECT_EQ(world_.CancelExport(kAdministrator, 'C').value().act_hash(), "");
  world_.Sequence();
  EXPECT_EQ(ReasonOf(world_.FetchExport(kSenior, 'C').status()),
            "EXPORT_STATE");
  EXPECT_EQ(ReasonOf(world_.CancelExport(kSenior, 'C').status()),
            "EXPORT_STATE");
  world_.clock.Advance(7 * kDay - 1);
  EXPECT_TRUE(world_.FetchExport(kSenior, 'B').ok());
  world_.clock.Advance(1);
  EXPECT_EQ(ReasonOf(world_.FetchExport(kSenior, 'B').status()),
            "EXPORT_STATE");
  world_.clock.Advance(7 * kDay);
  EXPECT_EQ(ReasonOf(world_.ReleaseExport(kSecondSenior, 'A').status()),
            "EXPORT_STATE");
}

TEST_F(ExportsTest, IsReleasedForTheKeyThatWasSeen) {
  auto request = world_.ExportOf(case_);
  request.set_recipient_key(ToString(
      crypto::HpkePrivateKey::Create(crypto::Secret::Copy(Bytes(32, 8)))
          .value()
          .public_key()
          .bytes()));
  ASSERT_TRUE(world_.RequestExport(kSenior, request).ok());
  EXPECT_EQ(world_.ReleaseExport(kSecondSenior).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(ExportsTest, WaitsUntilItsReleaseIsInTheLog) {
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_)).ok());
  world_.Sequence();
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  EXPECT_EQ(ReasonOf(world_.FetchExport(kSenior).status()), "UNAVAILABLE");
  world_.Sequence();
  EXPECT_TRUE(world_.FetchExport(kSenior).ok());
}

TEST_F(ExportsTest, HoldsOnePackageForEachModerator) {
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_)).ok());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  ASSERT_TRUE(
      world_.RequestExport(kSecondSenior, world_.ExportOf(case_, 'F')).ok());
  ASSERT_TRUE(world_.ReleaseExport(kSenior, 'F').ok());
  world_.Sequence();
  auto first = world_.HoldExport(kSenior);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(ReasonOf(world_.HoldExport(kSenior).status()), "UNAVAILABLE");
  auto second = world_.HoldExport(kSecondSenior, 'F');
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_NE(first.value()->package.bytes, second.value()->package.bytes);
  first->reset();
  EXPECT_TRUE(world_.HoldExport(kSenior).ok());
}

class PackageSlotsTest : public testing::Test {
 protected:
  std::shared_ptr<HeldPackage> Take(const std::string& moderator) {
    auto held = slots_.Take(moderator);
    return held.ok() ? *held : nullptr;
  }
  // Somebody who reads it and lets go of it when told to.
  void Read(std::shared_ptr<HeldPackage> held) {
    HeldPackage* reader = held.get();
    readers_[reader] = std::move(held);
    reader->Begin(clock_.Now(), [this, reader] { readers_.erase(reader); });
  }

  FakeClock clock_{kNow};
  PackageSlots slots_{clock_};
  std::map<HeldPackage*, std::shared_ptr<HeldPackage>> readers_;
};

TEST_F(PackageSlotsTest, HasTwo) {
  auto anna = Take("anna");
  auto ben = Take("ben");
  ASSERT_TRUE(anna && ben);
  EXPECT_EQ(slots_.Take("carla").status().message(),
            "other packages are being fetched");
  ben.reset();
  EXPECT_TRUE(Take("carla"));
}

TEST_F(PackageSlotsTest, TakesThemFromWhoReadsTooSlowly) {
  Read(Take("anna"));
  Read(Take("ben"));
  HeldPackage* anna = readers_.begin()->first;
  clock_.Advance(limits::kPackageReadGrace);
  EXPECT_FALSE(Take("carla")) << "they have some time to begin";
  clock_.Advance(10 * kSecond);
  anna->Took(10 * limits::kLeastPackageBytesASecond);
  EXPECT_TRUE(Take("carla"));
  EXPECT_EQ(readers_.size(), 1u);
  EXPECT_EQ(readers_.count(anna), 1u) << "who kept the pace";
  clock_.Advance(1);
  anna->Took(0);
  clock_.Advance(1 * kSecond);
  EXPECT_TRUE(Take("carla"));
  EXPECT_TRUE(readers_.empty());
}

TEST_F(PackageSlotsTest, GivesWhoStalledAnotherTry) {
  auto being_made = Take("anna");
  EXPECT_EQ(slots_.Take("anna").status().message(),
            "another package is made for the caller");
  Read(std::move(being_made));
  Read(Take("ben"));
  EXPECT_TRUE(Take("anna")) << "at once, whether others wait or not";
  EXPECT_EQ(readers_.size(), 1u);
}

TEST_F(PackageSlotsTest, TakesNoneThatIsBeingMade) {
  auto anna = Take("anna");
  auto ben = Take("ben");
  clock_.Advance(1 * kHour);
  EXPECT_FALSE(Take("carla"));
}

TEST_F(ExportsTest, AsksAgainWhoMaySeeTheCaseWhenItIsFetched) {
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_)).ok());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  world_.Sequence();
  LinkToMallory("sena");
  EXPECT_EQ(ReasonOf(world_.FetchExport(kSenior).status()), "LINKED_ACCOUNT");
  EXPECT_THAT(ActsAbout(case_),
              ElementsAre("export.requested", "export.released"));
}

TEST_F(ExportsTest, ChecksEveryField) {
  const auto refused = [&](auto change) {
    auto request = world_.ExportOf(case_);
    change(&request);
    EXPECT_EQ(world_.RequestExport(kSenior, request).status().code(),
              absl::StatusCode::kInvalidArgument);
  };
  refused([](auto* r) { r->set_export_id("short"); });
  refused([](auto* r) { r->set_case_id(""); });
  refused([](auto* r) { r->set_recipient_key(std::string(31, 'k')); });
  refused([](auto* r) { r->set_recipient_key(std::string(32, '\0')); });
  refused([](auto* r) { r->set_recipient(""); });
  refused([](auto* r) { r->set_recipient(std::string(257, 'r')); });
  refused([](auto* r) { r->set_purpose(""); });
  refused([](auto* r) { r->set_purpose(std::string(1025, 'p')); });
  refused([](auto* r) { r->set_legal_basis(""); });
  refused([](auto* r) { r->set_legal_basis("\xFF"); });
  v1::ListExportsRequest list;
  list.set_page_size(201);
  EXPECT_FALSE(world_.ListExports(kSenior, list).ok());
  list.set_page_size(1);
  list.set_page_token("!");
  EXPECT_FALSE(world_.ListExports(kSenior, list).ok());
  EXPECT_EQ(ReasonOf(world_.FetchExport(kSenior, 'X').status()), "NOT_FOUND");
  EXPECT_EQ(
      ReasonOf(
          world_.RequestExport(kSenior, world_.ExportOf(std::string(16, 'x')))
              .status()),
      "NOT_FOUND");
}

TEST_F(ExportsTest, ListsTheNewestFirstPageByPage) {
  for (char id : {'A', 'B', 'C'}) {
    world_.clock.Advance(1);
    ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(case_, id)).ok());
  }
  v1::ListExportsRequest list;
  list.set_page_size(2);
  list.set_case_id(case_);
  std::string order;
  do {
    auto page = world_.ListExports(kSecondSenior, list).value();
    for (const auto& entry : page.entry()) order += entry.export_id()[0];
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(order, "CBA");
  list.set_case_id(std::string(16, 'x'));
  EXPECT_EQ(world_.ListExports(kSenior, list).value().entry_size(), 0);
}

TEST(ExportsWithoutKeyTest, IsRefusedAtOnce) {
  EvidenceWorld world(crypto::FrankForm::kBatched, /*with_evidence_key=*/false);
  std::string id = world.NewCase(kMallory).case_id();
  EXPECT_EQ(ReasonOf(world.RequestExport(kSenior, world.ExportOf(id)).status()),
            "NO_EVIDENCE_KEY");
}

}  // namespace
}  // namespace frank::moderation
