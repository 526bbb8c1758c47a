#include "services/moderation/report_lane.h"

#include <algorithm>

#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/act_log.h"
#include "storage/intake_store.h"
#include "storage/reporter_store.h"

namespace frank::moderation {
namespace {

// However often the mute is prolonged.
UnixMillis EndOfWait(const storage::v1::ReporterRecord& reporter,
                     const FoldItem& item) {
  return std::min<UnixMillis>(reporter.muted_until(),
                              item.received_at + limits::kMaxMute);
}

UnixMillis NextLook(UnixMillis end, const FoldItem& item, UnixMillis now) {
  UnixMillis next = now + limits::kUnknownKeyRetryInterval;
  bool again = AwaitsKey(item.judged) &&
               next <= item.received_at + limits::kUnknownKeyRetry;
  return again ? std::min(end, next) : end;
}

}  // namespace

absl::StatusOr<LanePlace> FindLanePlace(storage::Engine& engine,
                                        const FoldItem& item, UnixMillis now) {
  LanePlace place;
  const storage::ReportRef& report = item.due.report;
  FRANK_ASSIGN_OR_RETURN(auto held, storage::FindHeldReport(engine, report));
  place.is_held = held.has_value();
  bool may_wait = !Proves(item.judged) && !item.judged.trusted_unproven;
  if (!may_wait || (held && held->released())) return place;
  FRANK_ASSIGN_OR_RETURN(auto reporter,
                         storage::GetReporter(engine, report.reporter_uri));
  place.is_due_in_lane = now < EndOfWait(reporter, item);
  return place;
}

absl::Status PutIntoLane(storage::Transaction& transaction,
                         const FoldItem& item, UnixMillis now) {
  const storage::ReportRef& report = item.due.report;
  FRANK_ASSIGN_OR_RETURN(
      auto reporter, storage::GetReporter(transaction, report.reporter_uri));
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindIntakeReport(transaction, report));
  FRANK_ASSIGN_OR_RETURN(auto held,
                         storage::FindHeldReport(transaction, report));
  UnixMillis end = EndOfWait(reporter, item);
  bool moved = held && held->due() != item.due.due;
  if (!record || now >= end || moved || (held && held->released())) {
    return absl::OkStatus();
  }
  UnixMillis due = NextLook(end, item, now);
  storage::DeleteWaiting(transaction, item.due.due, report);
  storage::PutWaiting(transaction, due, report);
  storage::v1::HeldReportRecord place;
  place.set_due(due);
  place.set_accepted_at(record->accepted_at());
  place.set_accused_uri(item.judged.accused_uri);
  place.set_reason(item.judged.reason);
  place.set_policy_area(item.judged.policy_area);
  place.set_message_count(static_cast<uint32_t>(item.judged.verdicts.size()));
  place.set_proven_count(static_cast<uint32_t>(item.judged.proven.size()));
  storage::PutHeldReport(transaction, report, place);
  if (held) return absl::OkStatus();
  ActLog acts(transaction, now);
  crypto::AuditDetails details;
  details.Set("until", end)
      .Set("messages", uint64_t{place.message_count()})
      .Set("proven", uint64_t{place.proven_count()});
  FRANK_RETURN_IF_ERROR(
      acts.Add(ReportSubject(report), ServiceActor(), "report.held", details)
          .status());
  return acts.Write();
}

}  // namespace frank::moderation
