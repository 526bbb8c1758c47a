// frank keys: the commands that make keys.
#include "client/command/keys_make.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/keys_files.h"
#include "client/command/text.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/checkpoint.h"
#include "crypto/evidence.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/receipt.h"
#include "proto/evidence_keys.h"
#include "proto/files.h"

namespace frank::client {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr uint64_t kMaxWindows = 1000;
constexpr uint64_t kMaxDays = 3660;

void PrintMade(const Invocation& in, JsonObject object, absl::string_view kind,
               const std::string& path) {
  object.Text("kind", kind).Text("path", path);
  in.out.Print(object, absl::StrCat("Wrote ", path, " (", kind, ")"));
}

absl::StatusOr<uint64_t> NumberBetween(const Args& args, absl::string_view name,
                                       uint64_t least, uint64_t most,
                                       uint64_t otherwise) {
  FRANK_ASSIGN_OR_RETURN(uint64_t value, args.Number(name, otherwise));
  if (value < least || value > most) {
    return FieldError(absl::StrCat("--", name),
                      absl::StrCat("must be ", least, " to ", most));
  }
  return value;
}

absl::Status RunSecret(const Invocation& in, absl::string_view purpose) {
  const std::string path = in.args.Get("out");
  FRANK_RETURN_IF_ERROR(wire::WriteSecretKey(
      path, purpose, crypto::Secret::Random(in.random, kSecretBytes)));
  PrintMade(in, {}, absl::StrCat(purpose, " key"), path);
  return absl::OkStatus();
}

// Appends `count` windows of `days`, one after the other.
absl::Status AddWindows(const Invocation& in, UnixMillis start,
                        config::v1::KeyRing* ring) {
  FRANK_ASSIGN_OR_RETURN(uint64_t count,
                         NumberBetween(in.args, "windows", 1, kMaxWindows, 1));
  FRANK_ASSIGN_OR_RETURN(uint64_t days,
                         NumberBetween(in.args, "days", 1, kMaxDays, 90));
  for (uint64_t i = 0; i < count; ++i) {
    const UnixMillis begin = start + i * days * kDay;
    FRANK_RETURN_IF_ERROR(AddWindow(begin, begin + days * kDay,
                                    in.args.Get("form", "batched"), in.random,
                                    ring));
  }
  return absl::OkStatus();
}

// Moderation's half first: a window that only the platform knew would stamp
// franks that nobody can check.
absl::Status WriteBoth(const Invocation& in, const RingFile& platform,
                       const RingFile& moderation, bool replace) {
  const std::string moderation_path = in.args.Get("moderation");
  const std::string platform_path = in.args.Get("platform");
  FRANK_RETURN_IF_ERROR(moderation.Write(moderation_path, replace));
  FRANK_RETURN_IF_ERROR(platform.Write(platform_path, replace));
  JsonObject windows;
  windows.Number("window_count", platform.ring().window_size());
  PrintMade(in, windows, "key ring of the platform", platform_path);
  PrintMade(in, windows, "key ring of moderation", moderation_path);
  return absl::OkStatus();
}

// Whether `ring` begins with all windows of `beginning`.
bool BeginsWith(const config::v1::KeyRing& ring,
                const config::v1::KeyRing& beginning) {
  if (ring.authority() != beginning.authority()) return false;
  if (ring.window_size() < beginning.window_size()) return false;
  for (int i = 0; i < beginning.window_size(); ++i) {
    const config::v1::KeyWindow& a = ring.window(i);
    const config::v1::KeyWindow& b = beginning.window(i);
    if (a.not_before() != b.not_before() || a.not_after() != b.not_after()) {
      return false;
    }
  }
  return true;
}

// Drops what an earlier call appended to moderation's ring before it broke off.
// The platform has stamped nothing with keys that it never got.
void DropWindowsFrom(int first, config::v1::KeyRing* ring) {
  for (int i = first; i < ring->window_size(); ++i) {
    MakeTombstone(ring->mutable_window(i));
  }
  ring->mutable_window()->DeleteSubrange(first, ring->window_size() - first);
}

// Tombstones the windows that ended by `before` and whose keys may go at `now`.
absl::StatusOr<int> DeleteWindows(UnixMillis before, UnixMillis now, bool force,
                                  RingFile* file) {
  const bool at_moderation = file->holder() == wire::RingHolder::kModeration;
  const UnixMillis grace =
      at_moderation ? limits::kHubKeyGraceForModeration : 0;
  int deleted = 0;
  for (config::v1::KeyWindow& window :
       *file->mutable_ring()->mutable_window()) {
    if (window.tombstone() || window.not_after() > before) continue;
    if (window.not_after() + grace > now && !force) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the window up to ", FormatTime(window.not_after()), " is needed ",
          "until ", FormatTime(window.not_after() + grace),
          "; --force deletes it all the same"));
    }
    MakeTombstone(&window);
    ++deleted;
  }
  return deleted;
}

}  // namespace

