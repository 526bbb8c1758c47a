// What decisions do, by their actions.
#ifndef FRANK_TESTS_E2E_SHIFT_ACTIONS_H_
#define FRANK_TESTS_E2E_SHIFT_ACTIONS_H_

#include "frank/v1/decision.pb.h"

namespace frank::shift {

inline bool Has(const v1::Decision& decision, v1::ActionKind kind) {
  for (const v1::Action& action : decision.action()) {
    if (action.kind() == kind) return true;
  }
  return false;
}

// Something is done.
inline bool Acts(const v1::Decision& decision) {
  return !Has(decision, v1::ACTION_KIND_NONE) &&
         !Has(decision, v1::ACTION_KIND_ASK_REPORTER);
}

// The account is told, and may appeal.
inline bool MayBeAppealed(const v1::Decision& decision) {
  return Has(decision, v1::ACTION_KIND_WARN) ||
         Has(decision, v1::ACTION_KIND_LIMIT) ||
         Has(decision, v1::ACTION_KIND_SUSPEND);
}

inline bool ConcernsAccount(const v1::Decision& decision) {
  return MayBeAppealed(decision) || Has(decision, v1::ACTION_KIND_RESTORE);
}

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_ACTIONS_H_
