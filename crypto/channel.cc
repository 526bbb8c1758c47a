#include "crypto/channel.h"

#include <algorithm>

#include "core/status.h"
#include "core/uri.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/franking_window.h"
#include "crypto/hash.h"

namespace frank::crypto {
namespace {

constexpr absl::string_view kBodyLabel = "frank/1 body";
constexpr absl::string_view kWrapInfo = "frank/1 key";

absl::Status CheckCek(const Secret& cek) {
  if (cek.size() == kCekBytes) return absl::OkStatus();
  return FieldError("cek", "must be 16 bytes");
}

ByteSpan NonceOf(const BodyBinding& binding) {
  return binding.tag().bytes().first(kAeadNonceBytes);
}

}  // namespace

absl::StatusOr<BodyBinding> BodyBinding::Create(Scheme scheme,
                                                uint32_t ciphersuite,
                                                const FrankingTag& tag,
                                                absl::string_view sender_uri,
                                                absl::string_view room_uri) {
  FRANK_RETURN_IF_ERROR(ParseScheme(static_cast<uint32_t>(scheme)).status());
  if (ciphersuite != kCiphersuite) {
    return FieldError("ciphersuite", "must be 0x0001");
  }
  FRANK_RETURN_IF_ERROR(CheckUri("sender_uri", sender_uri));
  FRANK_RETURN_IF_ERROR(CheckUri("room_uri", room_uri));
  Encoder aad(kBodyLabel.size() + 3 + FrankingTag::kSize + sender_uri.size() +
              room_uri.size() + 4);
  aad.Label(kBodyLabel)
      .U8(static_cast<uint8_t>(scheme))
      .U16(static_cast<uint16_t>(ciphersuite))
      .Raw(tag.bytes())
      .Vec(sender_uri)
      .Vec(room_uri);
  return BodyBinding(tag, aad.Take());
}

absl::StatusOr<Bytes> SealBody(const Secret& cek, const BodyBinding& binding,
                               ByteSpan payload) {
  FRANK_RETURN_IF_ERROR(CheckCek(cek));
  auto padded_size = static_cast<size_t>(PadmeSize(payload.size()));
  // Padded and encrypted where it will be sent from: one copy, no more.
  Bytes body;
  body.reserve(padded_size + kAeadTagBytes);
  body.assign(payload.begin(), payload.end());
  body.resize(padded_size + kAeadTagBytes);
  absl::Span<uint8_t> all = absl::MakeSpan(body);
  absl::Span<uint8_t> padded = all.first(padded_size);
  PadInPlace(padded, payload.size());
  FRANK_RETURN_IF_ERROR(
      AeadSeal(cek.bytes(), NonceOf(binding), binding.aad(), padded, all));
  return body;
}

absl::StatusOr<Secret> OpenBody(const Secret& cek, const BodyBinding& binding,
                                ByteSpan body) {
  FRANK_RETURN_IF_ERROR(CheckCek(cek));
  Secret payload =
      Secret::OfSize(std::max(body.size(), kAeadTagBytes) - kAeadTagBytes);
  FRANK_RETURN_IF_ERROR(AeadOpen(cek.bytes(), NonceOf(binding), binding.aad(),
                                 body, payload.mutable_bytes()));
  FRANK_ASSIGN_OR_RETURN(ByteSpan unpadded, Unpad(payload.bytes()));
  payload.Shrink(unpadded.size());
  return payload;
}

WrapAad MakeWrapAad(const BodyBinding& binding, ByteSpan body) {
  Sha256Digest of_binding = Sha256({binding.aad()});
  Sha256Digest of_body = Sha256({body});
  WrapAad out;
  auto middle = std::copy(of_binding.begin(), of_binding.end(), out.begin());
  std::copy(of_body.begin(), of_body.end(), middle);
  return out;
}

absl::StatusOr<Wrap> SealWrap(const Secret& cek, const HpkePublicKey& device,
                              const HpkePrivateKey& sender, const WrapAad& aad,
                              RandomSource& random) {
  FRANK_RETURN_IF_ERROR(CheckCek(cek));
  FRANK_ASSIGN_OR_RETURN(Bytes sealed,
                         HpkeSealAuth(device, sender, AsBytes(kWrapInfo), aad,
                                      cek.bytes(), random));
  return ToArray<limits::kWrapBytes>(sealed);
}

absl::StatusOr<Secret> OpenWrap(ByteSpan wrap, const HpkePrivateKey& device,
                                const HpkePublicKey& sender,
                                const WrapAad& aad) {
  if (wrap.size() != limits::kWrapBytes) {
    return FieldError("wrap", "must be 64 bytes");
  }
  return HpkeOpenAuth(device, sender, AsBytes(kWrapInfo), aad, wrap);
}

}  // namespace frank::crypto
