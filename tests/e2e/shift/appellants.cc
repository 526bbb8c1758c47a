#include "tests/e2e/shift/appellants.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/ids.h"
#include "core/status.h"
#include "crypto/appeal.h"

namespace frank::shift {
namespace {

constexpr double kAppeals = 30;
constexpr absl::Duration kPause = absl::Milliseconds(100);
// Undone or overtaken, if an account has not been told by then.
constexpr UnixMillis kLongestWait = 15 * kSecond;

}  // namespace

absl::StatusOr<std::vector<v1::DecisionAboutAccount>> DecisionsAbout(
    client::Transport& platform, const Account& account) {
  v1::ListDecisionsRequest request;
  request.set_page_size(200);
  if (account.is_guest) request.set_account_uri(account.uri);
  platform.SetToken(account.token);
  FRANK_ASSIGN_OR_RETURN(v1::ListDecisionsResponse response, Persist([&] {
                           return platform.ListDecisions(request);
                         }));
  return std::vector<v1::DecisionAboutAccount>(response.decision().begin(),
                                               response.decision().end());
}

void Appellants::Work() {
  while (!desk_.is_over()) {
    Take();
    waiting_.erase(
        std::remove_if(waiting_.begin(), waiting_.end(),
                       [&](const Waiting& waiting) { return Try(waiting); }),
        waiting_.end());
    idle_ = waiting_.empty();
    absl::SleepFor(kPause);
  }
}

void Appellants::Take() {
  while (auto decision = desk_.NextToAppeal()) {
    if (desk_.is_closing() || !dice_.Chance(kAppeals)) continue;
    absl::optional<size_t> account = Find(decision->accused_uri);
    if (!account) continue;
    idle_ = false;
    waiting_.push_back({*std::move(decision), *account, SystemClock().Now()});
  }
}

absl::optional<size_t> Appellants::Find(const std::string& uri) const {
  for (size_t i = 0; i < town_.size().accused; ++i) {
    if (town_.accounts()[i].uri == uri) return i;
  }
  return absl::nullopt;
}

bool Appellants::Try(const Waiting& waiting) {
  auto told = DecisionsAbout(*platform_, town_.accounts()[waiting.account]);
  if (!told.ok()) {
    desk_.tally().Refused("list decisions", told.status(), {});
    return true;
  }
  for (const v1::DecisionAboutAccount& decision : *told) {
    if (decision.decision_id() != waiting.decision.id) continue;
    Appeal(waiting);
    return true;
  }
  return SystemClock().Now() > waiting.since + kLongestWait;
}

absl::StatusOr<v1::SubmitAppealRequest> Appellants::Write(
    const Waiting& waiting, const std::string& text) {
  const Account& account = town_.accounts()[waiting.account];
  v1::AppealContent content;
  content.set_text(text);
  content.set_written_at(SystemClock().Now());
  FRANK_ASSIGN_OR_RETURN(DecisionId id,
                         DecisionId::Parse("decision_id", waiting.decision.id));
  const client::OpenedReviewKey& key = town_.review_key();
  FRANK_ASSIGN_OR_RETURN(
      Bytes sealed,
      crypto::SealAppeal(key.record.public_key, {key.id, id, account.uri},
                         AsBytes(content.SerializeAsString()), random_));
  v1::SubmitAppealRequest request;
  request.set_decision_id(waiting.decision.id);
  request.set_review_key_id(ToString(key.id.bytes()));
  request.set_sealed_appeal(ToString(sealed));
  if (account.is_guest) request.set_account_uri(account.uri);
  return request;
}

// Once; the same again is the same appeal, other words are none, and nobody
// appeals for somebody else.
void Appellants::Appeal(const Waiting& waiting) {
  auto request = Write(waiting, "It was not me.");
  auto other = Write(waiting, "And it was a joke.");
  if (!request.ok() || !other.ok()) {
    return desk_.tally().Complain("an appeal could not be sealed");
  }
  auto submit = [&](const v1::SubmitAppealRequest& sent) {
    return Persist([&] { return platform_->SubmitAppeal(sent); });
  };
  auto answer = submit(*request);
  if (!answer.ok()) {
    return desk_.tally().Refused("appeal", answer.status(), {});
  }
  appealed_.insert(waiting.decision.id);
  desk_.tally().Count("appeal accepted");
  auto again = submit(*request);
  desk_.tally().Insist(
      again.ok() && again->accepted_at() == answer->accepted_at(),
      "the same appeal again is not answered as before");
  desk_.tally().Forbidden("appeal in other words", submit(*other).status(),
                          "ID_CONFLICT");
  const Account& account = town_.accounts()[waiting.account];
  const Account& stranger = town_.accounts()[town_.zealot()];
  if (account.is_guest) return;
  platform_->SetToken(stranger.token);
  desk_.tally().Forbidden("appeal for somebody else", submit(*other).status(),
                          "NOT_FOUND");
}

}  // namespace frank::shift
