#include "services/moderation/exposure_book.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "storage/exposure_store.h"
#include "storage/people_store.h"

namespace frank::moderation {
namespace {

using storage::v1::ExposureRecord;
using storage::v1::ModeratorRecord;

uint32_t NumberOf(Exposure category) { return static_cast<uint32_t>(category); }

uint32_t PiecesOf(const ExposureRecord& record, Exposure category) {
  for (const auto& seen : record.seen()) {
    if (seen.category() == NumberOf(category)) return seen.pieces();
  }
  return 0;
}

void AddPieces(Exposure category, size_t pieces, ExposureRecord* record) {
  for (auto& seen : *record->mutable_seen()) {
    if (seen.category() != NumberOf(category)) continue;
    seen.set_pieces(seen.pieces() + static_cast<uint32_t>(pieces));
    return;
  }
  auto* seen = record->add_seen();
  seen->set_category(NumberOf(category));
  seen->set_pieces(static_cast<uint32_t>(pieces));
}

bool HasOptedOut(const ModeratorRecord& kept, Exposure category) {
  return std::find(kept.opted_out().begin(), kept.opted_out().end(),
                   NumberOf(category)) != kept.opted_out().end();
}

// Those of the pieces that the shift has not seen, each once.
absl::StatusOr<std::vector<storage::EvidenceId>> NotCounted(
    storage::Transaction& transaction, const std::string& moderator,
    UnixMillis shift, const std::vector<storage::EvidenceId>& pieces) {
  std::vector<storage::EvidenceId> fresh;
  for (const storage::EvidenceId& piece : pieces) {
    FRANK_ASSIGN_OR_RETURN(
        bool counted, storage::IsCounted(transaction, moderator, shift, piece));
    if (!counted) fresh.push_back(piece);
  }
  return fresh;
}

absl::Status Refuse(absl::string_view reason, std::string text,
                    UnixMillis retry_after) {
  return WithRetryAfter(
      WithReason(absl::ResourceExhaustedError(std::move(text)), reason),
      retry_after);
}

}  // namespace

ExposureBook::ExposureBook(ExposureRules rules, const Clock& clock)
    : rules_(std::move(rules)), clock_(clock) {}

bool ExposureBook::IsOver(const ExposureRecord& record, UnixMillis now) const {
  return record.shift_started_at() != 0 &&
         now >= record.shift_started_at() + rules_.shift;
}

void ExposureBook::BringUpToDate(UnixMillis now, ExposureRecord* record) const {
  if (IsOver(*record, now)) {
    record->clear_shift_started_at();
    record->clear_seen();
  }
  bool rested = record->break_until() != 0
                    ? now >= record->break_until()
                    : now >= record->last_reveal_at() + rules_.break_length;
  if (rested) {
    record->clear_load();
    record->clear_break_until();
  }
}

absl::Status ExposureBook::CheckLimits(const ExposureRecord& record,
                                       Exposure category, size_t pieces,
                                       UnixMillis now) const {
  if (record.break_until() > now) {
    return Refuse("BREAK_DUE", "a break is due before anything new is revealed",
                  record.break_until() - now);
  }
  FRANK_RETURN_IF_ERROR(CheckLoad(record, category, pieces, now));
  uint32_t budget = rules_.budgets.at(category).pieces;
  uint32_t shown = PiecesOf(record, category);
  uint32_t left = budget - std::min(budget, shown);
  if (pieces <= left) return absl::OkStatus();
  UnixMillis end = record.shift_started_at() + rules_.shift;
  return Refuse(
      "EXPOSURE_SPENT",
      absl::StrCat("the reveal is of ", pieces,
                   " new pieces, and the budget of this shift has ", left,
                   " left in the category ", ExposureName(category)),
      end > now ? end - now : 0);
}

absl::Status ExposureBook::CheckLoad(const ExposureRecord& record,
                                     Exposure category, size_t pieces,
                                     UnixMillis now) const {
  uint32_t load = rules_.budgets.at(category).load;
  uint32_t left =
      rules_.break_due_load - std::min(rules_.break_due_load, record.load());
  // However much one weighs, somebody who has rested may see it.
  if (pieces <= left / load || (record.load() == 0 && pieces == 1)) {
    return absl::OkStatus();
  }
  UnixMillis rested = record.last_reveal_at() + rules_.break_length;
  return Refuse(
      "BREAK_DUE",
      absl::StrCat("the reveal is of ", pieces,
                   " new pieces, and a break is due after ", left / load,
                   " of the category ", ExposureName(category)),
      record.load() == 0 ? 0 : rested - now);
}

absl::StatusOr<v1::Exposure> ExposureBook::Count(
    storage::Transaction& transaction, const std::string& moderator,
    Exposure category, const std::vector<storage::EvidenceId>& pieces) const {
  UnixMillis now = clock_.Now();
  FRANK_ASSIGN_OR_RETURN(auto found,
                         storage::FindModerator(transaction, moderator));
  ModeratorRecord kept = found ? *std::move(found) : ModeratorRecord();
  FRANK_ASSIGN_OR_RETURN(ExposureRecord record,
                         storage::GetExposure(transaction, moderator));
  BringUpToDate(now, &record);
  if (!pieces.empty() && HasOptedOut(kept, category)) {
    return WithReason(absl::FailedPreconditionError(absl::StrCat(
                          "the moderator has opted out of the category ",
                          ExposureName(category))),
                      "OPTED_OUT");
  }
  // What promises to show nothing may show anything.
  if (category == Exposure::kNone) category = Exposure::kText;
  if (record.shift_started_at() == 0) record.set_shift_started_at(now);
  FRANK_ASSIGN_OR_RETURN(
      auto fresh,
      NotCounted(transaction, moderator, record.shift_started_at(), pieces));
  if (fresh.empty()) return ToProto(record, kept);
  FRANK_RETURN_IF_ERROR(CheckLimits(record, category, fresh.size(), now));
  FRANK_RETURN_IF_ERROR(
      Enter(transaction, moderator, category, fresh, now, &record));
  return ToProto(record, kept);
}

absl::Status ExposureBook::Enter(storage::Transaction& transaction,
                                 const std::string& moderator,
                                 Exposure category,
                                 const std::vector<storage::EvidenceId>& fresh,
                                 UnixMillis now, ExposureRecord* record) const {
  UnixMillis shift = record->shift_started_at();
  FRANK_RETURN_IF_ERROR(storage::ForgetCounted(transaction, moderator, shift,
                                               limits::kForgottenPieces));
  for (const storage::EvidenceId& piece : fresh) {
    storage::SetCounted(transaction, moderator, shift, piece);
  }
  AddPieces(category, fresh.size(), record);
  record->set_last_reveal_at(now);
  record->set_load(record->load() + static_cast<uint32_t>(fresh.size()) *
                                        rules_.budgets.at(category).load);
  if (record->load() >= rules_.break_due_load) {
    record->set_break_until(now + rules_.break_length);
  }
  storage::PutExposure(transaction, moderator, *record);
  return absl::OkStatus();
}

absl::StatusOr<v1::Exposure> ExposureBook::Show(
    storage::Engine& engine, const std::string& moderator) const {
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindModerator(engine, moderator));
  FRANK_ASSIGN_OR_RETURN(ExposureRecord record,
                         storage::GetExposure(engine, moderator));
  BringUpToDate(clock_.Now(), &record);
  return ToProto(record, found ? *found : ModeratorRecord());
}

