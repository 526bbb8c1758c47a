#include "crypto/channel.h"

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

class ChannelTest : public testing::Test {
 protected:
  bool OpensBody(ByteSpan cek, const BodyBinding& binding, ByteSpan body) {
    auto opened = OpenBody(Secret::Copy(cek), binding, body);
    return opened.ok() && opened->bytes() == ByteSpan(payload_);
  }
  bool OpensWrap(ByteSpan wrap, const WrapAad& aad) {
    auto opened = OpenWrap(wrap, device_, sender_.public_key(), aad);
    return opened.ok() && opened->bytes() == ByteSpan(cek_);
  }
  FakeRandom random_;
  FrankingTag tag_ = FrankingTag::Random(random_);
  BodyBinding binding_ = BindingOf(tag_);
  Bytes cek_ = random_.Draw(16);
  Bytes payload_ = random_.Draw(40);
  Bytes body_ = *SealBody(Secret::Copy(cek_), binding_, payload_);
  HpkePrivateKey sender_ = DeviceKey(1), device_ = DeviceKey(2);
  WrapAad aad_ = MakeWrapAad(binding_, body_);
  Wrap wrap_ = *SealWrap(Secret::Copy(cek_), device_.public_key(), sender_,
                         aad_, random_);
};

TEST_F(ChannelTest, OpensExactlyTheBodyAndTheKey) {
  ExpectOnlyExactly(body_, [&](ByteSpan candidate) {
    return OpensBody(cek_, binding_, candidate);
  });
  ExpectOnlyExactly(cek_, [&](ByteSpan candidate) {
    return OpensBody(candidate, binding_, body_);
  });
}

TEST_F(ChannelTest, BindsTheBodyToTagRoomSenderAndScheme) {
  for (size_t bit = 0; bit < 256; ++bit) {
    auto bytes = ToArray<32>(tag_.bytes());
    bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(OpensBody(cek_, BindingOf(FrankingTag(bytes)), body_)) << bit;
  }
  EXPECT_FALSE(OpensBody(cek_, BindingOf(tag_, kOtherRoom), body_));
  EXPECT_FALSE(OpensBody(cek_, BindingOf(tag_, kRoom, kAlice), body_));
  EXPECT_FALSE(OpensBody(cek_, BindingOf(tag_, kMallory, kRoom), body_));
  EXPECT_FALSE(
      OpensBody(cek_, BindingOf(tag_, kRoom, kMallory, Scheme::kParts), body_));
}

TEST_F(ChannelTest, OpensExactlyTheWrap) {
  ExpectOnlyExactly(Bytes(wrap_.begin(), wrap_.end()), [&](ByteSpan candidate) {
    return OpensWrap(candidate, aad_);
  });
  for (size_t bit = 0; bit < aad_.size() * 8; ++bit) {
    WrapAad other = aad_;
    other[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(OpensWrap(wrap_, other)) << bit;
  }
}

TEST_F(ChannelTest, RefusesTheWrapOfAnotherDeviceOrSender) {
  EXPECT_FALSE(OpenWrap(wrap_, DeviceKey(3), sender_.public_key(), aad_).ok());
  EXPECT_FALSE(OpenWrap(wrap_, device_, DeviceKey(3).public_key(), aad_).ok());
  EXPECT_FALSE(OpenWrap(wrap_, sender_, device_.public_key(), aad_).ok());
}

TEST_F(ChannelTest, TakesEmptyAndLargestPayloads) {
  for (size_t size : {size_t{0}, size_t{1}, limits::kMaxBodyBytes}) {
    Bytes payload(size, 0x80);
    auto body = SealBody(Secret::Copy(cek_), binding_, payload);
    ASSERT_TRUE(body.ok());
    EXPECT_EQ(body->size(), PadmeSize(size) + 16);
    auto opened = OpenBody(Secret::Copy(cek_), binding_, *body);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(opened->bytes(), ByteSpan(payload));
  }
}

TEST_F(ChannelTest, HidesLengthsWithinASizeClass) {
  Bytes shorter(1000, 1), longer(1010, 1);
  EXPECT_EQ(SealBody(Secret::Copy(cek_), binding_, shorter)->size(),
            SealBody(Secret::Copy(cek_), binding_, longer)->size());
}

TEST_F(ChannelTest, RefusesKeysOfAnotherLength) {
  for (size_t size : {0, 15, 17, 32}) {
    Secret cek = Secret::Copy(Bytes(size, 1));
    EXPECT_FALSE(SealBody(cek, binding_, payload_).ok());
    EXPECT_FALSE(OpenBody(cek, binding_, body_).ok());
    EXPECT_FALSE(
        SealWrap(cek, device_.public_key(), sender_, aad_, random_).ok());
  }
}

TEST_F(ChannelTest, IsNotBoundToBadFields) {
  auto create = [&](uint32_t suite, absl::string_view sender,
                    absl::string_view room) {
    return BodyBinding::Create(Scheme::kWhole, suite, tag_, sender, room).ok();
  };
  EXPECT_TRUE(create(1, kMallory, kRoom));
  EXPECT_FALSE(create(2, kMallory, kRoom));
  EXPECT_FALSE(create(0x10001, kMallory, kRoom));
  EXPECT_FALSE(create(1, "", kRoom));
  EXPECT_FALSE(create(1, kMallory, "a room"));
  EXPECT_FALSE(
      BodyBinding::Create(static_cast<Scheme>(3), 1, tag_, kMallory, kRoom)
          .ok());
}

}  // namespace
}  // namespace frank::crypto
