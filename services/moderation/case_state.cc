#include "services/moderation/case_state.h"

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

using E = CaseEvent;

struct Transition {
  uint32_t from;
  CaseEvent event;
  uint32_t to;
};

// What is not here is refused.
constexpr Transition kTransitions[] = {
    {storage::kCaseOpen, E::kJoin, storage::kCaseOpen},
    {storage::kCaseOpen, E::kClaim, storage::kCaseOpen},
    {storage::kCaseOpen, E::kRenew, storage::kCaseOpen},
    {storage::kCaseOpen, E::kRelease, storage::kCaseOpen},
    {storage::kCaseOpen, E::kLapse, storage::kCaseOpen},
    {storage::kCaseOpen, E::kHold, storage::kCaseOnHold},
    {storage::kCaseOpen, E::kHandOver, storage::kCaseOpen},
    {storage::kCaseOpen, E::kTakeOver, storage::kCaseOpen},
    {storage::kCaseOpen, E::kEscalate, storage::kCaseOpen},
    {storage::kCaseOpen, E::kReveal, storage::kCaseOpen},
    {storage::kCaseOpen, E::kPropose, storage::kCaseAwaitingApproval},
    {storage::kCaseOpen, E::kDecide, storage::kCaseDecided},
    {storage::kCaseOpen, E::kMerge, storage::kCaseDuplicate},

    {storage::kCaseOnHold, E::kJoin, storage::kCaseOnHold},
    {storage::kCaseOnHold, E::kWake, storage::kCaseOpen},

    {storage::kCaseAwaitingApproval, E::kJoin, storage::kCaseAwaitingApproval},
    {storage::kCaseAwaitingApproval, E::kReveal,
     storage::kCaseAwaitingApproval},
    {storage::kCaseAwaitingApproval, E::kApprove, storage::kCaseDecided},
    {storage::kCaseAwaitingApproval, E::kRefuse, storage::kCaseOpen},

    {storage::kCaseDecided, E::kUndo, storage::kCaseOpen},
    {storage::kCaseDecided, E::kReverse, storage::kCaseDecided},
    {storage::kCaseDecided, E::kAppeal, storage::kCaseAppealed},
    {storage::kCaseDecided, E::kShred, storage::kCaseShredding},

    {storage::kCaseAppealed, E::kClaim, storage::kCaseAppealed},
    {storage::kCaseAppealed, E::kRenew, storage::kCaseAppealed},
    {storage::kCaseAppealed, E::kRelease, storage::kCaseAppealed},
    {storage::kCaseAppealed, E::kLapse, storage::kCaseAppealed},
    {storage::kCaseAppealed, E::kHandOver, storage::kCaseAppealed},
    {storage::kCaseAppealed, E::kTakeOver, storage::kCaseAppealed},
    {storage::kCaseAppealed, E::kEscalate, storage::kCaseAppealed},
    {storage::kCaseAppealed, E::kReveal, storage::kCaseAppealed},
    {storage::kCaseAppealed, E::kDecide, storage::kCaseDecided},

    {storage::kCaseDuplicate, E::kShred, storage::kCaseShredding},

    // What was done to the account can be taken back as long as it lasts.
    {storage::kCaseShredding, E::kReverse, storage::kCaseShredding},
    {storage::kCaseShredding, E::kErased, storage::kCaseShredded},
    {storage::kCaseShredded, E::kReverse, storage::kCaseShredded},
};

constexpr CaseEvent kEvents[] = {
    E::kJoin,   E::kClaim,   E::kRenew,    E::kRelease,  E::kLapse,
    E::kHold,   E::kWake,    E::kHandOver, E::kTakeOver, E::kEscalate,
    E::kReveal, E::kPropose, E::kApprove,  E::kRefuse,   E::kDecide,
    E::kUndo,   E::kReverse, E::kAppeal,   E::kMerge,    E::kShred,
    E::kErased,
};

}  // namespace

absl::Span<const CaseEvent> AllCaseEvents() { return kEvents; }

absl::string_view NameOf(CaseEvent event) {
  switch (event) {
    case E::kJoin:
      return "join";
    case E::kClaim:
      return "claim";
    case E::kRenew:
      return "renew";
    case E::kRelease:
      return "release";
    case E::kLapse:
      return "lapse";
    case E::kHold:
      return "hold";
    case E::kWake:
      return "wake";
    case E::kHandOver:
      return "hand over";
    case E::kTakeOver:
      return "take over";
    case E::kEscalate:
      return "escalate";
    case E::kReveal:
      return "reveal";
    case E::kPropose:
      return "propose";
    case E::kApprove:
      return "approve";
    case E::kRefuse:
      return "refuse";
    case E::kDecide:
      return "decide";
    case E::kUndo:
      return "undo";
    case E::kReverse:
      return "reverse";
    case E::kAppeal:
      return "appeal";
    case E::kMerge:
      return "merge";
    case E::kShred:
      return "shred";
    case E::kErased:
      return "finish shredding";
  }
  return "unknown";
}

absl::StatusOr<uint32_t> StateAfter(uint32_t state, CaseEvent event) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == state && transition.event == event) {
      return transition.to;
    }
  }
  FRANK_RETURN_IF_ERROR(CheckKept(state));
  if (state == storage::kCaseDecided) {
    return WithReason(
        absl::FailedPreconditionError("the case has been decided"),
        "CASE_DECIDED");
  }
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "the state of the case does not allow to ", NameOf(event))),
      "CASE_STATE");
}

absl::Status CheckKept(uint32_t state) {
  if (!storage::IsErased(state)) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(
          "the case has been shredded: its content is erased for good"),
      "CASE_SHREDDED");
}

}  // namespace frank::moderation
