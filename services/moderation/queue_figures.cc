#include "services/moderation/queue_figures.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "core/taxonomy.h"
#include "storage/case_store.h"
#include "storage/figure_store.h"
#include "storage/reporter_store.h"

namespace frank::moderation {
namespace {

using services::MetricKind;
using services::MetricSample;

// How old the figures may be; also after a failure.
constexpr UnixMillis kPause = 5 * kSecond;
// Changes in one transaction.
constexpr size_t kChanges = 1000;

constexpr std::pair<uint32_t, const char*> kStates[] = {
    {storage::kCaseOpen, "open"},
    {storage::kCaseOnHold, "on_hold"},
    {storage::kCaseAwaitingApproval, "awaiting_approval"},
    {storage::kCaseAppealed, "appealed"}};
constexpr char kOther[] = "other";

std::string LabelOf(const Routing& routing, const std::string& queue) {
  return routing.Find(queue) == nullptr ? kOther : queue;
}

// Of every configured queue, also of empty ones.
std::vector<MetricSample> Depths(storage::Engine& engine,
                                 const Routing& routing) {
  auto records = storage::ListQueueCounts(engine);
  if (!records.ok()) return {};
  std::map<std::pair<std::string, uint32_t>, uint64_t> depths;
  for (const Routing::Queue& queue : routing.queues()) {
    for (const auto& [state, name] : kStates) depths[{queue.name, state}] = 0;
  }
  for (const auto& record : *records) {
    for (const auto& count : record.count()) {
      depths[{LabelOf(routing, count.queue()), count.state()}] += count.cases();
    }
  }
  std::vector<MetricSample> samples;
  for (const auto& [place, cases] : depths) {
    for (const auto& [state, name] : kStates) {
      if (state != place.second) continue;
      samples.push_back(
          {{place.first, name}, static_cast<double>(cases), {}, {}});
    }
  }
  return samples;
}

std::vector<MetricSample> OldestAges(storage::Engine& engine,
                                     const Routing& routing, UnixMillis now) {
  auto record = storage::GetQueueFirst(engine);
  if (!record.ok()) return {};
  std::map<std::string, UnixMillis> ages;
  for (const Routing::Queue& queue : routing.queues()) ages[queue.name] = 0;
  for (const auto& first : record->first()) {
    auto age = ages.find(first.queue());
    if (age == ages.end() || first.opened_at() == 0) continue;
    age->second = now - std::min<UnixMillis>(now, first.opened_at());
  }
  std::vector<MetricSample> samples;
  for (const auto& [queue, age] : ages) {
    samples.push_back({{queue},
                       static_cast<double>(age) / static_cast<double>(kSecond),
                       {},
                       {}});
  }
  return samples;
}

std::vector<MetricSample> HeldReports(storage::Engine& engine) {
  auto record = storage::GetQueueFirst(engine);
  if (!record.ok()) return {};
  return {{{}, static_cast<double>(record->held_reports()), {}, {}}};
}

}  // namespace

QueueFigures::QueueFigures(const Dependencies& dependencies)
    : d_(dependencies), lease_(d_.engine, d_.clock, d_.random, "figures") {}

UnixMillis QueueFigures::Keep() {
  absl::StatusOr<UnixMillis> next = TryKeep();
  if (next.ok()) return *next;
  Log(Severity::kWarning, "figures.not_kept",
      {LogField("code", next.status().code())});
  return kPause;
}

absl::Status QueueFigures::Run(storage::TransactionBody body) {
  return storage::RunTransactionAndWait(
      d_.engine,
      [this, body = std::move(body)](
          storage::Transaction& transaction) mutable -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        return body(transaction);
      });
}

absl::StatusOr<UnixMillis> QueueFigures::TryKeep() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) {
    // Another instance sees the changes now.
    oldest_from_.clear();
    first_written_.clear();
    return limits::kWorkerLeaseLook;
  }
  FRANK_ASSIGN_OR_RETURN(auto counted, storage::GetCounted(d_.engine));
  FRANK_ASSIGN_OR_RETURN(storage::ChangeNumbers last,
                         storage::GetLastChanges(d_.engine));
  FRANK_ASSIGN_OR_RETURN(storage::ChangeNumbers first,
                         storage::GetFirstChanges(d_.engine));
  for (uint8_t bucket = 0; bucket < last.size(); ++bucket) {
    if (!counted[bucket] || *counted[bucket] + 1 < first[bucket]) {
      FRANK_RETURN_IF_ERROR(CountAll(bucket));
    } else {
      FRANK_RETURN_IF_ERROR(
          CountChanges(bucket, *counted[bucket], last[bucket]));
    }
  }
  FRANK_RETURN_IF_ERROR(KeepFirst());
  return kPause;
}

absl::Status QueueFigures::CountAll(uint8_t bucket) {
  oldest_from_.clear();
  return Run([bucket](storage::Transaction& transaction) {
    return storage::CountAllCases(transaction, bucket);
  });
}

