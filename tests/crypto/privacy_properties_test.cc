// Section 9 of the protocol, properties 4, 5, 7 and 8, as far as the
// cryptographic layer can show them: hiding, withheld parts, replay, content
// deniability.
#include <set>
#include <tuple>

#include "absl/strings/escaping.h"
#include "crypto/file.h"
#include "tests/crypto/properties.h"
#include "tests/crypto/reference_hpke.h"

namespace frank::crypto {
namespace {

// 4. Hiding.

TEST(HidingTest, WhatThePlatformSeesHoldsNoMarker) {
  FakeRandom random;
  const std::string marker = "MARKER-7f3a-the-planted-content";
  Bytes salt = random.Draw(32), content = TextPart(marker);
  FrankingTag tag = *CommitWhole({salt, content});
  Secret cek = Secret::Random(random, kCekBytes);
  BodyBinding binding = BindingOf(tag);
  Bytes body = *SealBody(cek, binding, content);
  Wrap wrap = *SealWrap(cek, DeviceKey(1).public_key(), DeviceKey(2),
                        MakeWrapAad(binding, body), random);
  Bytes report =
      *SealReport(DeviceKey(3).public_key(),
                  {ReviewKeyId(), ReportId(), kAlice}, content, random);
  Bytes seen = Encoder()
                   .Raw(tag.bytes())
                   .Raw(body)
                   .Raw(wrap)
                   .Raw(report)
                   .Raw(binding.aad())
                   .Take();
  std::string text = ToString(seen);
  for (const std::string& needle :
       {marker, std::string("planted"), ToHex(AsBytes(marker)),
        std::string(absl::Base64Escape(marker)), ToString(salt),
        ToString(cek.bytes())}) {
    EXPECT_EQ(text.find(needle), std::string::npos);
  }
}

TEST(HidingTest, EqualMessagesGiveUnrelatedTagsAndBodies) {
  FakeRandom random;
  Bytes content = TextPart("the same");
  std::set<Bytes> seen;
  for (int i = 0; i < 20; ++i) {
    FrankingTag tag = *CommitWhole({random.Draw(32), content});
    Bytes body =
        *SealBody(Secret::Random(random, kCekBytes), BindingOf(tag), content);
    EXPECT_TRUE(seen.insert(Copy(tag.bytes())).second);
    EXPECT_TRUE(seen.insert(body).second);
    EXPECT_EQ(body.size(), PadmeSize(content.size()) + 16);
  }
}

// 5. Withheld parts.

TEST(WithheldPartsTest, DoNotFollowEvenFromACorrectGuess) {
  PartsMessage message(5);
  PartProof proof;
  SomePartsOpening opening = message.Only(0, &proof);
  ASSERT_TRUE(Opens(message.commitment->tag(), opening));
  // The neighbour's leaf is in the proof; whoever guesses the neighbour's
  // content still lacks its salt, and nothing that was opened is it.
  MerkleHash neighbour = proof.inclusion_proof[0];
  Bytes withheld = message.parts[1];
  Sha256Digest true_salt =
      HmacKey(message.root_salt)
          .Mac({AsBytes("frank/1 part"), BigEndian(uint32_t{1})});
  ASSERT_EQ(neighbour, HashLeaf({HmacKey(true_salt).Mac({withheld})}));
  std::vector<Bytes> known = {Copy(proof.part_salt.bytes()),
                              message.parts[0],
                              Copy(message.commitment->tag().bytes()),
                              Copy(neighbour),
                              Copy(proof.inclusion_proof[1]),
                              Bytes(32),
                              {}};
  for (const Bytes& key : known) {
    EXPECT_NE(neighbour, HashLeaf({HmacKey(key).Mac({withheld})}));
    Sha256Digest derived =
        HmacKey(key).Mac({AsBytes("frank/1 part"), BigEndian(uint32_t{1})});
    EXPECT_NE(neighbour, HashLeaf({HmacKey(derived).Mac({withheld})}));
  }
}

TEST(WithheldPartsTest, LookTheSameWhateverTheyHold) {
  // Length and type of the withheld part change nothing that is opened but
  // hashes under its own salt.
  PartsMessage one(6), two(6);
  two.parts[1] = *EncodePart("image/jpeg", Bytes(5000, 1));
  two.commitment.emplace(*PartsCommitment::Create(two.Full()));
  PartProof proof_one, proof_two;
  SomePartsOpening first = one.Only(2, &proof_one);
  SomePartsOpening second = two.Only(2, &proof_two);
  EXPECT_EQ(first.parts[0].part_salt, second.parts[0].part_salt);
  EXPECT_EQ(first.parts[0].inclusion_proof.size(),
            second.parts[0].inclusion_proof.size());
  EXPECT_NE(proof_one.inclusion_proof, proof_two.inclusion_proof);
}

TEST(WithheldPartsTest, OfAFileNeedKeyOrRootSaltThatAReportOfChunksLacks) {
  FakeRandom random;
  Bytes root_salt = random.Draw(32), key = random.Draw(16);
  Bytes content = random.Draw(3 * 65536);
  auto committer = FileCommitter::Create(root_salt, content.size());
  for (uint32_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        committer->Add(ByteSpan(content).subspan(i * 65536, 65536)).ok());
  }
  PartsCommitment file = *std::move(*committer).Finish();
  PartProof proof = *file.Prove(1);
  Bytes chunk = *EncodePart("", ByteSpan(content).subspan(65536, 65536));
  OpenedPart opened{1, proof.part_salt.bytes(), chunk, {}};
  for (const MerkleHash& node : proof.inclusion_proof) {
    opened.inclusion_proof.push_back(node);
  }
  ASSERT_TRUE(Opens(file.tag(), SomePartsOpening{3, {opened}}));
  // With what this opens, neither the other chunks nor their ciphertext do.
  Bytes other = *EncodePart("", ByteSpan(content).subspan(0, 65536));
  OpenedPart wrong = opened;
  wrong.index = 0;
  wrong.part = other;
  EXPECT_FALSE(Opens(file.tag(), SomePartsOpening{3, {wrong}}));
  Bytes sealed(65536 + 16), plain(65536);
  ASSERT_TRUE(
      ChunkCipher::Create(Secret::Copy(key), file.tag(), 3)
          ->Seal(0, ByteSpan(content).first(65536), absl::MakeSpan(sealed))
          .ok());
  for (ByteSpan guess :
       {proof.part_salt.bytes().first(16), file.tag().bytes().first(16)}) {
    EXPECT_FALSE(ChunkCipher::Create(Secret::Copy(guess), file.tag(), 3)
                     ->Open(0, sealed, absl::MakeSpan(plain))
                     .ok());
  }
}

// 7. Replay.

TEST(ReplayTest, TheSameMessageFrankedAgainIsTheSamePieceOfEvidence) {
  KeyRing ring = RingOf(FrankForm::kBatched);
  FakeRandom random;
  Bytes salt = random.Draw(32), content = TextPart("x");
  WholeOpening opening{salt, content};
  FrankingTag tag = *CommitWhole(opening);
  std::set<std::tuple<FrankingTag, absl::string_view, absl::string_view>>
      evidence;
  for (UnixMillis time : {kNow, kNow + 5, kNow + kHour}) {
    Frank frank = StampOne(ring, tag, kMallory, kRoom, time);
    EXPECT_TRUE(Proves(FieldsOf(frank), opening, ring));
    evidence.insert({frank.tag, frank.sender_uri, frank.room_uri});
  }
  EXPECT_EQ(evidence.size(), 1u);
  Frank elsewhere = StampOne(ring, tag, kMallory, kOtherRoom);
  evidence.insert({elsewhere.tag, elsewhere.sender_uri, elsewhere.room_uri});
  EXPECT_EQ(evidence.size(), 2u);
}

TEST(ReplayTest, ARetrySendsTheSameBodyAndOnlyNewWraps) {
  FakeRandom random;
  FrankingTag tag = FrankingTag::Random(random);
  Secret cek = Secret::Random(random, kCekBytes);
  BodyBinding binding = BindingOf(tag);
  Bytes body = *SealBody(cek, binding, AsBytes("x"));
  EXPECT_EQ(*SealBody(cek, binding, AsBytes("x")), body);
  WrapAad aad = MakeWrapAad(binding, body);
  EXPECT_NE(
      *SealWrap(cek, DeviceKey(1).public_key(), DeviceKey(2), aad, random),
      *SealWrap(cek, DeviceKey(1).public_key(), DeviceKey(2), aad, random));
}

// 8. Content deniability.

class DeniabilityTest : public testing::TestWithParam<FrankForm> {};

TEST_P(DeniabilityTest, ARecipientAloneCanMakeATranscriptWithOtherContent) {
  KeyRing ring = RingOf(GetParam());
  const FrankingWindow& window = ring.windows()[0].window;
  FakeRandom random;
  Bytes salt = random.Draw(32), content = TextPart("good morning");
  Frank real = StampOne(ring, *CommitWhole({salt, content}));
  HpkePublicKey sender_device = DeviceKey(1).public_key();

  // From here on: the real frank, the recipient's own key, public keys.
  Bytes own_key(32, 2);
  HpkePrivateKey own_device = DeviceKey(2);
  Bytes other_salt = random.Draw(32);
  Bytes other_content = TextPart("I confess to everything");
  WholeOpening forged_opening{other_salt, other_content};
  FrankingTag forged_tag = *CommitWhole(forged_opening);
  Frank forged = real;
  forged.tag = forged_tag;
  BodyBinding binding = BindingOf(forged_tag);
  Secret cek = Secret::Random(random, kCekBytes);
  Bytes payload = Encoder().Raw(other_salt).Raw(other_content).Take();
  Bytes body = *SealBody(cek, binding, payload);
  WrapAad aad = MakeWrapAad(binding, body);
  Bytes wrap = ForgeSealAuth(own_key, sender_device.bytes(), random.Draw(32),
                             AsBytes("frank/1 key"), aad, cek.bytes());

  // A judge without hub_key checks the whole transcript, given even the
  // recipient's private key: the wrap of the sender's device, the body, the
  // opening, the platform's signature over sender, room and time.
  auto unwrapped = OpenWrap(wrap, own_device, sender_device, aad);
  ASSERT_TRUE(unwrapped.ok());
  auto opened = OpenBody(*unwrapped, binding, body);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->bytes(), ByteSpan(payload));
  EXPECT_TRUE(RecipientAccepts(FieldsOf(forged), forged_opening, window));

  // Whoever holds hub_key is not deceived.
  EXPECT_EQ(VerdictOn(forged, forged_opening, &ring), Verdict::kForgedFrank);
  EXPECT_EQ(VerdictOn(real, WholeOpening{salt, content}, &ring),
            Verdict::kProven);
}

INSTANTIATE_TEST_SUITE_P(Forms, DeniabilityTest,
                         testing::Values(FrankForm::kNone, FrankForm::kEach,
                                         FrankForm::kBatched));

}  // namespace
}  // namespace frank::crypto
