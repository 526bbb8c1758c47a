#include "storage/evidence_package_schema.h"

#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kExport = 0xE8,
  kExportPlace = 0xE9,
  kCaseExport = 0xEA,
};

}  // namespace

std::string ExportKey(const ExportId& id) {
  return Key(kExport).Raw(id.bytes()).Take();
}
std::string ExportPlaceKey(UnixMillis requested_at, const ExportId& id) {
  return Key(kExportPlace).U64(~requested_at).Raw(id.bytes()).Take();
}
KeyRange ExportPlaces() { return Key(kExportPlace).Range(); }
std::string CaseExportKey(const CaseId& case_id, UnixMillis requested_at,
                          const ExportId& id) {
  return Key(kCaseExport)
      .Raw(case_id.bytes())
      .U64(~requested_at)
      .Raw(id.bytes())
      .Take();
}
KeyRange CaseExports(const CaseId& case_id) {
  return Key(kCaseExport).Raw(case_id.bytes()).Range();
}

absl::StatusOr<ExportId> TrailingExportId(absl::string_view key) {
  if (key.size() < ExportId::kSize) {
    return absl::DataLossError("a stored key is damaged");
  }
  return ExportId(ToArray<ExportId::kSize>(
      AsBytes(key.substr(key.size() - ExportId::kSize))));
}

}  // namespace frank::storage::schema
