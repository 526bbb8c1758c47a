#include "crypto/records.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/encoding.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

constexpr absl::StatusCode kMalformed = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kDoesNotHold = absl::StatusCode::kFailedPrecondition;

Ed25519PrivateKey SignerOf(uint8_t byte) {
  return *Ed25519PrivateKey::FromSeed(Secret::Copy(Bytes(32, byte)));
}

// The battery for a signed record: nothing near record or signature opens.
void ExpectOpensExactly(const SignedRecord& record,
                        const std::function<bool(ByteSpan, ByteSpan)>& opens) {
  Bytes signature(record.signature.begin(), record.signature.end());
  ExpectOnlyExactly(record.record, [&](ByteSpan candidate) {
    return opens(candidate, signature);
  });
  ExpectOnlyExactly(signature, [&](ByteSpan candidate) {
    return opens(record.record, candidate);
  });
  EXPECT_FALSE(opens(signature, record.record)) << "swapped";
}

class ReviewKeyTest : public testing::Test {
 protected:
  absl::StatusCode Open(UnixMillis now, const Ed25519PublicKey& by) {
    return OpenReviewKeyRecord(signed_.record, signed_.signature, by, now)
        .status()
        .code();
  }
  Ed25519PrivateKey signer_ = SignerOf(1);
  ReviewKeyRecord record_{kNow, kNow + kDay, DeviceKey(5).public_key()};
  SignedRecord signed_ = *Sign(record_, signer_);
};

TEST_F(ReviewKeyTest, OpensExactlyWhatWasSigned) {
  ExpectOpensExactly(signed_, [&](ByteSpan record, ByteSpan signature) {
    return OpenReviewKeyRecord(record, signature, signer_.public_key(), kNow)
        .ok();
  });
}

