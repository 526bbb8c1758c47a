// channel, negative_channel.
#include <gtest/gtest.h>

#include "crypto/channel.h"
#include "tests/crypto/support.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

absl::StatusOr<BodyBinding> ReadBinding(VectorObject& c) {
  uint64_t scheme = c.Number("scheme");
  uint64_t ciphersuite = c.Number("ciphersuite");
  std::string sender = c.Text("sender_uri"), room = c.Text("room_uri");
  auto tag = FrankingTag::Parse("franking_tag", c.Hex("franking_tag"));
  if (!tag.ok()) return tag.status();
  auto parsed = ParseScheme(static_cast<uint32_t>(scheme));
  if (!parsed.ok()) return parsed.status();
  return BodyBinding::Create(*parsed, static_cast<uint32_t>(ciphersuite), *tag,
                             sender, room);
}

void CheckWrap(VectorObject& w, const HpkePrivateKey& sender, const Bytes& cek,
               const WrapAad& aad) {
  auto device =
      HpkePrivateKey::Create(Secret::Copy(w.Hex("device_private_key")));
  ASSERT_TRUE(device.ok());
  EXPECT_EQ(ToHex(device->public_key().bytes()),
            ToHex(w.Hex("device_public_key")));
  EXPECT_EQ(device->public_key().id().Hex(), ToHex(w.Hex("key_id")));
  FixedRandom random(w.Hex("ephemeral_private_key"));
  Bytes wrap = w.Hex("wrap");
  auto sealed =
      SealWrap(Secret::Copy(cek), device->public_key(), sender, aad, random);
  ASSERT_TRUE(sealed.ok());
  EXPECT_EQ(ToHex(*sealed), ToHex(wrap));
  auto opened = OpenWrap(wrap, *device, sender.public_key(), aad);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->bytes(), ByteSpan(cek));
}

TEST(ChannelVectorsTest, SealsAndOpensBodiesAndWraps) {
  WithVectorFile("channel", [](VectorObject& file) {
    file.Each("cases", [](VectorObject& c) {
      auto binding = ReadBinding(c);
      ASSERT_TRUE(binding.ok());
      EXPECT_EQ(ToHex(binding->aad()), ToHex(c.Hex("body_aad")));
      Bytes cek = c.Hex("cek"), payload = c.Hex("payload"),
            body = c.Hex("body");
      auto sealed = SealBody(Secret::Copy(cek), *binding, payload);
      ASSERT_TRUE(sealed.ok());
      EXPECT_EQ(ToHex(*sealed), ToHex(body));
      auto opened = OpenBody(Secret::Copy(cek), *binding, body);
      ASSERT_TRUE(opened.ok());
      EXPECT_EQ(opened->bytes(), ByteSpan(payload));
      auto sender =
          HpkePrivateKey::Create(Secret::Copy(c.Hex("sender_private_key")));
      ASSERT_TRUE(sender.ok());
      EXPECT_EQ(ToHex(sender->public_key().bytes()),
                ToHex(c.Hex("sender_public_key")));
      WrapAad aad = MakeWrapAad(*binding, body);
      c.Each("wraps",
             [&](VectorObject& w) { CheckWrap(w, *sender, cek, aad); });
    });
  });
}

// The payload that a case gives, if any, has to be what came out.
bool GivesPayload(VectorObject& c, const absl::StatusOr<Secret>& opened) {
  if (c.Has("payload")) {
    Bytes payload = c.Hex("payload");
    if (opened.ok()) {
      EXPECT_EQ(opened->bytes(), ByteSpan(payload));
    }
  }
  return opened.ok();
}

absl::StatusOr<Secret> UnwrapCek(VectorObject& c,
                                 const absl::StatusOr<BodyBinding>& binding,
                                 const Bytes& body) {
  Bytes wrap = c.Hex("wrap");
  auto sender = HpkePublicKey::Create(c.Hex("sender_public_key"));
  auto device =
      HpkePrivateKey::Create(Secret::Copy(c.Hex("device_private_key")));
  if (!binding.ok()) return binding.status();
  if (!sender.ok()) return sender.status();
  if (!device.ok()) return device.status();
  return OpenWrap(wrap, *device, *sender, MakeWrapAad(*binding, body));
}

absl::StatusOr<Secret> OpenWhole(VectorObject& c) {
  auto binding = ReadBinding(c);
  Bytes body = c.Hex("body");
  auto cek = UnwrapCek(c, binding, body);
  if (!cek.ok()) return cek.status();
  if (c.Has("cek")) {
    EXPECT_EQ(cek->bytes(), ByteSpan(c.Hex("cek")));
  }
  return OpenBody(*cek, *binding, body);
}

bool AcceptsBody(VectorObject& c) {
  auto binding = ReadBinding(c);
  Bytes cek = c.Hex("cek"), body = c.Hex("body");
  if (!binding.ok()) return false;
  return GivesPayload(c, OpenBody(Secret::Copy(cek), *binding, body));
}

// Both keys decrypt; the tag check alone tells the two messages apart.
bool AcceptsSalamander(VectorObject& c) {
  absl::StatusOr<Secret> payload = OpenWhole(c);
  EXPECT_TRUE(GivesPayload(c, payload));
  uint64_t offset = c.Number("content_offset");
  uint64_t length = c.Number("content_length");
  Bytes salt = c.Hex("salt");
  auto tag = FrankingTag::Parse("franking_tag", c.Hex("franking_tag"));
  if (!payload.ok() || !tag.ok() || offset + length > payload->size()) {
    ADD_FAILURE() << "a salamander has to open";
    return false;
  }
  ByteSpan content = payload->bytes().subspan(offset, length);
  EXPECT_EQ(content, ByteSpan(c.Hex("content")));
  return VerifyOpening(*tag, WholeOpening{salt, content}).ok();
}

TEST(ChannelVectorsTest, JudgesBodiesWrapsAndSalamanders) {
  WithNegativeFile("negative_channel",
                   [](const std::string& kind, VectorObject& c) {
                     if (kind == "channel") {
                       return GivesPayload(c, OpenWhole(c));
                     }
                     if (kind == "body") return AcceptsBody(c);
                     if (kind == "salamander") return AcceptsSalamander(c);
                     ADD_FAILURE() << "unknown kind " << kind;
                     return false;
                   });
}

}  // namespace
}  // namespace frank::crypto
