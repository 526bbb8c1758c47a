// Mismatch notices: a recipient's device refused a message. Content-free;
// counted by sender, once for each device and message.
#ifndef FRANK_STORAGE_MISMATCH_STORE_H_
#define FRANK_STORAGE_MISMATCH_STORE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "storage/engine.h"

namespace frank::storage {

struct MismatchNotice {
  std::string account_uri;
  DeviceId device_id;
  RequestId request_id;
  std::string room_uri;
  uint64_t sequence = 0;
  // A value of frank.v1.MismatchKind.
  uint32_t kind = 0;
};

enum class MismatchKnown {
  kNew,
  // This request, or this device about this message, came before.
  kCounted,
  // The request id came before with other content.
  kConflict,
};

// Says whether a notice came before, tracked.
absl::StatusOr<MismatchKnown> FindMismatch(Transaction& transaction,
                                           const MismatchNotice& notice);

// Remembers a new notice until `expires_at`, and counts it for `sender_uri` if
// the sender is known.
absl::Status AddMismatch(Transaction& transaction, const MismatchNotice& notice,
                         const absl::optional<std::string>& sender_uri,
                         UnixMillis expires_at);

// How many notices were counted for a sender.
absl::StatusOr<uint64_t> CountMismatches(Engine& engine,
                                         absl::string_view sender_uri);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_MISMATCH_STORE_H_
