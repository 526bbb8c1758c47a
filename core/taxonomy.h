// Report reasons: two levels, with what each starts a case with. Reports name a
// reason by its text key and the version of the table; within a version a key
// is never renamed, nor its meaning changed. Version 1 is built in, operators
// add others.
#ifndef FRANK_CORE_TAXONOMY_H_
#define FRANK_CORE_TAXONOMY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/clock.h"

namespace frank {

inline constexpr uint32_t kTaxonomyVersion = 1;

// How bad it is if true; orders the queue.
enum class ReasonSeverity : uint8_t { kLow = 1, kMedium, kHigh, kCritical };
inline constexpr ReasonSeverity kSeverities[] = {
    ReasonSeverity::kLow, ReasonSeverity::kMedium, ReasonSeverity::kHigh,
    ReasonSeverity::kCritical};

// "high": as configurations name it.
absl::string_view SeverityName(ReasonSeverity severity);

// What seeing such content does to whoever reviews it; orders from nothing to
// worst. On disk; never renumbered.
enum class Exposure : uint8_t { kNone = 1, kText, kGraphic, kChildSafety };
inline constexpr Exposure kExposures[] = {Exposure::kNone, Exposure::kText,
                                          Exposure::kGraphic,
                                          Exposure::kChildSafety};

// The policy area whose cases need a permission of their own.
inline constexpr char kChildSafetyArea[] = "child_safety";

// "graphic": as configurations and audit entries name it.
absl::string_view ExposureName(Exposure exposure);

struct ReportReason {
  absl::string_view key;          // "harassment.targeted"
  absl::string_view policy_area;  // "harassment": cases merge within one
  absl::string_view title;        // for people
  ReasonSeverity severity;
  UnixMillis deadline;      // service level to first decision
  Exposure exposure;        // what its evidence counts as when it is revealed
  absl::string_view queue;  // where its cases wait unless a rule says otherwise
  bool second_person;       // whether a decision needs somebody's approval
  // Whether the caps for reports that prove nothing do not hold: a life or a
  // child is at risk while somebody waits for a proof.
  bool trusted_unproven;
};

// What a report that proves nothing begins a case with at most, so that a crowd
// with nothing in its hands does not lead the queue.
struct UnprovenCaps {
  ReasonSeverity max_severity = ReasonSeverity::kMedium;
  UnixMillis min_deadline = 24 * kHour;
};

// All reasons of version 1, in the order in which people should see them.
absl::Span<const ReportReason> ReportReasons();

// Returns the reason of version 1 or null.
const ReportReason* FindReportReason(absl::string_view key, uint32_t version);

// A reason that owns its texts.
struct ReasonText {
  std::string key;
  std::string policy_area;
  std::string title;
  ReasonSeverity severity = ReasonSeverity::kLow;
  UnixMillis deadline = 0;
  Exposure exposure = Exposure::kNone;
  std::string queue;
  bool second_person = false;
  bool trusted_unproven = false;
};

// The versions of the table: the built-in one and those that were added. Once
// filled, only read, then thread-safe.
class ReasonTable {
 public:
  // kInvalidArgument names the field and the rule.
  absl::Status AddVersion(uint32_t version, std::vector<ReasonText> reasons);

  // Of all versions.
  void SetUnprovenCaps(const UnprovenCaps& caps) { caps_ = caps; }
  const UnprovenCaps& unproven_caps() const { return caps_; }

  uint32_t newest() const;
  // Empty for a version that is not known.
  absl::Span<const ReportReason> Reasons(uint32_t version) const;
  // Returns the reason, valid as long as the table, or null.
  const ReportReason* Find(absl::string_view key, uint32_t version) const;

 private:
  struct Version {
    uint32_t number = 0;
    std::vector<ReasonText> texts;
    std::vector<ReportReason> reasons;
  };
  // By pointer: the reasons are views of the texts.
  std::vector<std::unique_ptr<Version>> versions_;
  UnprovenCaps caps_;
};

}  // namespace frank

#endif  // FRANK_CORE_TAXONOMY_H_
