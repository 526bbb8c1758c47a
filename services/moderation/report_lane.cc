#include "services/moderation/report_lane.h"

#include "core/status.h"
#include "services/moderation/act_log.h"
#include "storage/intake_store.h"
#include "storage/reporter_store.h"

namespace frank::moderation {

absl::StatusOr<LanePlace> FindLanePlace(storage::Engine& engine,
                                        const storage::schema::DueReport& due,
                                        UnixMillis now) {
  LanePlace place;
  FRANK_ASSIGN_OR_RETURN(auto held,
                         storage::FindHeldReport(engine, due.report));
  place.is_held = held.has_value();
  if (held && held->released()) return place;
  FRANK_ASSIGN_OR_RETURN(auto reporter,
                         storage::GetReporter(engine, due.report.reporter_uri));
  place.is_due_in_lane = now < reporter.muted_until();
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
  bool moved = held && held->due() != item.due.due;
  if (!record || now >= reporter.muted_until() || moved ||
      (held && held->released())) {
    return absl::OkStatus();
  }
  storage::DeleteWaiting(transaction, item.due.due, report);
  storage::PutWaiting(transaction, reporter.muted_until(), report);
  storage::v1::HeldReportRecord place;
  place.set_due(reporter.muted_until());
  place.set_accepted_at(record->accepted_at());
  place.set_accused_uri(item.judged.accused_uri);
  place.set_reason(item.judged.reason);
  place.set_message_count(static_cast<uint32_t>(item.judged.verdicts.size()));
  place.set_proven_count(static_cast<uint32_t>(item.judged.proven.size()));
  storage::PutHeldReport(transaction, report, place);
  if (held) return absl::OkStatus();
  ActLog acts(transaction, now);
  crypto::AuditDetails details;
  details.Set("until", reporter.muted_until())
      .Set("messages", uint64_t{place.message_count()})
      .Set("proven", uint64_t{place.proven_count()});
  FRANK_RETURN_IF_ERROR(
      acts.Add(ReportSubject(report), ServiceActor(), "report.held", details)
          .status());
  return acts.Write();
}

}  // namespace frank::moderation
