#include "crypto/frank.h"

#include <gtest/gtest.h>

#include "core/status.h"
#include "crypto/encoding.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

constexpr absl::StatusCode kMalformed = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kForged = absl::StatusCode::kUnauthenticated;

// Parses the fields and checks everything that moderation would.
bool Verifies(const FrankFields& fields, const KeyRing& ring) {
  auto frank = ParseFrank(fields);
  if (!frank.ok()) {
    EXPECT_EQ(frank.status().code(), kMalformed);
    return false;
  }
  const KeyRing::Window* window = ring.FindWindow(frank->accepted_timestamp);
  if (window == nullptr) return false;
  return VerifyServerFrank(*frank, *window->hub_key).ok() &&
         VerifyIntegrity(*frank, window->window.form, window->window.key).ok();
}

Bytes Copy(ByteSpan bytes) { return Bytes(bytes.begin(), bytes.end()); }

class FrankFormTest : public testing::TestWithParam<FrankForm> {
 protected:
  KeyRing ring_ = RingOf(GetParam());
  // Of a batch of five where there are batches.
  Frank frank_ = StampMany(ring_, 5)[3];
  FrankFields fields_ = FieldsOf(frank_);
};

TEST_P(FrankFormTest, RoundTrips) {
  EXPECT_EQ(frank_.form(), GetParam());
  EXPECT_TRUE(Verifies(fields_, ring_));
}

TEST_P(FrankFormTest, VerifiesExactlyItsTagAndMac) {
  FrankFields changed = fields_;
  ExpectOnlyExactly(Copy(fields_.franking_tag), [&](ByteSpan candidate) {
    changed.franking_tag = candidate;
    return Verifies(changed, ring_);
  });
  changed = fields_;
  ExpectOnlyExactly(Copy(fields_.server_frank), [&](ByteSpan candidate) {
    changed.server_frank = candidate;
    return Verifies(changed, ring_);
  });
}

TEST_P(FrankFormTest, VerifiesExactlyItsContext) {
  FrankFields changed = fields_;
  ExpectOnlyExactly(ToBytes(fields_.sender_uri), [&](ByteSpan candidate) {
    changed.sender_uri = AsText(candidate);
    return Verifies(changed, ring_);
  });
  changed = fields_;
  ExpectOnlyExactly(ToBytes(fields_.room_uri), [&](ByteSpan candidate) {
    changed.room_uri = AsText(candidate);
    return Verifies(changed, ring_);
  });
  for (int bit = 0; bit < 64; ++bit) {
    changed = fields_;
    changed.accepted_timestamp ^= uint64_t{1} << bit;
    EXPECT_FALSE(Verifies(changed, ring_)) << bit;
  }
}

TEST_P(FrankFormTest, RefusesSwappedUris) {
  FrankFields changed = fields_;
  std::swap(changed.sender_uri, changed.room_uri);
  EXPECT_FALSE(Verifies(changed, ring_));
}

TEST_P(FrankFormTest, RefusesOtherKeys) {
  EXPECT_FALSE(Verifies(fields_, RingOf(GetParam(), 9)));
  EXPECT_FALSE(VerifyServerFrank(frank_, HmacKey(Bytes(32, 9))).ok());
}

TEST_P(FrankFormTest, RefusesEveryOtherForm) {
  for (FrankForm form :
       {FrankForm::kNone, FrankForm::kEach, FrankForm::kBatched}) {
    auto key = ring_.windows()[0].window.key;
    if (form != FrankForm::kNone && !key.has_value()) {
      key = RingOf(FrankForm::kEach).windows()[0].window.key;
    }
    if (form == FrankForm::kNone) key.reset();
    EXPECT_EQ(VerifyIntegrity(frank_, form, key).ok(), form == GetParam());
  }
}

