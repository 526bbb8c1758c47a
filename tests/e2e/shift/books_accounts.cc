// The books of the accused: what the platform does to each account is what the
// decisions in force ask for, no more and no less, and it was told of each.
#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/status.h"
#include "crypto/channel.h"
#include "crypto/random.h"
#include "tests/e2e/shift/actions.h"
#include "tests/e2e/shift/appellants.h"
#include "tests/e2e/shift/books.h"

namespace frank::shift {
namespace {

constexpr size_t kThreads = 8;
// More than any limit of the story allows in an hour, the ladder's included.
constexpr uint32_t kTries = 21;
// Which of two decisions about an account was first is not known when they were
// made at once.
constexpr int64_t kAtOnce = 2000;
constexpr uint64_t kForGood = std::numeric_limits<uint64_t>::max();

std::string Hex(const std::string& bytes) { return ToHex(AsBytes(bytes)); }

uint64_t EndOf(uint64_t until) { return until == 0 ? kForGood : until; }

// The ladder's step joins the actions that were chosen.
std::vector<v1::Action> SanctionsOf(const v1::Decision& decision) {
  std::vector<v1::Action> sanctions(decision.action().begin(),
                                    decision.action().end());
  if (!decision.has_ladder_step()) return sanctions;
  v1::Action step;
  step.set_kind(decision.ladder_step().kind());
  step.set_messages_an_hour(decision.ladder_step().messages_an_hour());
  if (decision.ladder_step().duration_ms() != 0) {
    step.set_until(decision.decided_at() +
                   decision.ladder_step().duration_ms());
  }
  sanctions.push_back(step);
  return sanctions;
}

void Add(const v1::Action& action, Enforced* enforced) {
  if (action.kind() == v1::ACTION_KIND_SUSPEND) {
    const uint64_t before =
        enforced->suspended ? EndOf(enforced->suspended_until) : 0;
    if (EndOf(action.until()) > before) {
      enforced->suspended_until = action.until();
    }
    enforced->suspended = true;
  } else if (action.kind() == v1::ACTION_KIND_LIMIT) {
    uint32_t& rate = enforced->messages_an_hour;
    rate = rate == 0 ? action.messages_an_hour()
                     : std::min(rate, action.messages_an_hour());
  }
}

// Whether an account in this state could send so many messages and was then
// answered this.
bool Fits(const Enforced& expected, uint32_t sent,
          const v1::SendResponse& answer) {
  const v1::SendResponse::Refused& refused = answer.refused();
  if (expected.suspended) {
    return sent == 0 && refused.reason() == v1::REFUSAL_REASON_SUSPENDED &&
           refused.until() == expected.suspended_until;
  }
  if (expected.messages_an_hour > 0) {
    return sent == expected.messages_an_hour &&
           refused.reason() == v1::REFUSAL_REASON_LIMITED;
  }
  return sent == kTries;
}

v1::NoticeKind NoticeOf(const v1::Decision& decision) {
  auto does = [&](v1::ActionKind kind) {
    return Has(decision, kind) || (decision.has_ladder_step() &&
                                   decision.ladder_step().kind() == kind);
  };
  if (does(v1::ACTION_KIND_SUSPEND)) return v1::NOTICE_KIND_SUSPENDED;
  if (does(v1::ACTION_KIND_LIMIT)) return v1::NOTICE_KIND_LIMITED;
  if (Has(decision, v1::ACTION_KIND_RESTORE)) {
    return v1::NOTICE_KIND_RESTORED;
  }
  return v1::NOTICE_KIND_WARNED;
}

}  // namespace

std::vector<v1::Decision> Books::DecisionsInForce(
    const std::string& uri) const {
  std::map<std::string, v1::Decision> found;
  for (const auto& [id, home] : cases_) {
    if (home.summary.accused_uri() != uri) continue;
    for (const v1::Decision& decision : home.decisions) {
      if (decision.state() != v1::DECISION_STATE_MADE) continue;
      found[decision.decision_id()] = decision;
    }
  }
  std::vector<v1::Decision> decisions;
  for (auto& [id, decision] : found) decisions.push_back(std::move(decision));
  return decisions;
}

// The longest suspension and the lowest limit of what was not lifted: a
// restoring decision lifts all that was in force before it.
std::vector<Enforced> Books::EnforcedOn(const std::string& uri) const {
  std::vector<v1::Decision> decisions = DecisionsInForce(uri);
  std::vector<Enforced> possible;
  for (int64_t shift : {int64_t{0}, kAtOnce, -kAtOnce}) {
    auto time = [&](const v1::Decision& decision) {
      const auto made = static_cast<int64_t>(decision.decided_at());
      return Has(decision, v1::ACTION_KIND_RESTORE) ? made + shift : made;
    };
    std::sort(decisions.begin(), decisions.end(),
              [&](const auto& a, const auto& b) { return time(a) < time(b); });
    Enforced enforced;
    for (const v1::Decision& decision : decisions) {
      if (Has(decision, v1::ACTION_KIND_RESTORE)) enforced = Enforced();
      for (const v1::Action& action : SanctionsOf(decision)) {
        Add(action, &enforced);
      }
    }
    possible.push_back(enforced);
  }
  return possible;
}

void Books::CheckAccounts() {
  std::vector<std::unique_ptr<client::Transport>> lines;
  for (size_t i = 0; i < kThreads; ++i) {
    lines.push_back(shift_.servers.Platform());
  }
  InParallel(shift_.town.size().accused, kThreads,
             [&](size_t i, size_t thread) { CheckAccount(*lines[thread], i); });
}

void Books::CheckAccount(client::Transport& platform, size_t index) {
  const Account& account = shift_.town.accounts()[index];
  CheckTold(platform, account);
  if (account.is_guest) return;
  CheckNotices(platform, account);
  CheckSending(platform, account, EnforcedOn(account.uri));
}

void Books::CheckSending(client::Transport& platform, const Account& account,
                         const std::vector<Enforced>& possible) {
  Tally& tally = shift_.tally;
  crypto::SystemRandom random;
  uint32_t sent = 0;
  v1::SendResponse answer;
  platform.SetToken(account.token);
  while (sent < kTries) {
    v1::SendRequest request;
    request.set_room_uri(account.own_room_uri);
    v1::Envelope* envelope = request.mutable_envelope();
    envelope->set_message_id(ToString(random.Draw<16>()));
    envelope->set_protocol(1);
    envelope->set_scheme(1);
    envelope->set_ciphersuite(crypto::kCiphersuite);
    envelope->set_franking_tag(ToString(random.Draw<32>()));
    envelope->set_body(ToString(random.Draw<64>()));
    envelope->set_sender_key_id(ToString(account.key_id.bytes()));
    auto response = Persist([&] { return platform.Send(request); });
    if (!response.ok()) return tally.Complain(response.status().ToString());
    answer = *std::move(response);
    if (!answer.has_accepted()) break;
    ++sent;
  }
  for (const Enforced& expected : possible) {
    if (Fits(expected, sent, answer)) {
      return tally.Count(expected.suspended ? "account suspended as decided"
                         : expected.messages_an_hour > 0
                             ? "account limited as decided"
                             : "account free, as decided");
    }
  }
  tally.Complain(absl::StrCat(account.uri, " sent ", sent, " messages, then ",
                              answer.ShortDebugString(),
                              ": not what the decisions in force ask for"));
}

// Each decision that was applied and may be appealed, and no other.
void Books::CheckTold(client::Transport& platform, const Account& account) {
  Tally& tally = shift_.tally;
  auto told = DecisionsAbout(platform, account);
  if (!told.ok()) return tally.Complain(told.status().ToString());
  std::set<std::string> found;
  for (const v1::DecisionAboutAccount& decision : *told) {
    found.insert(decision.decision_id());
    CheckAppeal(decision);
  }
  std::set<std::string> expected;
  for (const auto& [id, home] : cases_) {
    if (home.summary.accused_uri() != account.uri) continue;
    for (const v1::Decision& decision : home.decisions) {
      auto applied = log_.effects().find(Hex(decision.decision_id()));
      if (applied == log_.effects().end() || applied->second.states == 0) {
        continue;
      }
      if (MayBeAppealed(decision)) expected.insert(decision.decision_id());
    }
  }
  tally.Insist(found == expected,
               absl::StrCat(account.uri, " was told of other decisions"));
  tally.Count("decision that its account was told of", found.size());
}

void Books::CheckAppeal(const v1::DecisionAboutAccount& told) {
  Tally& tally = shift_.tally;
  const std::string name =
      absl::StrCat("the appeal against ", Hex(told.decision_id()), ": ");
  const bool made = shift_.appealed.count(told.decision_id()) > 0;
  tally.Insist(told.has_appeal() == made, absl::StrCat(name, "is lost"));
  if (!made) return;
  auto story = log_.decisions().find(Hex(told.decision_id()));
  if (story == log_.decisions().end()) return;
  tally.Insist(told.appeal().state() == v1::APPEAL_STATE_DECIDED,
               absl::StrCat(name, "is not decided"));
  tally.Insist(told.appeal().outcome() == story->second.appeal_outcome,
               absl::StrCat(name, "was told another outcome"));
  tally.Count("appeal ended as told");
}

// What reached the account's device: a notice for each decision and for each
// that was taken back.
void Books::CheckNotices(client::Transport& platform, const Account& account) {
  using Notice = std::pair<std::string, int>;
  std::set<Notice> expected;
  std::set<std::string> known;
  for (const auto& [id, home] : cases_) {
    if (home.summary.accused_uri() != account.uri) continue;
    for (const v1::Decision& decision : home.decisions) {
      const std::string own = Hex(decision.decision_id());
      if (!ConcernsAccount(decision) || !known.insert(own).second) continue;
      auto applied = log_.effects().find(own);
      if (applied != log_.effects().end() && applied->second.states > 0) {
        expected.emplace(own, NoticeOf(decision));
      }
      auto story = log_.decisions().find(own);
      if (story == log_.decisions().end()) continue;
      if (!story->second.reversing_act.empty()) {
        expected.emplace(story->second.reversing_act, v1::NOTICE_KIND_REVERSED);
      }
      if (story->second.appeal_resolved) {
        expected.emplace(own, v1::NOTICE_KIND_APPEAL_DECIDED);
      }
    }
  }
  std::set<Notice> found;
  v1::ReceiveRequest::Start start;
  start.set_drain(true);
  platform.SetToken(account.token);
  auto stream = platform.Receive(start);
  v1::ReceiveResponse response;
  while (stream->Read(&response)) {
    if (response.has_delivery()) {
      stream->Acknowledge(response.delivery().room_uri(),
                          response.delivery().sequence());
    } else if (response.has_notice()) {
      const auto& notice = response.notice();
      found.emplace(Hex(notice.decision_id()), notice.notice_kind());
      stream->AcknowledgeNotice(notice.notice_id());
    }
  }
  const absl::Status ended = stream->Finish();
  Tally& tally = shift_.tally;
  tally.Insist(ended.ok(), absl::StrCat("notices: ", ended.ToString()));
  tally.Insist(found == expected,
               absl::StrCat(account.uri, " got ", found.size(),
                            " notices, other than the ", expected.size(),
                            " that it should have"));
  tally.Count("notice that reached its account", found.size());
}

}  // namespace frank::shift
