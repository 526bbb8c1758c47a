// Section 9, property 6: the two attacks on AES-GCM, which commits neither to
// its key nor to its associated data, built for real and refused.
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "tests/crypto/gcm_algebra.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

TEST(GcmAlgebraTest, GivesTheTagThatAesGcmGives) {
  FakeRandom random;
  Bytes key = random.Draw(16), nonce = random.Draw(12);
  for (size_t size : {0, 1, 16, 100}) {
    Bytes aad = random.Draw(size + 3), plaintext = random.Draw(size);
    Bytes sealed(size + 16);
    ASSERT_TRUE(
        AeadSeal(key, nonce, aad, plaintext, absl::MakeSpan(sealed)).ok());
    ByteSpan ciphertext = ByteSpan(sealed).first(size);
    EXPECT_EQ(ToHex(GcmAlgebra(key, nonce).Tag(aad, ciphertext).ToBytes()),
              ToHex(ByteSpan(sealed).subspan(size)));
  }
}

TEST(GcmAlgebraTest, Inverts) {
  FakeRandom random;
  for (int i = 0; i < 20; ++i) {
    Field128 element = Field128::FromBytes(random.Draw(16));
    EXPECT_EQ((element * Inverse(element)).ToBytes(),
              Field128::One().ToBytes());
  }
}

constexpr size_t kBlock = 16;
// Where the body's payload holds the message of each key, and what is free.
constexpr size_t kFirstAt = 0, kSecondAt = 2, kFreeAt = 4, kBlocks = 6;

void Put(const GcmAlgebra& gcm, ByteSpan plaintext, size_t block, Bytes* out) {
  for (size_t i = 0; i < plaintext.size(); ++i) {
    size_t at = block * kBlock + i;
    (*out)[at] = plaintext[i] ^
                 gcm.Keystream(static_cast<uint32_t>(at / kBlock))[at % kBlock];
  }
}

// One ciphertext with one tag that decrypts under both keys: block kFreeAt is
// solved for, the last byte of the keystreams is equal so that both end in
// 0x80.
Bytes BuildSalamander(const GcmAlgebra& one, const GcmAlgebra& two,
                      ByteSpan aad, ByteSpan first, ByteSpan second) {
  Bytes ciphertext(kBlocks * kBlock);
  Put(one, first, kFirstAt, &ciphertext);
  Put(two, second, kSecondAt, &ciphertext);
  uint8_t last = one.Keystream(kBlocks - 1)[kBlock - 1];
  ciphertext.back() = static_cast<uint8_t>(last ^ 0x80);
  // A block at kFreeAt is multiplied by H^e, and the tags are to be equal.
  constexpr uint64_t kExponent = kBlocks - kFreeAt + 1;
  Field128 difference = one.Tag(aad, ciphertext) + two.Tag(aad, ciphertext);
  Field128 slope = Power(one.h(), kExponent) + Power(two.h(), kExponent);
  Bytes free = (difference * Inverse(slope)).ToBytes();
  std::copy(free.begin(), free.end(), ciphertext.begin() + kFreeAt * kBlock);
  Bytes tag = one.Tag(aad, ciphertext).ToBytes();
  EXPECT_EQ(tag, two.Tag(aad, ciphertext).ToBytes());
  ciphertext.insert(ciphertext.end(), tag.begin(), tag.end());
  return ciphertext;
}

// A second key whose keystream ends the body with the same byte.
Bytes FindSecondKey(ByteSpan nonce, uint8_t last, FakeRandom* random) {
  for (;;) {
    Bytes key = random->Draw(16);
    if (GcmAlgebra(key, nonce).Keystream(kBlocks - 1)[kBlock - 1] == last) {
      return key;
    }
  }
}

class SalamanderTest : public testing::Test {
 protected:
  FakeRandom random_;
  HpkePrivateKey sender_ = DeviceKey(1);
  HpkePrivateKey recipient_ = DeviceKey(2);
  HpkePrivateKey moderator_ = DeviceKey(3);
};

