#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/keys_files.h"
#include "client/command/keys_inspect.h"
#include "client/command/text.h"
#include "core/status.h"
#include "crypto/evidence.h"
#include "crypto/receipt.h"
#include "proto/evidence_keys.h"

namespace frank::client {
namespace {

constexpr size_t kSecretBytes = 32;

absl::Status Wrong(absl::string_view path, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", what));
}

// Checks one file after the other and remembers what they must agree on.
class Checker {
 public:
  Checker(UnixMillis now, absl::optional<crypto::Ed25519PublicKey> identity)
      : now_(now), identity_(std::move(identity)) {}

  absl::Status Check(const std::string& path) {
    FRANK_ASSIGN_OR_RETURN(AnyKeyFile file, ReadAnyKeyFile(path));
    return absl::visit(
        [&](const auto& content) { return CheckContent(path, content); }, file);
  }

 private:
  absl::Status CheckContent(const std::string& path, const RingFile& file) {
    FRANK_ASSIGN_OR_RETURN(crypto::KeyRing ring,
                           wire::LoadKeyRing(path, file.holder()));
    const crypto::KeyRing::Window* current = ring.FindWindow(now_);
    if (current == nullptr || current->tombstone) {
      return Wrong(path, "no window holds the present time");
    }
    return Agree(path, ring.authority(), ring.PublicWindows());
  }

  absl::Status CheckContent(const std::string& path,
                            const wire::Cleansed<config::v1::ReviewKey>&) {
    return wire::LoadReviewKey(path).status();
  }

  absl::Status CheckContent(const std::string& path,
                            const config::v1::SignedRecord&) {
    FRANK_ASSIGN_OR_RETURN(crypto::SignedRecord file,
                           wire::LoadSignedRecord(path));
    absl::StatusOr<crypto::FrankingKeys> keys =
        crypto::ParseFrankingKeys(file.record);
    if (keys.ok()) {
      FRANK_RETURN_IF_ERROR(CheckSignature(path, file, "FrankRingTBS"));
      return Agree(path, keys->authority, keys->windows);
    }
    if (crypto::ParseReceiptKeyRecord(file.record).ok()) {
      return CheckSignature(path, file, "FrankReceiptKeyTBS");
    }
    if (crypto::ParseEvidenceKeyRecord(file.record).ok()) {
      return CheckSignature(path, file, "FrankEvidenceKeyTBS");
    }
    if (!crypto::ParseReviewKeyRecord(file.record).ok()) {
      return Wrong(path,
                   "record: is no review key, receipt key, evidence key or "
                   "franking keys");
    }
    return CheckSignature(path, file, "FrankReviewKeyTBS");
  }

  absl::Status CheckContent(const std::string& path,
                            const wire::Cleansed<config::v1::SecretKey>& file) {
    FRANK_ASSIGN_OR_RETURN(
        crypto::Secret seed,
        wire::LoadSecretKey(path, file->purpose(), kSecretBytes));
    if (file->purpose() != "audit") return absl::OkStatus();
    FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey key,
                           crypto::Ed25519PrivateKey::FromSeed(seed));
    return AgreeOnAudit(path, key.public_key());
  }

  absl::Status CheckContent(const std::string& path,
                            const config::v1::PublicKey& file) {
    FRANK_ASSIGN_OR_RETURN(Bytes key,
                           wire::LoadPublicKey(path, file.purpose()));
    if (file.purpose() == wire::kRecipientPurpose) {
      return wire::LoadRecipientPublicKey(path).status();
    }
    absl::Status loaded = crypto::Ed25519PublicKey::Create(key).status();
    return loaded.ok() ? loaded : Wrong(path, loaded.message());
  }

  absl::Status CheckContent(const std::string& path,
                            const crypto::CheckpointVerifier& verifier) {
    return AgreeOnAudit(path, verifier.key());
  }

  // Records may be for later or have ended; only the signature is asked here.
  absl::Status CheckSignature(const std::string& path,
                              const crypto::SignedRecord& file,
                              absl::string_view label) const {
    if (!identity_) return absl::OkStatus();
    if (identity_->VerifyWithLabel(label, file.record, file.signature).ok()) {
      return absl::OkStatus();
    }
    return Wrong(path, "signature: is not that of the identity key");
  }

  // Windows of one authority that have not ended are the same everywhere.
  absl::Status Agree(const std::string& path, const std::string& authority,
                     std::vector<crypto::FrankingWindow> windows) {
    std::vector<crypto::FrankingWindow> lasting;
    for (crypto::FrankingWindow& window : windows) {
      if (window.not_after > now_) lasting.push_back(std::move(window));
    }
    auto [it, fresh] = seen_.emplace(authority, Seen{path, lasting});
    if (fresh || it->second.windows == lasting) return absl::OkStatus();
    return Wrong(path, absl::StrCat("has other windows for ", authority,
                                    " than ", it->second.path));
  }

  // The audit key's two halves, where both are there.
  absl::Status AgreeOnAudit(const std::string& path,
                            const crypto::Ed25519PublicKey& key) {
    if (!audit_) audit_ = SeenAudit{path, key};
    if (audit_->key == key) return absl::OkStatus();
    return Wrong(path, absl::StrCat("is of another key than ", audit_->path));
  }

  struct SeenAudit {
    std::string path;
    crypto::Ed25519PublicKey key;
  };
  absl::optional<SeenAudit> audit_;

  struct Seen {
    std::string path;
    std::vector<crypto::FrankingWindow> windows;
  };
  const UnixMillis now_;
  const absl::optional<crypto::Ed25519PublicKey> identity_;
  std::map<std::string, Seen> seen_;
};

void PrintResult(const Invocation& in, const std::string& path,
                 const absl::Status& status) {
  JsonObject object;
  object.Text("kind", "check").Text("path", path).Bool("ok", status.ok());
  if (!status.ok()) object.Text("problem", status.message());
  in.out.Print(object, status.ok()
                           ? absl::StrCat("ok       ", path)
                           : absl::StrCat("problem  ", status.message()));
}

}  // namespace

absl::Status RunCheck(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      in.args.RequirePositionals(1, in.args.positionals().size(), "FILE"));
  absl::optional<crypto::Ed25519PublicKey> identity;
  if (in.args.Has("identity-public")) {
    FRANK_ASSIGN_OR_RETURN(identity,
                           LoadIdentityPublic(in.args.Get("identity-public")));
  }
  Checker checker(in.clock.Now(), identity);
  size_t problems = 0;
  for (const std::string& path : in.args.positionals()) {
    const absl::Status status = checker.Check(path);
    PrintResult(in, path, status);
    if (!status.ok()) ++problems;
  }
  if (problems == 0) return absl::OkStatus();
  return absl::UnknownError(absl::StrCat(problems, " of ",
                                         in.args.positionals().size(),
                                         " files are not in order"));
}

}  // namespace frank::client
