#include "core/taxonomy.h"

namespace frank {
namespace {

using S = ReasonSeverity;
using E = Exposure;

constexpr ReportReason kReasons[] = {
    {"child_safety.sexual_abuse", "child_safety", "Sexual abuse of a child",
     S::kCritical, 15 * kMinute, E::kChildSafety},
    {"child_safety.grooming", "child_safety", "Grooming", S::kCritical,
     15 * kMinute, E::kChildSafety},
    {"child_safety.sextortion", "child_safety", "Sextortion of a minor",
     S::kCritical, 15 * kMinute, E::kChildSafety},
    {"child_safety.privacy", "child_safety", "A minor's privacy", S::kHigh,
     4 * kHour, E::kChildSafety},
    {"child_safety.other", "child_safety", "Another danger to a child",
     S::kCritical, 30 * kMinute, E::kChildSafety},
    {"sexual.intimate_images", "sexual", "Intimate images without consent",
     S::kHigh, 48 * kHour, E::kGraphic},
    {"sexual.sextortion", "sexual", "Sextortion", S::kHigh, 12 * kHour,
     E::kGraphic},
    {"sexual.unwanted", "sexual", "Unwanted sexual content", S::kMedium,
     48 * kHour, E::kGraphic},
    {"sexual.deepfake", "sexual", "Sexual deepfake", S::kHigh, 48 * kHour,
     E::kGraphic},
    {"violence.threat", "violence", "Threat of violence", S::kCritical,
     30 * kMinute, E::kText},
    {"violence.incitement", "violence", "Incitement to violence", S::kHigh,
     4 * kHour, E::kText},
    {"violence.extremism", "violence", "Violent extremism", S::kHigh, 4 * kHour,
     E::kGraphic},
    {"violence.trafficking", "violence", "Human trafficking", S::kCritical,
     1 * kHour, E::kGraphic},
    {"violence.animal_cruelty", "violence", "Cruelty to animals", S::kMedium,
     48 * kHour, E::kGraphic},
    {"harassment.targeted", "harassment", "Targeted harassment", S::kMedium,
     24 * kHour, E::kText},
    {"harassment.hate", "harassment", "Hate", S::kHigh, 24 * kHour, E::kText},
    {"harassment.doxxing", "harassment", "Publishing private information",
     S::kHigh, 12 * kHour, E::kText},
    {"harassment.trolling", "harassment", "Trolling", S::kLow, 72 * kHour,
     E::kText},
    {"self_harm.risk", "self_harm", "Somebody may harm themselves",
     S::kCritical, 30 * kMinute, E::kGraphic},
    {"self_harm.promotion", "self_harm", "Promotion of self-harm", S::kHigh,
     12 * kHour, E::kGraphic},
    {"deception.spam", "deception", "Spam", S::kLow, 72 * kHour, E::kText},
    {"deception.scam", "deception", "Scam or fraud", S::kMedium, 24 * kHour,
     E::kText},
    {"deception.impersonation", "deception", "Impersonation", S::kMedium,
     24 * kHour, E::kText},
    {"deception.phishing", "deception", "Phishing", S::kMedium, 24 * kHour,
     E::kText},
    {"deception.malware", "deception", "Malware", S::kHigh, 12 * kHour,
     E::kText},
    {"illegal_goods.drugs", "illegal_goods", "Drugs", S::kMedium, 48 * kHour,
     E::kText},
    {"illegal_goods.weapons", "illegal_goods", "Weapons", S::kHigh, 24 * kHour,
     E::kText},
    {"illegal_goods.other", "illegal_goods", "Other illegal goods", S::kMedium,
     48 * kHour, E::kText},
    {"rule_breaking.ban_evasion", "rule_breaking", "Evading a suspension",
     S::kMedium, 48 * kHour, E::kNone},
    {"rule_breaking.other", "rule_breaking", "Something else", S::kLow,
     72 * kHour, E::kText},
};

}  // namespace

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

}  // namespace frank
