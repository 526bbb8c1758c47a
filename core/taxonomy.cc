#include "core/taxonomy.h"

#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank {
namespace {

using S = ReasonSeverity;
using E = Exposure;

constexpr ReportReason kReasons[] = {
    {"child_safety.sexual_abuse", "child_safety", "Sexual abuse of a child",
     S::kCritical, 15 * kMinute, E::kChildSafety, "child-safety", true, true},
    {"child_safety.grooming", "child_safety", "Grooming", S::kCritical,
     15 * kMinute, E::kChildSafety, "child-safety", true, true},
    {"child_safety.sextortion", "child_safety", "Sextortion of a minor",
     S::kCritical, 15 * kMinute, E::kChildSafety, "child-safety", true, true},
    {"child_safety.privacy", "child_safety", "A minor's privacy", S::kHigh,
     4 * kHour, E::kChildSafety, "child-safety", false, false},
    {"child_safety.other", "child_safety", "Another danger to a child",
     S::kCritical, 30 * kMinute, E::kChildSafety, "child-safety", false, true},
    {"sexual.intimate_images", "sexual", "Intimate images without consent",
     S::kHigh, 48 * kHour, E::kGraphic, "sexual", false, false},
    {"sexual.sextortion", "sexual", "Sextortion", S::kHigh, 12 * kHour,
     E::kGraphic, "sexual", false, false},
    {"sexual.unwanted", "sexual", "Unwanted sexual content", S::kMedium,
     48 * kHour, E::kGraphic, "sexual", false, false},
    {"sexual.deepfake", "sexual", "Sexual deepfake", S::kHigh, 48 * kHour,
     E::kGraphic, "sexual", false, false},
    {"violence.threat", "violence", "Threat of violence", S::kCritical,
     30 * kMinute, E::kText, "harm", false, true},
    {"violence.incitement", "violence", "Incitement to violence", S::kHigh,
     4 * kHour, E::kText, "harm", false, false},
    {"violence.extremism", "violence", "Violent extremism", S::kHigh, 4 * kHour,
     E::kGraphic, "harm", false, false},
    {"violence.trafficking", "violence", "Human trafficking", S::kCritical,
     1 * kHour, E::kGraphic, "harm", true, false},
    {"violence.animal_cruelty", "violence", "Cruelty to animals", S::kMedium,
     48 * kHour, E::kGraphic, "harm", false, false},
    {"harassment.targeted", "harassment", "Targeted harassment", S::kMedium,
     24 * kHour, E::kText, "harassment", false, false},
    {"harassment.hate", "harassment", "Hate", S::kHigh, 24 * kHour, E::kText,
     "harassment", false, false},
    {"harassment.doxxing", "harassment", "Publishing private information",
     S::kHigh, 12 * kHour, E::kText, "harassment", false, false},
    {"harassment.trolling", "harassment", "Trolling", S::kLow, 72 * kHour,
     E::kText, "harassment", false, false},
    {"self_harm.risk", "self_harm", "Somebody may harm themselves",
     S::kCritical, 30 * kMinute, E::kGraphic, "harm", false, true},
    {"self_harm.promotion", "self_harm", "Promotion of self-harm", S::kHigh,
     12 * kHour, E::kGraphic, "harm", false, false},
    {"deception.spam", "deception", "Spam", S::kLow, 72 * kHour, E::kText,
     "deception", false, false},
    {"deception.scam", "deception", "Scam or fraud", S::kMedium, 24 * kHour,
     E::kText, "deception", false, false},
    {"deception.impersonation", "deception", "Impersonation", S::kMedium,
     24 * kHour, E::kText, "deception", false, false},
    {"deception.phishing", "deception", "Phishing", S::kMedium, 24 * kHour,
     E::kText, "deception", false, false},
    {"deception.malware", "deception", "Malware", S::kHigh, 12 * kHour,
     E::kText, "deception", false, false},
    {"illegal_goods.drugs", "illegal_goods", "Drugs", S::kMedium, 48 * kHour,
     E::kText, "general", false, false},
    {"illegal_goods.weapons", "illegal_goods", "Weapons", S::kHigh, 24 * kHour,
     E::kText, "general", false, false},
    {"illegal_goods.other", "illegal_goods", "Other illegal goods", S::kMedium,
     48 * kHour, E::kText, "general", false, false},
    {"rule_breaking.ban_evasion", "rule_breaking", "Evading a suspension",
     S::kMedium, 48 * kHour, E::kNone, "general", false, false},
    {"rule_breaking.other", "rule_breaking", "Something else", S::kLow,
     72 * kHour, E::kText, "general", false, false},
};

absl::Status CheckReason(const ReasonText& text) {
  absl::string_view word = text.key;
  if (text.policy_area.empty() ||
      !absl::ConsumePrefix(&word, text.policy_area + ".") || word.empty()) {
    return FieldError("reason.key", "must be policy_area, '.', and a word");
  }
  if (text.key.size() > limits::kMaxReasonBytes) {
    return FieldError("reason.key", "is too long");
  }
  for (char c : text.key) {
    if (!absl::ascii_islower(c) && c != '_' && c != '.') {
      return FieldError("reason.key", "must be of a-z, '_', '.'");
    }
  }
  if (text.title.empty()) return FieldError("reason.title", "must be set");
  if (text.deadline == 0) {
    return FieldError("reason.time_to_decide_ms", "must be set");
  }
  if (text.queue.empty()) return FieldError("reason.queue", "must be set");
  return absl::OkStatus();
}

}  // namespace

