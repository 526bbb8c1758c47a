#include "tests/e2e/shift/moderator.h"

#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/clock.h"
#include "core/ids.h"

namespace frank::shift {
namespace {

constexpr absl::Duration kIdle = absl::Milliseconds(50);
// How many pieces of evidence are looked at.
constexpr int kLookedAt = 2;

// In so many of a hundred turns.
constexpr double kApprovals = 30;
constexpr double kReversals = 5;
constexpr double kMutes = 1;
constexpr double kTakeOvers = 3;
constexpr double kForbidden = 3;
constexpr double kOwnFirst = 10;
constexpr double kByFilter = 15;

}  // namespace

void Moderator::Work() {
  while (!desk_.is_over()) Turn();
}

void Moderator::Turn() {
  const bool closing = desk_.is_closing();
  bool busy = false;
  if (self_.senior && (closing || dice_.Chance(kApprovals))) {
    busy = LookAtApprovals();
  }
  if (!closing) {
    if (dice_.Chance(kReversals)) ReverseSomething();
    if (dice_.Chance(kForbidden)) TryWhatIsForbidden();
    if (self_.senior && dice_.Chance(kMutes)) MuteSomebody();
    if (self_.senior && dice_.Chance(kTakeOvers)) TakeOverSomething();
  }
  absl::optional<InHand> held;
  if (dice_.Chance(kOwnFirst)) held = FindOwn();
  if (!held) held = Claim();
  if (!held) held = FindOwn();
  if (held) return Handle(*std::move(held));
  if (closing) WakeSomething();
  if (!busy) absl::SleepFor(kIdle);
}

absl::optional<Moderator::InHand> Moderator::Claim() {
  v1::ClaimCaseRequest request;
  if (!desk_.is_closing() && dice_.Chance(kByFilter)) {
    if (dice_.Chance(50)) {
      request.mutable_filter()->add_severity(v1::SEVERITY_HIGH);
    } else {
      request.mutable_filter()->add_queue("harassment");
    }
  }
  auto answer = client_.Call(&v1::ReviewService::Stub::ClaimCase, request);
  if (!answer.ok()) {
    Refused("claim", answer.status(), {});
    return absl::nullopt;
  }
  if (!answer->has_claimed()) return absl::nullopt;
  desk_.tally().Count("case claimed: the next");
  return InHand{answer->claimed(), answer->claimed().lease().epoch(), 0};
}

absl::optional<Moderator::InHand> Moderator::ClaimNamed(
    const std::string& case_id) {
  v1::ClaimCaseRequest request;
  request.set_case_id(case_id);
  auto answer = client_.Call(&v1::ReviewService::Stub::ClaimCase, request);
  if (!answer.ok()) {
    Refused("claim by id", answer.status(),
            {"CASE_DECIDED", "CASE_STATE", "CHILD_SAFETY_NEEDED", "EXCLUDED",
             "NOT_PERMITTED"});
    return absl::nullopt;
  }
  if (answer->has_held()) {
    desk_.tally().Count("case asked for: somebody else holds it");
    return absl::nullopt;
  }
  desk_.tally().Count("case claimed: by id");
  return InHand{answer->claimed(), answer->claimed().lease().epoch(), 0};
}

absl::optional<Moderator::InHand> Moderator::FindOwn() {
  v1::ListCasesRequest request;
  request.mutable_filter()->set_moderator(self_.id);
  request.mutable_filter()->add_state(v1::CASE_STATE_OPEN);
  request.mutable_filter()->add_state(v1::CASE_STATE_APPEALED);
  do {
    auto answer = client_.Call(&v1::ReviewService::Stub::ListCases, request);
    if (!answer.ok()) {
      Refused("list", answer.status(), {});
      return absl::nullopt;
    }
    for (const v1::CaseSummary& summary : answer->case_summary()) {
      if (summary.lease().holder() != self_.id) continue;
      desk_.tally().Count("case found in one's hands");
      return InHand{summary, summary.lease().epoch(), 0};
    }
    request.set_page_token(answer->next_page_token());
  } while (!request.page_token().empty());
  return absl::nullopt;
}

void Moderator::Handle(InHand held) {
  if (held.summary.state() == v1::CASE_STATE_APPEALED) {
    return DecideAppeal(held);
  }
  if (!Look(&held)) return;
  if (!desk_.is_closing()) {
    Annotate(held);
    if (MoveAway(held)) return;
  }
  Decide(std::move(held));
}

// What is decided on is what was seen last.
bool Moderator::Look(InHand* held) {
  v1::GetCaseRequest request;
  request.set_case_id(held->summary.case_id());
  auto shown = client_.Call(&v1::ReviewService::Stub::GetCase, request);
  if (!shown.ok()) {
    Refused("show", shown.status(), {"CHILD_SAFETY_NEEDED"});
    return false;
  }
  held->summary = shown->case_summary();
  held->seen = held->summary.revision();
  Reveal(*shown, held);
  return true;
}

// Who may not see the content decides on the proof alone.
void Moderator::Reveal(const v1::GetCaseResponse& shown, InHand* held) {
  v1::GetCaseRequest request;
  request.set_case_id(held->summary.case_id());
  request.set_reveal_notes(true);
  for (int i = 0; i < shown.evidence_size() && i < kLookedAt; ++i) {
    request.add_reveal_tag(shown.evidence(i).franking_tag());
  }
  if (request.reveal_tag().empty()) return;
  auto revealed = client_.Call(&v1::ReviewService::Stub::GetCase, request);
  if (!revealed.ok()) {
    return Refused("reveal", revealed.status(),
                   {"LEASE_LOST", "CASE_STATE", "CASE_DECIDED", "OPTED_OUT",
                    "EXPOSURE_SPENT", "BREAK_DUE", "CHILD_SAFETY_NEEDED"});
  }
  held->summary = revealed->case_summary();
  held->seen = held->summary.revision();
  desk_.tally().Count("evidence revealed",
                      static_cast<uint64_t>(request.reveal_tag_size()));
}

std::string Moderator::NewId() {
  return ToString(DecisionId::Random(desk_.random()).bytes());
}

}  // namespace frank::shift
