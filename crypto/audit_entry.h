// Entries of the audit log (protocol section 8).
#ifndef FRANK_CRYPTO_AUDIT_ENTRY_H_
#define FRANK_CRYPTO_AUDIT_ENTRY_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"

namespace frank::crypto {

// u8(1) || u64(time) || vec(actor) || vec(act) || vec(subject) || vec(details)
// actor, act and subject are non-empty UTF-8; details is a canonical JSON
// object. Ids, enums and hashes of ciphertext, sealed bytes or tags: never
// anything of content.
struct AuditEntry {
  UnixMillis time = 0;
  std::string actor;    // "moderator:7"
  std::string act;      // "case.claimed"
  std::string subject;  // "case:00ff"
  std::string details = "{}";
};

// kInvalidArgument on a field outside the rules above, and unless details keep
// the narrower rule of CheckAuditDetails, which is the document's for writers.
absl::StatusOr<Bytes> Serialize(const AuditEntry& entry);
// kInvalidArgument on a field outside the rules above. Details of any canonical
// object are read, so that the log of another writer can be.
absl::StatusOr<AuditEntry> ParseAuditEntry(ByteSpan bytes);

// Checks that `json` is one object in the canonical form of RFC 8785 with ASCII
// keys, whose values are strings, booleans and integers of magnitude below 2^53
// only. kInvalidArgument "details".
absl::Status CheckAuditDetails(absl::string_view json);

// Where moderation's acts have their number among their subject's, from 1 on,
// so that what the log holds says by itself whether something is missing.
inline constexpr char kActNumber[] = "act_number";
// The act's number; none unless details keep the narrower rule and have one.
absl::optional<uint64_t> FindActNumber(const AuditEntry& entry);

// Builds the details in canonical form. Keys are ASCII, a key set again
// replaces; strings are UTF-8, integers below 2^53 (else Json aborts: these are
// the program's own). Not thread-safe.
class AuditDetails {
 public:
  AuditDetails& Set(absl::string_view key, absl::string_view text);
  AuditDetails& Set(absl::string_view key, const char* text) {
    return Set(key, absl::string_view(text));
  }
  AuditDetails& Set(absl::string_view key, uint64_t integer);
  AuditDetails& SetBool(absl::string_view key, bool value);
  // Lower-case hex of the bytes.
  AuditDetails& SetHex(absl::string_view key, ByteSpan bytes);
  std::string Json() const;

 private:
  std::map<std::string, std::string> values_;  // key to canonical value
};

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_AUDIT_ENTRY_H_
