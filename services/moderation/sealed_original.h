// The sealed report as it is kept: only under its own data key, in pieces that
// a storage engine takes well.
#ifndef FRANK_SERVICES_MODERATION_SEALED_ORIGINAL_H_
#define FRANK_SERVICES_MODERATION_SEALED_ORIGINAL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "services/moderation/key_vault.h"

namespace frank::moderation {

// Plaintext bytes of a stored piece, of reports and of evidence alike.
inline constexpr size_t kPieceBytes = 512u << 10;

// Encrypts the sealed bytes; there is at least one piece.
absl::StatusOr<std::vector<std::string>> SealOriginal(
    RandomSource& random, const DataKey& key, const storage::ReportRef& report,
    absl::string_view sealed);

// Returns the sealed bytes. kDataLoss when a piece does not open.
absl::StatusOr<Bytes> OpenOriginal(const DataKey& key,
                                   const storage::ReportRef& report,
                                   const std::vector<std::string>& pieces);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_SEALED_ORIGINAL_H_