absl::string_view SeverityName(ReasonSeverity severity) {
  switch (severity) {
    case ReasonSeverity::kLow:
      return "low";
    case ReasonSeverity::kMedium:
      return "medium";
    case ReasonSeverity::kHigh:
      return "high";
    case ReasonSeverity::kCritical:
      return "critical";
  }
  return "";
}

absl::string_view ExposureName(Exposure exposure) {
  switch (exposure) {
    case Exposure::kNone:
      return "none";
    case Exposure::kText:
      return "text";
    case Exposure::kGraphic:
      return "graphic";
    case Exposure::kChildSafety:
      return "child_safety";
  }
  return "";
}

absl::Span<const ReportReason> ReportReasons() { return kReasons; }

const ReportReason* FindReportReason(absl::string_view key, uint32_t version) {
  if (version != kTaxonomyVersion) return nullptr;
  for (const ReportReason& reason : kReasons) {
    if (reason.key == key) return &reason;
  }
  return nullptr;
}

absl::Status ReasonTable::AddVersion(uint32_t version,
                                     std::vector<ReasonText> reasons) {
  if (version <= newest()) return FieldError("version", "must ascend from 2");
  if (reasons.empty()) return FieldError("reason", "must not be empty");
  auto added = std::make_unique<Version>();
  added->number = version;
  added->texts = std::move(reasons);
  std::set<absl::string_view> keys;
  for (const ReasonText& text : added->texts) {
    FRANK_RETURN_IF_ERROR(CheckReason(text));
    if (!keys.insert(text.key).second) {
      return FieldError("reason.key", "must occur once");
    }
    added->reasons.push_back(
        {text.key, text.policy_area, text.title, text.severity, text.deadline,
         text.exposure, text.queue, text.second_person, text.trusted_unproven});
  }
  versions_.push_back(std::move(added));
  return absl::OkStatus();
}

uint32_t ReasonTable::newest() const {
  return versions_.empty() ? kTaxonomyVersion : versions_.back()->number;
}

absl::Span<const ReportReason> ReasonTable::Reasons(uint32_t version) const {
  if (version == kTaxonomyVersion) return kReasons;
  for (const auto& known : versions_) {
    if (known->number == version) return known->reasons;
  }
  return {};
}

const ReportReason* ReasonTable::Find(absl::string_view key,
                                      uint32_t version) const {
  for (const ReportReason& reason : Reasons(version)) {
    if (reason.key == key) return &reason;
  }
  return nullptr;
}

}  // namespace frank
