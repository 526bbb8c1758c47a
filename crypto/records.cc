#include "crypto/records.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/encoding.h"

namespace frank::crypto {
namespace {

constexpr absl::string_view kReviewKeyLabel = "FrankReviewKeyTBS";
constexpr absl::string_view kFrankingKeysLabel = "FrankRingTBS";
constexpr absl::string_view kDeviceListLabel = "FrankDeviceListTBS";

struct HpkeSuite {
  uint16_t kem = kHpkeKem;
  uint16_t kdf = kHpkeKdf;
  uint16_t aead = kHpkeAead;

  bool IsOurs() const {
    return kem == kHpkeKem && kdf == kHpkeKdf && aead == kHpkeAead;
  }
};

void AppendSuite(Encoder* out) {
  HpkeSuite suite;
  out->U16(suite.kem).U16(suite.kdf).U16(suite.aead);
}

absl::StatusOr<HpkeSuite> ReadSuite(Decoder* decoder) {
  HpkeSuite suite;
  FRANK_ASSIGN_OR_RETURN(suite.kem, decoder->U16("kem"));
  FRANK_ASSIGN_OR_RETURN(suite.kdf, decoder->U16("kdf"));
  FRANK_ASSIGN_OR_RETURN(suite.aead, decoder->U16("aead"));
  return suite;
}

absl::Status CheckPeriod(UnixMillis not_before, UnixMillis not_after) {
  if (not_before < not_after) return absl::OkStatus();
  return FieldError("not_after", "must be after not_before");
}

// Signs what parses back and nothing else.
template <typename Parse>
absl::StatusOr<SignedRecord> SignRecord(Bytes record, Parse parse,
                                        absl::string_view label,
                                        const Ed25519PrivateKey& key) {
  FRANK_RETURN_IF_ERROR(parse(record).status());
  FRANK_ASSIGN_OR_RETURN(Signature signature, key.SignWithLabel(label, record));
  return SignedRecord{std::move(record), signature};
}

absl::StatusOr<absl::optional<Ed25519PublicKey>> ReadFrankingKey(
    FrankForm form, Decoder* decoder) {
  FRANK_ASSIGN_OR_RETURN(ByteSpan bytes, decoder->Vec("franking_public_key"));
  if (form != FrankForm::kNone) {
    FRANK_ASSIGN_OR_RETURN(Ed25519PublicKey key,
                           Ed25519PublicKey::Create(bytes));
    return absl::make_optional(std::move(key));
  }
  if (!bytes.empty()) {
    return FieldError("franking_public_key", "must be empty for the form none");
  }
  return absl::optional<Ed25519PublicKey>();
}

absl::StatusOr<FrankingWindow> ReadWindow(Decoder* decoder) {
  FrankingWindow window;
  FRANK_ASSIGN_OR_RETURN(window.not_before, decoder->U64("not_before"));
  FRANK_ASSIGN_OR_RETURN(window.not_after, decoder->U64("not_after"));
  FRANK_RETURN_IF_ERROR(CheckPeriod(window.not_before, window.not_after));
  FRANK_ASSIGN_OR_RETURN(uint8_t form, decoder->U8("form"));
  FRANK_ASSIGN_OR_RETURN(window.form, ParseFrankForm(form));
  FRANK_ASSIGN_OR_RETURN(window.key, ReadFrankingKey(window.form, decoder));
  return window;
}

absl::Status CheckHoldsWindowsOf(const FrankingKeys& previous,
                                 const FrankingKeys& keys, UnixMillis now) {
  for (const FrankingWindow& window : previous.windows) {
    if (window.not_after <= now) continue;
    if (std::find(keys.windows.begin(), keys.windows.end(), window) ==
        keys.windows.end()) {
      return absl::FailedPreconditionError(
          "franking_keys: a window that has not ended is missing or changed");
    }
  }
  return absl::OkStatus();
}

// Reads an entry; none if it is of a suite that is not ours.
absl::StatusOr<absl::optional<ListedDevice>> ReadDevice(
    Decoder* decoder, std::set<DeviceId>* seen) {
  FRANK_ASSIGN_OR_RETURN(ByteSpan id_bytes,
                         decoder->Raw("device_id", DeviceId::kSize));
  FRANK_ASSIGN_OR_RETURN(DeviceId id, DeviceId::Parse("device_id", id_bytes));
  if (!seen->insert(id).second) {
    return FieldError("device_id", "must occur once");
  }
  FRANK_ASSIGN_OR_RETURN(HpkeSuite suite, ReadSuite(decoder));
  FRANK_ASSIGN_OR_RETURN(ByteSpan key_bytes, decoder->Vec("public_key"));
  if (!suite.IsOurs()) return absl::optional<ListedDevice>();
  FRANK_ASSIGN_OR_RETURN(HpkePublicKey key, HpkePublicKey::Create(key_bytes));
  return absl::make_optional(ListedDevice{id, std::move(key)});
}

absl::Status CheckNotOlder(const DeviceList& list, ByteSpan record,
                           const SeenDeviceList& seen) {
  if (list.version < seen.version) {
    return absl::FailedPreconditionError(
        "device_list: the version is lower than one seen before");
  }
  if (list.version == seen.version && seen.digest.has_value() &&
      Sha256({record}) != *seen.digest) {
    return absl::FailedPreconditionError(
        "device_list: the version was seen with other bytes");
  }
  return absl::OkStatus();
}

}  // namespace

Bytes Serialize(const ReviewKeyRecord& record) {
  Encoder out;
  out.U64(record.not_before).U64(record.not_after);
  AppendSuite(&out);
  return out.Vec(ByteSpan(record.public_key.bytes())).Take();
}

absl::StatusOr<ReviewKeyRecord> ParseReviewKeyRecord(ByteSpan bytes) {
  Decoder decoder(bytes);
  FRANK_ASSIGN_OR_RETURN(UnixMillis not_before, decoder.U64("not_before"));
  FRANK_ASSIGN_OR_RETURN(UnixMillis not_after, decoder.U64("not_after"));
  FRANK_ASSIGN_OR_RETURN(HpkeSuite suite, ReadSuite(&decoder));
  FRANK_ASSIGN_OR_RETURN(ByteSpan key_bytes, decoder.Vec("public_key"));
  FRANK_RETURN_IF_ERROR(decoder.Finish("review_key_record"));
  FRANK_RETURN_IF_ERROR(CheckPeriod(not_before, not_after));
  if (!suite.IsOurs()) return FieldError("kem", "must be of the known suite");
  FRANK_ASSIGN_OR_RETURN(HpkePublicKey key, HpkePublicKey::Create(key_bytes));
  return ReviewKeyRecord{not_before, not_after, std::move(key)};
}

absl::StatusOr<SignedRecord> Sign(const ReviewKeyRecord& record,
                                  const Ed25519PrivateKey& moderation) {
  return SignRecord(Serialize(record), ParseReviewKeyRecord, kReviewKeyLabel,
                    moderation);
}

absl::StatusOr<ReviewKeyRecord> OpenReviewKeyRecord(
    ByteSpan record, ByteSpan signature, const Ed25519PublicKey& moderation,
    UnixMillis now) {
  FRANK_RETURN_IF_ERROR(
      moderation.VerifyWithLabel(kReviewKeyLabel, record, signature));
  FRANK_ASSIGN_OR_RETURN(ReviewKeyRecord opened, ParseReviewKeyRecord(record));
  if (now < opened.not_before || now >= opened.not_after) {
    return absl::FailedPreconditionError(
        "review_key_record: does not hold now");
  }
  return opened;
}

ReviewKeyId ReviewKeyIdOf(ByteSpan record) {
  return ReviewKeyId(ToArray<ReviewKeyId::kSize>(Sha256({record})));
}

const FrankingWindow* FrankingKeys::FindWindow(UnixMillis time) const {
  auto holds = [&](const FrankingWindow& w) { return w.Holds(time); };
  auto found = std::find_if(windows.begin(), windows.end(), holds);
  return found == windows.end() ? nullptr : &*found;
}

Bytes Serialize(const FrankingKeys& keys) {
  Encoder out;
  out.Vec(absl::string_view(keys.authority))
      .U16(static_cast<uint16_t>(keys.windows.size()));
  for (const FrankingWindow& window : keys.windows) {
    out.U64(window.not_before)
        .U64(window.not_after)
        .U8(static_cast<uint8_t>(window.form))
        .Vec(window.key.has_value() ? ByteSpan(window.key->bytes())
                                    : ByteSpan());
  }
  return out.Take();
}

absl::StatusOr<FrankingKeys> ParseFrankingKeys(ByteSpan bytes) {
  Decoder decoder(bytes);
  FRANK_ASSIGN_OR_RETURN(ByteSpan authority, decoder.Vec("authority"));
  FRANK_RETURN_IF_ERROR(CheckAuthority("authority", AsText(authority)));
  FRANK_ASSIGN_OR_RETURN(uint16_t count, decoder.U16("count"));
  if (count == 0) return FieldError("count", "must be at least 1");
  FrankingKeys keys;
  keys.authority = ToString(authority);
  for (size_t i = 0; i < count; ++i) {
    absl::StatusOr<FrankingWindow> window = ReadWindow(&decoder);
    if (!window.ok()) {
      return InField(absl::StrCat("windows[", i, "]"), window.status());
    }
    if (i > 0 && window->not_before < keys.windows.back().not_after) {
      return FieldError("windows", "must be sorted and not overlap");
    }
    keys.windows.push_back(*std::move(window));
  }
  FRANK_RETURN_IF_ERROR(decoder.Finish("franking_keys"));
  return keys;
}

absl::StatusOr<SignedRecord> Sign(const FrankingKeys& keys,
                                  const Ed25519PrivateKey& moderation) {
  return SignRecord(Serialize(keys), ParseFrankingKeys, kFrankingKeysLabel,
                    moderation);
}

absl::StatusOr<FrankingKeys> OpenFrankingKeys(
    absl::string_view authority, ByteSpan record, ByteSpan signature,
    const Ed25519PublicKey& moderation, const FrankingKeys* previous,
    UnixMillis now) {
  FRANK_RETURN_IF_ERROR(
      moderation.VerifyWithLabel(kFrankingKeysLabel, record, signature));
  FRANK_ASSIGN_OR_RETURN(FrankingKeys keys, ParseFrankingKeys(record));
  if (keys.authority != authority) {
    return FieldError("authority", "must be the one asked for");
  }
  if (previous != nullptr) {
    FRANK_RETURN_IF_ERROR(CheckHoldsWindowsOf(*previous, keys, now));
  }
  return keys;
}

const ListedDevice* DeviceList::Find(const DeviceId& id) const {
  auto is = [&](const ListedDevice& device) { return device.id == id; };
  auto found = std::find_if(devices.begin(), devices.end(), is);
  return found == devices.end() ? nullptr : &*found;
}

const ListedDevice* DeviceList::FindKey(const KeyId& key_id) const {
  auto has = [&](const ListedDevice& d) { return d.public_key.id() == key_id; };
  auto found = std::find_if(devices.begin(), devices.end(), has);
  return found == devices.end() ? nullptr : &*found;
}

Bytes Serialize(const DeviceList& list) {
  Encoder out;
  out.Vec(absl::string_view(list.account_uri))
      .U64(list.version)
      .U16(static_cast<uint16_t>(list.devices.size()));
  for (const ListedDevice& device : list.devices) {
    out.Raw(device.id.bytes());
    AppendSuite(&out);
    out.Vec(ByteSpan(device.public_key.bytes()));
  }
  return out.Take();
}

absl::StatusOr<DeviceList> ParseDeviceList(ByteSpan bytes) {
  Decoder decoder(bytes);
  FRANK_ASSIGN_OR_RETURN(ByteSpan account, decoder.Vec("account_uri"));
  FRANK_RETURN_IF_ERROR(CheckUri("account_uri", AsText(account)));
  DeviceList list;
  list.account_uri = ToString(account);
  FRANK_ASSIGN_OR_RETURN(list.version, decoder.U64("version"));
  FRANK_ASSIGN_OR_RETURN(uint16_t count, decoder.U16("count"));
  std::set<DeviceId> seen;
  for (size_t i = 0; i < count; ++i) {
    auto device = ReadDevice(&decoder, &seen);
    if (!device.ok()) {
      return InField(absl::StrCat("devices[", i, "]"), device.status());
    }
    if (device->has_value()) list.devices.push_back(**std::move(device));
  }
  FRANK_RETURN_IF_ERROR(decoder.Finish("device_list"));
  return list;
}

absl::StatusOr<SignedRecord> Sign(const DeviceList& list,
                                  const Ed25519PrivateKey& identity) {
  return SignRecord(Serialize(list), ParseDeviceList, kDeviceListLabel,
                    identity);
}

absl::StatusOr<DeviceList> OpenDeviceList(absl::string_view account_uri,
                                          ByteSpan record, ByteSpan signature,
                                          const Ed25519PublicKey& identity,
                                          const SeenDeviceList& seen) {
  FRANK_RETURN_IF_ERROR(
      identity.VerifyWithLabel(kDeviceListLabel, record, signature));
  FRANK_ASSIGN_OR_RETURN(DeviceList list, ParseDeviceList(record));
  if (list.account_uri != account_uri) {
    return FieldError("account_uri", "must be the one asked for");
  }
  FRANK_RETURN_IF_ERROR(CheckNotOlder(list, record, seen));
  return list;
}

}  // namespace frank::crypto
