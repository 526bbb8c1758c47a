// The moderators' signed records: which key seals a report, which keys verify a
// frank (protocol section 5). The platform carries them; only moderation's
// identity key, configured and never fetched, makes them true.
#ifndef FRANK_CLIENT_KEY_BOOK_H_
#define FRANK_CLIENT_KEY_BOOK_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/device_context.h"
#include "client/report_builder.h"
#include "crypto/records.h"

namespace frank::client {

class KeyBook {
 public:
  explicit KeyBook(const DeviceContext& context) : context_(context) {}

  // Returns what is stored for an authority, fetched if there is nothing.
  absl::StatusOr<crypto::FrankingKeys> GetFrankingKeys(
      const std::string& authority);

  // Fetches anew. A record that drops or changes a window that has not ended is
  // refused (kFailedPrecondition) and the stored one stays. kNotFound when the
  // platform knows none.
  absl::StatusOr<crypto::FrankingKeys> FetchFrankingKeys(
      const std::string& authority);

  // Fetches the review key that is in force. kUnauthenticated when moderation
  // did not sign it; kNotFound when there is none.
  absl::StatusOr<OpenedReviewKey> FetchReviewKey();

  // The moderators' identity key, as configured.
  absl::StatusOr<crypto::Ed25519PublicKey> ModerationKey() const;

  // Platform time, asked for if it was not learned of late.
  absl::StatusOr<UnixMillis> PlatformNow();

 private:
  absl::StatusOr<v1::GetReportingKeysResponse> Fetch(
      const std::string& authority);
  DeviceContext context_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_KEY_BOOK_H_
