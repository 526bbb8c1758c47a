#include "crypto/hpke.h"

#include <openssl/evp.h>

#include <algorithm>

#include "core/status.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/errors.h"
#include "crypto/hash.h"

namespace frank::crypto {

namespace {

using PublicKeyBytes = std::array<uint8_t, kHpkeKeyBytes>;

// The points of small order in every encoding, bit 255 cleared.
constexpr PublicKeyBytes kSmallOrder[] = {
    {0x00},
    {0x01},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
};

bool IsSmallOrder(PublicKeyBytes bytes) {
  bytes[31] &= 0x7f;
  return std::find(std::begin(kSmallOrder), std::end(kSmallOrder), bytes) !=
         std::end(kSmallOrder);
}

std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) {
  return std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free);
}

// Key material on the stack, overwritten when it goes out of scope.
template <size_t N>
struct Wiped {
  std::array<uint8_t, N> bytes{};
  ~Wiped() { Cleanse(absl::MakeSpan(bytes)); }
};

}  // namespace

// The curve: the only code that reads the handles inside keys.
class X25519 {
 public:
  static absl::StatusOr<HpkePublicKey> LoadPublic(ByteSpan bytes) {
    HpkePublicKey out;
    out.bytes_ = ToArray<kHpkeKeyBytes>(bytes);
    out.key_ = Own(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr,
                                               bytes.data(), bytes.size()));
    if (out.key_ == nullptr) return LibraryError("EVP_PKEY_new_raw_public_key");
    return out;
  }

  static absl::StatusOr<HpkePrivateKey> LoadPrivate(ByteSpan bytes) {
    auto key = Own(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr,
                                                bytes.data(), bytes.size()));
    PublicKeyBytes public_bytes;
    size_t size = public_bytes.size();
    if (key == nullptr || EVP_PKEY_get_raw_public_key(
                              key.get(), public_bytes.data(), &size) != 1) {
      return LibraryError("EVP_PKEY_new_raw_private_key");
    }
    FRANK_ASSIGN_OR_RETURN(HpkePublicKey public_key, LoadPublic(public_bytes));
    return HpkePrivateKey(std::move(key), std::move(public_key));
  }

  // Writes DH(mine, theirs). kInvalidArgument when it is all zero.
  static absl::Status Derive(const HpkePrivateKey& mine,
                             const HpkePublicKey& theirs,
                             absl::Span<uint8_t> out) {
    std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new(mine.key_.get(), nullptr), EVP_PKEY_CTX_free);
    if (context == nullptr || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), theirs.key_.get()) != 1) {
      return LibraryError("EVP_PKEY_derive_init");
    }
    size_t size = out.size();
    // Keys of small order were refused when they were loaded, so that a failure
    // here is the library's own.
    if (EVP_PKEY_derive(context.get(), out.data(), &size) != 1) {
      return LibraryError("EVP_PKEY_derive");
    }
    if (ConstantTimeEquals(out, PublicKeyBytes{})) {
      return FieldError("public_key", "must not give an output of zeros");
    }
    return absl::OkStatus();
  }
};

namespace {

constexpr uint8_t kKemSuite[] = {'K', 'E', 'M', 0x00, 0x20};
constexpr uint8_t kHpkeSuite[] = {'H',  'P',  'K',  'E',  0x00,
                                  0x20, 0x00, 0x01, 0x00, 0x01};
constexpr absl::string_view kVersion = "HPKE-v1";

// Every output of HPKE here fits in one block of HKDF-Expand.
Sha256Digest LabeledExtract(ByteSpan suite, ByteSpan salt,
                            absl::string_view label, ByteSpan ikm) {
  return HmacKey(salt).Mac({AsBytes(kVersion), suite, AsBytes(label), ikm});
}

Sha256Digest LabeledExpand(ByteSpan suite, const HmacKey& prk,
                           absl::string_view label, ByteSpan info,
                           uint16_t size) {
  constexpr uint8_t kFirstBlock[] = {1};
  return prk.Mac({BigEndian(size), AsBytes(kVersion), suite, AsBytes(label),
                  info, kFirstBlock});
}

// The public keys that the shared secret is bound to.
struct KemContext {
  ByteSpan enc;
  ByteSpan recipient;
  ByteSpan sender;  // empty in mode base
};

// The key and nonce of the one message.
struct MessageKey {
  Wiped<32> key;
  Sha256Digest nonce;

