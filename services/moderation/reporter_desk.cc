#include "services/moderation/reporter_desk.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "services/moderation/case_access.h"
#include "services/moderation/reporter_tally.h"
#include "storage/case_list_store.h"
#include "storage/intake_store.h"
#include "storage/reporter_store.h"

namespace frank::moderation {
namespace {

// Reports of each mute that a list of mutes counts.
constexpr size_t kHeldCounted = 20;
// Reports that one transaction moves.
constexpr size_t kMovedAtOnce = 256;

v1::HeldReport ToProto(const storage::HeldReport& held) {
  v1::HeldReport report;
  report.set_report_id(ToString(held.report.id.bytes()));
  report.set_accepted_at(held.record.accepted_at());
  report.set_accused_uri(held.record.accused_uri());
  report.set_reason(held.record.reason());
  report.set_message_count(held.record.message_count());
  report.set_proven_count(held.record.proven_count());
  return report;
}

// As the case that it may come into.
storage::v1::CaseRecord AsCase(const storage::v1::HeldReportRecord& held) {
  storage::v1::CaseRecord record;
  record.set_accused_uri(held.accused_uri());
  record.set_policy_area(held.policy_area());
  return record;
}

// Behind a token: until when the last mute of its page lasts, and of whom.
std::string MuteToken(const storage::MutePlace& place) {
  std::string position;
  AppendU64(place.until, &position);
  return absl::WebSafeBase64Escape(position + place.reporter_uri);
}

absl::optional<storage::MutePlace> ParseMuteToken(const std::string& token) {
  std::string position;
  if (!absl::WebSafeBase64Unescape(token, &position) || position.size() < 8 ||
      !CheckUri("page_token", position.substr(8)).ok()) {
    return absl::nullopt;
  }
  return storage::MutePlace{ReadU64(AsBytes(position).first(8)),
                            position.substr(8)};
}

}  // namespace

bool IsMuteToken(const std::string& token) {
  return ParseMuteToken(token).has_value();
}

// A lane on its way into the queue.
struct ReporterDesk::Letting {
  // Moves one that waits for longer; one that was folded since it was listed is
  // gone.
  absl::Status Move(storage::Transaction& transaction,
                    const storage::ReportRef& report) const {
    FRANK_ASSIGN_OR_RETURN(auto held,
                           storage::FindHeldReport(transaction, report));
    if (!held || held->released()) return absl::OkStatus();
    if (!released && held->due() <= due) return absl::OkStatus();
    storage::DeleteWaiting(transaction, held->due(), report);
    held->set_due(std::min<UnixMillis>(held->due(), due));
    held->set_released(released);
    storage::PutHeldReport(transaction, report, *held);
    storage::PutWaiting(transaction, held->due(), report);
    return absl::OkStatus();
  }

  std::string reporter_uri;
  // When all of it is due at the latest, and whether it goes though the mute
  // goes on.
  UnixMillis due = 0;
  bool released = false;
  absl::optional<ReportId> after;
  Done done;
};

ReporterDesk::ReporterDesk(const Dependencies& dependencies)
    : d_(dependencies) {}

absl::StatusOr<v1::Reporter> ReporterDesk::Load(
    const std::string& reporter_uri) const {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::GetReporter(d_.engine, reporter_uri));
  FRANK_ASSIGN_OR_RETURN(auto outcomes,
                         storage::GetReporterOutcomes(d_.engine, reporter_uri));
  v1::Reporter reporter;
  reporter.set_reporter_uri(reporter_uri);
  reporter.set_report_count(record.report_count());
  reporter.set_proven_count(record.proven_count());
  reporter.set_bad_count(record.bad_count());
  reporter.set_replay_count(record.replay_count());
  reporter.set_upheld_count(outcomes.upheld_count());
  reporter.set_not_upheld_count(outcomes.not_upheld_count());
  reporter.set_weight(ReporterWeight(record, outcomes));
  if (d_.clock.Now() < record.muted_until()) {
    reporter.set_muted_until(record.muted_until());
    reporter.set_muted_by(record.muted_by());
  }
  return reporter;
}

