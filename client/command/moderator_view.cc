#include "client/command/moderator_view.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

std::string SourceText(v1::ModeratorSource source) {
  return EnumText(v1::ModeratorSource_Name(source), "MODERATOR_SOURCE_");
}

std::vector<std::string> RoleTexts(const v1::Moderator& moderator) {
  std::vector<std::string> roles;
  for (int role : moderator.role()) {
    roles.push_back(RoleText(static_cast<v1::ModeratorRole>(role)));
  }
  return roles;
}

std::vector<std::string> OptOutTexts(const v1::Moderator& moderator) {
  std::vector<std::string> categories;
  for (int category : moderator.opted_out()) {
    categories.push_back(
        ExposureText(static_cast<v1::ExposureCategory>(category)));
  }
  return categories;
}

}  // namespace

std::string RoleText(v1::ModeratorRole role) {
  return EnumText(v1::ModeratorRole_Name(role), "MODERATOR_ROLE_");
}
std::string ExposureText(v1::ExposureCategory category) {
  return EnumText(v1::ExposureCategory_Name(category), "EXPOSURE_CATEGORY_");
}

absl::StatusOr<v1::ModeratorRole> ParseRoleText(const std::string& name) {
  for (int role = v1::MODERATOR_ROLE_REVIEWER; role <= v1::ModeratorRole_MAX;
       ++role) {
    auto value = static_cast<v1::ModeratorRole>(role);
    if (RoleText(value) == name) return value;
  }
  return FieldError("--role",
                    "must be reviewer, senior, auditor or administrator");
}

absl::StatusOr<v1::ExposureCategory> ParseExposureText(
    const std::string& name) {
  for (int category = v1::EXPOSURE_CATEGORY_TEXT;
       category <= v1::ExposureCategory_MAX; ++category) {
    auto value = static_cast<v1::ExposureCategory>(category);
    if (ExposureText(value) == name) return value;
  }
  return FieldError("CATEGORY", "must be text, graphic or child_safety");
}

JsonObject ModeratorJson(const v1::Moderator& moderator) {
  JsonObject object;
  object.Text("kind", "moderator")
      .Text("id", moderator.id())
      .Text("source", SourceText(moderator.source()))
      .Texts("roles", RoleTexts(moderator))
      .Bool("child_safety", moderator.child_safety())
      .Texts("linked_accounts", {moderator.linked_account().begin(),
                                 moderator.linked_account().end()})
      .Bool("disabled", moderator.disabled())
      .Number("added_at", moderator.added_at())
      .Texts("opted_out", OptOutTexts(moderator));
  return object;
}

JsonObject ExposureJson(const v1::Exposure& exposure) {
  std::vector<JsonObject> categories;
  for (const v1::CategoryExposure& category : exposure.category()) {
    JsonObject object;
    object.Text("category", ExposureText(category.category()))
        .Number("pieces", category.pieces())
        .Number("budget", category.budget())
        .Bool("opted_out", category.opted_out());
    categories.push_back(std::move(object));
  }
  JsonObject object;
  object.Text("kind", "exposure")
      .Number("shift_started_at", exposure.shift_started_at())
      .Number("shift_ends_at", exposure.shift_ends_at())
      .Objects("categories", categories)
      .Number("load", exposure.load())
      .Number("break_due_load", exposure.break_due_load())
      .Number("break_until", exposure.break_until());
  return object;
}

std::string ModeratorLine(const v1::Moderator& moderator) {
  std::string line = absl::StrFormat(
      "%-20s  %-13s  %s%s", Printable(moderator.id()),
      SourceText(moderator.source()),
      moderator.role().empty() ? "no role"
                               : absl::StrJoin(RoleTexts(moderator), ", "),
      moderator.child_safety() ? ", child safety" : "");
  if (moderator.disabled()) absl::StrAppend(&line, "  DISABLED");
  for (const std::string& account : moderator.linked_account()) {
    absl::StrAppend(&line, "  linked to ", Printable(account));
  }
  return line;
}

std::string ExposureLines(const v1::Exposure& exposure, UnixMillis now) {
  std::string text = exposure.shift_started_at() == 0
                         ? "Shown so far: nothing, no shift runs"
                         : absl::StrCat("Shown in the shift until ",
                                        FormatTime(exposure.shift_ends_at()));
  for (const v1::CategoryExposure& category : exposure.category()) {
    absl::StrAppendFormat(&text, "\n  %-12s  %d of %d pieces%s",
                          ExposureText(category.category()), category.pieces(),
                          category.budget(),
                          category.opted_out() ? ", opted out" : "");
  }
  if (exposure.break_until() > now) {
    absl::StrAppend(&text, "\n  a break is due for ",
                    FormatDuration(exposure.break_until() - now));
  } else {
    absl::StrAppendFormat(&text, "\n  %d of the %d that make a break due",
                          exposure.load(), exposure.break_due_load());
  }
  return text;
}

}  // namespace frank::client