absl::StatusOr<v1::ListExposureResponse> ExposureBook::List(
    storage::Engine& engine, const v1::ListExposureRequest& request) const {
  const size_t limit =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  FRANK_ASSIGN_OR_RETURN(
      std::vector<storage::StoredExposure> found,
      storage::ListExposures(engine, request.page_token(), limit));
  v1::ListExposureResponse response;
  for (storage::StoredExposure& stored : found) {
    BringUpToDate(clock_.Now(), &stored.record);
    if (stored.record.shift_started_at() == 0) continue;
    v1::ModeratorExposure* shown = response.add_moderator_exposure();
    shown->set_moderator(stored.moderator);
    *shown->mutable_exposure() = ToProto(stored.record, ModeratorRecord());
  }
  if (found.size() == limit) {
    response.set_next_page_token(found.back().moderator);
  }
  return response;
}

v1::Exposure ExposureBook::ToProto(const ExposureRecord& record,
                                   const ModeratorRecord& kept) const {
  v1::Exposure proto;
  if (record.shift_started_at() != 0) {
    proto.set_shift_started_at(record.shift_started_at());
    proto.set_shift_ends_at(record.shift_started_at() + rules_.shift);
  }
  for (const auto& [category, budget] : rules_.budgets) {
    v1::CategoryExposure* shown = proto.add_category();
    shown->set_category(static_cast<v1::ExposureCategory>(category));
    shown->set_pieces(PiecesOf(record, category));
    shown->set_budget(budget.pieces);
    shown->set_opted_out(HasOptedOut(kept, category));
  }
  proto.set_load(record.load());
  proto.set_break_due_load(rules_.break_due_load);
  proto.set_break_until(record.break_until());
  return proto;
}

}  // namespace frank::moderation
