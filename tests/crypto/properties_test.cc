// Section 9 of the protocol, properties 1 to 3, as far as the cryptographic
// layer can show them: binding and unforgeability. 4, 5, 7 and 8 are in
// privacy_properties_test.cc, 6 in salamander_test.cc.
#include "tests/crypto/properties.h"

namespace frank::crypto {
namespace {

// 1. Receiver binding.

TEST(ReceiverBindingTest, NoWholeTagOpensUnderAKeyThatHmacTakesForAnother) {
  FakeRandom random;
  Bytes content = TextPart("x");
  // HMAC pads short keys with zeros and hashes long ones.
  Bytes short_salt = random.Draw(16), long_salt = random.Draw(65);
  Bytes padded = short_salt;
  padded.resize(32);
  Sha256Digest hashed = Sha256({long_salt});
  auto tag_of = [&](ByteSpan key) {
    return FrankingTag(HmacKey(key).Mac({content}));
  };
  ASSERT_EQ(tag_of(short_salt), tag_of(padded));
  ASSERT_EQ(tag_of(long_salt), tag_of(hashed));
  EXPECT_FALSE(Opens(tag_of(padded), WholeOpening{padded, content}));
  EXPECT_FALSE(Opens(tag_of(padded), WholeOpening{short_salt, content}));
  EXPECT_TRUE(Opens(tag_of(hashed), WholeOpening{hashed, content}));
  EXPECT_FALSE(Opens(tag_of(hashed), WholeOpening{long_salt, content}));
}

TEST(ReceiverBindingTest, NoPartsTagOpensToOtherPartsOrBoundaries) {
  PartsMessage message(1);
  const FrankingTag& tag = message.commitment->tag();
  ASSERT_TRUE(Opens(tag, message.Full()));
  for (size_t i = 0; i < 3; ++i) {
    PartsMessage other(1);
    other.parts[i].push_back('!');
    EXPECT_FALSE(Opens(tag, other.Full()));
    other = PartsMessage(1);
    other.parts.erase(other.parts.begin() + static_cast<long>(i));
    EXPECT_FALSE(Opens(tag, other.Full()));
    other = PartsMessage(1);
    other.parts.push_back(other.parts[i]);
    EXPECT_FALSE(Opens(tag, other.Full()));
  }
  PartsMessage joined(1);
  joined.parts[0].insert(joined.parts[0].end(), joined.parts[1].begin(),
                         joined.parts[1].end());
  joined.parts.erase(joined.parts.begin() + 1);
  EXPECT_FALSE(Opens(tag, joined.Full()));
}

TEST(ReceiverBindingTest, NoTagOpensUnderBothSchemes) {
  FakeRandom random;
  Bytes salt = random.Draw(32), part = TextPart("x");
  FrankingTag whole = *CommitWhole({salt, part});
  FrankingTag parts = *CommitParts({salt, {part}});
  EXPECT_NE(whole, parts);
  EXPECT_FALSE(Opens(whole, PartsOpening{salt, {part}}));
  EXPECT_FALSE(Opens(parts, WholeOpening{salt, part}));
  EXPECT_FALSE(Opens(whole, SomePartsOpening{1, {{0, salt, part, {}}}}));
  // An inner node of the tree is no part of a smaller message.
  MerkleHash leaf = HashLeaf({HmacKey(salt).Mac({part})});
  EXPECT_FALSE(
      Opens(FrankingTag(leaf), SomePartsOpening{1, {{0, salt, part, {}}}}));
}

TEST(ReceiverBindingTest, TheMediaTypeIsCommitted) {
  FakeRandom random;
  Bytes salt = random.Draw(32);
  Bytes as_text = *EncodePart("text/plain", AsBytes("x"));
  Bytes as_html = *EncodePart("text/html", AsBytes("x"));
  FrankingTag tag = *CommitWhole({salt, as_text});
  EXPECT_TRUE(Opens(tag, WholeOpening{salt, as_text}));
  EXPECT_FALSE(Opens(tag, WholeOpening{salt, as_html}));
}

// 2. Sender binding.

TEST(SenderBindingTest, WhateverARecipientAcceptsIsProven) {
  for (FrankForm form :
       {FrankForm::kNone, FrankForm::kEach, FrankForm::kBatched}) {
    KeyRing ring = RingOf(form);
    const FrankingWindow& window = ring.windows()[0].window;
    FakeRandom random(static_cast<uint64_t>(form) + 1);
    size_t accepted = 0;
    // A sender that tries lengths of salt, contents and tags at random; the
    // platform is honest and stamps what it is given.
    for (int i = 0; i < 600; ++i) {
      uint8_t dice = random.Draw(1)[0];
      constexpr size_t kSalts[] = {32, 32, 32, 16, 31, 33, 0};
      Bytes salt = random.Draw(kSalts[dice % 7]);
      Bytes content = dice % 5 == 0 ? random.Draw(9) : TextPart("words");
      FrankingTag tag(HmacKey(salt).Mac({content}));
      if (dice % 11 == 0) tag = FrankingTag::Random(random);
      WholeOpening opening{salt, content, dice % 13 == 0};
      Frank frank = StampOne(ring, tag);
      bool accepts = RecipientAccepts(FieldsOf(frank), opening, window);
      EXPECT_EQ(accepts, Proves(FieldsOf(frank), opening, ring)) << i;
      accepted += accepts;
    }
    EXPECT_GT(accepted, 100u);
  }
}

TEST(SenderBindingTest, WhatAReportCouldNotProveIsNotAccepted) {
  KeyRing ring = RingOf(FrankForm::kBatched);
  const FrankingWindow& window = ring.windows()[0].window;
  PartsMessage message(2);
  Frank frank = StampOne(ring, message.commitment->tag());
  FrankFields fields = FieldsOf(frank);
  ASSERT_TRUE(RecipientAccepts(fields, message.Full(), window));
  std::vector<PartsOpening> bad(3, message.Full());
  bad[0].root_salt = bad[0].root_salt.first(31);
  bad[1].parts.clear();
  bad[2].parts[1] = ByteSpan();
  for (const PartsOpening& opening : bad) {
    EXPECT_FALSE(RecipientAccepts(fields, opening, window));
    EXPECT_FALSE(Proves(fields, opening, ring));
  }
}

// 3. Unforgeability.

class UnforgeabilityTest : public testing::TestWithParam<FrankForm> {
 protected:
  KeyRing ring_ = RingOf(GetParam());
  PartsMessage message_{3};
  PartProof proof_;
  SomePartsOpening opening_ = message_.Only(1, &proof_);
  std::vector<Frank> franks_ = [&] {
    std::vector<StampInput> inputs;
    for (uint32_t i = 0; i < 5; ++i) {
      inputs.push_back({message_.commitment->tag(), kMallory, kRoom, kNow + i});
    }
    return FranksOf(ring_, inputs);
  }();
  Frank frank_ = franks_[2];
};

TEST_P(UnforgeabilityTest, NoBitOfTheOpeningCanChange) {
  FrankFields fields = FieldsOf(frank_);
  ASSERT_TRUE(Proves(fields, opening_, ring_));
  OpenedPart& part = opening_.parts[0];
  for (ByteSpan* view : {&part.part, &part.part_salt, &part.inclusion_proof[0],
                         &part.inclusion_proof[1]}) {
    ByteSpan original = *view;
    ExpectOnlyExactly(Copy(original), [&](ByteSpan candidate) {
      *view = candidate;
      return Proves(fields, opening_, ring_);
    });
    *view = original;
  }
  for (uint32_t bit = 0; bit < 32; ++bit) {
    SomePartsOpening changed = opening_;
    changed.size ^= 1u << bit;
    EXPECT_FALSE(Proves(fields, changed, ring_)) << bit;
    changed = opening_;
    changed.parts[0].index ^= 1u << bit;
    EXPECT_FALSE(Proves(fields, changed, ring_)) << bit;
  }
}

TEST_P(UnforgeabilityTest, NoBitOfTheFrankCanChange) {
  FrankFields fields = FieldsOf(frank_);
  for (ByteSpan* view : {&fields.franking_tag, &fields.server_frank}) {
    ByteSpan original = *view;
    ExpectOnlyExactly(Copy(original), [&](ByteSpan candidate) {
      *view = candidate;
      return Proves(fields, opening_, ring_);
    });
    *view = original;
  }
  for (absl::string_view* view : {&fields.sender_uri, &fields.room_uri}) {
    absl::string_view original = *view;
    ExpectOnlyExactly(ToBytes(original), [&](ByteSpan candidate) {
      *view = AsText(candidate);
      return Proves(fields, opening_, ring_);
    });
    *view = original;
  }
  for (int bit = 0; bit < 64; ++bit) {
    FrankFields changed = fields;
    changed.accepted_timestamp ^= uint64_t{1} << bit;
    EXPECT_FALSE(Proves(changed, opening_, ring_)) << bit;
  }
}

TEST_P(UnforgeabilityTest, NoBitOfTheIntegrityCanChange) {
  FrankFields fields = FieldsOf(frank_);
  if (GetParam() == FrankForm::kNone) {
    // Nor can one be added.
    Bytes signature(kSignatureBytes);
    fields.integrity = ByteSpan(signature);
    EXPECT_FALSE(Proves(fields, opening_, ring_));
    return;
  }
  if (GetParam() == FrankForm::kEach) {
    ExpectOnlyExactly(Copy(absl::get<ByteSpan>(fields.integrity)),
                      [&](ByteSpan candidate) {
                        fields.integrity = candidate;
                        return Proves(fields, opening_, ring_);
                      });
    return;
  }
  BatchShareFields share = absl::get<BatchShareFields>(fields.integrity);
  std::vector<ByteSpan*> views = {&share.signature};
  for (ByteSpan& node : share.inclusion_proof) views.push_back(&node);
  for (ByteSpan* view : views) {
    ByteSpan original = *view;
    ExpectOnlyExactly(Copy(original), [&](ByteSpan candidate) {
      *view = candidate;
      fields.integrity = share;
      return Proves(fields, opening_, ring_);
    });
    *view = original;
  }
}

TEST_P(UnforgeabilityTest, NeedsTheHubKeyAndTheFrankingKey) {
  // Somebody with a ring of their own makes nothing for this one.
  Frank foreign = StampOne(RingOf(GetParam(), 77), message_.commitment->tag());
  EXPECT_FALSE(Proves(FieldsOf(foreign), opening_, ring_));
  if (GetParam() == FrankForm::kNone) return;
  // The hub_key alone does not do: moderation, which has it, cannot frank.
  KeyWindow half = WindowOf(GetParam());
  half.franking_seed = Secret::Copy(Bytes(32, 78));
  Frank by_moderation =
      StampOne(RingOf(std::move(half)), message_.commitment->tag());
  EXPECT_FALSE(Proves(FieldsOf(by_moderation), opening_, ring_));
}

INSTANTIATE_TEST_SUITE_P(Forms, UnforgeabilityTest,
                         testing::Values(FrankForm::kNone, FrankForm::kEach,
                                         FrankForm::kBatched));

}  // namespace
}  // namespace frank::crypto
