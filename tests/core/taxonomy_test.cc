#include "core/taxonomy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "core/limits.h"

namespace frank {
namespace {

TEST(TaxonomyTest, HasThirtyReasonsWithUniqueKeysAndTitles) {
  std::set<absl::string_view> keys;
  for (const ReportReason& reason : ReportReasons()) {
    EXPECT_TRUE(keys.insert(reason.key).second) << reason.key;
    EXPECT_FALSE(reason.title.empty()) << reason.key;
    EXPECT_LE(reason.key.size(), limits::kMaxReasonBytes);
  }
  EXPECT_EQ(keys.size(), 30u);
}

TEST(TaxonomyTest, PrefixesEachKeyWithItsPolicyArea) {
  for (const ReportReason& reason : ReportReasons()) {
    EXPECT_EQ(reason.key.substr(0, reason.policy_area.size() + 1),
              absl::StrCat(reason.policy_area, "."));
  }
}

TEST(TaxonomyTest, GivesCriticalReasonsAnHourAndLowOnesADay) {
  for (const ReportReason& a : ReportReasons()) {
    EXPECT_GT(a.deadline, 0u) << a.key;
    if (a.severity == ReasonSeverity::kCritical) {
      EXPECT_LE(a.deadline, kHour) << a.key;
    }
    if (a.severity == ReasonSeverity::kLow) {
      EXPECT_GE(a.deadline, kDay) << a.key;
    }
  }
}

TEST(TaxonomyTest, CountsEveryDangerToAChildAsExposureOfItsOwn) {
  for (const ReportReason& reason : ReportReasons()) {
    EXPECT_EQ(reason.exposure == Exposure::kChildSafety,
              reason.policy_area == "child_safety")
        << reason.key;
    EXPECT_NE(ExposureName(reason.exposure), "") << reason.key;
  }
}

TEST(TaxonomyTest, FindsAReasonOnlyByItsKeyAndVersion) {
  for (const ReportReason& reason : ReportReasons()) {
    EXPECT_EQ(FindReportReason(reason.key, kTaxonomyVersion), &reason);
    EXPECT_EQ(FindReportReason(reason.key, kTaxonomyVersion + 1), nullptr);
    EXPECT_EQ(FindReportReason(reason.key, 0), nullptr);
  }
  EXPECT_EQ(FindReportReason("", kTaxonomyVersion), nullptr);
  EXPECT_EQ(FindReportReason("harassment", kTaxonomyVersion), nullptr);
  EXPECT_EQ(FindReportReason("Harassment.hate", kTaxonomyVersion), nullptr);
}

// Clients in other languages have the table from there.
TEST(TaxonomyTest, StandsInTheProtocolDocument) {
  std::ifstream file(FRANK_SOURCE_DIR "/docs/protocol.md");
  std::stringstream document;
  document << file.rdbuf();
  constexpr const char* kSeverities[] = {"", "low", "medium", "high",
                                         "critical"};
  for (const ReportReason& reason : ReportReasons()) {
    std::string time = reason.deadline < kHour
                           ? absl::StrCat(reason.deadline / kMinute, " min")
                           : absl::StrCat(reason.deadline / kHour, " h");
    std::string row = absl::StrCat(
        "| `", reason.key, "` | ", reason.title, " | ",
        kSeverities[static_cast<size_t>(reason.severity)], " | ", time, " |\n");
    EXPECT_THAT(document.str(), testing::HasSubstr(row));
  }
}

}  // namespace
}  // namespace frank
