#include "client/command/evidence_keys.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "core/uri.h"
#include "proto/evidence_keys.h"
#include "proto/files.h"

namespace frank::client {
namespace {

absl::StatusOr<crypto::FrankingKeys> LoadFrankingKeys(
    const std::string& path, const crypto::Ed25519PublicKey& moderation,
    UnixMillis now) {
  FRANK_ASSIGN_OR_RETURN(crypto::SignedRecord file,
                         wire::LoadSignedRecord(path));
  absl::StatusOr<crypto::FrankingKeys> keys =
      crypto::ParseFrankingKeys(file.record);
  if (keys.ok()) {
    keys = crypto::OpenFrankingKeys(keys->authority, file.record,
                                    file.signature, moderation,
                                    /*previous=*/nullptr, now);
  }
  if (keys.ok()) return keys;
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": must hold franking keys that moderation signed"));
}

}  // namespace

const crypto::FrankingWindow* EvidenceKeys::FindWindow(
    absl::string_view room_uri, UnixMillis time) const {
  const absl::string_view authority = AuthorityOf(room_uri);
  for (const crypto::FrankingKeys& keys : franking) {
    if (keys.authority != authority) continue;
    if (const auto* window = keys.FindWindow(time)) return window;
  }
  return nullptr;
}

std::vector<Option> EvidenceKeyOptions() {
  return {{"recipient-key", "FILE", "your own private key", true},
          {"moderation-key", "FILE", "moderation's identity public key", true},
          AuditKeyOption(),
          {"franking-keys", "FILE",
           "the platform's public keys as moderation signed them; without "
           "them its signatures are not checked",
           /*required=*/false, /*repeated=*/true}};
}

absl::StatusOr<EvidenceKeys> LoadEvidenceKeys(const Args& args,
                                              UnixMillis now) {
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey recipient,
                         wire::LoadRecipientKey(args.Get("recipient-key")));
  FRANK_ASSIGN_OR_RETURN(
      Bytes identity,
      wire::LoadPublicKey(args.Get("moderation-key"), "identity"));
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PublicKey moderation,
                         crypto::Ed25519PublicKey::Create(identity));
  FRANK_ASSIGN_OR_RETURN(AuditKeyring log, AuditKeyring::FromArgs(args));
  EvidenceKeys keys{
      std::move(recipient), std::move(moderation), std::move(log), {}};
  for (const std::string& path : args.All("franking-keys")) {
    FRANK_ASSIGN_OR_RETURN(crypto::FrankingKeys franking,
                           LoadFrankingKeys(path, keys.moderation, now));
    keys.franking.push_back(std::move(franking));
  }
  return keys;
}

}  // namespace frank::client
