// The keys of what decisions do; a part of moderation_schema.h, which has the
// notation.
//
//   0xD0 text(account) decision[16]                    SanctionRecord
//   0xD1 text(account) u64(added) decision[16]         StrikeRecord
//   0xD2 u64(proposed) decision[16]                    waits for approval
//   0xD3: referral_schema.h
//   0xD4 u32(version)                                  PolicyVersionRecord
//   0xD5 bucket decision[16]                           has marks to be counted
//
// What waits for approval is little and is read in its order: no bucket.
#ifndef FRANK_STORAGE_DECISION_SCHEMA_H_
#define FRANK_STORAGE_DECISION_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "storage/engine.h"

namespace frank::storage::schema {

std::string SanctionKey(absl::string_view account, const DecisionId& id);
KeyRange Sanctions(absl::string_view account);

std::string StrikeKey(absl::string_view account, UnixMillis added_at,
                      const DecisionId& id);
KeyRange Strikes(absl::string_view account);
// When the strike was added. kDataLoss on another shape.
absl::StatusOr<UnixMillis> ParseStrikeTime(absl::string_view key);

std::string ApprovalKey(UnixMillis proposed_at, const DecisionId& id);
KeyRange Approvals();

std::string PolicyVersionKey(uint32_t version);

std::string UncountedKey(const DecisionId& id);
KeyRange Uncounted(uint8_t bucket);
// kDataLoss on another shape.
absl::StatusOr<DecisionId> ParseUncounted(absl::string_view key);

}  // namespace frank::storage::schema

#endif  // FRANK_STORAGE_DECISION_SCHEMA_H_
