#include "services/moderation/waiting_queue.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/status.h"
#include "core/taxonomy.h"

namespace frank::moderation {
namespace {

// Rows of one part that are read at a time.
constexpr size_t kRead = 32;

}  // namespace

std::string WaitingPlace::ToToken() const {
  if (severity == 0) return "";
  return absl::WebSafeBase64Escape(std::string(1, static_cast<char>(severity)) +
                                   position);
}

absl::StatusOr<WaitingPlace> WaitingPlace::Parse(const std::string& token) {
  WaitingPlace place;
  if (token.empty()) return place;
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() != 1 + storage::schema::kWaitingPositionBytes) {
    return FieldError("page_token", "must be one that was returned");
  }
  place.severity = static_cast<uint8_t>(bytes[0]);
  place.position = bytes.substr(1);
  return place;
}

WaitingQueue::WaitingQueue(storage::Engine& engine, Parts parts,
                           const WaitingPlace& after)
    : engine_(engine), parts_(std::move(parts)) {
  const std::vector<uint32_t>& severities = parts_.severities;
  while (after.severity != 0 && severity_ < severities.size() &&
         severities[severity_] > after.severity) {
    ++severity_;
  }
  bool within =
      severity_ < severities.size() && severities[severity_] == after.severity;
  if (within) after_ = after.position;
  for (const std::string& name : parts_.queues) {
    queues_.push_back(Queue{name, {}, false});
  }
}

absl::Status WaitingQueue::Look(const storage::ClaimRange& from, Queue* queue) {
  queue->looked = true;
  FRANK_ASSIGN_OR_RETURN(queue->next, storage::FindWaitingPart(engine_, from));
  return absl::OkStatus();
}

// Parts without a case are passed over together.
absl::Status WaitingQueue::BeginSeverity() {
  const uint32_t severity = parts_.severities[severity_];
  for (Queue& queue : queues_) {
    absl::optional<storage::ClaimRange>& next = queue.next;
    if (!queue.looked || (next && next->severity > severity)) {
      FRANK_RETURN_IF_ERROR(
          Look({queue.name, severity, storage::kClaimLanes[0]}, &queue));
    }
    while (next && next->severity == severity) {
      if (std::count(parts_.lanes.begin(), parts_.lanes.end(), next->lane) >
          0) {
        sources_.push_back(Source{*next, {}, after_});
      }
      const auto behind = static_cast<uint8_t>(next->lane) + 1;
      FRANK_RETURN_IF_ERROR(
          Look({queue.name, severity, static_cast<storage::ClaimLane>(behind)},
               &queue));
    }
  }
  has_begun_ = true;
  return absl::OkStatus();
}

absl::Status WaitingQueue::Fill(Source* source) {
  if (!source->read.empty() || source->ended) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(std::vector<storage::WaitingCase> rows,
                         storage::ScanWaitingCases(engine_, source->range,
                                                   source->position, kRead));
  source->ended = rows.size() < kRead;
  if (!rows.empty()) source->position = rows.back().position;
  source->read.assign(rows.begin(), rows.end());
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<WaitingQueue::Entry>> WaitingQueue::Next() {
  while (severity_ < parts_.severities.size()) {
    if (!has_begun_) FRANK_RETURN_IF_ERROR(BeginSeverity());
    Source* first = nullptr;
    for (Source& source : sources_) {
      FRANK_RETURN_IF_ERROR(Fill(&source));
      if (source.read.empty()) continue;
      if (first == nullptr ||
          source.read.front().position < first->read.front().position) {
        first = &source;
      }
    }
    if (first != nullptr) {
      storage::WaitingCase row = std::move(first->read.front());
      first->read.pop_front();
      return absl::make_optional(
          Entry{row.id,
                {parts_.severities[severity_], std::move(row.position)},
                std::move(row.priority)});
    }
    ++severity_;
    has_begun_ = false;
    sources_.clear();
    after_.clear();
  }
  return absl::optional<Entry>();
}

}  // namespace frank::moderation
