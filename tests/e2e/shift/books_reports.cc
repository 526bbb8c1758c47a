// The books of the reports: each that was accepted is in one place, judged as
// what it was, and its reporter knows what became of it.
#include "absl/strings/str_cat.h"
#include "client/receipts.h"
#include "core/bytes.h"
#include "tests/e2e/shift/actions.h"
#include "tests/e2e/shift/books.h"

namespace frank::shift {
namespace {

constexpr size_t kThreads = 8;
constexpr uint32_t kPageSize = 200;

std::string Hex(const std::string& bytes) { return ToHex(AsBytes(bytes)); }

}  // namespace

void Books::CheckReports() {
  Tally& tally = shift_.tally;
  for (const auto& [id, home] : home_) {
    tally.Insist(shift_.filed.count(id) > 0,
                 absl::StrCat("report ", Hex(id), " was never accepted"));
    tally.Insist(held_.count(id) == 0,
                 absl::StrCat("report ", Hex(id), " is held back as well"));
  }
  for (const auto& [id, found] : cases_) {
    for (const v1::CaseReport& report : found.reports) {
      CheckReport(found, report);
    }
  }
  for (const auto& [id, filed] : shift_.filed) {
    tally.Insist(home_.count(id) + held_.count(id) == 1,
                 absl::StrCat("report ", Hex(id), " is in no case"));
    tally.Insist(log_.received().count(Hex(id)) == 1,
                 absl::StrCat("report ", Hex(id), " is not in the log"));
  }
  tally.Insist(log_.received().size() == shift_.filed.size(),
               "the log knows other reports");
  tally.Count("report accepted, and in one case", home_.size());
}

void Books::CheckReport(const Case& home, const v1::CaseReport& report) {
  Tally& tally = shift_.tally;
  auto filed = shift_.filed.find(report.report_id());
  if (filed == shift_.filed.end()) return;
  const Expected& expected = filed->second.expected;
  const std::string name =
      absl::StrCat("report ", Hex(report.report_id()), ": ");
  tally.Insist(report.reporter_uri() ==
                   shift_.town.accounts()[filed->second.reporter].uri,
               absl::StrCat(name, "is somebody else's"));
  tally.Insist(report.condition() == expected.condition,
               absl::StrCat(name, "was opened, or not, against expectation"));
  tally.Insist(report.clear_mismatch() == expected.clear_mismatch,
               absl::StrCat(name, "its clear franks were misjudged"));
  tally.Insist(report.reason() == expected.reason,
               absl::StrCat(name, "has the reason ", report.reason()));
  tally.Insist(home.summary.accused_uri() == expected.accused_uri,
               absl::StrCat(name, "is in the case of somebody else"));
  std::vector<v1::Verdict> verdicts;
  for (const v1::MessageVerdict& message : report.message()) {
    verdicts.push_back(message.verdict());
  }
  tally.Insist(verdicts == expected.verdicts,
               absl::StrCat(name, "was judged otherwise"));
}

void Books::CheckReporters() {
  std::map<size_t, std::set<std::string>> by_reporter;
  for (const auto& [id, filed] : shift_.filed) {
    by_reporter[filed.reporter].insert(id);
  }
  const size_t first = shift_.town.size().accused;
  std::vector<std::unique_ptr<client::Transport>> lines;
  for (size_t i = 0; i < kThreads; ++i) {
    lines.push_back(shift_.servers.Platform());
  }
  const std::map<size_t, std::set<std::string>>& all = by_reporter;
  InParallel(
      shift_.town.size().reporters, kThreads, [&](size_t i, size_t thread) {
        auto own = all.find(first + i);
        CheckReporter(*lines[thread], first + i,
                      own == all.end() ? std::set<std::string>() : own->second);
      });
}

void Books::CheckReporter(client::Transport& platform, size_t reporter,
                          const std::set<std::string>& expected) {
  Tally& tally = shift_.tally;
  const Account& account = shift_.town.accounts()[reporter];
  v1::ListReportsRequest request;
  request.set_page_size(kPageSize);
  if (account.is_guest) request.set_reporter_uri(account.uri);
  platform.SetToken(account.token);
  auto listed = Persist([&] { return platform.ListReports(request); });
  if (!listed.ok()) return tally.Complain(listed.status().ToString());
  std::set<std::string> found;
  for (const v1::ReportStatus& status : listed->report()) {
    found.insert(status.report_id());
    auto filed = shift_.filed.find(status.report_id());
    if (filed != shift_.filed.end()) CheckStatus(status, filed->second);
  }
  tally.Insist(found == expected,
               absl::StrCat(account.uri, " sees other reports than they made"));
}

v1::ReportOutcome Books::OutcomeOf(const std::string& id,
                                   const Filed& filed) const {
  auto home = home_.find(id);
  if (home == home_.end()) return v1::REPORT_OUTCOME_UNSPECIFIED;
  const v1::ReportOutcome nothing = filed.expected.proves
                                        ? v1::REPORT_OUTCOME_NO_ACTION
                                        : v1::REPORT_OUTCOME_NOT_VERIFIABLE;
  for (const v1::Decision& decision : home->second->decisions) {
    if (decision.state() == v1::DECISION_STATE_REVERSED) return nothing;
    if (decision.state() != v1::DECISION_STATE_MADE) continue;
    if (Has(decision, v1::ACTION_KIND_ASK_REPORTER)) {
      return v1::REPORT_OUTCOME_MORE_INFORMATION_WANTED;
    }
    return Acts(decision) ? v1::REPORT_OUTCOME_ACTION_TAKEN : nothing;
  }
  return v1::REPORT_OUTCOME_UNSPECIFIED;
}

void Books::CheckStatus(const v1::ReportStatus& status, const Filed& filed) {
  Tally& tally = shift_.tally;
  const std::string name =
      absl::StrCat("report ", Hex(status.report_id()), " at the platform: ");
  const v1::ReportOutcome outcome = OutcomeOf(status.report_id(), filed);
  tally.Insist(status.accepted_at() == filed.accepted_at,
               absl::StrCat(name, "was accepted at another time"));
  tally.Insist(status.outcome() == outcome,
               absl::StrCat(name, "has the outcome ", status.outcome(),
                            ", not ", outcome));
  const bool decided = outcome != v1::REPORT_OUTCOME_UNSPECIFIED;
  tally.Insist(status.state() == (decided ? v1::REPORT_STATE_DECIDED
                                          : v1::REPORT_STATE_FORWARDED),
               absl::StrCat(name, "is in the state ", status.state()));
  tally.Count(
      absl::StrCat("report ended: ", v1::ReportOutcome_Name(status.outcome())));
  client::ReportedAs reported;
  auto id = ReportId::Parse("report_id", status.report_id());
  reported.report_id = *id;
  const std::string& reporter = shift_.town.accounts()[filed.reporter].uri;
  reported.reporter_uri = reporter;
  reported.sealed_sha256 = AsBytes(filed.sealed_sha256);
  auto receipt = client::OpenReceipt(status.receipt(), reported,
                                     shift_.servers.moderation_key());
  if (tally.Insist(receipt.ok(), absl::StrCat(name, "has no good receipt"))) {
    tally.Count("receipt verified");
  }
}

}  // namespace frank::shift
