#include "services/moderation/sealed_original.h"

#include "core/status.h"

namespace frank::moderation {

absl::StatusOr<std::vector<std::string>> SealOriginal(
    RandomSource& random, const DataKey& key, const storage::ReportRef& report,
    absl::string_view sealed) {
  std::vector<std::string> pieces;
  do {
    absl::string_view plain = sealed.substr(0, kPieceBytes);
    sealed.remove_prefix(plain.size());
    std::string place = storage::schema::SealedPieceKey(
        report, static_cast<uint32_t>(pieces.size()));
    FRANK_ASSIGN_OR_RETURN(std::string piece,
                           key.Seal(random, place, AsBytes(plain)));
    pieces.push_back(std::move(piece));
  } while (!sealed.empty());
  return pieces;
}

absl::StatusOr<Bytes> OpenOriginal(const DataKey& key,
                                   const storage::ReportRef& report,
                                   const std::vector<std::string>& pieces) {
  Bytes sealed;
  for (uint32_t i = 0; i < pieces.size(); ++i) {
    std::string place = storage::schema::SealedPieceKey(report, i);
    FRANK_ASSIGN_OR_RETURN(crypto::Secret plain, key.Open(place, pieces[i]));
    sealed.insert(sealed.end(), plain.bytes().begin(), plain.bytes().end());
  }
  return sealed;
}

}  // namespace frank::moderation