TEST_P(FrankFormTest, RefusesAnotherCipherSuite) {
  for (uint32_t suite : {0u, 2u, 0x10001u, 0xffffffffu}) {
    FrankFields changed = fields_;
    changed.ciphersuite = suite;
    EXPECT_EQ(ParseFrank(changed).status().code(), kMalformed) << suite;
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, FrankFormTest,
                         testing::Values(FrankForm::kNone, FrankForm::kEach,
                                         FrankForm::kBatched));

TEST(FrankTest, VerifiesExactlyItsSignature) {
  KeyRing ring = RingOf(FrankForm::kEach);
  Frank frank = StampMany(ring, 1)[0];
  FrankFields fields = FieldsOf(frank);
  ExpectOnlyExactly(Copy(absl::get<Signature>(frank.integrity)),
                    [&](ByteSpan candidate) {
                      fields.integrity = candidate;
                      return Verifies(fields, ring);
                    });
}

TEST(FrankTest, VerifiesExactlyItsShareOfABatch) {
  KeyRing ring = RingOf(FrankForm::kBatched);
  Frank frank = StampMany(ring, 5)[3];
  FrankFields fields = FieldsOf(frank);
  BatchShareFields share = absl::get<BatchShareFields>(fields.integrity);
  auto verifies = [&](const BatchShareFields& candidate) {
    fields.integrity = candidate;
    return Verifies(fields, ring);
  };
  ExpectOnlyExactly(Copy(share.signature), [&](ByteSpan candidate) {
    BatchShareFields changed = share;
    changed.signature = candidate;
    return verifies(changed);
  });
  for (size_t node = 0; node < share.inclusion_proof.size(); ++node) {
    ExpectOnlyExactly(Copy(share.inclusion_proof[node]),
                      [&](ByteSpan candidate) {
                        BatchShareFields changed = share;
                        changed.inclusion_proof[node] = candidate;
                        return verifies(changed);
                      });
  }
  for (uint32_t size : {0u, 3u, 4u, 6u, 1024u, 1025u, 0xffffffffu}) {
    BatchShareFields changed = share;
    changed.size = size;
    EXPECT_FALSE(verifies(changed)) << size;
  }
  for (uint32_t index : {0u, 1u, 2u, 4u, 5u, 0xffffffffu}) {
    BatchShareFields changed = share;
    changed.index = index;
    EXPECT_FALSE(verifies(changed)) << index;
  }
  BatchShareFields longer = share;
  longer.inclusion_proof.push_back(share.inclusion_proof[0]);
  EXPECT_FALSE(verifies(longer));
  BatchShareFields shorter = share;
  shorter.inclusion_proof.pop_back();
  EXPECT_FALSE(verifies(shorter));
}

TEST(FrankTest, SignsBatchesOfEverySize) {
  KeyRing ring = RingOf(FrankForm::kBatched);
  for (uint32_t size : {1u, 2u, 3u, 64u, 1024u, 1025u, 2050u}) {
    std::vector<Frank> franks = StampMany(ring, size);
    ASSERT_EQ(franks.size(), size);
    for (uint32_t i : {0u, size / 2, size - 1}) {
      EXPECT_TRUE(Verifies(FieldsOf(franks[i]), ring)) << i << " of " << size;
      EXPECT_LE(absl::get<BatchShare>(franks[i].integrity).size, 1024u);
    }
  }
  EXPECT_TRUE(StampMany(ring, 0).empty());
}

TEST(FrankTest, BatchesOnlyWithinAWindow) {
  std::vector<KeyWindow> windows;
  windows.push_back(WindowOf(FrankForm::kBatched, 1));
  windows.push_back(WindowOf(FrankForm::kBatched, 3));
  windows[1].not_before = kNow + kDay;
  windows[1].not_after = kNow + 2 * kDay;
  KeyRing ring = *KeyRing::Create(kHub, std::move(windows));
  std::vector<StampInput> inputs;
  for (uint64_t i = 0; i < 6; ++i) {
    inputs.push_back({FrankingTag(), kMallory, kRoom, kNow + i % 2 * kDay});
  }
  std::vector<Frank> franks = FranksOf(ring, inputs);
  for (size_t i = 0; i < franks.size(); ++i) {
    EXPECT_EQ(franks[i].accepted_timestamp, inputs[i].accepted_timestamp);
    EXPECT_EQ(absl::get<BatchShare>(franks[i].integrity).size, 3u);
    EXPECT_TRUE(Verifies(FieldsOf(franks[i]), ring)) << i;
  }
}

TEST(FrankTest, StampsAllOrNone) {
  KeyRing ring = RingOf(FrankForm::kBatched);
  StampInput good{FrankingTag(), kMallory, kRoom, kNow};
  StampInput bad_uri{FrankingTag(), "mal lory", kRoom, kNow};
  StampInput too_late{FrankingTag(), kMallory, kRoom, kNow + kDay};
  EXPECT_EQ(Stamp(ring, {good, bad_uri}).status().code(), kMalformed);
  EXPECT_EQ(Stamp(ring, {good, too_late}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(FrankTest, StampsApartWhatCanBeStamped) {
  KeyRing ring = RingOf(FrankForm::kBatched);
  StampInput good{FrankingTag(), kMallory, kRoom, kNow};
  StampInput bad_uri{FrankingTag(), "mal lory", kRoom, kNow};
  StampInput too_late{FrankingTag(), kMallory, kRoom, kNow + kDay};
  auto stamps = StampApart(ring, {good, bad_uri, too_late, good});
  ASSERT_EQ(stamps.size(), 4u);
  EXPECT_EQ(FindFieldViolation(stamps[1].status())->field, "sender_uri");
  EXPECT_EQ(stamps[2].status().code(), absl::StatusCode::kFailedPrecondition);
  for (size_t i : {0, 3}) {
    ASSERT_TRUE(stamps[i].ok());
    Frank frank = MakeFrank(good, *stamps[i]);
    EXPECT_TRUE(Verifies(FieldsOf(frank), ring));
    EXPECT_EQ(absl::get<BatchShare>(frank.integrity).size, 2u);
  }
}

TEST(FrankTest, IsNotStampedInADeletedWindow) {
  KeyWindow tombstone;
  tombstone.not_before = kNow;
  tombstone.not_after = kNow + kDay;
  tombstone.tombstone = true;
  EXPECT_EQ(Stamp(RingOf(std::move(tombstone)),
                  {StampInput{FrankingTag(), kMallory, kRoom, kNow}})
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ContextTest, ParsesExactlyWhatItEncodes) {
  FrankContext context{kMallory, kRoom, kNow};
  Bytes encoded = EncodeContext(context);
  for (size_t size = 0; size < encoded.size(); ++size) {
    EXPECT_EQ(ParseContext(ByteSpan(encoded).first(size)).status().code(),
              kMalformed);
  }
  encoded.push_back(0);
  EXPECT_EQ(ParseContext(encoded).status().code(), kMalformed);
  encoded.pop_back();
  auto parsed = ParseContext(encoded);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(EncodeContext(*parsed), encoded);
}

TEST(ContextTest, TakesTheLongestUris) {
  std::string longest(512, 'u'), longer(513, 'u');
  EXPECT_TRUE(ParseContext(EncodeContext({longest, longest, 0})).ok());
  EXPECT_FALSE(CheckContext({longer, longest, 0}).ok());
  EXPECT_FALSE(CheckContext({longest, longer, 0}).ok());
  EXPECT_FALSE(CheckContext({"", longest, 0}).ok());
}

TEST(FrankTest, HasOneErrorForEveryForgery) {
  KeyRing ring = RingOf(FrankForm::kEach);
  Frank frank = StampMany(ring, 1)[0];
  frank.server_frank[0] ^= 1;
  absl::Status mac = VerifyServerFrank(frank, *ring.windows()[0].hub_key);
  absl::Status signature =
      VerifyIntegrity(frank, FrankForm::kEach, ring.windows()[0].window.key);
  EXPECT_EQ(mac.code(), kForged);
  EXPECT_EQ(mac, signature);
}

}  // namespace
}  // namespace frank::crypto
