// Answers that are given again when a client repeats itself.
#ifndef FRANK_STORAGE_IDEMPOTENCY_STORE_H_
#define FRANK_STORAGE_IDEMPOTENCY_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "frank/storage/v1/platform.pb.h"
#include "storage/engine.h"

namespace frank::storage {

// Reads what was answered under `key` (schema::IdempotencyKey), tracked;
// nullopt the first time. kAlreadyExists, ID_CONFLICT, when that was for other
// content.
absl::StatusOr<absl::optional<v1::IdempotencyRecord>> FindAnswer(
    Transaction& transaction, absl::string_view key, ByteSpan fingerprint);

// Keeps an answer for limits::kIdempotencyRetention.
void PutAnswer(Transaction& transaction, absl::string_view key, UnixMillis now,
               const v1::IdempotencyRecord& answer);

struct KeptAnswer {
  std::string key;
  // An encoded IdempotencyRecord.
  std::string value;
};
// The same of several, none of one key.
void PutAnswers(Transaction& transaction, UnixMillis now,
                std::vector<KeptAnswer> answers);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_IDEMPOTENCY_STORE_H_