absl::Status RunIdentity(const Invocation& in) {
  const std::string path = in.args.Get("out");
  crypto::Secret seed = crypto::Secret::Random(in.random, kSecretBytes);
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey key,
                         crypto::Ed25519PrivateKey::FromSeed(seed));
  FRANK_RETURN_IF_ERROR(wire::WriteSecretKey(path, "identity", seed));
  FRANK_RETURN_IF_ERROR(wire::WritePublicKey(in.args.Get("public"), "identity",
                                             key.public_key().bytes()));
  PrintMade(in, {}, "identity key", path);
  JsonObject object;
  object.Hex("public_key", key.public_key().bytes());
  PrintMade(in, object, "identity public key", in.args.Get("public"));
  return absl::OkStatus();
}

absl::Status RunMaster(const Invocation& in) { return RunSecret(in, "master"); }

absl::Status RunStore(const Invocation& in) {
  return RunSecret(in, "device-store");
}

absl::Status RunAudit(const Invocation& in) {
  const std::string path = in.args.Get("out");
  crypto::Secret seed = crypto::Secret::Random(in.random, kSecretBytes);
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey key,
                         crypto::Ed25519PrivateKey::FromSeed(seed));
  absl::StatusOr<crypto::CheckpointVerifier> verifier =
      crypto::CheckpointVerifier::Create(in.args.Get("origin"),
                                         key.public_key());
  if (!verifier.ok()) {
    return FieldError("--origin", "must be 1 to 512 bytes without spaces, '+'");
  }
  FRANK_RETURN_IF_ERROR(wire::WriteSecretKey(path, "audit", seed));
  FRANK_RETURN_IF_ERROR(wire::WriteFile(
      in.args.Get("public"), verifier->Vkey() + "\n", wire::FileMode::kPublic));
  PrintMade(in, {}, "audit key", path);
  JsonObject object;
  object.Text("vkey", verifier->Vkey());
  PrintMade(in, object, "audit public key", in.args.Get("public"));
  return absl::OkStatus();
}

absl::Status RunToken(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(crypto::Sha256Digest hash,
                         WriteNewToken(in.args.Get("out"), in.random));
  JsonObject object;
  object.Text("kind", "token")
      .Text("path", in.args.Get("out"))
      .Hex("token_sha256", hash);
  in.out.Print(object, absl::StrCat("Wrote ", in.args.Get("out"),
                                    "; for the configuration:\n",
                                    "token_sha256: \"", ToHex(hash), "\""));
  return absl::OkStatus();
}

absl::Status RunRing(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      CheckAuthority("--authority", in.args.Get("authority")));
  FRANK_ASSIGN_OR_RETURN(
      UnixMillis start,
      ParseTime("--start", in.args.Get("start", "now"), in.clock.Now()));
  RingFile platform;
  platform.mutable_ring()->set_authority(in.args.Get("authority"));
  FRANK_RETURN_IF_ERROR(AddWindows(in, start, platform.mutable_ring()));
  return WriteBoth(in, platform, platform.ForModeration(), /*replace=*/false);
}