absl::Status QueueFigures::CountChanges(uint8_t bucket, uint64_t counted,
                                        uint64_t last) {
  while (counted < last) {
    FRANK_ASSIGN_OR_RETURN(
        storage::ChangePage page,
        storage::ListChanges(d_.engine, bucket, counted, last, kChanges));
    FRANK_RETURN_IF_ERROR(Run([&](storage::Transaction& transaction)
                                  -> absl::Status {
      return storage::CountChanges(transaction, bucket, counted, page).status();
    }));
    for (const auto& change : page.changes) {
      auto from = oldest_from_.find(change.queue());
      if (from == oldest_from_.end()) continue;
      from->second = std::min<UnixMillis>(from->second, change.opened_at());
    }
    counted = page.reached;
  }
  return absl::OkStatus();
}

absl::Status QueueFigures::LookAtDeadlines(
    const std::string& queue,
    storage::v1::QueueFirstRecord::First* first) const {
  for (ReasonSeverity severity : kSeverities) {
    for (storage::ClaimLane lane : storage::kClaimLanes) {
      FRANK_RETURN_IF_ERROR(storage::AddDeadlines(
          d_.engine, {queue, static_cast<uint32_t>(severity), lane},
          d_.clock.Now(), limits::kMaxOverdueCounted, first));
    }
  }
  return absl::OkStatus();
}

absl::Status QueueFigures::KeepFirst() {
  storage::v1::QueueFirstRecord record;
  FRANK_ASSIGN_OR_RETURN(auto held,
                         storage::CountHeldByQueue(d_.engine, d_.clock.Now(),
                                                   limits::kMaxHeldCounted));
  FRANK_ASSIGN_OR_RETURN(
      size_t held_reports,
      storage::CountHeldReports(d_.engine, limits::kMaxHeldReportsCounted));
  record.set_held_reports(static_cast<uint32_t>(held_reports));
  for (const Routing::Queue& queue : d_.routing.queues()) {
    UnixMillis& from = oldest_from_[queue.name];
    FRANK_ASSIGN_OR_RETURN(
        auto opened_at, storage::FindOldestCase(d_.engine, queue.name, from));
    storage::v1::QueueFirstRecord::First first;
    FRANK_RETURN_IF_ERROR(LookAtDeadlines(queue.name, &first));
    if (opened_at) {
      from = *opened_at;
      first.set_opened_at(*opened_at);
    }
    first.set_held(held[queue.name]);
    // An appealed case is decided, and can be claimed all the same.
    if (first.opened_at() == 0 && first.first_deadline() == 0 &&
        first.held() == 0) {
      continue;
    }
    first.set_queue(queue.name);
    *record.add_first() = std::move(first);
  }
  std::string written = record.SerializeAsString();
  if (written == first_written_) return absl::OkStatus();
  FRANK_RETURN_IF_ERROR(Run([&record](storage::Transaction& transaction) {
    storage::PutQueueFirst(transaction, record);
    return absl::OkStatus();
  }));
  first_written_ = std::move(written);
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, QueueFigure>> ReadQueueFigures(
    storage::Engine& engine) {
  FRANK_ASSIGN_OR_RETURN(auto records, storage::ListQueueCounts(engine));
  FRANK_ASSIGN_OR_RETURN(auto first, storage::GetQueueFirst(engine));
  std::map<std::string, QueueFigure> figures;
  for (const auto& record : records) {
    for (const auto& count : record.count()) {
      QueueFigure& figure = figures[count.queue()];
      figure.cases[count.state()] += count.cases();
    }
  }
  for (const auto& of_queue : first.first()) {
    QueueFigure& figure = figures[of_queue.queue()];
    figure.oldest_opened_at = of_queue.opened_at();
    figure.held = of_queue.held();
    figure.first_deadline = of_queue.first_deadline();
    figure.overdue = of_queue.overdue();
  }
  return figures;
}

void AddQueueGauges(storage::Engine& engine, const Routing& routing,
                    const Clock& clock, services::Metrics& metrics) {
  metrics.AddSource({"queue_depth",
                     MetricKind::kGauge,
                     "Cases that wait for somebody, a few seconds ago",
                     {"queue", "state"}},
                    [&engine, &routing] { return Depths(engine, routing); });
  metrics.AddSource({"oldest_age_seconds",
                     MetricKind::kGauge,
                     "How long ago the oldest undecided case was opened",
                     {"queue"}},
                    [&engine, &routing, &clock] {
                      return OldestAges(engine, routing, clock.Now());
                    });
  metrics.AddSource({"reports_held",
                     MetricKind::kGauge,
                     "Reports of muted reporters that wait",
                     {}},
                    [&engine] { return HeldReports(engine); });
}

}  // namespace frank::moderation
