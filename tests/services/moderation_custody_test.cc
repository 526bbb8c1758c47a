// The chain of custody in evidence packages: what it has of many acts, and what
// who checks it is told of the others.
#include <string>

#include "client/command/evidence_view.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "gmock/gmock.h"
#include "proto/canonical_json.h"
#include "storage/act_store.h"
#include "storage/audit_store.h"
#include "storage/case_store.h"
#include "tests/services/evidence_fixture.h"

namespace frank::moderation {
namespace {

using ::testing::HasSubstr;

TEST_F(EvidenceTest, HasTheFirstAndLastOfManyActsAndThoseOfTheExport) {
  Report({Threat()});
  const std::string id = world_.OnlyCase().case_id();
  const std::string subject = CaseSubject(CaseId(ToArray<16>(AsBytes(id))));
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(id)).ok());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  // Opened, reported, asked for, released.
  for (int i = 0; i < 4; ++i) AddActs(subject, 1000);
  world_.Sequence();
  auto findings = world_.Check(world_.FetchExport(kSenior).value());
  ASSERT_TRUE(findings.ok()) << findings.status();
  ASSERT_EQ(findings->custody.left_out.size(), 1u);
  EXPECT_EQ(findings->custody.left_out[0].subject, subject);
  EXPECT_EQ(findings->custody.left_out[0].first, 2000u);
  EXPECT_EQ(findings->custody.left_out[0].last, 2005u);
  EXPECT_EQ(findings->custody.acts.front().act, "case.opened");
  EXPECT_THAT(client::CustodyText(*findings),
              HasSubstr("acts 2000 to 2005 of " + subject + ", 6"));
}

TEST_F(EvidenceTest, HasTheActsOfTheExportHoweverManyAreBeforeThem) {
  Report({Threat()});
  const std::string id = world_.OnlyCase().case_id();
  const std::string subject = CaseSubject(CaseId(ToArray<16>(AsBytes(id))));
  for (int i = 0; i < 4; ++i) AddActs(subject, 1000);
  auto findings = world_.Check(world_.Package(id));
  ASSERT_TRUE(findings.ok()) << findings.status();
  ASSERT_EQ(findings->custody.left_out.size(), 1u);
  EXPECT_EQ(findings->custody.left_out[0].first, 2000u);
  EXPECT_EQ(findings->custody.left_out[0].last, 2005u);
  EXPECT_EQ(client::LeftOutCount(findings->custody), 6u);
}

TEST_F(EvidenceTest, HasTheActsOfTheExportBetweenManyOthers) {
  Report({Threat()});
  const std::string id = world_.OnlyCase().case_id();
  const std::string subject = CaseSubject(CaseId(ToArray<16>(AsBytes(id))));
  for (int i = 0; i < 2; ++i) AddActs(subject, 1000);
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(id)).ok());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  for (int i = 0; i < 3; ++i) AddActs(subject, 1000);
  world_.Sequence();
  auto findings = world_.Check(world_.FetchExport(kSenior).value());
  ASSERT_TRUE(findings.ok()) << findings.status();
  // Of 5,004 acts 2,003 and 2,004 are those of the export.
  ASSERT_EQ(findings->custody.left_out.size(), 2u);
  EXPECT_EQ(findings->custody.left_out[0].first, 2000u);
  EXPECT_EQ(findings->custody.left_out[0].last, 2002u);
  EXPECT_EQ(findings->custody.left_out[1].first, 2005u);
  EXPECT_EQ(findings->custody.left_out[1].last, 3005u);
  EXPECT_EQ(client::LeftOutCount(findings->custody), 1004u);
}

TEST_F(EvidenceTest, CountsWhatIsLeftOutOfTheActsAboutAReport) {
  Report({Threat()});
  const std::string id = world_.OnlyCase().case_id();
  auto reports =
      storage::ListCaseReports(*world_.engine, CaseId(ToArray<16>(AsBytes(id))))
          .value();
  const std::string subject = ReportSubject(reports[0].report);
  AddActs(subject, 40);
  auto findings = world_.Check(world_.Package(id));
  ASSERT_TRUE(findings.ok()) << findings.status();
  ASSERT_EQ(findings->custody.left_out.size(), 1u);
  EXPECT_EQ(findings->custody.left_out[0].subject, subject);
  EXPECT_EQ(findings->custody.left_out[0].first, 17u);
  EXPECT_EQ(findings->custody.left_out[0].last,
            findings->custody.act_counts.at(subject) - 16);
}