absl::Status RunRingAdd(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(RingFile platform,
                         RingFile::Read(in.args.Get("platform")));
  FRANK_ASSIGN_OR_RETURN(RingFile moderation,
                         RingFile::Read(in.args.Get("moderation")));
  const config::v1::KeyRing& ring = platform.ring();
  if (ring.window_size() == 0 || !BeginsWith(moderation.ring(), ring)) {
    return absl::FailedPreconditionError(
        "the two key rings do not have the same authority and windows");
  }
  const UnixMillis end = ring.window(ring.window_size() - 1).not_after();
  const int had = ring.window_size();
  DropWindowsFrom(had, moderation.mutable_ring());
  FRANK_RETURN_IF_ERROR(AddWindows(in, end, platform.mutable_ring()));
  // Moderation keeps its older windows: it has keys that the platform deleted.
  RingFile half = platform.ForModeration();
  for (int i = had; i < half.ring().window_size(); ++i) {
    *moderation.mutable_ring()->add_window() = half.ring().window(i);
  }
  return WriteBoth(in, platform, moderation, /*replace=*/true);
}

absl::Status RunRingDelete(const Invocation& in) {
  const UnixMillis now = in.clock.Now();
  FRANK_ASSIGN_OR_RETURN(UnixMillis before,
                         ParseTime("--before", in.args.Get("before"), now));
  const std::string path = in.args.Get("ring");
  FRANK_ASSIGN_OR_RETURN(RingFile file, RingFile::Read(path));
  FRANK_ASSIGN_OR_RETURN(
      int deleted, DeleteWindows(before, now, in.args.Has("force"), &file));
  if (deleted > 0) {
    FRANK_RETURN_IF_ERROR(file.Write(path, /*replace=*/true));
  }
  JsonObject object;
  object.Text("kind", "ring-delete")
      .Text("path", path)
      .Number("deleted", deleted);
  in.out.Print(object, absl::StrCat(path, ": deleted the keys of ", deleted,
                                    deleted == 1 ? " window" : " windows"));
  return absl::OkStatus();
}

absl::Status RunFrankingKeys(const Invocation& in) {
  const std::string ring_path = in.args.Get("ring");
  FRANK_ASSIGN_OR_RETURN(RingFile file, RingFile::Read(ring_path));
  FRANK_ASSIGN_OR_RETURN(crypto::KeyRing ring,
                         wire::LoadKeyRing(ring_path, file.holder()));
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey identity,
                         LoadIdentity(in.args.Get("identity")));
  FRANK_ASSIGN_OR_RETURN(
      crypto::SignedRecord record,
      crypto::Sign(crypto::FrankingKeys{ring.authority(), ring.PublicWindows()},
                   identity));
  FRANK_RETURN_IF_ERROR(
      WriteSignedRecord(in.args.Get("out"), record, in.args.Has("replace")));
  JsonObject object;
  object.Text("authority", ring.authority());
  PrintMade(in, object, "signed franking keys", in.args.Get("out"));
  return absl::OkStatus();
}

absl::Status RunReview(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(
      UnixMillis start,
      ParseTime("--start", in.args.Get("start", "now"), in.clock.Now()));
  FRANK_ASSIGN_OR_RETURN(uint64_t days,
                         NumberBetween(in.args, "days", 1, kMaxDays, 90));
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey identity,
                         LoadIdentity(in.args.Get("identity")));
  const crypto::Secret secret = crypto::Secret::Random(in.random, kSecretBytes);
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey key,
                         crypto::HpkePrivateKey::Create(secret));
  FRANK_ASSIGN_OR_RETURN(
      crypto::SignedRecord record,
      crypto::Sign(
          crypto::ReviewKeyRecord{start, start + days * kDay, key.public_key()},
          identity));
  config::v1::ReviewKey file;
  file.set_private_key(ToHex(secret.bytes()));
  file.set_record(ToHex(record.record));
  std::string text = wire::PrintTextProto(file);
  wire::CleanseText(file.mutable_private_key());
  absl::Status written =
      wire::WriteFile(in.args.Get("out"), text, wire::FileMode::kSecret);
  wire::CleanseText(&text);
  FRANK_RETURN_IF_ERROR(written);
  FRANK_RETURN_IF_ERROR(
      WriteSignedRecord(in.args.Get("record"), record, /*replace=*/false));
  JsonObject object;
  object.Hex("review_key_id", crypto::ReviewKeyIdOf(record.record).bytes());
  PrintMade(in, object, "review private key", in.args.Get("out"));
  PrintMade(in, object, "signed review key", in.args.Get("record"));
  return absl::OkStatus();
}

