#include "proto/canonical_json.h"

#include "frank/evidence/v1/evidence.pb.h"
#include "gtest/gtest.h"

namespace frank::wire {
namespace {

using evidence::v1::Manifest;
using evidence::v1::Report;

Manifest Full() {
  Manifest manifest;
  manifest.set_schema("frank-evidence/1");
  manifest.set_recipient("Zoë \"the court\"\n");
  manifest.set_created_at((uint64_t{1} << 53) - 1);
  manifest.add_member()->set_name("case.json");
  manifest.add_member()->set_size(7);
  return manifest;
}

TEST(CanonicalJsonTest, WritesSortedNamesPlainNumbersAndNothingThatIsEmpty) {
  EXPECT_EQ(ToCanonicalJson(Full()),
            "{\"created_at\":9007199254740991,\"member\":[{\"name\":\"case."
            "json\"},{\"size\":7}],\"recipient\":\"Zoë \\\"the court\\\"\\n\","
            "\"schema\":\"frank-evidence/1\"}");
  EXPECT_EQ(ToCanonicalJson(Manifest()), "{}");
  Report report;
  report.set_clear_mismatch(true);
  report.set_taxonomy_version(1);
  report.mutable_verdict()->Add();
  EXPECT_EQ(
      ToCanonicalJson(report),
      "{\"clear_mismatch\":true,\"taxonomy_version\":1,\"verdict\":[{}]}");
}

TEST(CanonicalJsonTest, ReadsWhatItWrites) {
  for (const Manifest& manifest : {Full(), Manifest()}) {
    Manifest read;
    ASSERT_TRUE(FromCanonicalJson(ToCanonicalJson(manifest), &read).ok());
    EXPECT_EQ(read.SerializeAsString(), manifest.SerializeAsString());
  }
}

TEST(CanonicalJsonTest, RefusesEveryOtherForm) {
  for (const char* other : {"",
                            "[]",
                            "{} ",
                            " {}",
                            "{\"created_at\":\"5\"}",
                            "{\"createdAt\":5}",
                            "{\"created_at\":0}",
                            "{\"created_at\":5.0}",
                            "{\"created_at\":5e0}",
                            "{\"created_at\":9007199254740992}",
                            "{\"created_at\":-1}",
                            "{\"schema\":\"a\",\"created_at\":5}",
                            "{\"schema\":null}",
                            "{\"schema\":\"\"}",
                            "{\"schema\":\"\\u0041\"}",
                            "{\"unknown\":1}",
                            "{\"member\":[]}",
                            "{\"schema\":\"a\",\"schema\":\"a\"}",
                            "{\"schema\":5}",
                            "{\"schema\":\"\xFF\"}"}) {
    Manifest read;
    EXPECT_EQ(FromCanonicalJson(other, &read).code(),
              absl::StatusCode::kInvalidArgument)
        << other;
  }
}

TEST(CanonicalJsonTest, WritesNothingReadableOfWhatNoJsonReaderWouldAgreeOn) {
  Manifest read;
  Manifest large;
  large.set_created_at(uint64_t{1} << 53);
  EXPECT_FALSE(FromCanonicalJson(ToCanonicalJson(large), &read).ok());
}

}  // namespace
}  // namespace frank::wire
