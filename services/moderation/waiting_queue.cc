#include "services/moderation/waiting_queue.h"

#include <utility>

#include "core/status.h"

namespace frank::moderation {
namespace {

// Rows of one queue that are read at a time.
constexpr size_t kRead = 32;

}  // namespace

WaitingQueue::WaitingQueue(storage::Engine& engine,
                           std::vector<std::string> queues,
                           std::vector<uint32_t> severities)
    : engine_(engine),
      queues_(std::move(queues)),
      severities_(std::move(severities)) {
  BeginSeverity();
}

void WaitingQueue::BeginSeverity() {
  sources_.clear();
  for (const std::string& queue : queues_) {
    sources_.push_back(Source{queue, {}, "", false});
  }
}

absl::Status WaitingQueue::Fill(Source* source) {
  if (!source->read.empty() || source->ended) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(
      std::vector<storage::WaitingCase> rows,
      storage::ScanWaitingCases(engine_, source->queue, severities_[severity_],
                                source->position, kRead));
  source->ended = rows.size() < kRead;
  if (!rows.empty()) source->position = rows.back().position;
  source->read.assign(rows.begin(), rows.end());
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<WaitingQueue::Entry>> WaitingQueue::Next() {
  while (severity_ < severities_.size()) {
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
      // Of another severity, another priority.
      std::string priority(1, static_cast<char>(severities_[severity_]));
      return absl::make_optional(Entry{row.id, priority + row.priority});
    }
    ++severity_;
    BeginSeverity();
  }
  return absl::optional<Entry>();
}

}  // namespace frank::moderation
