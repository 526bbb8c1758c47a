#include "services/moderation/claim_choice.h"

#include <algorithm>

#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_lease.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

// Among so many of the most urgent cases one is chosen.
constexpr size_t kPool = 32;
// How much further down each lost attempt looks.
constexpr size_t kSpread = 8;

bool IsSenior(const Moderator& moderator) {
  return moderator.roles.count(Role::kSenior) > 0;
}

absl::Status ForSeniors() {
  return WithReason(absl::PermissionDeniedError("the queue is for seniors"),
                    "NOT_PERMITTED");
}

std::vector<uint32_t> SeveritiesOf(const v1::ClaimFilter& filter) {
  std::vector<uint32_t> severities(filter.severity().begin(),
                                   filter.severity().end());
  if (severities.empty()) {
    for (ReasonSeverity severity : kSeverities) {
      severities.push_back(static_cast<uint32_t>(severity));
    }
  }
  std::sort(severities.rbegin(), severities.rend());
  severities.erase(std::unique(severities.begin(), severities.end()),
                   severities.end());
  return severities;
}

template <typename Values, typename Value>
bool Holds(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// A lane whose cases they may not have, all of them, is not read; in the others
// each case is looked at.
std::vector<storage::ClaimLane> LanesFor(const Moderator& moderator) {
  std::vector<storage::ClaimLane> lanes;
  for (storage::ClaimLane lane : storage::kClaimLanes) {
    bool offered =
        lane == storage::ClaimLane::kChildSafety
            ? moderator.child_safety
            : moderator.opted_out.count(static_cast<Exposure>(lane)) == 0;
    if (offered) lanes.push_back(lane);
  }
  return lanes;
}

absl::StatusOr<std::vector<std::string>> QueuesFor(
    const Routing& routing, const Moderator& moderator,
    const v1::ClaimFilter& filter) {
  std::vector<std::string> queues;
  for (const std::string& name : filter.queue()) {
    const Routing::Queue* queue = routing.Find(name);
    if (queue == nullptr) {
      return FieldError("filter.queue", "must be one of the queues");
    }
    if (queue->seniors_only && !IsSenior(moderator)) return ForSeniors();
    if (!Holds(queues, name)) queues.push_back(name);
  }
  if (!queues.empty()) return queues;
  for (const Routing::Queue& queue : routing.queues()) {
    if (queue.seniors_only && !IsSenior(moderator)) continue;
    queues.push_back(queue.name);
  }
  return queues;
}

}  // namespace

absl::Status CheckMayHold(const Routing& routing, const Moderator& moderator,
                          const CaseRecord& record) {
  if (IsExcluded(record, moderator.id)) {
    return WithReason(
        absl::PermissionDeniedError("the moderator decided the case before"),
        "EXCLUDED");
  }
  const Routing::Queue* queue = routing.Find(record.queue());
  if (queue != nullptr && queue->seniors_only && !IsSenior(moderator)) {
    return ForSeniors();
  }
  return absl::OkStatus();
}

absl::StatusOr<ClaimWish> MakeClaimWish(const Routing& routing,
                                        const Moderator& moderator,
                                        const v1::ClaimCaseRequest& request) {
  ClaimWish wish{moderator, request.filter(), {}, {}};
  FRANK_ASSIGN_OR_RETURN(wish.after, WaitingPlace::Parse(request.page_token()));
  FRANK_ASSIGN_OR_RETURN(wish.parts.queues,
                         QueuesFor(routing, moderator, request.filter()));
  wish.parts.lanes = LanesFor(moderator);
  wish.parts.severities = SeveritiesOf(request.filter());
  return wish;
}

bool Wants(const ClaimWish& wish, const Routing& routing,
           const CaseRecord& record) {
  if (!CheckMayHold(routing, wish.moderator, record).ok() ||
      !IsOfferedTo(wish.moderator, record)) {
    return false;
  }
  if (!wish.filter.policy_area().empty() &&
      !Holds(wish.filter.policy_area(), record.policy_area())) {
    return false;
  }
  if (!wish.filter.proof().empty() &&
      !Holds(wish.filter.proof(), static_cast<int>(ProofOf(record)))) {
    return false;
  }
  if (wish.filter.due_until() != 0 &&
      record.deadline() >= wish.filter.due_until()) {
    return false;
  }
  return wish.filter.reason().empty() ||
         std::any_of(record.reason().begin(), record.reason().end(),
                     [&wish](const std::string& reason) {
                       return Holds(wish.filter.reason(), reason);
                     });
}

absl::StatusOr<ClaimChoice> ChooseCase(storage::Engine& engine,
                                       const Routing& routing,
                                       const ClaimWish& wish, UnixMillis now,
                                       size_t attempt, RandomSource& random,
                                       ClaimsUnderWay& under_way) {
  WaitingQueue waiting(engine, wish.parts, wish.after);
  ClaimChoice choice;
  size_t looked = 0;
  WaitingPlace place;
  FRANK_ASSIGN_OR_RETURN(auto next, waiting.Next());
  while (next) {
    if (looked == limits::kMaxClaimLooks) {
      choice.rest = place;
      return choice;
    }
    // Those that are as urgent as the first. Who lost to others looks further
    // down, so that a crowd spreads out.
    const uint32_t severity = next->place.severity;
    const std::string priority = next->priority;
    std::vector<CaseId> pool;
    while (next && next->place.severity == severity && pool.size() < kPool &&
           looked < limits::kMaxClaimLooks &&
           (next->priority == priority || pool.size() < kSpread * attempt)) {
      ++looked;
      place = next->place;
      if (!under_way.Has(next->id)) pool.push_back(next->id);
      FRANK_ASSIGN_OR_RETURN(next, waiting.Next());
    }
    while (!pool.empty()) {
      std::swap(pool[ReadU64(random.Draw<8>()) % pool.size()], pool.back());
      const CaseId id = pool.back();
      pool.pop_back();
      FRANK_ASSIGN_OR_RETURN(auto record, storage::FindCase(engine, id));
      if (!record || !IsFree(*record, now) || !Wants(wish, routing, *record)) {
        continue;
      }
      choice.chosen = under_way.TryHold(id);
      if (choice.chosen) return choice;
    }
  }
  return choice;
}

}  // namespace frank::moderation
