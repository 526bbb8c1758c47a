// Those who report: thousands of reports in a shuffled order, on some threads,
// with repeats, conflicts and more than is allowed.
#ifndef FRANK_TESTS_E2E_SHIFT_REPORTERS_H_
#define FRANK_TESTS_E2E_SHIFT_REPORTERS_H_

#include <atomic>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "tests/e2e/shift/report_writer.h"
#include "tests/e2e/shift/servers.h"
#include "tests/e2e/shift/tally.h"
#include "tests/e2e/shift/town.h"

namespace frank::shift {

// A report that the platform acknowledged.
struct Filed {
  size_t reporter = 0;
  uint64_t accepted_at = 0;
  std::string sealed_sha256;
  Expected expected;
};
// By id: those of the story are drawn and differ.
using FiledReports = std::map<std::string, Filed>;

class Reporters {
 public:
  Reporters(const Servers& servers, const Town& town, RandomSource& random,
            Tally& tally, uint64_t seed, size_t count);

  // Files them all and returns when the last was answered.
  void Work();
  // How many were answered, from any thread.
  size_t progress() const { return progress_; }
  size_t count() const { return plan_.size(); }

  // To be read after Work.
  const FiledReports& filed() const { return filed_; }

 private:
  using Planned = std::pair<size_t, ReportKind>;
  void Plan(size_t count, Dice* dice);
  ReportKind KindFor(size_t reporter, Dice* dice) const;
  void File(client::Transport& platform, ReportWriter& writer,
            const Planned& planned);
  void Note(const WrittenReport& report,
            const v1::SubmitReportResponse& answer);
  void NoteRefusal(const WrittenReport& report, const absl::Status& status);
  void TryAgain(client::Transport& platform, WrittenReport report,
                const v1::SubmitReportResponse& first, Dice* dice);

  const Servers& servers_;
  const Town& town_;
  RandomSource& random_;
  Tally& tally_;
  const uint64_t seed_;
  std::vector<Planned> plan_;
  std::atomic<size_t> progress_{0};
  absl::Mutex mutex_;
  FiledReports filed_;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_REPORTERS_H_