absl::StatusOr<v1::GetReporterResponse> ReporterDesk::Show(
    const Moderator& reader, const std::string& reporter_uri) const {
  v1::GetReporterResponse response;
  FRANK_ASSIGN_OR_RETURN(*response.mutable_reporter(), Load(reporter_uri));
  FRANK_ASSIGN_OR_RETURN(
      std::vector<storage::HeldReport> held,
      storage::ListHeldReports(d_.engine, reporter_uri, absl::nullopt,
                               limits::kMaxHeldReportsShown + 1));
  response.set_more_held(held.size() > limits::kMaxHeldReportsShown);
  if (response.more_held()) held.resize(limits::kMaxHeldReportsShown);
  for (const storage::HeldReport& report : held) {
    if (!CheckAccess(reader, AsCase(report.record)).ok()) continue;
    *response.add_held() = ToProto(report);
  }
  return response;
}

absl::Status ReporterDesk::CheckUnlinked(
    storage::Transaction& transaction, const Moderator& by,
    const std::string& reporter_uri) const {
  FRANK_ASSIGN_OR_RETURN(Moderator now, AsOfNow(transaction, by));
  const std::set<std::string>& linked = now.linked_accounts;
  if (linked.empty()) return absl::OkStatus();
  bool concerned = linked.count(reporter_uri) > 0;
  for (auto account = linked.begin(); !concerned && account != linked.end();
       ++account) {
    FRANK_ASSIGN_OR_RETURN(
        concerned, storage::HasReported(d_.engine, reporter_uri, *account));
  }
  if (!concerned) {
    FRANK_ASSIGN_OR_RETURN(concerned, AccusesInLane(reporter_uri, linked));
  }
  if (!concerned) return absl::OkStatus();
  return WithReason(absl::PermissionDeniedError(
                        "somebody without a link to those concerned does this"),
                    "NOT_PERMITTED");
}

absl::StatusOr<bool> ReporterDesk::AccusesInLane(
    const std::string& reporter_uri,
    const std::set<std::string>& accounts) const {
  absl::optional<ReportId> after;
  while (true) {
    FRANK_ASSIGN_OR_RETURN(
        std::vector<storage::HeldReport> held,
        storage::ListHeldReports(d_.engine, reporter_uri, after, kMovedAtOnce));
    if (held.empty()) return false;
    after = held.back().report.id;
    for (const storage::HeldReport& report : held) {
      if (accounts.count(report.record.accused_uri()) > 0) return true;
    }
  }
}

void ReporterDesk::Apply(Change change,
                         absl::AnyInvocable<void(absl::Status)> next) {
  storage::RunTransaction(
      d_.engine,
      [this, change = std::move(change)](
          storage::Transaction& transaction) mutable -> absl::Status {
        ActLog acts(transaction, d_.clock.Now());
        FRANK_RETURN_IF_ERROR(change(transaction, acts));
        return acts.Write();
      },
      std::move(next));
}

absl::StatusOr<v1::ListMutesResponse> ReporterDesk::Mutes(
    const Moderator& reader, const v1::ListMutesRequest& request) const {
  const size_t limit =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  // What has ended is no mute any more; its row goes with the next change.
  storage::MutePlace after{d_.clock.Now(), ""};
  if (auto page = ParseMuteToken(request.page_token())) {
    if (page->until > after.until) after = *std::move(page);
  }
  FRANK_ASSIGN_OR_RETURN(std::vector<storage::MutePlace> places,
                         storage::ListMutes(d_.engine, after, limit + 1));
  v1::ListMutesResponse response;
  if (places.size() > limit) {
    places.resize(limit);
    response.set_next_page_token(MuteToken(places.back()));
  }
  for (const storage::MutePlace& place : places) {
    FRANK_RETURN_IF_ERROR(AddMute(reader, place, &response));
  }
  return response;
}

absl::Status ReporterDesk::AddMute(const Moderator& reader,
                                   const storage::MutePlace& place,
                                   v1::ListMutesResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::GetReporter(d_.engine, place.reporter_uri));
  FRANK_ASSIGN_OR_RETURN(
      auto held, storage::ListHeldReports(d_.engine, place.reporter_uri,
                                          absl::nullopt, kHeldCounted + 1));
  v1::Mute& mute = *response->add_mute();
  mute.set_reporter_uri(place.reporter_uri);
  mute.set_until(place.until);
  mute.set_muted_by(record.muted_by());
  mute.set_more_held(held.size() > kHeldCounted);
  if (mute.more_held()) held.resize(kHeldCounted);
  mute.set_held_count(static_cast<uint32_t>(std::count_if(
      held.begin(), held.end(), [&reader](const storage::HeldReport& report) {
        return CheckAccess(reader, AsCase(report.record)).ok();
      })));
  return absl::OkStatus();
}

