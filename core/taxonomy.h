// Report reasons, version 1: two levels, with what each starts a case with.
// Reports name a reason by its text key; a key is never renamed or reused.
#ifndef FRANK_CORE_TAXONOMY_H_
#define FRANK_CORE_TAXONOMY_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/clock.h"

namespace frank {

inline constexpr uint32_t kTaxonomyVersion = 1;

// How bad it is if true; orders the queue.
enum class ReasonSeverity : uint8_t { kLow = 1, kMedium, kHigh, kCritical };

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
  UnixMillis deadline;  // service level to first decision
  Exposure exposure;    // what its evidence counts as when it is revealed
};

// All reasons, in the order in which people should see them.
absl::Span<const ReportReason> ReportReasons();

// Returns the reason or null.
const ReportReason* FindReportReason(absl::string_view key, uint32_t version);

}  // namespace frank

#endif  // FRANK_CORE_TAXONOMY_H_
