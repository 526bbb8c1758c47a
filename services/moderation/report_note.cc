#include "services/moderation/report_note.h"

#include "absl/strings/str_cat.h"
#include "core/status.h"

namespace frank::moderation {
namespace {

std::string PlaceOf(const storage::ReportRef& report) {
  return absl::StrCat("note", storage::schema::IntakeReportKey(report));
}

}  // namespace

absl::StatusOr<std::string> SealNote(RandomSource& random, const DataKey& key,
                                     const storage::ReportRef& report,
                                     absl::string_view note) {
  return key.Seal(random, PlaceOf(report), AsBytes(note));
}

absl::StatusOr<std::string> OpenNote(const DataKey& key,
                                     const storage::ReportRef& report,
                                     absl::string_view ciphertext) {
  FRANK_ASSIGN_OR_RETURN(crypto::Secret note,
                         key.Open(PlaceOf(report), ciphertext));
  return ToString(note.bytes());
}

}  // namespace frank::moderation
