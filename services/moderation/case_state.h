// What may happen to a case in which state: the one table of transitions.
#ifndef FRANK_SERVICES_MODERATION_CASE_STATE_H_
#define FRANK_SERVICES_MODERATION_CASE_STATE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace frank::moderation {

// What happens to a case.
enum class CaseEvent {
  kJoin,      // a report is folded in
  kClaim,     // somebody takes it under a lease
  kRenew,     // its holder extends the lease
  kRelease,   // its holder gives it back
  kLapse,     // the lease has ended
  kHold,      // its holder puts it off
  kWake,      // what it was put off for has come
  kHandOver,  // its holder gives it to a person or a queue
  kTakeOver,  // a senior takes it from its holder
  kEscalate,  // its holder gives it to the senior ones
  kReveal,    // its holder reads the evidence
  kPropose,   // its holder proposes what needs a second person
  kApprove,   // that person agrees
  kRefuse,    // that person does not, or the first one withdraws
  kDecide,    // its holder decides
  kUndo,      // whoever decided takes it back before it has effect
  kReverse,   // a decision is taken back after it had effect
  kAppeal,    // the accused appeals
  kMerge,     // its holder closes it into another case
  kShred,     // its time is over: what it holds is to be erased
  kErased,    // that is done
};
absl::Span<const CaseEvent> AllCaseEvents();

// For audit and errors: "claim".
absl::string_view NameOf(CaseEvent event);

// Returns the state (storage/case_store.h) of a case after an event.
// kFailedPrecondition CASE_STATE when nothing of the kind may happen to a case
// in this state; CASE_DECIDED when that is because it has been decided,
// CASE_SHREDDED when it was erased.
absl::StatusOr<uint32_t> StateAfter(uint32_t state, CaseEvent event);

// For what may be done in every state, but only to what is there.
// kFailedPrecondition CASE_SHREDDED.
absl::Status CheckKept(uint32_t state);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_STATE_H_
