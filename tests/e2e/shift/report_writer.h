// Reports of every kind that a platform meets, honest and not, each with what
// the services must make of it.
#ifndef FRANK_TESTS_E2E_SHIFT_REPORT_WRITER_H_
#define FRANK_TESTS_E2E_SHIFT_REPORT_WRITER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/ids.h"
#include "core/random.h"
#include "frank/v1/report.pb.h"
#include "frank/v1/review.pb.h"
#include "tests/e2e/shift/dice.h"
#include "tests/e2e/shift/town.h"

namespace frank::shift {

enum class ReportKind {
  // Proven: one message, some of its parts, several messages, a file's chunk.
  kWhole,
  kWithheld,
  kSeveral,
  kFile,
  // Proven, by everybody against the same one.
  kMassed,
  // Proven, by somebody who was not there and got the proof from elsewhere:
  // with
  // the frank in the clear at the other messenger, hidden at this one.
  kReplayed,
  // Shows nothing; and the same by those who gang up.
  kBare,
  kBrigade,
  // The content, or the sender, is not what was franked.
  kForgedContent,
  kForgedSender,
  // A message, or the report, breaks a rule.
  kMalformedMessage,
  kMalformedReport,
  // Sealed to nobody's key, or under a key that nobody has.
  kUnopenable,
  kUnknownReviewKey,
  // The platform refuses: the reporter was not in the room; the clear frank is
  // not the platform's; too short to be a report.
  kStranger,
  kForgedFrank,
  kTooShort,
};
const char* NameOf(ReportKind kind);

// What must become of a report.
struct Expected {
  // Why the platform refuses it; empty: it takes it.
  std::string refusal;
  v1::ReportCondition condition = v1::REPORT_CONDITION_OPENED;
  std::vector<v1::Verdict> verdicts;
  bool clear_mismatch = false;
  // Of the case: empty where nothing opens it.
  std::string accused_uri;
  std::string policy_area;
  std::string reason;
  // Whether it proves something of whom it accuses.
  bool proves = false;
};

struct WrittenReport {
  size_t reporter = 0;
  ReportKind kind = ReportKind::kBare;
  ReportId id;
  v1::SubmitReportRequest request;
  Expected expected;
};

// One for each thread: the dice are its own.
class ReportWriter {
 public:
  ReportWriter(const Town& town, RandomSource& random, Dice dice)
      : town_(town), random_(random), dice_(dice) {}

  absl::StatusOr<WrittenReport> Write(ReportKind kind, size_t reporter);

  Dice& dice() { return dice_; }

 private:
  struct Draft;

  const Said& Hear(size_t reporter, bool parts);
  const Said& Overhear(size_t reporter);
  std::string ReasonAbout(size_t accused);
  Draft Begin(size_t accused, const std::string& note = "");
  absl::Status AddProven(const Said& said, Draft* draft);
  absl::StatusOr<Draft> Compose(ReportKind kind, size_t reporter);
  absl::StatusOr<Draft> Prove(ReportKind kind, size_t reporter);
  absl::StatusOr<Draft> Replay(size_t reporter);
  absl::StatusOr<Draft> Spoil(ReportKind kind, size_t reporter);
  absl::Status Seal(Draft draft, WrittenReport* report);

  const Town& town_;
  RandomSource& random_;
  Dice dice_;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_REPORT_WRITER_H_
