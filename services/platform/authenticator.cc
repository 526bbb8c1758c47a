#include "services/platform/authenticator.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "storage/account_store.h"

namespace frank::platform {
namespace {

constexpr char kTokenPrefix[] = "frank_";
constexpr size_t kTokenBytes = 32;

absl::Status Unknown() {
  return WithReason(
      absl::UnauthenticatedError("the token is missing, unknown or replaced"),
      "CREDENTIAL_INVALID");
}

absl::Status NotForThis() {
  return WithReason(
      absl::PermissionDeniedError("the credential is not for this method"),
      "NOT_PERMITTED");
}

}  // namespace

std::string NewToken(RandomSource& random) {
  return absl::StrCat(kTokenPrefix, absl::WebSafeBase64Escape(
                                        AsText(random.Draw<kTokenBytes>())));
}

storage::TokenHash HashToken(absl::string_view token) {
  return storage::TokenHash(crypto::Sha256({AsBytes(token)}));
}

Authenticator::Authenticator(storage::Engine& engine, const Clock& clock,
                             std::vector<StampCredential> credentials)
    : engine_(engine), tokens_(engine), clock_(clock) {
  for (StampCredential& credential : credentials) {
    storage::TokenHash hash = credential.token_hash;
    credentials_.emplace(hash, std::move(credential));
  }
}

absl::StatusOr<Principal> Authenticator::Authenticate(
    const services::Call& call) {
  if (call.bearer_token.empty()) return Unknown();
  // Looked up by hash: no comparison depends on how much of a token is right.
  storage::TokenHash hash = HashToken(call.bearer_token);
  auto credential = credentials_.find(hash);
  if (credential != credentials_.end()) return Principal(&credential->second);

  FRANK_ASSIGN_OR_RETURN(TokenCache::Token token, tokens_.Find(hash));
  if (token == nullptr) return Unknown();
  if (token->valid_until() != 0 && clock_.Now() >= token->valid_until()) {
    return Unknown();
  }
  if (!token->replaces().empty()) {
    // The next use tries again if this fails.
    storage::RunTransaction(
        engine_,
        [hash](storage::Transaction& transaction) {
          return storage::EndReplacedToken(transaction, hash);
        },
        [](absl::Status) {});
  }
  return Principal(Device{
      token->account_uri(),
      DeviceId(ToArray<DeviceId::kSize>(AsBytes(token->device_id()))),
      storage::MailboxId(
          ToArray<storage::MailboxId::kSize>(AsBytes(token->mailbox_id())))});
}

absl::StatusOr<Device> Authenticator::AuthenticateDevice(
    const services::Call& call) {
  FRANK_ASSIGN_OR_RETURN(Principal principal, Authenticate(call));
  if (Device* device = absl::get_if<Device>(&principal)) {
    return std::move(*device);
  }
  return NotForThis();
}

absl::StatusOr<const StampCredential*> Authenticator::AuthenticateStamp(
    const services::Call& call) {
  FRANK_ASSIGN_OR_RETURN(Principal principal, Authenticate(call));
  if (auto* credential = absl::get_if<const StampCredential*>(&principal)) {
    return *credential;
  }
  return NotForThis();
}

}  // namespace frank::platform