// The record stays, so that a server that is configured with the file starts
// and knows which key is gone.
absl::Status RunReviewDelete(const Invocation& in) {
  const std::string path = in.args.Get("key");
  FRANK_ASSIGN_OR_RETURN(wire::ReviewKey key, wire::LoadReviewKey(path));
  const UnixMillis due = key.record.not_after + limits::kKeepReviewKey;
  if (in.clock.Now() < due && !in.args.Has("force")) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": what was sealed to this key may be needed until ",
                     FormatTime(due), "; --force destroys it anyway"));
  }
  config::v1::ReviewKey tombstone;
  tombstone.set_record(ToHex(key.record_bytes));
  tombstone.set_tombstone(true);
  FRANK_RETURN_IF_ERROR(wire::WriteFile(path, wire::PrintTextProto(tombstone),
                                        wire::FileMode::kSecret,
                                        /*replace=*/true));
  JsonObject object;
  object.Text("kind", "review-delete")
      .Text("path", path)
      .Hex("review_key_id", key.id.bytes());
  in.out.Print(object, absl::StrCat(path, ": destroyed the private key"));
  return absl::OkStatus();
}

namespace {

// Makes a key of moderation's that the identity key vouches for by a record of
// the type `Record`.
template <typename Record>
absl::Status RunVouchedKey(const Invocation& in, absl::string_view purpose) {
  FRANK_ASSIGN_OR_RETURN(
      UnixMillis start,
      ParseTime("--start", in.args.Get("start", "now"), in.clock.Now()));
  FRANK_ASSIGN_OR_RETURN(uint64_t days,
                         NumberBetween(in.args, "days", 1, kMaxDays, 90));
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey identity,
                         LoadIdentity(in.args.Get("identity")));
  const crypto::Secret seed = crypto::Secret::Random(in.random, kSecretBytes);
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey key,
                         crypto::Ed25519PrivateKey::FromSeed(seed));
  FRANK_ASSIGN_OR_RETURN(
      crypto::SignedRecord record,
      crypto::Sign(Record{start, start + days * kDay, key.public_key()},
                   identity));
  FRANK_RETURN_IF_ERROR(
      wire::WriteSecretKey(in.args.Get("out"), purpose, seed));
  FRANK_RETURN_IF_ERROR(
      WriteSignedRecord(in.args.Get("record"), record, /*replace=*/false));
  PrintMade(in, {}, absl::StrCat(purpose, " private key"), in.args.Get("out"));
  PrintMade(in, {}, absl::StrCat("signed ", purpose, " key"),
            in.args.Get("record"));
  return absl::OkStatus();
}

}  // namespace

absl::Status RunReceiptKey(const Invocation& in) {
  return RunVouchedKey<crypto::ReceiptKeyRecord>(in, "receipt");
}

absl::Status RunEvidenceKey(const Invocation& in) {
  return RunVouchedKey<crypto::EvidenceKeyRecord>(in, "evidence");
}

absl::Status RunRecipient(const Invocation& in) {
  const crypto::Secret secret = crypto::Secret::Random(in.random, kSecretBytes);
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey key,
                         crypto::HpkePrivateKey::Create(secret));
  FRANK_RETURN_IF_ERROR(wire::WriteSecretKey(in.args.Get("out"),
                                             wire::kRecipientPurpose, secret));
  FRANK_RETURN_IF_ERROR(wire::WritePublicKey(in.args.Get("public"),
                                             wire::kRecipientPurpose,
                                             key.public_key().bytes()));
  PrintMade(in, {}, "recipient's private key", in.args.Get("out"));
  JsonObject object;
  object.Hex("public_key", key.public_key().bytes());
  PrintMade(in, object, "recipient's public key", in.args.Get("public"));
  return absl::OkStatus();
}

}  // namespace frank::client
