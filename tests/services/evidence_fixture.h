// A case of which a package is made, and what people do about it.
#ifndef FRANK_TESTS_SERVICES_EVIDENCE_FIXTURE_H_
#define FRANK_TESTS_SERVICES_EVIDENCE_FIXTURE_H_

#include <string>
#include <vector>

#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/act_log.h"
#include "tests/services/evidence_world.h"

namespace frank::moderation {

class EvidenceTest : public testing::Test {
 protected:
  void Report(const std::vector<SentMessage>& messages,
              const char* reporter = kBob) {
    world_.Report(EvidenceWorld::Content(kMallory, "violence.threat", messages),
                  reporter);
    world_.Fold();
  }
  SentMessage Threat() {
    return world_.platform.SendText(kMallory, "I know where you live");
  }
  // Acts of no meaning, after those that there are about a subject.
  void AddActs(const std::string& subject, int count) {
    auto written = storage::RunTransactionAndWait(
        *world_.engine, [&](storage::Transaction& transaction) {
          ActLog acts(transaction, world_.clock.Now());
          for (int act = 0; act < count; ++act) {
            EXPECT_TRUE(
                acts.Add(subject, ServiceActor(), "case.routed", {}).ok());
          }
          return acts.Write();
        });
    ASSERT_TRUE(written.ok()) << written;
  }
  void ExpectRefused(ByteSpan package, const std::string& words) {
    auto findings = world_.Check(package);
    EXPECT_EQ(FindReason(findings.status()), "NOT_AUTHENTIC");
    EXPECT_THAT(std::string(findings.status().message()),
                ::testing::HasSubstr(words));
  }

  EvidenceWorld world_;
};

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_EVIDENCE_FIXTURE_H_
