// records, negative_records.
#include <gtest/gtest.h>

#include "crypto/records.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

void CheckReviewKey(VectorObject& c, const Ed25519PrivateKey& key) {
  Bytes bytes = c.Hex("review_key_record");
  auto record = ParseReviewKeyRecord(bytes);
  ASSERT_TRUE(record.ok()) << record.status();
  auto made = Sign(*record, key);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(ToHex(made->record), ToHex(bytes));
  EXPECT_EQ(ToHex(made->signature), ToHex(c.Hex("review_key_signature")));
  EXPECT_EQ(ReviewKeyIdOf(bytes).Hex(), ToHex(c.Hex("review_key_id")));
  EXPECT_TRUE(OpenReviewKeyRecord(bytes, made->signature, key.public_key(),
                                  record->not_before)
                  .ok());
}

void CheckFrankingKeys(VectorObject& c, const Ed25519PrivateKey& key) {
  FrankingKeys keys;
  keys.authority = c.Text("authority");
  c.Each("windows", [&](VectorObject& w) {
    FrankingWindow window;
    window.not_before = w.Number("not_before");
    window.not_after = w.Number("not_after");
    auto form = ParseFrankForm(static_cast<uint32_t>(w.Number("form")));
    ASSERT_TRUE(form.ok());
    window.form = *form;
    Bytes public_key = w.Hex("franking_public_key");
    if (window.form != FrankForm::kNone) {
      auto loaded = Ed25519PublicKey::Create(public_key);
      ASSERT_TRUE(loaded.ok());
      window.key = *loaded;
    } else {
      EXPECT_TRUE(public_key.empty());
    }
    keys.windows.push_back(window);
  });
  auto made = Sign(keys, key);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(ToHex(made->record), ToHex(c.Hex("franking_keys")));
  EXPECT_EQ(ToHex(made->signature), ToHex(c.Hex("franking_keys_signature")));
  auto opened = OpenFrankingKeys(keys.authority, made->record, made->signature,
                                 key.public_key(), nullptr, 0);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->windows, keys.windows);
}

void CheckDeviceList(VectorObject& c, const Ed25519PrivateKey& key) {
  DeviceList list;
  list.account_uri = c.Text("account_uri");
  list.version = c.Number("version");
  c.Each("devices", [&](VectorObject& d) {
    auto id = DeviceId::Parse("device_id", d.Hex("device_id"));
    auto public_key = HpkePublicKey::Create(d.Hex("public_key"));
    ASSERT_TRUE(id.ok() && public_key.ok());
    list.devices.push_back({*id, *public_key});
  });
  auto made = Sign(list, key);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(ToHex(made->record), ToHex(c.Hex("device_list")));
  EXPECT_EQ(ToHex(made->signature), ToHex(c.Hex("device_list_signature")));
  auto opened = OpenDeviceList(list.account_uri, made->record, made->signature,
                               key.public_key(), {});
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->devices.size(), list.devices.size());
}

TEST(RecordVectorsTest, SerializesSignsAndOpensEach) {
  WithVectorFile("records", [](VectorObject& file) {
    file.Each("cases", [](VectorObject& c) {
      auto key =
          Ed25519PrivateKey::FromSeed(Secret::Copy(c.Hex("signing_key")));
      ASSERT_TRUE(key.ok());
      EXPECT_EQ(ToHex(key->public_key().bytes()),
                ToHex(c.Hex("signature_public_key")));
      CheckReviewKey(c, *key);
      CheckFrankingKeys(c, *key);
      CheckDeviceList(c, *key);
    });
  });
}

bool AcceptsReviewKey(VectorObject& c, const Ed25519PublicKey& key) {
  return OpenReviewKeyRecord(c.Hex("review_key_record"),
                             c.Hex("review_key_signature"), key,
                             c.Number("now"))
      .ok();
}

bool AcceptsFrankingKeys(VectorObject& c, const Ed25519PublicKey& key) {
  Bytes record = c.Hex("franking_keys");
  auto parsed = ParseFrankingKeys(record);
  std::string authority = parsed.ok() ? parsed->authority : "mimi://a";
  return OpenFrankingKeys(authority, record, c.Hex("franking_keys_signature"),
                          key, nullptr, 0)
      .ok();
}

bool AcceptsDeviceList(VectorObject& c, const Ed25519PublicKey& key) {
  Bytes record = c.Hex("device_list");
  auto parsed = ParseDeviceList(record);
  std::string account = parsed.ok() ? parsed->account_uri : "mimi://a/u/a";
  SeenDeviceList seen;
  seen.version = c.Number("last_version");
  return OpenDeviceList(account, record, c.Hex("device_list_signature"), key,
                        seen)
      .ok();
}

TEST(RecordVectorsTest, JudgesSignedRecords) {
  WithNegativeFile(
      "negative_records", [](const std::string& kind, VectorObject& c) {
        auto key = Ed25519PublicKey::Create(c.Hex("signature_public_key"));
        if (!key.ok()) {
          c.Dismiss();
          return false;
        }
        if (kind == "review_key_record") return AcceptsReviewKey(c, *key);
        if (kind == "franking_keys") return AcceptsFrankingKeys(c, *key);
        if (kind == "device_list") return AcceptsDeviceList(c, *key);
        ADD_FAILURE() << "unknown kind " << kind;
        return false;
      });
}

}  // namespace
}  // namespace frank::crypto