TEST_F(ReviewKeyTest, HoldsOnlyInItsWindow) {
  const Ed25519PublicKey& by = signer_.public_key();
  EXPECT_EQ(Open(kNow - 1, by), kDoesNotHold);
  EXPECT_EQ(Open(kNow, by), absl::StatusCode::kOk);
  EXPECT_EQ(Open(kNow + kDay - 1, by), absl::StatusCode::kOk);
  EXPECT_EQ(Open(kNow + kDay, by), kDoesNotHold);
  EXPECT_EQ(Open(kNow, SignerOf(2).public_key()),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(ReviewKeyTest, IsNotSignedWithAnEmptyWindow) {
  record_.not_after = record_.not_before;
  EXPECT_EQ(Sign(record_, signer_).status().code(), kMalformed);
}

TEST_F(ReviewKeyTest, RefusesEverySuiteButOurs) {
  for (size_t at = 16; at < 22; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes other = signed_.record;
      other[at] ^= static_cast<uint8_t>(1 << bit);
      EXPECT_EQ(ParseReviewKeyRecord(other).status().code(), kMalformed);
    }
  }
}

class FrankingKeysTest : public testing::Test {
 protected:
  FrankingKeysTest() {
    for (uint8_t i = 0; i < 3; ++i) {
      FrankingWindow window;
      window.not_before = kNow + i * kDay;
      window.not_after = kNow + (i + 1) * kDay;
      window.form = static_cast<FrankForm>(i);
      if (i != 0) window.key = SignerOf(10 + i).public_key();
      keys_.windows.push_back(window);
    }
  }
  absl::StatusCode Open(const FrankingKeys& keys, const FrankingKeys* previous,
                        UnixMillis now = kNow,
                        absl::string_view authority = kHub) {
    SignedRecord record = *Sign(keys, signer_);
    return OpenFrankingKeys(authority, record.record, record.signature,
                            signer_.public_key(), previous, now)
        .status()
        .code();
  }
  Ed25519PrivateKey signer_ = SignerOf(1);
  FrankingKeys keys_{kHub, {}};
};

TEST_F(FrankingKeysTest, OpensExactlyWhatWasSigned) {
  ExpectOpensExactly(
      *Sign(keys_, signer_), [&](ByteSpan record, ByteSpan signature) {
        return OpenFrankingKeys(kHub, record, signature, signer_.public_key(),
                                nullptr, kNow)
            .ok();
      });
}

TEST_F(FrankingKeysTest, FindsTheWindowOfATime) {
  EXPECT_EQ(keys_.FindWindow(kNow - 1), nullptr);
  EXPECT_EQ(keys_.FindWindow(kNow + kDay), &keys_.windows[1]);
  EXPECT_EQ(keys_.FindWindow(kNow + 3 * kDay), nullptr);
}

TEST_F(FrankingKeysTest, RefusesAnotherAuthority) {
  EXPECT_EQ(Open(keys_, nullptr, kNow, "mimi://other.example"), kMalformed);
}

TEST_F(FrankingKeysTest, MustHoldEveryWindowThatHasNotEnded) {
  FrankingKeys next = keys_;
  EXPECT_EQ(Open(next, &keys_), absl::StatusCode::kOk);
  next.windows.erase(next.windows.begin());
  EXPECT_EQ(Open(next, &keys_), kDoesNotHold);
  EXPECT_EQ(Open(next, &keys_, kNow + kDay - 1), kDoesNotHold);
  EXPECT_EQ(Open(next, &keys_, kNow + kDay), absl::StatusCode::kOk);
  next = keys_;
  next.windows[2].key = SignerOf(99).public_key();
  EXPECT_EQ(Open(next, &keys_), kDoesNotHold);
  next = keys_;
  next.windows[2].not_after += 1;
  EXPECT_EQ(Open(next, &keys_), kDoesNotHold);
  next = keys_;
  next.windows[1].form = FrankForm::kBatched;
  EXPECT_EQ(Open(next, &keys_), kDoesNotHold);
}

TEST_F(FrankingKeysTest, IsNotSignedAgainstItsRules) {
  FrankingKeys bad = keys_;
  bad.windows = {keys_.windows[1], keys_.windows[0], keys_.windows[2]};
  EXPECT_EQ(Sign(bad, signer_).status().code(), kMalformed);
  bad = keys_;
  bad.windows[1].not_before -= 1;
  EXPECT_EQ(Sign(bad, signer_).status().code(), kMalformed);
  bad = keys_;
  bad.windows[0].key = SignerOf(3).public_key();
  EXPECT_EQ(Sign(bad, signer_).status().code(), kMalformed);
  bad = keys_;
  bad.windows[1].key.reset();
  EXPECT_EQ(Sign(bad, signer_).status().code(), kMalformed);
  bad.windows.clear();
  EXPECT_EQ(Sign(bad, signer_).status().code(), kMalformed);
}

class DeviceListTest : public testing::Test {
 protected:
  DeviceListTest() {
    for (uint8_t i = 1; i <= 2; ++i) {
      list_.devices.push_back(
          {*DeviceId::Parse("id", Bytes(16, i)), DeviceKey(i).public_key()});
    }
    record_ = *Sign(list_, signer_);
  }
  absl::StatusCode Open(const SeenDeviceList& seen,
                        absl::string_view account = kAlice) {
    return OpenDeviceList(account, record_.record, record_.signature,
                          signer_.public_key(), seen)
        .status()
        .code();
  }
  Ed25519PrivateKey signer_ = SignerOf(1);
  DeviceList list_{kAlice, 5, {}};
  SignedRecord record_;
};

TEST_F(DeviceListTest, OpensExactlyWhatWasSigned) {
  ExpectOpensExactly(record_, [&](ByteSpan record, ByteSpan signature) {
    return OpenDeviceList(kAlice, record, signature, signer_.public_key(), {})
        .ok();
  });
}

TEST_F(DeviceListTest, RefusesALowerVersionAndAnEqualOneWithOtherBytes) {
  EXPECT_EQ(Open({}), absl::StatusCode::kOk);
  EXPECT_EQ(Open({5, Sha256({record_.record})}), absl::StatusCode::kOk);
  EXPECT_EQ(Open({5, Sha256({})}), kDoesNotHold);
  EXPECT_EQ(Open({4, Sha256({})}), absl::StatusCode::kOk);
  EXPECT_EQ(Open({6, absl::nullopt}), kDoesNotHold);
  EXPECT_EQ(Open({(uint64_t{1} << 32) + 5, absl::nullopt}), kDoesNotHold);
}

TEST_F(DeviceListTest, RefusesAnotherAccount) {
  EXPECT_EQ(Open({}, kMallory), kMalformed);
}

TEST_F(DeviceListTest, RefusesADeviceThatOccursTwice) {
  list_.devices[1].id = list_.devices[0].id;
  EXPECT_EQ(Sign(list_, signer_).status().code(), kMalformed);
}

TEST_F(DeviceListTest, SkipsDevicesOfAnotherSuiteButCountsTheirIds) {
  auto list_with = [&](const DeviceId& other) {
    Encoder out;
    out.Vec(absl::string_view(kAlice)).U64(1).U16(2);
    out.Raw(other.bytes()).U16(0x647a).U16(1).U16(1).Vec(Bytes(1216, 7));
    out.Raw(list_.devices[0].id.bytes()).U16(0x20).U16(1).U16(1);
    return out.Vec(ByteSpan(list_.devices[0].public_key.bytes())).Take();
  };
  auto parsed = ParseDeviceList(list_with(list_.devices[1].id));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  ASSERT_EQ(parsed->devices.size(), 1u);
  EXPECT_EQ(parsed->devices[0].id, list_.devices[0].id);
  EXPECT_EQ(ParseDeviceList(list_with(list_.devices[0].id)).status().code(),
            kMalformed);
}

TEST_F(DeviceListTest, RefusesADeviceKeyOfSmallOrder) {
  Bytes bytes = Serialize(list_);
  std::fill(bytes.end() - 32, bytes.end(), uint8_t{0});
  EXPECT_EQ(ParseDeviceList(bytes).status().code(), kMalformed);
}

TEST_F(DeviceListTest, FindsDevicesByIdAndByKey) {
  EXPECT_EQ(list_.Find(list_.devices[1].id), &list_.devices[1]);
  EXPECT_EQ(list_.Find(DeviceId()), nullptr);
  EXPECT_EQ(list_.FindKey(list_.devices[1].public_key.id()), &list_.devices[1]);
  EXPECT_EQ(list_.FindKey(KeyId()), nullptr);
}

TEST_F(DeviceListTest, MayBeEmpty) {
  list_.devices.clear();
  auto parsed = ParseDeviceList(Serialize(list_));
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->devices.empty());
}

TEST(RecordsTest, AreNotTakenForOneAnother) {
  Ed25519PrivateKey signer = SignerOf(1);
  ReviewKeyRecord review{kNow, kNow + kDay, DeviceKey(5).public_key()};
  SignedRecord record = *Sign(review, signer);
  EXPECT_EQ(OpenDeviceList(kAlice, record.record, record.signature,
                           signer.public_key(), {})
                .status()
                .code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(OpenFrankingKeys(kHub, record.record, record.signature,
                             signer.public_key(), nullptr, kNow)
                .status()
                .code(),
            absl::StatusCode::kUnauthenticated);
}

}  // namespace
}  // namespace frank::crypto