  ByteSpan key_bytes() const { return ByteSpan(key.bytes).first(16); }
  ByteSpan nonce_bytes() const { return ByteSpan(nonce).first(12); }
};

// ExtractAndExpand of section 4.1 over one or two DH outputs.
void SharedSecret(ByteSpan dh, const KemContext& context, Wiped<32>* out) {
  Wiped<32> prk{LabeledExtract(kKemSuite, {}, "eae_prk", dh)};
  Bytes kem_context = Encoder()
                          .Raw(context.enc)
                          .Raw(context.recipient)
                          .Raw(context.sender)
                          .Take();
  out->bytes = LabeledExpand(kKemSuite, HmacKey(prk.bytes), "shared_secret",
                             kem_context, 32);
}

// KeySchedule of section 5.1 with an empty psk.
void KeySchedule(bool auth, const Wiped<32>& shared_secret, ByteSpan info,
                 MessageKey* out) {
  static const Sha256Digest kPskIdHash =
      LabeledExtract(kHpkeSuite, {}, "psk_id_hash", {});
  const uint8_t mode[] = {static_cast<uint8_t>(auth ? 2 : 0)};
  Bytes context = Encoder()
                      .Raw(mode)
                      .Raw(kPskIdHash)
                      .Raw(LabeledExtract(kHpkeSuite, {}, "info_hash", info))
                      .Take();
  Wiped<32> secret{
      LabeledExtract(kHpkeSuite, shared_secret.bytes, "secret", {})};
  HmacKey prk(secret.bytes);
  out->key.bytes = LabeledExpand(kHpkeSuite, prk, "key", context, 16);
  out->nonce = LabeledExpand(kHpkeSuite, prk, "base_nonce", context, 12);
}

void DeriveMessageKey(ByteSpan dh, const KemContext& context, ByteSpan info,
                      MessageKey* out) {
  Wiped<32> shared_secret;
  SharedSecret(dh, context, &shared_secret);
  KeySchedule(!context.sender.empty(), shared_secret, info, out);
}

// Encap or AuthEncap, sender being null in mode base; writes enc.
absl::Status SetUpSender(const HpkePublicKey& recipient,
                         const HpkePrivateKey* sender, ByteSpan info,
                         RandomSource& random, absl::Span<uint8_t> enc,
                         MessageKey* out) {
  FRANK_ASSIGN_OR_RETURN(
      HpkePrivateKey ephemeral,
      HpkePrivateKey::Create(Secret::Random(random, kHpkeKeyBytes)));
  Wiped<64> dh;
  absl::Span<uint8_t> halves = absl::MakeSpan(dh.bytes);
  FRANK_RETURN_IF_ERROR(X25519::Derive(ephemeral, recipient, halves.first(32)));
  const PublicKeyBytes& enc_bytes = ephemeral.public_key().bytes();
  std::copy(enc_bytes.begin(), enc_bytes.end(), enc.begin());
  KemContext context{enc, recipient.bytes(), {}};
  if (sender != nullptr) {
    FRANK_RETURN_IF_ERROR(
        X25519::Derive(*sender, recipient, halves.subspan(32)));
    context.sender = sender->public_key().bytes();
  }
  DeriveMessageKey(halves.first(sender == nullptr ? 32 : 64), context, info,
                   out);
  return absl::OkStatus();
}

// Decap or AuthDecap, sender being null in mode base.
absl::Status SetUpRecipient(const HpkePrivateKey& recipient,
                            const HpkePublicKey* sender, ByteSpan info,
                            ByteSpan enc, MessageKey* out) {
  FRANK_ASSIGN_OR_RETURN(HpkePublicKey ephemeral, HpkePublicKey::Create(enc));
  Wiped<64> dh;
  absl::Span<uint8_t> halves = absl::MakeSpan(dh.bytes);
  FRANK_RETURN_IF_ERROR(X25519::Derive(recipient, ephemeral, halves.first(32)));
  KemContext context{enc, recipient.public_key().bytes(), {}};
  if (sender != nullptr) {
    FRANK_RETURN_IF_ERROR(
        X25519::Derive(recipient, *sender, halves.subspan(32)));
    context.sender = sender->bytes();
  }
  DeriveMessageKey(halves.first(sender == nullptr ? 32 : 64), context, info,
                   out);
  return absl::OkStatus();
}

absl::Status SealInPlace(const HpkePublicKey& recipient,
                         const HpkePrivateKey* sender, ByteSpan info,
                         ByteSpan aad, absl::Span<uint8_t> message,
                         RandomSource& random) {
  if (message.size() < kHpkeOverhead) {
    return FieldError("message", "must have room for enc and tag");
  }
  MessageKey key;
  FRANK_RETURN_IF_ERROR(SetUpSender(recipient, sender, info, random,
                                    message.first(kHpkeKeyBytes), &key));
  absl::Span<uint8_t> ciphertext = message.subspan(kHpkeKeyBytes);
  return AeadSeal(key.key_bytes(), key.nonce_bytes(), aad,
                  ciphertext.first(ciphertext.size() - kAeadTagBytes),
                  ciphertext);
}

absl::StatusOr<Bytes> Seal(const HpkePublicKey& recipient,
                           const HpkePrivateKey* sender, ByteSpan info,
                           ByteSpan aad, ByteSpan plaintext,
                           RandomSource& random) {
  Bytes message(plaintext.size() + kHpkeOverhead);
  std::copy(plaintext.begin(), plaintext.end(),
            message.begin() + kHpkeKeyBytes);
  FRANK_RETURN_IF_ERROR(SealInPlace(recipient, sender, info, aad,
                                    absl::MakeSpan(message), random));
  return message;
}

absl::StatusOr<Secret> Open(const HpkePrivateKey& recipient,
                            const HpkePublicKey* sender, ByteSpan info,
                            ByteSpan aad, ByteSpan message) {
  if (message.size() < kHpkeOverhead) return Unauthenticated();
  MessageKey key;
  absl::Status ready = SetUpRecipient(recipient, sender, info,
                                      message.first(kHpkeKeyBytes), &key);
  // Which key would not do is nothing that an opener should learn.
  if (absl::IsInvalidArgument(ready)) return Unauthenticated();
  FRANK_RETURN_IF_ERROR(ready);
  Secret plaintext = Secret::OfSize(message.size() - kHpkeOverhead);
  FRANK_RETURN_IF_ERROR(AeadOpen(key.key_bytes(), key.nonce_bytes(), aad,
                                 message.subspan(kHpkeKeyBytes),
                                 plaintext.mutable_bytes()));
  return plaintext;
}

}  // namespace

