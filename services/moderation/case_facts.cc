#include "services/moderation/case_facts.h"

#include <algorithm>
#include <limits>
#include <string>

#include "absl/strings/match.h"
#include "core/status.h"
#include "crypto/commitment.h"
#include "crypto/report.h"
#include "services/moderation/script_hint.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;
using storage::v1::MessageVerdictRecord;

bool HasVerdict(const MessageVerdictRecord& record, crypto::Verdict verdict) {
  return record.verdict() == static_cast<uint32_t>(verdict);
}

bool IsForged(const MessageVerdictRecord& record) {
  return HasVerdict(record, crypto::Verdict::kForgedFrank) ||
         HasVerdict(record, crypto::Verdict::kBadOpening);
}

struct Counts {
  uint32_t unproven = 0;
  uint32_t forged = 0;
  // 1 for a report with a forged message that proves nothing of the accused.
  uint32_t forged_report = 0;
};
template <typename Verdicts>
Counts Count(const Verdicts& verdicts, const std::string& accused_uri) {
  Counts counts;
  bool proves = false;
  for (const MessageVerdictRecord& verdict : verdicts) {
    if (!HasVerdict(verdict, crypto::Verdict::kProven)) ++counts.unproven;
    if (IsForged(verdict)) ++counts.forged;
    proves = proves || Proves(verdict, accused_uri);
  }
  counts.forged_report = counts.forged > 0 && !proves;
  return counts;
}

// Of the first proven text of the accused.
std::string ScriptOfProof(const JudgedReport& judged) {
  for (const ProvenMessage& message : judged.proven) {
    if (message.frank->sender_uri() != judged.accused_uri) continue;
    for (const OpenedItem& item : message.items) {
      if (!item.file_tag.empty()) continue;
      absl::StatusOr<crypto::Part> part = crypto::ParsePart(item.bytes);
      if (!part.ok() || !absl::StartsWith(part->media_type, "text/")) continue;
      std::string script = ScriptOf(AsText(part->body));
      if (!script.empty()) return script;
    }
  }
  return "";
}

// The first proof counts for more than the reporters' own words.
void HintLanguage(const JudgedReport& judged, CaseRecord* record) {
  bool is_open = record->language_hint().empty();
  std::string script = ScriptOfProof(judged);
  if (script.empty() && is_open && judged.content != nullptr) {
    script = ScriptOf(judged.content->note());
  }
  if (script.empty() || (!is_open && record->proven_count() > 0)) return;
  record->set_language_hint(script);
}

// Who proves nothing, and is not believed, can show no more than words.
Exposure ExposureOfReport(const JudgedReport& judged, bool believed) {
  auto exposure = static_cast<Exposure>(judged.exposure);
  return believed ? exposure : std::min(exposure, Exposure::kText);
}

}  // namespace

void CountVerdicts(const JudgedReport& judged, CaseRecord* record) {
  Counts counts = Count(judged.verdicts, judged.accused_uri);
  record->set_unproven_count(record->unproven_count() + counts.unproven);
  record->set_forged_count(record->forged_count() + counts.forged);
  record->set_forged_report_count(record->forged_report_count() +
                                  counts.forged_report);
}

void AddFindings(const std::vector<MessageVerdictRecord>& verdicts,
                 storage::v1::InflowRecord* inflow) {
  for (const MessageVerdictRecord& verdict : verdicts) {
    if (HasVerdict(verdict, crypto::Verdict::kProven)) {
      inflow->set_proven(inflow->proven() + 1);
    } else if (IsForged(verdict)) {
      inflow->set_forged(inflow->forged() + 1);
    } else {
      inflow->set_unverifiable(inflow->unverifiable() + 1);
    }
  }
}

void UncountVerdicts(const storage::v1::IntakeReportRecord& report,
                     CaseRecord* record) {
  Counts counts = Count(report.message(), report.accused_uri());
  record->set_unproven_count(record->unproven_count() - counts.unproven);
  record->set_forged_count(record->forged_count() - counts.forged);
  // One that was counted when a proof of anybody outweighed a forgery.
  record->set_forged_report_count(
      record->forged_report_count() -
      std::min(record->forged_report_count(), counts.forged_report));
}

void AddFacts(const JudgedReport& judged, UnixMillis since,
              CaseRecord* record) {
  if (record->reason_queue().empty() || judged.severity > record->severity()) {
    record->set_reason_queue(judged.queue);
    record->set_gravest_reason(judged.reason);
  }
  record->set_severity(std::max(record->severity(), judged.severity));
  UnixMillis deadline = since + judged.time_to_decide;
  record->set_deadline(
      record->deadline() == 0
          ? deadline
          : std::min<UnixMillis>(record->deadline(), deadline));
  bool believed = Proves(judged) || judged.trusted_unproven;
  record->set_exposure(
      std::max(record->exposure(),
               static_cast<uint32_t>(ExposureOfReport(judged, believed))));
  if (judged.second_person && believed) record->set_needs_second_person(true);
  const auto& known = record->reason();
  if (!judged.reason.empty() &&
      std::find(known.begin(), known.end(), judged.reason) == known.end()) {
    record->add_reason(judged.reason);
  }
  HintLanguage(judged, record);
}

uint64_t CountPriorActions(const std::vector<storage::StoredStrike>& strikes,
                           UnixMillis before) {
  auto count = std::count_if(strikes.begin(), strikes.end(),
                             [before](const storage::StoredStrike& strike) {
                               return !strike.record.reversed() &&
                                      strike.added_at < before;
                             });
  return static_cast<uint64_t>(count);
}

absl::Status RouteCase(const Routing& routing,
                       storage::Transaction& transaction, const CaseId& id,
                       ActLog& acts, CaseRecord* record) {
  if (record->queue_by_hand()) return absl::OkStatus();
  uint64_t prior_actions = 0;
  if (!record->accused_uri().empty()) {
    FRANK_ASSIGN_OR_RETURN(
        auto strikes, storage::ListStrikes(transaction, record->accused_uri()));
    prior_actions =
        CountPriorActions(strikes, std::numeric_limits<UnixMillis>::max());
  }
  std::string queue = routing.QueueFor(*record, prior_actions);
  if (queue == record->queue()) return absl::OkStatus();
  bool moved = !record->queue().empty();
  record->set_queue(queue);
  if (!moved) return absl::OkStatus();
  return acts
      .Add(CaseSubject(id), ServiceActor(), "case.routed",
           crypto::AuditDetails().Set("queue", queue))
      .status();
}

}  // namespace frank::moderation
