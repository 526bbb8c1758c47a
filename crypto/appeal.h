// Appeals (protocol section 7): what an accused account says to the moderators
// about a decision, sealed as reports are.
#ifndef FRANK_CRYPTO_APPEAL_H_
#define FRANK_CRYPTO_APPEAL_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "core/random.h"
#include "crypto/hpke.h"
#include "crypto/secret.h"

namespace frank::crypto {

// What a sealed appeal is bound to:
//   aad = review_key_id || decision_id || vec(account_uri)
struct AppealBinding {
  ReviewKeyId review_key_id;
  DecisionId decision_id;
  absl::string_view account_uri;
};

// Returns HPKE Seal(review key, "frank/1 appeal", aad, pad(content, 16 KiB)):
// all are of one length, which says nothing of how much was written.
// kInvalidArgument on a bad URI, or content that does not fit.
absl::StatusOr<Bytes> SealAppeal(const HpkePublicKey& review_key,
                                 const AppealBinding& binding, ByteSpan content,
                                 RandomSource& random);

// Returns the content, an AppealContent that is still to be parsed.
// kInvalidArgument on a bad URI, length or padding; kUnauthenticated when the
// key does not open it.
absl::StatusOr<Secret> OpenAppeal(const HpkePrivateKey& review_key,
                                  const AppealBinding& binding,
                                  ByteSpan sealed);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_APPEAL_H_
