#include "crypto/appeal.h"

#include <algorithm>

#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/encoding.h"

namespace frank::crypto {
namespace {

constexpr absl::string_view kAppealInfo = "frank/1 appeal";
static_assert(limits::kSealedAppealBytes ==
                  limits::kPaddedAppealBytes + kHpkeOverhead,
              "limits.h states what HPKE adds");

absl::StatusOr<Bytes> AadOf(const AppealBinding& binding) {
  FRANK_RETURN_IF_ERROR(CheckUri("account_uri", binding.account_uri));
  return Encoder()
      .Raw(binding.review_key_id.bytes())
      .Raw(binding.decision_id.bytes())
      .Vec(binding.account_uri)
      .Take();
}

}  // namespace

absl::StatusOr<Bytes> SealAppeal(const HpkePublicKey& review_key,
                                 const AppealBinding& binding, ByteSpan content,
                                 RandomSource& random) {
  FRANK_ASSIGN_OR_RETURN(Bytes aad, AadOf(binding));
  if (content.size() >= limits::kPaddedAppealBytes) {
    return FieldError("appeal_content", "must fit a sealed appeal");
  }
  Bytes message(limits::kSealedAppealBytes);
  absl::Span<uint8_t> padded = absl::MakeSpan(message).subspan(
      kHpkeKeyBytes, limits::kPaddedAppealBytes);
  std::copy(content.begin(), content.end(), padded.begin());
  PadInPlace(padded, content.size());
  FRANK_RETURN_IF_ERROR(HpkeSealInPlace(review_key, AsBytes(kAppealInfo), aad,
                                        absl::MakeSpan(message), random));
  return message;
}

absl::StatusOr<Secret> OpenAppeal(const HpkePrivateKey& review_key,
                                  const AppealBinding& binding,
                                  ByteSpan sealed) {
  FRANK_ASSIGN_OR_RETURN(Bytes aad, AadOf(binding));
  if (sealed.size() != limits::kSealedAppealBytes) {
    return FieldError("sealed_appeal", "must be of a sealed appeal's length");
  }
  FRANK_ASSIGN_OR_RETURN(
      Secret content, HpkeOpen(review_key, AsBytes(kAppealInfo), aad, sealed));
  FRANK_ASSIGN_OR_RETURN(ByteSpan unpadded, Unpad(content.bytes()));
  content.Shrink(unpadded.size());
  return content;
}

}  // namespace frank::crypto
