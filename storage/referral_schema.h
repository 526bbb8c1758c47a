// The keys of referrals: part of moderation_schema.h, whose conventions hold.
//
//   0xD3 decision[16]                                  ReferralRecord
//   0xF4 list u64(decided) decision[16]                oldest first
//
// List 0 has all of them, the others those of a state. Each took two people, so
// they are few and need no bucket.
#ifndef FRANK_STORAGE_REFERRAL_SCHEMA_H_
#define FRANK_STORAGE_REFERRAL_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "storage/engine.h"

namespace frank::storage::schema {

std::string ReferralKey(const DecisionId& id);
std::string ReferralPlaceKey(uint8_t list, UnixMillis decided_at,
                             const DecisionId& id);
KeyRange ReferralPlaces(uint8_t list);
// The decision of a place. kDataLoss on another shape.
absl::StatusOr<DecisionId> ParseReferralPlace(absl::string_view key);

}  // namespace frank::storage::schema

#endif  // FRANK_STORAGE_REFERRAL_SCHEMA_H_
