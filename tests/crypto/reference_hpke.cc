#include "tests/crypto/reference_hpke.h"

#include <openssl/evp.h>

#include <memory>

#include "core/status.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"

namespace frank::crypto {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

const Bytes& KemSuite() {
  static const auto* const kSuite =
      new Bytes(Encoder().Label("KEM").U16(0x0020).Take());
  return *kSuite;
}
const Bytes& HpkeSuite() {
  static const auto* const kSuite =
      new Bytes(Encoder().Label("HPKE").U16(0x20).U16(1).U16(1).Take());
  return *kSuite;
}

Bytes ToVector(const Sha256Digest& digest, size_t size = 32) {
  return Bytes(digest.begin(), digest.begin() + size);
}

Bytes LabeledExtract(ByteSpan suite, ByteSpan salt, absl::string_view label,
                     ByteSpan ikm) {
  return ToVector(
      HmacKey(salt).Mac({AsBytes("HPKE-v1"), suite, AsBytes(label), ikm}));
}

Bytes LabeledExpand(ByteSpan suite, ByteSpan prk, absl::string_view label,
                    ByteSpan info, uint16_t size) {
  Bytes input = Encoder()
                    .U16(size)
                    .Label("HPKE-v1")
                    .Raw(suite)
                    .Label(label)
                    .Raw(info)
                    .U8(1)
                    .Take();
  return ToVector(HmacKey(prk).Mac({input}), size);
}

Key Private(ByteSpan raw) {
  return Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, raw.data(),
                                          raw.size()),
             EVP_PKEY_free);
}

Bytes Join(std::initializer_list<ByteSpan> pieces) {
  Encoder out;
  for (ByteSpan piece : pieces) out.Raw(piece);
  return out.Take();
}

}  // namespace

Bytes ReferenceX25519(ByteSpan private_key, ByteSpan public_key) {
  Key mine = Private(private_key);
  Key theirs(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr,
                                         public_key.data(), public_key.size()),
             EVP_PKEY_free);
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(mine.get(), nullptr), EVP_PKEY_CTX_free);
  Bytes out(32);
  size_t size = out.size();
  FRANK_CHECK(EVP_PKEY_derive_init(context.get()) == 1);
  FRANK_CHECK(EVP_PKEY_derive_set_peer(context.get(), theirs.get()) == 1);
  FRANK_CHECK(EVP_PKEY_derive(context.get(), out.data(), &size) == 1);
  return out;
}

Bytes ReferencePublicKey(ByteSpan private_key) {
  Key key = Private(private_key);
  Bytes out(32);
  size_t size = out.size();
  FRANK_CHECK(EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) == 1);
  return out;
}

Bytes ReferenceDeriveKeyPair(ByteSpan ikm) {
  Bytes prk = LabeledExtract(KemSuite(), {}, "dkp_prk", ikm);
  return LabeledExpand(KemSuite(), prk, "sk", {}, 32);
}

Bytes ReferenceSharedSecret(ByteSpan dh, ByteSpan kem_context) {
  Bytes prk = LabeledExtract(KemSuite(), {}, "eae_prk", dh);
  return LabeledExpand(KemSuite(), prk, "shared_secret", kem_context, 32);
}

Bytes ReferenceSchedule::Nonce(uint64_t sequence) const {
  Bytes nonce = base_nonce;
  for (size_t i = 0; i < 8; ++i) {
    nonce[11 - i] ^= static_cast<uint8_t>(sequence >> (8 * i));
  }
  return nonce;
}

ReferenceSchedule ReferenceKeySchedule(HpkeMode mode, ByteSpan shared_secret,
                                       ByteSpan info) {
  const Bytes& suite = HpkeSuite();
  ReferenceSchedule out;
  Bytes psk_id_hash = LabeledExtract(suite, {}, "psk_id_hash", {});
  Bytes info_hash = LabeledExtract(suite, {}, "info_hash", info);
  out.key_schedule_context = Encoder()
                                 .U8(static_cast<uint8_t>(mode))
                                 .Raw(psk_id_hash)
                                 .Raw(info_hash)
                                 .Take();
  out.secret = LabeledExtract(suite, shared_secret, "secret", {});
  const Bytes& context = out.key_schedule_context;
  out.key = LabeledExpand(suite, out.secret, "key", context, 16);
  out.base_nonce = LabeledExpand(suite, out.secret, "base_nonce", context, 12);
  out.exporter_secret = LabeledExpand(suite, out.secret, "exp", context, 32);
  return out;
}

Bytes ForgeSealAuth(ByteSpan recipient_private_key, ByteSpan sender_public_key,
                    ByteSpan ephemeral_private_key, ByteSpan info, ByteSpan aad,
                    ByteSpan plaintext) {
  Bytes recipient = ReferencePublicKey(recipient_private_key);
  Bytes enc = ReferencePublicKey(ephemeral_private_key);
  Bytes dh = Join({ReferenceX25519(ephemeral_private_key, recipient),
                   ReferenceX25519(recipient_private_key, sender_public_key)});
  Bytes secret =
      ReferenceSharedSecret(dh, Join({enc, recipient, sender_public_key}));
  ReferenceSchedule schedule =
      ReferenceKeySchedule(HpkeMode::kAuth, secret, info);
  Bytes ciphertext(plaintext.size() + kAeadTagBytes);
  FRANK_CHECK(AeadSeal(schedule.key, schedule.base_nonce, aad, plaintext,
                       absl::MakeSpan(ciphertext))
                  .ok());
  return Join({enc, ciphertext});
}

}  // namespace frank::crypto