// Acts may reach the log in another order than they were done.
TEST_F(EvidenceTest, EndsBeforeTheFirstActThatIsNotInTheLog) {
  Report({Threat()});
  const std::string id = world_.OnlyCase().case_id();
  const std::string subject = CaseSubject(CaseId(ToArray<16>(AsBytes(id))));
  ASSERT_TRUE(world_.RequestExport(kSenior, world_.ExportOf(id)).ok());
  ASSERT_TRUE(world_.ReleaseExport(kSecondSenior).ok());
  const uint64_t released =
      storage::GetActCount(*world_.engine->Begin(), subject).value();
  AddActs(subject, 2);
  world_.Sequence();
  auto late = storage::RunTransactionAndWait(
      *world_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        auto entry =
            storage::FindAct(*world_.engine, {subject, released + 1}).value();
        auto hash = crypto::Sha256({AsBytes(*entry)});
        auto place = storage::FindPlace(*world_.engine, hash).value();
        place->clear_leaf();
        storage::PutPlace(transaction, hash, *place);
        return absl::OkStatus();
      });
  ASSERT_TRUE(late.ok()) << late;
  auto package = world_.FetchExport(kSenior);
  ASSERT_TRUE(package.ok()) << package.status();
  auto findings = world_.Check(*package);
  ASSERT_TRUE(findings.ok()) << findings.status();
  for (const auto& act : findings->custody.acts) {
    EXPECT_NE(act.act, "case.routed") << *crypto::FindActNumber(act);
  }
  ASSERT_EQ(findings->custody.left_out.size(), 1u);
  EXPECT_EQ(findings->custody.left_out[0].first, released + 1);
  EXPECT_EQ(findings->custody.left_out[0].last, released + 2);
}

TEST_F(EvidenceTest, RefusesACustodyThatIsNotWhole) {
  Report({Threat()});
  Bytes package = world_.Package(world_.OnlyCase().case_id());
  const auto with_acts = [&](auto change) {
    return world_.Resigned(package, [&](EvidenceWorld::Members* members) {
      evidence::v1::Custody custody;
      std::string& json = (*members)["custody.json"];
      ASSERT_TRUE(wire::FromCanonicalJson(json, &custody).ok());
      change(&custody);
      json = wire::ToCanonicalJson(custody);
    });
  };
  // Nothing vanishes without being counted.
  auto without = world_.Check(with_acts(
      [](auto* custody) { custody->mutable_act()->DeleteSubrange(1, 1); }));
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_EQ(client::LeftOutCount(without->custody), 1u);
  ExpectRefused(with_acts([](auto* custody) {
                  custody->mutable_act()->SwapElements(0, 1);
                }),
                "is out of place");
  ExpectRefused(with_acts([](auto* custody) {
                  custody->mutable_subject(0)->set_act_count(1);
                }),
                "is out of place");
  for (int subject : {0, 1}) {
    ExpectRefused(with_acts([&](auto* custody) {
                    const std::string name =
                        custody->subject(subject).subject();
                    custody->mutable_subject()->DeleteSubrange(subject, 1);
                    for (int i = custody->act_size() - 1; i >= 0; --i) {
                      if (custody->act(i).subject() != name) continue;
                      if (subject == 0) continue;
                      custody->mutable_act()->DeleteSubrange(i, 1);
                    }
                  }),
                  subject == 0 ? "is out of place" : "are not counted");
  }
  ExpectRefused(with_acts([](auto* custody) {
                  *custody->add_subject() = custody->subject(0);
                }),
                "counted twice");
  ExpectRefused(with_acts([](auto* custody) {
                  custody->mutable_subject(0)->set_act_count(UINT64_MAX);
                }),
                "must be canonical");
  ExpectRefused(with_acts([](auto* custody) {
                  custody->mutable_act(0)->set_leaf_index(
                      custody->act(0).leaf_index() + 1);
                }),
                "is not in the audit log");
  ExpectRefused(
      with_acts([](auto* custody) { custody->mutable_act(0)->set_number(9); }),
      "is not in the audit log");
  // The release, which is the case's last act.
  ExpectRefused(with_acts([](auto* custody) {
                  int last = 0;
                  for (int i = 0; i < custody->act_size(); ++i) {
                    if (custody->act(i).subject() == custody->act(0).subject())
                      last = i;
                  }
                  custody->mutable_act()->DeleteSubrange(last, 1);
                }),
                "one person asked");
}

}  // namespace
}  // namespace frank::moderation
