// The platform and the moderators of the example, played by crypto/ in the same
// process: what a product's servers do with their keys.
#ifndef FRANK_CLIENT_EXAMPLE_SERVERS_H_
#define FRANK_CLIENT_EXAMPLE_SERVERS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/report_builder.h"
#include "core/clock.h"
#include "core/random.h"
#include "crypto/hpke.h"
#include "crypto/key_ring.h"
#include "crypto/records.h"
#include "frank/v1/frank.pb.h"

namespace frank::example {

class Servers {
 public:
  // Makes the keys that an operator makes with `frank keys`.
  static absl::StatusOr<Servers> Create(RandomSource& random, UnixMillis now);

  // What clients fetch and check.
  crypto::FrankingKeys franking_keys() const {
    return {std::string(ring_.authority()), ring_.PublicWindows()};
  }
  client::OpenedReviewKey review_key() const {
    return {{}, {0, now_ + kDay, review_key_.public_key()}};
  }

  // Platform: stamps a tag. It sees no more of the message than that.
  absl::StatusOr<v1::Frank> Stamp(const FrankingTag& tag,
                                  absl::string_view sender_uri,
                                  absl::string_view room_uri) const;

  // Moderators: open a report and say what is proven of its first message.
  absl::StatusOr<std::string> Judge(const client::SealedReport& report,
                                    absl::string_view reporter_uri) const;

 private:
  Servers(crypto::KeyRing ring, crypto::HpkePrivateKey review_key,
          UnixMillis now)
      : ring_(std::move(ring)), review_key_(std::move(review_key)), now_(now) {}

  crypto::KeyRing ring_;
  crypto::HpkePrivateKey review_key_;
  UnixMillis now_;
};

}  // namespace frank::example

#endif  // FRANK_CLIENT_EXAMPLE_SERVERS_H_