void ReporterDesk::Mute(const Moderator& by, const std::string& reporter_uri,
                        UnixMillis until, Done done) {
  UnixMillis now = d_.clock.Now();
  if (until <= now || until > now + limits::kMaxMute) {
    return done(FieldError("until", "must be within the next 30 days"));
  }
  Change change = [this, by, reporter_uri, until](
                      storage::Transaction& transaction,
                      ActLog& acts) -> absl::Status {
    FRANK_RETURN_IF_ERROR(CheckUnlinked(transaction, by, reporter_uri));
    FRANK_ASSIGN_OR_RETURN(auto record,
                           storage::GetReporter(transaction, reporter_uri));
    storage::DeleteMute(transaction, {record.muted_until(), reporter_uri});
    storage::PutMute(transaction, {until, reporter_uri});
    record.set_muted_until(until);
    record.set_muted_by(by.id);
    storage::PutReporter(transaction, reporter_uri, record);
    return acts
        .Add(ReporterSubject(reporter_uri), ModeratorActor(by.id),
             "reporter.muted", crypto::AuditDetails().Set("until", until))
        .status();
  };
  auto letting = std::make_shared<Letting>();
  letting->reporter_uri = reporter_uri;
  letting->due = until;
  letting->done = std::move(done);
  Apply(std::move(change), [this, letting](absl::Status set) {
    if (!set.ok()) return letting->done(std::move(set));
    LetGo(letting);
  });
}

void ReporterDesk::Unmute(const Moderator& by, const std::string& reporter_uri,
                          Done done) {
  auto letting = std::make_shared<Letting>();
  letting->reporter_uri = reporter_uri;
  letting->due = d_.clock.Now();
  letting->released = true;
  letting->done = std::move(done);
  Change change = [this, by, reporter_uri](storage::Transaction& transaction,
                                           ActLog& acts) -> absl::Status {
    FRANK_RETURN_IF_ERROR(CheckUnlinked(transaction, by, reporter_uri));
    FRANK_ASSIGN_OR_RETURN(auto record,
                           storage::GetReporter(transaction, reporter_uri));
    if (record.muted_until() == 0) return absl::OkStatus();
    storage::DeleteMute(transaction, {record.muted_until(), reporter_uri});
    record.clear_muted_until();
    record.clear_muted_by();
    storage::PutReporter(transaction, reporter_uri, record);
    return acts
        .Add(ReporterSubject(reporter_uri), ModeratorActor(by.id),
             "reporter.unmuted", {})
        .status();
  };
  // The mute ends first: what comes now does not join the lane.
  Apply(std::move(change), [this, letting](absl::Status set) {
    if (!set.ok()) return letting->done(std::move(set));
    LetGo(letting);
  });
}

void ReporterDesk::Release(const Moderator& by, const std::string& reporter_uri,
                           Done done) {
  auto letting = std::make_shared<Letting>();
  letting->reporter_uri = reporter_uri;
  letting->due = d_.clock.Now();
  letting->released = true;
  letting->done = std::move(done);
  Change change = [this, by, reporter_uri](storage::Transaction& transaction,
                                           ActLog& acts) -> absl::Status {
    FRANK_RETURN_IF_ERROR(CheckUnlinked(transaction, by, reporter_uri));
    return acts
        .Add(ReporterSubject(reporter_uri), ModeratorActor(by.id),
             "reporter.released", {})
        .status();
  };
  Apply(std::move(change), [this, letting](absl::Status set) {
    if (!set.ok()) return letting->done(std::move(set));
    LetGo(letting);
  });
}

void ReporterDesk::LetGo(std::shared_ptr<Letting> letting) {
  absl::StatusOr<std::vector<storage::HeldReport>> held =
      storage::ListHeldReports(d_.engine, letting->reporter_uri, letting->after,
                               kMovedAtOnce);
  if (!held.ok()) return letting->done(held.status());
  if (held->empty()) return letting->done(Load(letting->reporter_uri));
  letting->after = held->back().report.id;
  storage::RunTransaction(
      d_.engine,
      [letting, held = *std::move(held)](
          storage::Transaction& transaction) -> absl::Status {
        for (const storage::HeldReport& report : held) {
          FRANK_RETURN_IF_ERROR(letting->Move(transaction, report.report));
        }
        return absl::OkStatus();
      },
      [this, letting](absl::Status moved) {
        if (!moved.ok()) return letting->done(std::move(moved));
        LetGo(letting);
      });
}

}  // namespace frank::moderation
