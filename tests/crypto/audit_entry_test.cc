#include "crypto/audit_entry.h"

#include <gtest/gtest.h>

#include "crypto/canonical_json.h"
#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

AuditEntry EntryOf(const std::string& details) {
  return {1'795'377'600'000, "moderator:7", "case.claimed", "case:00ff",
          details};
}

TEST(AuditEntryTest, RoundTripsAndRefusesWhatIsNear) {
  Bytes bytes = *Serialize(EntryOf("{\"epoch\":3}"));
  auto parsed = ParseAuditEntry(bytes);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*Serialize(*parsed), bytes);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ParseAuditEntry(ByteSpan(bytes).first(size)).ok()) << size;
  }
  bytes.push_back(0);
  EXPECT_FALSE(ParseAuditEntry(bytes).ok());
}

// An entry is not authenticated by itself: another that parses must be another.
TEST(AuditEntryTest, GivesEveryBitOfItsBytesAMeaning) {
  Bytes bytes = *Serialize(EntryOf("{\"epoch\":3}"));
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    auto parsed = ParseAuditEntry(flipped);
    if (!parsed.ok()) continue;
    auto again = Serialize(*parsed);
    ASSERT_TRUE(again.ok()) << bit;
    EXPECT_EQ(*again, flipped) << bit;
  }
}

TEST(AuditEntryTest, NeedsNamesInUtf8) {
  for (int field = 0; field < 3; ++field) {
    for (const char* bad : {"", "\xff", "\xed\xa0\x80"}) {
      AuditEntry entry = EntryOf("{}");
      (field == 0 ? entry.actor : field == 1 ? entry.act : entry.subject) = bad;
      EXPECT_EQ(Serialize(entry).status().code(),
                absl::StatusCode::kInvalidArgument);
    }
  }
}

TEST(AuditDetailsTest, TakesWhatTheDocumentAllowsWriters) {
  for (const char* good :
       {"{}", "{\"a\":1}", "{\"a\":\"x\",\"b\":true,\"c\":false}",
        "{\"a\":9007199254740991}", "{\"a\":-9007199254740991}",
        "{\"a\":\"\xc3\xa4\\n\\u0000\\\"\\\\\"}"}) {
    EXPECT_TRUE(CheckAuditDetails(good).ok()) << good;
    EXPECT_TRUE(Serialize(EntryOf(good)).ok()) << good;
  }
  for (const char* bad :
       {"", "[]", "{\"a\":null}", "{\"a\":{}}", "{\"a\":[]}",
        "{\"\xc3\xa4\":1}", "{\"a\":9007199254740992}",
        "{\"a\":-9007199254740992}", "{\"a\":1.5}", "{\"a\":-0}",
        "{\"a\":18446744073709551617}", "{\"b\":1,\"a\":1}", "{\"a\":1 }"}) {
    EXPECT_FALSE(CheckAuditDetails(bad).ok()) << bad;
    EXPECT_FALSE(Serialize(EntryOf(bad)).ok()) << bad;
  }
}

TEST(AuditDetailsTest, BuildsTheCanonicalForm) {
  AuditDetails details;
  EXPECT_EQ(details.Json(), "{}");
  details.Set("z", "say \"\n\x01\"")
      .Set("epoch", uint64_t{7})
      .SetBool("final", true)
      .SetHex("hash", Bytes{0xab, 0x01})
      .Set("z", "again\t");
  EXPECT_EQ(
      details.Json(),
      "{\"epoch\":7,\"final\":true,\"hash\":\"ab01\",\"z\":\"again\\t\"}");
  EXPECT_TRUE(CheckAuditDetails(details.Json()).ok());
}

TEST(AuditEntryTest, FindsTheNumberOfAnAct) {
  auto number = [](const std::string& details) {
    return FindActNumber(EntryOf(details));
  };
  EXPECT_EQ(number(AuditDetails().Set(kActNumber, uint64_t{7}).Json()), 7u);
  EXPECT_EQ(number("{\"a\":1,\"act_number\":12,\"z\":true}"), 12u);
  for (const char* without :
       {"{}", "{\"act_number\":\"7\"}", "{\"act_number\":-7}",
        "{\"act_number\":true}", "{\"a\":\"act_number\"}",
        "{\"a\":\"\\\"act_number\\\":7\"}", "{\"my_act_number\":7}",
        "{\"a\":{\"act_number\":7}}"}) {
    EXPECT_EQ(number(without), absl::nullopt) << without;
  }
}

TEST(AuditDetailsDeathTest, AbortsOnAnIntegerThatJsonReadersRound) {
  AuditDetails details;
  details.Set("n", uint64_t{1} << 53);
  EXPECT_DEATH(details.Json(), "check failed");
}

TEST(CanonicalJsonTest, EndsNestingAtSixteenLevels) {
  auto nested = [](int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += "{\"a\":";
    return text + "1" + std::string(static_cast<size_t>(levels), '}');
  };
  EXPECT_TRUE(IsCanonicalJsonObject(nested(16), JsonShape::kAny));
  EXPECT_FALSE(IsCanonicalJsonObject(nested(17), JsonShape::kAny));
  EXPECT_FALSE(IsCanonicalJsonObject(nested(100000), JsonShape::kAny));
  EXPECT_FALSE(IsCanonicalJsonObject("{\"a\":" + std::string(100000, '['),
                                     JsonShape::kAny));
}

TEST(CanonicalJsonTest, WritesEveryAsciiCharacterAsItReadsIt) {
  for (int c = 0; c < 128; ++c) {
    std::string json = "{\"a\":";
    char letter = static_cast<char>(c);
    AppendJsonString(absl::string_view(&letter, 1), &json);
    json += "}";
    EXPECT_TRUE(IsCanonicalJsonObject(json, JsonShape::kFlat)) << json;
  }
}

}  // namespace
}  // namespace frank::crypto
