#include "services/moderation/account_sanctions.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "frank/v1/decision.pb.h"

namespace frank::moderation {
namespace {

using storage::StoredSanction;
using storage::v1::ActionRecord;

constexpr UnixMillis kForGood = std::numeric_limits<UnixMillis>::max();

// One action that holds, with the decision that it comes from.
struct Holding {
  const ActionRecord* action = nullptr;
  DecisionId from;
  UnixMillis end() const {
    return action->until() == 0 ? kForGood : action->until();
  }
};

bool HasEnded(const ActionRecord& action, UnixMillis now) {
  return action.until() != 0 && action.until() <= now;
}

std::set<std::string> LiftedBy(absl::Span<const StoredSanction> sanctions) {
  std::set<std::string> lifted;
  for (const StoredSanction& sanction : sanctions) {
    if (!sanction.record.released()) continue;
    lifted.insert(sanction.record.lifted().begin(),
                  sanction.record.lifted().end());
  }
  return lifted;
}

std::vector<Holding> HoldingOf(absl::Span<const StoredSanction> sanctions,
                               v1::ActionKind kind, UnixMillis now) {
  const std::set<std::string> lifted = LiftedBy(sanctions);
  std::vector<Holding> holding;
  for (const StoredSanction& sanction : sanctions) {
    if (!sanction.record.released()) continue;
    if (lifted.count(ToString(sanction.id.bytes())) > 0) continue;
    for (const ActionRecord& action : sanction.record.action()) {
      if (action.kind() != static_cast<uint32_t>(kind)) continue;
      if (!HasEnded(action, now)) holding.push_back({&action, sanction.id});
    }
  }
  return holding;
}

UnixMillis UntilOf(const Holding& holding) { return holding.action->until(); }

void ApplySuspensions(const std::vector<Holding>& suspensions,
                      DerivedState* state) {
  auto longest = std::max_element(
      suspensions.begin(), suspensions.end(),
      [](const Holding& a, const Holding& b) { return a.end() < b.end(); });
  if (longest == suspensions.end()) return;
  state->suspended = true;
  state->suspended_until = UntilOf(*longest);
  state->from = longest->from;
}

void ApplyLimits(const std::vector<Holding>& limits, DerivedState* state) {
  auto gravest = std::min_element(
      limits.begin(), limits.end(), [](const Holding& a, const Holding& b) {
        uint32_t of_a = a.action->messages_an_hour();
        uint32_t of_b = b.action->messages_an_hour();
        return of_a != of_b ? of_a < of_b : a.end() > b.end();
      });
  if (gravest == limits.end()) return;
  state->messages_an_hour = gravest->action->messages_an_hour();
  state->limited_until = UntilOf(*gravest);
  if (!state->from) state->from = gravest->from;
  for (const Holding& limit : limits) {
    if (limit.end() > gravest->end()) state->changes_at = gravest->end();
  }
}

}  // namespace

DerivedState DeriveState(absl::Span<const StoredSanction> sanctions,
                         UnixMillis now) {
  DerivedState state;
  ApplySuspensions(HoldingOf(sanctions, v1::ACTION_KIND_SUSPEND, now), &state);
  ApplyLimits(HoldingOf(sanctions, v1::ACTION_KIND_LIMIT, now), &state);
  return state;
}

bool IsSpent(const StoredSanction& sanction,
             absl::Span<const StoredSanction> all, UnixMillis now) {
  if (!sanction.record.released()) return false;
  for (const ActionRecord& action : sanction.record.action()) {
    if (!HasEnded(action, now)) return false;
  }
  for (const StoredSanction& other : all) {
    for (const std::string& lifted : sanction.record.lifted()) {
      if (lifted == other.id.text()) return false;
    }
  }
  return true;
}

}  // namespace frank::moderation
