#include "services/moderation/retention_view.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/audit_entry.h"
#include "services/moderation/legal_holds.h"
#include "services/moderation/retention_obstacles.h"
#include "storage/act_store.h"
#include "storage/audit_store.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

size_t PageSize(uint32_t asked) {
  return asked == 0 ? limits::kDefaultPageSize : asked;
}

absl::Status BadToken() {
  return FieldError("page_token", "must be one that was returned");
}

// A place in the list: u64(due) case[16].
std::string TokenOf(UnixMillis due_at, const CaseId& id) {
  std::string place;
  AppendU64(due_at, &place);
  return absl::WebSafeBase64Escape(place + std::string(id.text()));
}

}  // namespace

absl::StatusOr<std::vector<RetentionView::Row>> RetentionView::ScanDue(
    const std::string& page_token, UnixMillis until, size_t limit) const {
  std::string token;
  if (!absl::WebSafeBase64Unescape(page_token, &token) ||
      (!token.empty() && token.size() != 8 + CaseId::kSize)) {
    return BadToken();
  }
  Row after;
  if (!token.empty()) {
    after.due_at = ReadU64(AsBytes(token));
    after.closed.id = CaseId(ToArray<CaseId::kSize>(AsBytes(token).subspan(8)));
  }
  std::vector<Row> rows;
  for (storage::RetentionClass retention_class : storage::kRetentionClasses) {
    const UnixMillis time = d_.rules.TimeOf(retention_class);
    if (time > until) continue;
    absl::optional<storage::ClosedCase> from;
    if (!token.empty() && after.due_at >= time) {
      from = {after.due_at - time, after.closed.id};
    }
    for (uint8_t bucket = 0; bucket < storage::schema::kBuckets; ++bucket) {
      FRANK_ASSIGN_OR_RETURN(auto found, storage::ScanClosedCases(
                                             d_.engine, retention_class, bucket,
                                             from, until - time, limit));
      for (const storage::ClosedCase& closed : found) {
        rows.push_back({closed.runs_from + time, closed, retention_class});
      }
    }
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(a.due_at, a.closed.id) < std::tie(b.due_at, b.closed.id);
  });
  rows.resize(std::min(rows.size(), limit));
  return rows;
}

absl::Status RetentionView::AddRow(const Moderator& reader, const Row& row,
                                   v1::ListDueResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindCase(d_.engine, row.closed.id));
  if (!record || reader.linked_accounts.count(record->accused_uri()) > 0) {
    return absl::OkStatus();
  }
  auto* due = response->add_due_case();
  due->set_case_id(ToString(row.closed.id.bytes()));
  due->set_policy_area(record->policy_area());
  due->set_retention_class(
      static_cast<v1::RetentionClass>(row.retention_class));
  due->set_closed_at(record->retention().closed_at());
  due->set_due_at(std::max(row.due_at, d_.rules.DueAt(*record).value_or(0)));
  // Read alone: it is never committed.
  std::unique_ptr<storage::Transaction> transaction = d_.engine.Begin();
  FRANK_ASSIGN_OR_RETURN(auto obstacles,
                         FindObstacles(d_.engine, *transaction, d_.rules,
                                       row.closed.id, d_.clock.Now()));
  for (v1::RetentionObstacle obstacle : obstacles) due->add_obstacle(obstacle);
  return absl::OkStatus();
}

void RetentionView::AddReviewKeys(v1::ListDueResponse* response) const {
  for (const ReviewKeyStatus& key : d_.review_keys) {
    auto* shown = response->add_review_key();
    shown->set_review_key_id(ToString(key.id.bytes()));
    shown->set_not_after(key.not_after);
    shown->set_destroy_at(key.destroy_at);
    shown->set_destroyed(key.destroyed);
  }
}

absl::StatusOr<UnixMillis> RetentionView::AuditDueBefore() const {
  const UnixMillis now = d_.clock.Now();
  // None in an empty log, which may have a checkpoint. That one was removed is
  // for exports and proofs to tell.
  FRANK_ASSIGN_OR_RETURN(auto tile, storage::FindTile(d_.engine, 0, 0));
  if (!tile || now < d_.rules.audit()) return 0;
  FRANK_ASSIGN_OR_RETURN(auto found,
                         storage::FindAct(d_.engine, {tile->act(0).subject(),
                                                      tile->act(0).number()}));
  if (!found) return absl::DataLossError("the first act of the log is missing");
  FRANK_ASSIGN_OR_RETURN(crypto::AuditEntry entry,
                         crypto::ParseAuditEntry(AsBytes(*found)));
  const UnixMillis before = now - d_.rules.audit();
  return entry.time < before ? before : 0;
}

absl::StatusOr<v1::ListDueResponse> RetentionView::Due(
    const Moderator& reader, const v1::ListDueRequest& request) const {
  const size_t limit = PageSize(request.page_size());
  const UnixMillis until =
      request.due_until() == 0 ? d_.clock.Now() : request.due_until();
  FRANK_ASSIGN_OR_RETURN(std::vector<Row> rows,
                         ScanDue(request.page_token(), until, limit));
  v1::ListDueResponse response;
  for (const Row& row : rows) {
    FRANK_RETURN_IF_ERROR(AddRow(reader, row, &response));
  }
  if (rows.size() == limit) {
    response.set_next_page_token(
        TokenOf(rows.back().due_at, rows.back().closed.id));
  }
  if (request.page_token().empty()) {
    AddReviewKeys(&response);
    FRANK_ASSIGN_OR_RETURN(UnixMillis before, AuditDueBefore());
    response.set_audit_due_before(before);
  }
  return response;
}

absl::StatusOr<v1::ListLegalHoldsResponse> RetentionView::Holds(
    const Moderator& reader, const v1::ListLegalHoldsRequest& request) const {
  const size_t limit = PageSize(request.page_size());
  std::string after;
  if (!absl::WebSafeBase64Unescape(request.page_token(), &after)) {
    return BadToken();
  }
  FRANK_ASSIGN_OR_RETURN(auto holds,
                         storage::ScanLegalHolds(d_.engine, after, limit));
  v1::ListLegalHoldsResponse response;
  for (const storage::StoredLegalHold& stored : holds) {
    FRANK_ASSIGN_OR_RETURN(auto record,
                           storage::FindCase(d_.engine, stored.row.case_id));
    if (!record || reader.linked_accounts.count(record->accused_uri()) > 0) {
      continue;
    }
    for (const auto& hold : record->retention().legal_hold()) {
      if (hold.hold_id() != stored.row.hold.text()) continue;
      *response.add_legal_hold() = ToProto(stored.row.case_id, hold);
    }
  }
  if (holds.size() == limit) {
    response.set_next_page_token(
        absl::WebSafeBase64Escape(holds.back().position));
  }
  return response;
}

}  // namespace frank::moderation
