#include "tests/e2e/shift/reporters.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"

namespace frank::shift {
namespace {

constexpr size_t kThreads = 6;
// Of the whole: against the notorious one, by the brigade.
constexpr size_t kMassed = 200;
constexpr size_t kBrigade = 120;
constexpr double kRepeats = 5;
constexpr double kConflicts = 3;

// So many of a hundred, of those who were there.
struct Share {
  ReportKind kind;
  double percent;
};
constexpr Share kShares[] = {
    {ReportKind::kWhole, 36},           {ReportKind::kWithheld, 12},
    {ReportKind::kSeveral, 8},          {ReportKind::kFile, 4},
    {ReportKind::kReplayed, 5},         {ReportKind::kBare, 9},
    {ReportKind::kForgedContent, 6},    {ReportKind::kForgedSender, 4},
    {ReportKind::kMalformedMessage, 2}, {ReportKind::kMalformedReport, 2},
    {ReportKind::kUnopenable, 3},       {ReportKind::kUnknownReviewKey, 1},
    {ReportKind::kForgedFrank, 3},      {ReportKind::kTooShort, 2},
    {ReportKind::kStranger, 3},
};

}  // namespace

Reporters::Reporters(const Servers& servers, const Town& town,
                     RandomSource& random, Tally& tally, uint64_t seed,
                     size_t count)
    : servers_(servers),
      town_(town),
      random_(random),
      tally_(tally),
      seed_(seed) {
  Dice dice(seed, 1);
  Plan(count, &dice);
}

ReportKind Reporters::KindFor(size_t reporter, Dice* dice) const {
  const bool guest = town_.accounts()[reporter].is_guest;
  auto can = [&](ReportKind kind) {
    // Franks of rooms elsewhere are not asked who was there.
    if (kind == ReportKind::kStranger && guest) return false;
    return (kind != ReportKind::kStranger && kind != ReportKind::kReplayed) ||
           !town_.IsEverywhere(reporter);
  };
  while (true) {
    double left = static_cast<double>(dice->Below(10000)) / 100;
    for (const Share& share : kShares) {
      left -= share.percent;
      if (left >= 0) continue;
      if (can(share.kind)) return share.kind;
      break;
    }
  }
}

void Reporters::Plan(size_t count, Dice* dice) {
  const auto& crowd = town_.hall().listeners;
  for (size_t i = 0; i < std::min(kMassed, crowd.size()); ++i) {
    plan_.emplace_back(crowd[i], ReportKind::kMassed);
  }
  const size_t first = town_.size().accused;
  const size_t at_home =
      town_.size().reporters - town_.size().reporting_guests();
  for (size_t i = 0; i < kBrigade; ++i) {
    plan_.emplace_back(first + at_home - 1 - i % at_home, ReportKind::kBrigade);
  }
  for (size_t i = 0; i < limits::kMaxReportsAnHour + 10; ++i) {
    plan_.emplace_back(town_.zealot(), ReportKind::kBare);
  }
  for (size_t i = 0; plan_.size() < count; ++i) {
    const size_t reporter = first + i % town_.size().reporters;
    plan_.emplace_back(reporter, KindFor(reporter, dice));
  }
  dice->Shuffle(&plan_);
}

void Reporters::Work() {
  std::vector<std::unique_ptr<client::Transport>> lines;
  std::vector<ReportWriter> writers;
  for (size_t i = 0; i < kThreads; ++i) {
    lines.push_back(servers_.Platform());
    writers.emplace_back(town_, random_, Dice(seed_, 10 + i));
  }
  InParallel(plan_.size(), kThreads, [&](size_t i, size_t thread) {
    File(*lines[thread], writers[thread], plan_[i]);
    ++progress_;
  });
}

void Reporters::File(client::Transport& platform, ReportWriter& writer,
                     const Planned& planned) {
  const auto& [reporter, kind] = planned;
  absl::StatusOr<WrittenReport> report = writer.Write(kind, reporter);
  if (!report.ok()) return tally_.Complain(report.status().ToString());
  platform.SetToken(town_.accounts()[reporter].token);
  auto answer = Persist([&] { return platform.SubmitReport(report->request); });
  if (!answer.ok()) return NoteRefusal(*report, answer.status());
  Note(*report, *answer);
  TryAgain(platform, *std::move(report), *answer, &writer.dice());
}

void Reporters::Note(const WrittenReport& report,
                     const v1::SubmitReportResponse& answer) {
  tally_.Count(absl::StrCat("report accepted: ", NameOf(report.kind)));
  tally_.Insist(report.expected.refusal.empty(),
                absl::StrCat("a report was accepted: ", NameOf(report.kind)));
  Filed filed;
  filed.reporter = report.reporter;
  filed.accepted_at = answer.accepted_at();
  filed.sealed_sha256 =
      ToString(crypto::Sha256({AsBytes(report.request.sealed_report())}));
  filed.expected = report.expected;
  absl::MutexLock lock(&mutex_);
  filed_.emplace(report.request.report_id(), std::move(filed));
}

void Reporters::NoteRefusal(const WrittenReport& report,
                            const absl::Status& status) {
  const std::string act = absl::StrCat("report ", NameOf(report.kind));
  if (report.reporter == town_.zealot() &&
      FindReason(status) == "QUOTA_EXCEEDED") {
    return tally_.Count("refused: report of the zealot QUOTA_EXCEEDED");
  }
  tally_.Refused(act, status, {report.expected.refusal});
}

// What a client does that did not hear the answer, and what none may do.
void Reporters::TryAgain(client::Transport& platform, WrittenReport report,
                         const v1::SubmitReportResponse& first, Dice* dice) {
  if (dice->Chance(kRepeats)) {
    auto again = Persist([&] { return platform.SubmitReport(report.request); });
    tally_.Insist(again.ok() && again->accepted_at() == first.accepted_at(),
                  "the same report again is not answered as before");
    tally_.Count("report repeated");
  }
  if (dice->Chance(kConflicts)) {
    std::string* sealed = report.request.mutable_sealed_report();
    sealed->back() = static_cast<char>(sealed->back() ^ 1);
    auto other = Persist([&] { return platform.SubmitReport(report.request); });
    tally_.Forbidden("report under a used id", other.status(), "ID_CONFLICT");
  }
}

}  // namespace frank::shift
