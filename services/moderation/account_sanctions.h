// What the sanctions of an account come to: the pure part of enforcement.
#ifndef FRANK_SERVICES_MODERATION_ACCOUNT_SANCTIONS_H_
#define FRANK_SERVICES_MODERATION_ACCOUNT_SANCTIONS_H_

#include <cstdint>

#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/clock.h"
#include "core/ids.h"
#include "storage/decision_store.h"

namespace frank::moderation {

// The enforcement state that holds at one time. Which decisions it comes from
// does not show in it, so taking one away leaves exactly what the others ask
// for, whatever came between.
struct DerivedState {
  bool suspended = false;
  // 0 while suspended: until further notice.
  UnixMillis suspended_until = 0;
  // 0: not limited.
  uint32_t messages_an_hour = 0;
  // 0 while limited: no date is set.
  UnixMillis limited_until = 0;
  // When a milder limit begins to hold because the graver one ends: the state
  // must be derived again. The platform keeps the dates above by itself.
  UnixMillis changes_at = 0;
  // The decision whose sanction weighs most; none when nothing holds.
  absl::optional<DecisionId> from;

  friend bool operator==(const DerivedState& a, const DerivedState& b) {
    return a.suspended == b.suspended &&
           a.suspended_until == b.suspended_until &&
           a.messages_an_hour == b.messages_an_hour &&
           a.limited_until == b.limited_until && a.changes_at == b.changes_at &&
           a.from == b.from;
  }
};

// Derives the state at `now` from the released sanctions of an account, in any
// order. What has ended or was lifted does not count. Of suspensions the
// longest holds; of limits the lowest, and among equal ones the longest; a
// suspension and a limit hold side by side.
DerivedState DeriveState(absl::Span<const storage::StoredSanction> sanctions,
                         UnixMillis now);

// Whether a sanction can be forgotten: it has ended, and lifts nothing that is
// still there.
bool IsSpent(const storage::StoredSanction& sanction,
             absl::Span<const storage::StoredSanction> all, UnixMillis now);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_ACCOUNT_SANCTIONS_H_
