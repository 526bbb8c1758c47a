// Reports (protocol section 7): sealing, opening, and the verdict on each
// reported message.
#ifndef FRANK_CRYPTO_REPORT_H_
#define FRANK_CRYPTO_REPORT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "crypto/commitment.h"
#include "crypto/frank.h"
#include "crypto/hpke.h"
#include "crypto/key_ring.h"
#include "crypto/secret.h"

namespace frank::crypto {

// What a sealed report is bound to:
//   aad = review_key_id || report_id || vec(reporter_uri)
struct ReportBinding {
  ReviewKeyId review_key_id;
  ReportId report_id;
  absl::string_view reporter_uri;
};

// Returns HPKE Seal(review key, "frank/1 report", aad, pad(content, class)).
// kInvalidArgument on a bad URI, or content too long for a sealed report.
absl::StatusOr<Bytes> SealReport(const HpkePublicKey& review_key,
                                 const ReportBinding& binding, ByteSpan content,
                                 RandomSource& random);

// Returns the content, a ReportContent that is still to be parsed.
// kInvalidArgument on a bad URI, length or padding; kUnauthenticated when the
// key does not open it. A report that no review key opens is UNOPENABLE.
absl::StatusOr<Secret> OpenReport(const HpkePrivateKey& review_key,
                                  const ReportBinding& binding,
                                  ByteSpan sealed);

// The first that applies, in this order. Stored: never renumber.
enum class Verdict : uint8_t {
  kMalformed = 1,    // a field breaks a rule
  kExpiredKey = 2,   // the ring has a tombstone for the window
  kUnknownKey = 3,   // no window holds the time; not final
  kForgedFrank = 4,  // integrity, in the required form, or the MAC fails
  kBadOpening = 5,   // the opening does not recompute the tag
  kProven = 6,
};

// A verdict and what was checked for it, which is kept with the evidence.
struct Judgement {
  Verdict verdict = Verdict::kMalformed;
  // The window that held the time, none for kMalformed and kUnknownKey.
  absl::optional<UnixMillis> window_not_before;
  absl::optional<UnixMillis> window_not_after;
  // The form that the window requires, none where there is no window or a
  // tombstone.
  absl::optional<FrankForm> form;
  // Whether a signature was verified and held.
  bool signature_verified = false;
};

// Judges a reported message by the ring of its room's authority; null is a ring
// without windows (kUnknownKey). kInternal when a library fails: no verdict.
absl::StatusOr<Judgement> Judge(const Frank& frank, const Opening& opening,
                                const KeyRing* ring);

// The same from the fields as they came, malformed ones too; finds the ring.
absl::StatusOr<Judgement> Judge(const FrankFields& fields,
                                const Opening& opening, const KeyRings& rings);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_REPORT_H_
