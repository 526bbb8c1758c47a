#include "services/platform/normal_form.h"

#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include "absl/status/status.h"

namespace frank::platform {

absl::StatusOr<bool> IsNfc(absl::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error)) return absl::InternalError("no normalisation tables");
  bool normal = nfc->isNormalizedUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), error);
  if (U_FAILURE(error)) return absl::InternalError("normalisation failed");
  return normal;
}

}  // namespace frank::platform
