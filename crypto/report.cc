#include "crypto/report.h"

#include <algorithm>

#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/encoding.h"

namespace frank::crypto {
namespace {

constexpr absl::string_view kReportInfo = "frank/1 report";

absl::StatusOr<Bytes> AadOf(const ReportBinding& binding) {
  FRANK_RETURN_IF_ERROR(CheckUri("reporter_uri", binding.reporter_uri));
  return Encoder()
      .Raw(binding.review_key_id.bytes())
      .Raw(binding.report_id.bytes())
      .Vec(binding.reporter_uri)
      .Take();
}

// Whether a check held. A library that fails is an error of its own: nobody's
// message may be called forged for it.
absl::StatusOr<bool> Holds(const absl::Status& status) {
  if (absl::IsInternal(status)) return status;
  return status.ok();
}

void Record(const KeyRing::Window& window, Judgement* out) {
  out->window_not_before = window.window.not_before;
  out->window_not_after = window.window.not_after;
  if (!window.tombstone) out->form = window.window.form;
}

// The last three verdicts, under a window that has its keys. The MAC first: it
// is a hundred times cheaper than a signature.
absl::StatusOr<Verdict> JudgeByKeys(const Frank& frank, const Opening& opening,
                                    const KeyRing::Window& window,
                                    bool* signature_verified) {
  FRANK_ASSIGN_OR_RETURN(bool ours,
                         Holds(VerifyServerFrank(frank, *window.hub_key)));
  if (!ours) return Verdict::kForgedFrank;
  FRANK_ASSIGN_OR_RETURN(
      bool integrity,
      Holds(VerifyIntegrity(frank, window.window.form, window.window.key)));
  if (!integrity) return Verdict::kForgedFrank;
  *signature_verified = window.window.form != FrankForm::kNone;
  FRANK_ASSIGN_OR_RETURN(bool opens, Holds(VerifyOpening(frank.tag, opening)));
  return opens ? Verdict::kProven : Verdict::kBadOpening;
}

}  // namespace

absl::StatusOr<Bytes> SealReport(const HpkePublicKey& review_key,
                                 const ReportBinding& binding, ByteSpan content,
                                 RandomSource& random) {
  FRANK_ASSIGN_OR_RETURN(Bytes aad, AadOf(binding));
  auto class_size = static_cast<size_t>(ReportClassSize(content.size()));
  if (class_size + kHpkeOverhead > limits::kMaxSealedReportBytes) {
    return FieldError("report_content", "must fit a sealed report");
  }
  Bytes message(class_size + kHpkeOverhead);
  absl::Span<uint8_t> padded =
      absl::MakeSpan(message).subspan(kHpkeKeyBytes, class_size);
  std::copy(content.begin(), content.end(), padded.begin());
  PadInPlace(padded, content.size());
  FRANK_RETURN_IF_ERROR(HpkeSealInPlace(review_key, AsBytes(kReportInfo), aad,
                                        absl::MakeSpan(message), random));
  return message;
}

absl::StatusOr<Secret> OpenReport(const HpkePrivateKey& review_key,
                                  const ReportBinding& binding,
                                  ByteSpan sealed) {
  FRANK_ASSIGN_OR_RETURN(Bytes aad, AadOf(binding));
  if (sealed.size() < kHpkeOverhead ||
      sealed.size() > limits::kMaxSealedReportBytes) {
    return FieldError("sealed_report", "must be of a sealed report's length");
  }
  FRANK_ASSIGN_OR_RETURN(
      Secret content, HpkeOpen(review_key, AsBytes(kReportInfo), aad, sealed));
  FRANK_ASSIGN_OR_RETURN(ByteSpan unpadded, Unpad(content.bytes()));
  content.Shrink(unpadded.size());
  return content;
}

absl::StatusOr<Judgement> Judge(const Frank& frank, const Opening& opening,
                                const KeyRing* ring) {
  Judgement out;
  if (!CheckOpening(opening).ok()) return out;
  const KeyRing::Window* window =
      ring == nullptr ? nullptr : ring->FindWindow(frank.accepted_timestamp);
  if (window == nullptr) {
    out.verdict = Verdict::kUnknownKey;
    return out;
  }
  Record(*window, &out);
  if (window->tombstone) {
    out.verdict = Verdict::kExpiredKey;
    return out;
  }
  FRANK_ASSIGN_OR_RETURN(out.verdict, JudgeByKeys(frank, opening, *window,
                                                  &out.signature_verified));
  return out;
}

absl::StatusOr<Judgement> Judge(const FrankFields& fields,
                                const Opening& opening, const KeyRings& rings) {
  absl::StatusOr<Frank> frank = ParseFrank(fields);
  if (!frank.ok()) return Judgement();
  return Judge(*frank, opening, rings.FindForRoom(frank->room_uri));
}

}  // namespace frank::crypto
