// Entries of the audit log, and details alone. What parses with details that
// writers may use must serialize to the same bytes.
#include <cstddef>
#include <cstdint>

#include "core/status.h"
#include "crypto/audit_entry.h"
#include "crypto/canonical_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using frank::ByteSpan;
  using frank::crypto::IsCanonicalJsonObject;
  using frank::crypto::JsonShape;
  ByteSpan input(data, size);
  auto entry = frank::crypto::ParseAuditEntry(input);
  if (entry.ok() && frank::crypto::CheckAuditDetails(entry->details).ok()) {
    auto again = frank::crypto::Serialize(*entry);
    FRANK_CHECK(again.ok() && ByteSpan(*again) == input);
  }
  absl::string_view text = frank::AsText(input);
  if (IsCanonicalJsonObject(text, JsonShape::kFlat)) {
    FRANK_CHECK(IsCanonicalJsonObject(text, JsonShape::kAny));
  }
  return 0;
}
