#include "services/moderation/attendance_desk.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/case_access.h"
#include "services/moderation/desk_answer.h"
#include "storage/attendance_store.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

using storage::StoredAttendance;

// Clocks of instances differ: what is from the future is here.
bool IsHere(const StoredAttendance& row, UnixMillis now) {
  return row.record.last_seen_at() + limits::kAttendanceWindow > now;
}

absl::Status CheckMayLook(storage::Engine& engine, const Moderator& moderator,
                          const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindCase(engine, id));
  if (!record) {
    return WithReason(absl::NotFoundError("no such case"), "NOT_FOUND");
  }
  return CheckAccess(moderator, *record);
}

// What the caller's row becomes.
StoredAttendance RowOf(const std::string& moderator,
                       const std::vector<StoredAttendance>& rows,
                       UnixMillis now) {
  StoredAttendance row;
  row.moderator = moderator;
  row.record.set_since(now);
  row.record.set_last_seen_at(now);
  for (const StoredAttendance& before : rows) {
    if (before.moderator != moderator || !IsHere(before, now)) continue;
    row.record.set_since(before.record.since());
  }
  return row;
}

v1::AttendCaseResponse Others(const std::string& moderator,
                              const std::vector<StoredAttendance>& rows,
                              UnixMillis now) {
  v1::AttendCaseResponse response;
  for (const StoredAttendance& row : rows) {
    if (row.moderator == moderator || !IsHere(row, now)) continue;
    v1::Attendant* shown = response.add_attendant();
    shown->set_moderator(row.moderator);
    shown->set_since(row.record.since());
    shown->set_last_seen_at(row.record.last_seen_at());
  }
  return response;
}

}  // namespace

absl::Status AttendanceDesk::TakeTurn(const std::string& moderator,
                                      UnixMillis now) {
  absl::MutexLock lock(&mutex_);
  if (now / kMinute != minute_) {
    minute_ = now / kMinute;
    calls_.clear();
  }
  if (++calls_[moderator] <= limits::kMaxAttendanceCalls) {
    return absl::OkStatus();
  }
  return WithRetryAfter(
      WithReason(absl::ResourceExhaustedError("too many calls in a minute"),
                 "QUOTA_EXCEEDED"),
      kMinute - now % kMinute);
}

void AttendanceDesk::Attend(const Moderator& moderator,
                            const v1::AttendCaseRequest& request,
                            services::Done<v1::AttendCaseResponse> done) {
  const UnixMillis now = clock_.Now();
  const CaseId id(ToArray<CaseId::kSize>(AsBytes(request.case_id())));
  absl::Status may = TakeTurn(moderator.id, now);
  if (may.ok()) may = CheckMayLook(engine_, moderator, id);
  if (!may.ok()) return done(may);
  auto rows = storage::ListAttendance(engine_, id);
  if (!rows.ok()) return done(rows.status());
  StoredAttendance row = RowOf(moderator.id, *rows, now);
  auto response = std::make_shared<v1::AttendCaseResponse>(
      Others(moderator.id, *rows, now));
  storage::RunTransaction(
      engine_,
      [id, row = std::move(row),
       leave = request.leave()](storage::Transaction& transaction) {
        if (leave) {
          storage::DeleteAttendance(transaction, id, row.moderator);
        } else {
          storage::PutAttendance(transaction, id, row);
        }
        return absl::OkStatus();
      },
      Answer(std::move(response), std::move(done)));
}

}  // namespace frank::moderation
