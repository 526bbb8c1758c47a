// What a moderator does with a case beside deciding it.
#include "absl/strings/str_cat.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/moderators.pb.h"
#include "frank/v1/queue.pb.h"
#include "frank/v1/reporters.pb.h"
#include "tests/e2e/shift/moderator.h"

namespace frank::shift {
namespace {

using Review = v1::ReviewService::Stub;
using Queue = v1::QueueService::Stub;

// Of a hundred cases; the rest are decided.
constexpr double kNote = 6;
constexpr double kTag = 4;
constexpr double kRenew = 10;
constexpr double kWalkAway = 2;
constexpr double kRelease = 2.5;
constexpr double kHandOver = 4;
constexpr double kHold = 3;
constexpr double kEscalate = 3;
constexpr double kDuplicate = 25;

constexpr UnixMillis kShortHold = 2 * kSecond;
constexpr UnixMillis kMuteFor = 30 * kDay;

constexpr char kQueue[] = "general";

}  // namespace

bool Moderator::MoveAway(const InHand& held) {
  if (dice_.Chance(kWalkAway)) {
    desk_.tally().Count("case left to lapse");
    return true;
  }
  if (dice_.Chance(kRelease)) {
    Release(held, "Somebody who reads the language, please.");
  } else if (dice_.Chance(kHandOver)) {
    HandOver(held);
  } else if (dice_.Chance(kHold)) {
    Hold(held);
  } else if (!self_.senior && dice_.Chance(kEscalate)) {
    Escalate(held);
  } else if (dice_.Chance(kDuplicate)) {
    return CloseIntoAnother(held);
  } else {
    return dice_.Chance(kRenew) && !Renew(held);
  }
  return true;
}

void Moderator::Annotate(const InHand& held) {
  if (dice_.Chance(kNote)) {
    v1::AddNoteRequest request;
    request.set_case_id(held.summary.case_id());
    request.set_note_id(NewId());
    request.set_text("The same words as last week.");
    for (int times = 0; times < 2; ++times) {
      auto noted = client_.Call(&Queue::AddNote, request);
      if (!noted.ok()) Refused("note", noted.status(), {});
    }
    desk_.tally().Count("note added, twice");
  }
  if (dice_.Chance(kTag)) {
    v1::TagCaseRequest request;
    request.set_case_id(held.summary.case_id());
    request.set_tag("raid");
    request.set_expires_at(SystemClock().Now() + kShortHold);
    auto tagged = client_.Call(&Queue::TagCase, request);
    if (!tagged.ok()) Refused("tag", tagged.status(), {});
    desk_.tally().Count("case tagged");
  }
}

bool Moderator::Renew(const InHand& held) {
  v1::RenewLeaseRequest request;
  request.set_case_id(held.summary.case_id());
  request.set_epoch(held.epoch);
  auto renewed = client_.Call(&Review::RenewLease, request);
  desk_.tally().Count("lease renewed");
  if (renewed.ok()) return true;
  Refused("renew", renewed.status(),
          {"LEASE_LOST", "CASE_STATE", "CASE_DECIDED"});
  return false;
}

void Moderator::Release(const InHand& held, const std::string& note) {
  v1::ReleaseCaseRequest request;
  request.set_case_id(held.summary.case_id());
  request.set_epoch(held.epoch);
  request.set_note(note);
  auto released = client_.Call(&Review::ReleaseCase, request);
  desk_.tally().Count("case released");
  if (!released.ok()) {
    Refused("release", released.status(),
            {"LEASE_LOST", "CASE_STATE", "CASE_DECIDED"});
  }
}

void Moderator::HandOver(const InHand& held) {
  v1::HandOverCaseRequest request;
  request.set_case_id(held.summary.case_id());
  request.set_epoch(held.epoch);
  request.set_note("You know this account.");
  if (dice_.Chance(60)) {
    request.set_moderator(dice_.Pick(desk_.colleagues()).id);
  } else {
    request.set_queue(kQueue);
  }
  auto handed = client_.Call(&Queue::HandOverCase, request);
  desk_.tally().Count("case handed over");
  if (!handed.ok()) {
    // To oneself, or to whom the case is closed.
    Refused("hand over", handed.status(),
            {"LEASE_LOST", "CASE_STATE", "CASE_DECIDED", "FIELD_INVALID",
             "CHILD_SAFETY_NEEDED", "EXCLUDED", "NOT_PERMITTED"});
  }
}

void Moderator::Hold(const InHand& held) {
  v1::HoldCaseRequest request;
  request.set_case_id(held.summary.case_id());
  request.set_epoch(held.epoch);
  request.set_reason("The translation is missing.");
  request.set_until(SystemClock().Now() + kShortHold);
  auto put_off = client_.Call(&Queue::HoldCase, request);
  desk_.tally().Count("case put on hold");
  if (!put_off.ok()) {
    // The date may have passed while the server was away.
    return Refused(
        "hold", put_off.status(),
        {"LEASE_LOST", "CASE_STATE", "CASE_DECIDED", "FIELD_INVALID"});
  }
  if (!dice_.Chance(40)) return;
  v1::WakeCaseRequest wake;
  wake.set_case_id(held.summary.case_id());
  auto woken = client_.Call(&Queue::WakeCase, wake);
  desk_.tally().Count("case woken by hand");
  if (!woken.ok()) {
    Refused("wake", woken.status(), {"CASE_STATE", "CASE_DECIDED"});
  }
}

// From a colleague, who learns it by their next act.
void Moderator::TakeOverSomething() {
  v1::ListCasesRequest list;
  list.mutable_filter()->set_moderator(dice_.Pick(desk_.colleagues()).id);
  list.mutable_filter()->add_state(v1::CASE_STATE_OPEN);
  auto listed = client_.Call(&Review::ListCases, list);
  if (!listed.ok()) return Refused("list", listed.status(), {});
  for (const v1::CaseSummary& summary : listed->case_summary()) {
    if (!summary.has_lease() || summary.lease().holder() == self_.id) continue;
    v1::TakeOverCaseRequest request;
    request.set_case_id(summary.case_id());
    request.set_epoch(summary.lease().epoch());
    request.set_note("I shall see to it.");
    auto taken = client_.Call(&Queue::TakeOverCase, request);
    if (taken.ok()) return desk_.tally().Count("case taken over");
    return Refused("take over", taken.status(),
                   {"LEASE_LOST", "CASE_STATE", "CASE_DECIDED",
                    "CHILD_SAFETY_NEEDED", "EXCLUDED"});
  }
}

void Moderator::Escalate(const InHand& held) {
  v1::EscalateCaseRequest request;
  request.set_case_id(held.summary.case_id());
  request.set_epoch(held.epoch);
  request.set_note("Beyond me.");
  auto escalated = client_.Call(&Queue::EscalateCase, request);
  desk_.tally().Count("case escalated");
  if (!escalated.ok()) {
    Refused("escalate", escalated.status(),
            {"LEASE_LOST", "CASE_STATE", "CASE_DECIDED"});
  }
}

std::vector<v1::CaseSummary> Moderator::OthersAbout(
    const v1::CaseSummary& summary) {
  std::vector<v1::CaseSummary> others;
  if (summary.accused_uri().empty()) return others;
  v1::ListCasesRequest request;
  request.mutable_filter()->set_accused_uri(summary.accused_uri());
  request.mutable_filter()->add_state(v1::CASE_STATE_OPEN);
  auto answer = client_.Call(&Review::ListCases, request);
  if (!answer.ok()) {
    Refused("list by accused", answer.status(), {});
    return others;
  }
  for (const v1::CaseSummary& other : answer->case_summary()) {
    if (other.case_id() != summary.case_id()) others.push_back(other);
  }
  return others;
}

bool Moderator::CloseIntoAnother(const InHand& held) {
  const std::vector<v1::CaseSummary> others = OthersAbout(held.summary);
  if (others.empty()) return false;
  v1::MarkDuplicateRequest request;
  request.set_case_id(held.summary.case_id());
  request.set_epoch(held.epoch);
  request.set_into_case_id(dice_.Pick(others).case_id());
  auto closed = client_.Call(&Queue::MarkDuplicate, request);
  if (closed.ok()) {
    desk_.tally().Count("case closed into another");
    return true;
  }
  Refused("mark duplicate", closed.status(),
          {"LEASE_LOST", "CASE_STATE", "CASE_DECIDED", "CHILD_SAFETY_NEEDED",
           "OTHER_AREA", "TOO_LARGE"});
  return true;
}

// Nobody waits for a date when the shift ends.
void Moderator::WakeSomething() {
  v1::ListCasesRequest request;
  request.mutable_filter()->add_state(v1::CASE_STATE_ON_HOLD);
  auto answer = client_.Call(&Review::ListCases, request);
  if (!answer.ok()) return Refused("list holds", answer.status(), {});
  if (answer->case_summary().empty()) return;
  v1::WakeCaseRequest wake;
  wake.set_case_id(answer->case_summary(0).case_id());
  auto woken = client_.Call(&Queue::WakeCase, wake);
  if (woken.ok()) return desk_.tally().Count("case woken by hand");
  Refused("wake", woken.status(),
          {"CASE_STATE", "CASE_DECIDED", "CHILD_SAFETY_NEEDED"});
}

// One of the brigade, or whoever it is: some of them stay muted.
void Moderator::MuteSomebody() {
  const size_t index =
      town_.size().accused + dice_.Below(town_.size().reporters);
  v1::MuteReporterRequest request;
  request.set_reporter_uri(town_.accounts()[index].uri);
  request.set_until(SystemClock().Now() + kMuteFor);
  auto muted = client_.Call(&v1::ReporterService::Stub::MuteReporter, request);
  if (!muted.ok()) return Refused("mute", muted.status(), {});
  desk_.tally().Count("reporter muted");
  desk_.Muted(request.reporter_uri());
}

void Moderator::TryWhatIsForbidden() {
  v1::ListModeratorsRequest list;
  desk_.tally().Forbidden(
      "list of moderators by a moderator",
      client_.Call(&v1::ModeratorService::Stub::ListModerators, list).status(),
      "NOT_PERMITTED");
  if (self_.senior) return;
  v1::ApproveDecisionRequest approve;
  approve.set_decision_id(NewId());
  approve.set_act_id(NewId());
  desk_.tally().Forbidden(
      "approval by a reviewer",
      client_.Call(&v1::DecisionService::Stub::ApproveDecision, approve)
          .status(),
      "NOT_PERMITTED");
  v1::MuteReporterRequest mute;
  mute.set_reporter_uri(town_.accounts().back().uri);
  mute.set_until(SystemClock().Now() + kMuteFor);
  desk_.tally().Forbidden(
      "mute by a reviewer",
      client_.Call(&v1::ReporterService::Stub::MuteReporter, mute).status(),
      "NOT_PERMITTED");
}

}  // namespace frank::shift