absl::StatusOr<HpkePublicKey> HpkePublicKey::Create(ByteSpan bytes) {
  if (bytes.size() != kHpkeKeyBytes) {
    return FieldError("public_key", "must be 32 bytes");
  }
  if (IsSmallOrder(ToArray<kHpkeKeyBytes>(bytes))) {
    return FieldError("public_key", "must not be of small order");
  }
  return X25519::LoadPublic(bytes);
}

KeyId HpkePublicKey::id() const {
  return KeyId(ToArray<KeyId::kSize>(Sha256({bytes_})));
}

absl::StatusOr<HpkePrivateKey> HpkePrivateKey::Create(const Secret& bytes) {
  if (bytes.size() != kHpkeKeyBytes) {
    return FieldError("private_key", "must be 32 bytes");
  }
  return X25519::LoadPrivate(bytes.bytes());
}

absl::StatusOr<Bytes> HpkeSeal(const HpkePublicKey& recipient, ByteSpan info,
                               ByteSpan aad, ByteSpan plaintext,
                               RandomSource& random) {
  return Seal(recipient, nullptr, info, aad, plaintext, random);
}

absl::Status HpkeSealInPlace(const HpkePublicKey& recipient, ByteSpan info,
                             ByteSpan aad, absl::Span<uint8_t> message,
                             RandomSource& random) {
  return SealInPlace(recipient, nullptr, info, aad, message, random);
}

absl::StatusOr<Secret> HpkeOpen(const HpkePrivateKey& recipient, ByteSpan info,
                                ByteSpan aad, ByteSpan message) {
  return Open(recipient, nullptr, info, aad, message);
}

absl::StatusOr<Bytes> HpkeSealAuth(const HpkePublicKey& recipient,
                                   const HpkePrivateKey& sender, ByteSpan info,
                                   ByteSpan aad, ByteSpan plaintext,
                                   RandomSource& random) {
  return Seal(recipient, &sender, info, aad, plaintext, random);
}

absl::StatusOr<Secret> HpkeOpenAuth(const HpkePrivateKey& recipient,
                                    const HpkePublicKey& sender, ByteSpan info,
                                    ByteSpan aad, ByteSpan message) {
  return Open(recipient, &sender, info, aad, message);
}

}  // namespace frank::crypto