TEST_F(SalamanderTest, OfTwoMessagesIsRefusedByTheTag) {
  // 32 bytes each: a header, a media type, a body.
  Bytes threat = *EncodePart("text/plain", AsBytes("I will hurt you now."));
  Bytes harmless = *EncodePart("text/plain", AsBytes("See you on Sunday :)"));
  threat.resize(2 * kBlock, '!');
  harmless.resize(2 * kBlock, '.');
  Bytes salt = random_.Draw(32);
  FrankingTag tag = *CommitWhole({salt, harmless});
  BodyBinding binding = BindingOf(tag);
  ByteSpan nonce = tag.bytes().first(12);
  Bytes key_one = random_.Draw(16);
  GcmAlgebra one(key_one, nonce);
  Bytes key_two =
      FindSecondKey(nonce, one.Keystream(kBlocks - 1)[kBlock - 1], &random_);
  GcmAlgebra two(key_two, nonce);
  Bytes body = BuildSalamander(one, two, binding.aad(), harmless, threat);

  // The sender wraps one key for each of two devices; both wraps and both
  // bodies open, and the devices read different messages.
  WrapAad aad = MakeWrapAad(binding, body);
  auto read = [&](const Bytes& key, const HpkePrivateKey& device,
                  size_t block) {
    Wrap wrap = *SealWrap(Secret::Copy(key), device.public_key(), sender_, aad,
                          random_);
    auto cek = OpenWrap(wrap, device, sender_.public_key(), aad);
    EXPECT_TRUE(cek.ok());
    auto payload = OpenBody(*cek, binding, body);
    EXPECT_TRUE(payload.ok());
    ByteSpan content = payload->bytes().subspan(block * kBlock, 2 * kBlock);
    return Bytes(content.begin(), content.end());
  };
  Bytes seen_by_one = read(key_one, moderator_, kFirstAt);
  Bytes seen_by_two = read(key_two, recipient_, kSecondAt);
  ASSERT_EQ(seen_by_one, harmless);
  ASSERT_EQ(seen_by_two, threat);

  // Only the tag tells them apart: what could not be reported is not shown.
  EXPECT_TRUE(VerifyOpening(tag, WholeOpening{salt, seen_by_one}).ok());
  EXPECT_EQ(VerifyOpening(tag, WholeOpening{salt, seen_by_two}).code(),
            absl::StatusCode::kUnauthenticated);
}

// Contributions of the low three bits of each free character of a room URI to
// the tag; each such character is one of "pqrstuvw".
std::vector<Field128> Columns(const GcmAlgebra& gcm, const Bytes& aad,
                              size_t first_free, ByteSpan ciphertext) {
  Field128 base = gcm.Tag(aad, ciphertext);
  std::vector<Field128> columns;
  for (size_t at = first_free; at < aad.size(); ++at) {
    for (int bit = 0; bit < 3; ++bit) {
      Bytes changed = aad;
      changed[at] ^= static_cast<uint8_t>(1 << bit);
      columns.push_back(gcm.Tag(changed, ciphertext) + base);
    }
  }
  return columns;
}

// A room under which the same body, unchanged, verifies: solved for, since the
// tag is linear in the associated data.
std::string SolveForRoom(const GcmAlgebra& gcm, const FrankingTag& tag,
                         ByteSpan body) {
  ByteSpan ciphertext = body.first(body.size() - kBlock);
  Field128 wanted = Field128::FromBytes(body.subspan(body.size() - kBlock));
  constexpr size_t kFree = 60;
  std::string room = "mimi://hub.example/r/" + std::string(kFree, 'p');
  BodyBinding binding = BindingOf(tag, room);
  Bytes aad(binding.aad().begin(), binding.aad().end());
  std::vector<bool> solution =
      SolveSum(Columns(gcm, aad, aad.size() - kFree, ciphertext),
               gcm.Tag(aad, ciphertext) + wanted);
  EXPECT_FALSE(solution.empty()) << "no solution: more free characters";
  for (size_t i = 0; i < solution.size(); ++i) {
    if (solution[i]) {
      char& character = room[room.size() - kFree + i / 3];
      character = static_cast<char>(character ^ (1 << i % 3));
    }
  }
  return room;
}

TEST_F(SalamanderTest, BodyMovedToAnotherRoomIsRefusedByItsWrap) {
  FrankingTag tag = FrankingTag::Random(random_);
  BodyBinding home = BindingOf(tag);
  Secret cek = Secret::Random(random_, kCekBytes);
  Bytes payload = ToBytes("said in the first room");
  Bytes body = *SealBody(cek, home, payload);
  Wrap wrap = *SealWrap(cek, recipient_.public_key(), sender_,
                        MakeWrapAad(home, body), random_);

  // A member knows the CEK, hence H, hence solves for the room.
  GcmAlgebra gcm(cek.bytes(), tag.bytes().first(12));
  std::string room = SolveForRoom(gcm, tag, body);
  ASSERT_NE(room, kRoom);
  BodyBinding moved = BindingOf(tag, room);
  auto opened = OpenBody(cek, moved, body);
  ASSERT_TRUE(opened.ok()) << "AES-GCM alone accepts the moved body";
  EXPECT_EQ(opened->bytes(), ByteSpan(payload));

  // The sender's wrap is over SHA-256 of the associated data, which nobody can
  // solve for; a wrap by the member is not the sender's.
  EXPECT_TRUE(
      OpenWrap(wrap, recipient_, sender_.public_key(), MakeWrapAad(home, body))
          .ok());
  EXPECT_EQ(
      OpenWrap(wrap, recipient_, sender_.public_key(), MakeWrapAad(moved, body))
          .status()
          .code(),
      absl::StatusCode::kUnauthenticated);
  HpkePrivateKey member = DeviceKey(9);
  Wrap by_member = *SealWrap(cek, recipient_.public_key(), member,
                             MakeWrapAad(moved, body), random_);
  EXPECT_FALSE(OpenWrap(by_member, recipient_, sender_.public_key(),
                        MakeWrapAad(moved, body))
                   .ok());
}

}  // namespace
}  // namespace frank::crypto
