// hpke, hpke_rfc9180.
#include <gtest/gtest.h>

#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/hpke.h"
#include "tests/crypto/reference_hpke.h"
#include "tests/crypto/support.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

struct Keys {
  Bytes recipient;  // private
  Bytes sender;     // private; empty in mode base
  Bytes ephemeral;  // private
  Bytes info;
};

HpkePrivateKey PrivateKey(const Bytes& bytes) {
  auto key = HpkePrivateKey::Create(Secret::Copy(bytes));
  EXPECT_TRUE(key.ok());
  return *key;
}

// Seals with the given ephemeral key and opens again.
void CheckMessage(const Keys& keys, const Bytes& aad, const Bytes& plaintext,
                  const Bytes& message) {
  HpkePrivateKey recipient = PrivateKey(keys.recipient);
  FixedRandom random(keys.ephemeral);
  absl::StatusOr<Bytes> sealed;
  absl::StatusOr<Secret> opened;
  if (keys.sender.empty()) {
    sealed =
        HpkeSeal(recipient.public_key(), keys.info, aad, plaintext, random);
    opened = HpkeOpen(recipient, keys.info, aad, message);
  } else {
    HpkePrivateKey sender = PrivateKey(keys.sender);
    sealed = HpkeSealAuth(recipient.public_key(), sender, keys.info, aad,
                          plaintext, random);
    opened =
        HpkeOpenAuth(recipient, sender.public_key(), keys.info, aad, message);
  }
  ASSERT_TRUE(sealed.ok()) << sealed.status();
  EXPECT_EQ(ToHex(*sealed), ToHex(message));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->bytes(), ByteSpan(plaintext));
}

Bytes Join(ByteSpan a, ByteSpan b) { return Encoder().Raw(a).Raw(b).Take(); }

TEST(HpkeVectorsTest, SealsAndOpensEach) {
  WithVectorFile("hpke", [](VectorObject& file) {
    file.Each("cases", [](VectorObject& c) {
      std::string mode = c.Text("mode");
      ASSERT_TRUE(mode == "base" || mode == "auth");
      Keys keys{c.Hex("recipient_private_key"),
                {},
                c.Hex("ephemeral_private_key"),
                c.Hex("info")};
      EXPECT_EQ(ToHex(PrivateKey(keys.recipient).public_key().bytes()),
                ToHex(c.Hex("recipient_public_key")));
      if (mode == "auth") {
        keys.sender = c.Hex("sender_private_key");
        EXPECT_EQ(ToHex(PrivateKey(keys.sender).public_key().bytes()),
                  ToHex(c.Hex("sender_public_key")));
      }
      CheckMessage(keys, c.Hex("aad"), c.Hex("plaintext"),
                   Join(c.Hex("enc"), c.Hex("ciphertext")));
    });
  });
}

// Reads a key pair of the appendix: seed, public and private key.
Bytes ReadKeyPair(VectorObject& c, const std::string& who) {
  Bytes secret = c.Hex("sk" + who + "m");
  EXPECT_EQ(ToHex(ReferenceDeriveKeyPair(c.Hex("ikm" + who))), ToHex(secret));
  EXPECT_EQ(ToHex(PrivateKey(secret).public_key().bytes()),
            ToHex(c.Hex("pk" + who + "m")));
  return secret;
}

// The product shows no intermediate: those are compared with the reference,
// whose messages the product's then have to be.
void CheckAppendix(VectorObject& c) {
  std::string mode_name = c.Text("mode");
  ASSERT_TRUE(mode_name == "base" || mode_name == "auth");
  bool auth = mode_name == "auth";
  EXPECT_EQ(c.Number("kem_id"), kHpkeKem);
  EXPECT_EQ(c.Number("kdf_id"), kHpkeKdf);
  EXPECT_EQ(c.Number("aead_id"), kHpkeAead);
  Keys keys{ReadKeyPair(c, "R"), {}, ReadKeyPair(c, "E"), c.Hex("info")};
  if (auth) keys.sender = ReadKeyPair(c, "S");
  Bytes enc = c.Hex("enc");
  Bytes recipient = ReferencePublicKey(keys.recipient);
  Bytes dh = ReferenceX25519(keys.ephemeral, recipient);
  Bytes kem_context = Join(enc, recipient);
  if (auth) {
    dh = Join(dh, ReferenceX25519(keys.sender, recipient));
    kem_context = Join(kem_context, ReferencePublicKey(keys.sender));
  }
  Bytes shared_secret = ReferenceSharedSecret(dh, kem_context);
  EXPECT_EQ(ToHex(shared_secret), ToHex(c.Hex("shared_secret")));
  ReferenceSchedule schedule = ReferenceKeySchedule(
      auth ? HpkeMode::kAuth : HpkeMode::kBase, shared_secret, keys.info);
  EXPECT_EQ(ToHex(schedule.key_schedule_context),
            ToHex(c.Hex("key_schedule_context")));
  EXPECT_EQ(ToHex(schedule.secret), ToHex(c.Hex("secret")));
  EXPECT_EQ(ToHex(schedule.key), ToHex(c.Hex("key")));
  EXPECT_EQ(ToHex(schedule.base_nonce), ToHex(c.Hex("base_nonce")));
  EXPECT_EQ(ToHex(schedule.exporter_secret), ToHex(c.Hex("exporter_secret")));
  bool first_seen = false;
  c.Each("encryptions", [&](VectorObject& e) {
    uint64_t sequence = e.Number("sequence_number");
    Bytes nonce = schedule.Nonce(sequence);
    EXPECT_EQ(ToHex(nonce), ToHex(e.Hex("nonce")));
    Bytes aad = e.Hex("aad"), plaintext = e.Hex("pt"), ciphertext = e.Hex("ct");
    Bytes sealed(plaintext.size() + kAeadTagBytes);
    ASSERT_TRUE(
        AeadSeal(schedule.key, nonce, aad, plaintext, absl::MakeSpan(sealed))
            .ok());
    EXPECT_EQ(ToHex(sealed), ToHex(ciphertext));
    if (sequence != 0) return;
    // The one message of the product's single shot.
    first_seen = true;
    CheckMessage(keys, aad, plaintext, Join(enc, ciphertext));
  });
  EXPECT_TRUE(first_seen);
}

TEST(HpkeVectorsTest, GivesAppendixAOfRfc9180) {
  WithVectorFile("hpke_rfc9180",
                 [](VectorObject& file) { file.Each("cases", CheckAppendix); });
}

}  // namespace
}  // namespace frank::crypto
