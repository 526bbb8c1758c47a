#include "storage/idempotency_store.h"

#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/status.h"
#include "storage/expiry_store.h"
#include "storage/record_table.h"

namespace frank::storage {

absl::StatusOr<absl::optional<v1::IdempotencyRecord>> FindAnswer(
    Transaction& transaction, absl::string_view key, ByteSpan fingerprint) {
  FRANK_ASSIGN_OR_RETURN(auto answer, FindRecord<v1::IdempotencyRecord>(
                                          transaction, ToString(AsBytes(key))));
  if (answer && AsText(fingerprint) != answer->fingerprint()) {
    return WithReason(
        absl::AlreadyExistsError("the id came before with other content"),
        "ID_CONFLICT");
  }
  return answer;
}

void PutAnswer(Transaction& transaction, absl::string_view key, UnixMillis now,
               const v1::IdempotencyRecord& answer) {
  transaction.Put(std::string(key), EncodeRecord(answer));
  ExpireAt(transaction, now + limits::kIdempotencyRetention, key);
}

void PutAnswers(Transaction& transaction, UnixMillis now,
                std::vector<KeptAnswer> answers) {
  std::vector<absl::string_view> keys;
  for (const KeptAnswer& answer : answers) keys.push_back(answer.key);
  ExpireAllAt(transaction, now + limits::kIdempotencyRetention, keys);
  for (KeptAnswer& answer : answers) {
    transaction.Put(std::move(answer.key), std::move(answer.value));
  }
}

}  // namespace frank::storage
