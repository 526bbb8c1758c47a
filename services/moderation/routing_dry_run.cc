#include "services/moderation/routing_dry_run.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/status.h"
#include "proto/routing_rules.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_facts.h"
#include "services/moderation/permissions.h"
#include "storage/case_list_store.h"
#include "storage/case_store.h"
#include "storage/decision_store.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

// Cases whose facts are all there and their own.
constexpr uint32_t kStates[] = {
    storage::kCaseOpen, storage::kCaseDecided, storage::kCaseOnHold,
    storage::kCaseAwaitingApproval, storage::kCaseAppealed};
constexpr size_t kRead = 256;
constexpr size_t kTimeBytes = 8;

bool IsDecidedAnew(const CaseRecord& record) {
  return std::find(std::begin(kStates), std::end(kStates), record.state()) !=
         std::end(kStates);
}

bool MayListCases(const Moderator& moderator) {
  return std::any_of(
      moderator.roles.begin(), moderator.roles.end(),
      [](Role role) { return IsAllowed("ReviewService.ListCases", role); });
}

// The decisions of one page, with examples or without.
class Tally {
 public:
  Tally(storage::Engine& engine, const Routing& now, const Routing& proposed,
        bool with_examples)
      : engine_(engine),
        now_(now),
        proposed_(proposed),
        max_examples_(with_examples ? limits::kMaxDryRunExamples : 0) {}

  absl::Status Add(const CaseId& id, const CaseRecord& record) {
    FRANK_ASSIGN_OR_RETURN(uint64_t prior, PriorActions(record));
    std::string now = now_.QueueFor(record, prior);
    std::string proposed = proposed_.QueueFor(record, prior);
    v1::RoutedPair& pair = pairs_[{now, proposed}];
    pair.set_queue_now(std::move(now));
    pair.set_queue_proposed(std::move(proposed));
    pair.set_case_count(pair.case_count() + 1);
    if (pair.example_case_id_size() < static_cast<int>(max_examples_)) {
      pair.add_example_case_id(ToString(id.bytes()));
    }
    ++cases_;
    return absl::OkStatus();
  }

  void MoveTo(v1::DryRunRoutingResponse* response) {
    response->set_case_count(cases_);
    for (auto& [queues, pair] : pairs_) {
      *response->add_routed_pair() = std::move(pair);
    }
  }

 private:
  absl::StatusOr<uint64_t> PriorActions(const CaseRecord& record) {
    const std::string& account = record.accused_uri();
    if (account.empty()) return 0;
    auto known = strikes_.find(account);
    if (known == strikes_.end()) {
      FRANK_ASSIGN_OR_RETURN(auto strikes,
                             storage::ListStrikes(engine_, account));
      known = strikes_.emplace(account, std::move(strikes)).first;
    }
    return CountPriorActions(known->second, record.opened_at());
  }

  storage::Engine& engine_;
  const Routing& now_;
  const Routing& proposed_;
  const size_t max_examples_;
  std::map<std::string, std::vector<storage::StoredStrike>> strikes_;
  std::map<std::pair<std::string, std::string>, v1::RoutedPair> pairs_;
  uint32_t cases_ = 0;
};

// Where a page begins, in the list by age: behind this.
absl::StatusOr<std::string> StartOf(const v1::DryRunRoutingRequest& request) {
  std::string start;
  AppendU64(request.opened_from(), &start);
  if (request.page_token().empty()) return start;
  std::string position;
  if (!absl::WebSafeBase64Unescape(request.page_token(), &position) ||
      position.size() != kTimeBytes + CaseId::kSize) {
    return FieldError("page_token", "must be one that was returned");
  }
  return std::max(start, position);
}

}  // namespace

absl::StatusOr<v1::DryRunRoutingResponse> RoutingDryRun::Run(
    const Moderator& moderator, const v1::DryRunRoutingRequest& request) {
  {
    absl::MutexLock lock(&mutex_);
    if (!running_.insert(moderator.id).second) {
      return WithRetryAfter(
          WithReason(absl::UnavailableError("the caller runs another one"),
                     "UNAVAILABLE"),
          1 * kSecond);
    }
  }
  auto end = absl::MakeCleanup([&] {
    absl::MutexLock lock(&mutex_);
    running_.erase(moderator.id);
  });
  return Decide(moderator, request);
}

absl::StatusOr<v1::DryRunRoutingResponse> RoutingDryRun::Decide(
    const Moderator& moderator, const v1::DryRunRoutingRequest& request) const {
  std::vector<config::v1::RoutingRule> rules;
  for (const v1::RoutingRule& rule : request.rule()) {
    rules.push_back(wire::FromWire(rule));
  }
  FRANK_ASSIGN_OR_RETURN(Routing proposed, routing_.WithRules(rules));
  FRANK_ASSIGN_OR_RETURN(std::string position, StartOf(request));
  v1::DryRunRoutingResponse response;
  Tally tally(engine_, routing_, proposed, MayListCases(moderator));
  size_t looks = 0;
  for (bool more = true; more;) {
    FRANK_ASSIGN_OR_RETURN(
        std::vector<storage::ListedCase> listed,
        storage::ScanOrderedCases(engine_, storage::CaseOrder::kAge, kStates,
                                  position, kRead));
    more = listed.size() == kRead;
    for (const storage::ListedCase& row : listed) {
      if (ReadU64(AsBytes(row.position).first(kTimeBytes)) >=
          request.opened_until()) {
        more = false;
        break;
      }
      if (looks++ == limits::kMaxDryRunCases) {
        response.set_next_page_token(absl::WebSafeBase64Escape(position));
        more = false;
        break;
      }
      position = row.position;
      FRANK_ASSIGN_OR_RETURN(auto record, storage::FindCase(engine_, row.id));
      // What became of it since it was listed.
      if (!record || !IsDecidedAnew(*record)) continue;
      // Numbers, too, would tell them of it.
      if (!CheckAccess(moderator, *record).ok()) continue;
      FRANK_RETURN_IF_ERROR(tally.Add(row.id, *record));
    }
  }
  tally.MoveTo(&response);
  return response;
}

}  // namespace frank::moderation
