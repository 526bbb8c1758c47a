// The operators' commands against real files in a folder of the test's own.
#include <sys/stat.h>

#include <cstdlib>

#include "client/command/command.h"
#include "crypto/checkpoint.h"
#include "crypto/hash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/evidence_keys.h"
#include "proto/files.h"
#include "proto/receipts.h"
#include "tests/client/counting_random.h"
#include "tests/client/temporary_stream.h"

namespace frank::client {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr UnixMillis kNow = 1'800'000'000'000;

class KeysTest : public testing::Test {
 protected:
  KeysTest() {
    std::string pattern = testing::TempDir() + "frank-keys-XXXXXX";
    folder_ = std::string(mkdtemp(&pattern[0])) + "/";
  }

  std::string Path(const std::string& name) const { return folder_ + name; }

  // Runs `frank keys …`; returns the exit code.
  int Keys(std::vector<std::string> words) {
    words.insert(words.begin(), "keys");
    TemporaryStream out, err;
    const int code = RunFrank(KeysCommands(), words, clock_, random_,
                              out.file(), err.file());
    out_ = out.Contents();
    err_ = err.Contents();
    return code;
  }

  void MakeIdentity() {
    ASSERT_EQ(Keys({"identity", "--out", Path("id"), "--public", Path("pub")}),
              0)
        << err_;
  }
  void MakeRings(const std::string& windows = "2") {
    ASSERT_EQ(Keys({"ring", "--authority", "mimi://hub.example", "--windows",
                    windows, "--days", "30", "--platform", Path("p"),
                    "--moderation", Path("m")}),
              0)
        << err_;
  }
  int Check(const std::vector<std::string>& names) {
    std::vector<std::string> words = {"check", "--identity-public",
                                      Path("pub")};
    for (const std::string& name : names) words.push_back(Path(name));
    return Keys(words);
  }
  std::string Read(const std::string& name) {
    return *wire::ReadFile(Path(name));
  }
  void Replace(const std::string& name, const std::string& from,
               const std::string& to) {
    std::string text = Read(name);
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
    ASSERT_TRUE(wire::WriteFile(Path(name), text, wire::FileMode::kSecret,
                                /*replace=*/true)
                    .ok());
  }

  FakeClock clock_{kNow};
  CountingRandom random_;
  std::string folder_;
  std::string out_;
  std::string err_;
};

TEST_F(KeysTest, MakesAnInstallationThatPassesItsOwnCheck) {
  MakeIdentity();
  MakeRings();
  EXPECT_EQ(Keys({"franking-keys", "--ring", Path("m"), "--identity",
                  Path("id"), "--out", Path("fk")}),
            0)
      << err_;
  EXPECT_EQ(Keys({"review", "--identity", Path("id"), "--out", Path("rk"),
                  "--record", Path("rr")}),
            0)
      << err_;
  EXPECT_EQ(Keys({"master", "--out", Path("master")}), 0) << err_;
  EXPECT_EQ(Check({"id", "pub", "p", "m", "fk", "rk", "rr", "master"}), 0)
      << out_ << err_;
  EXPECT_TRUE(wire::LoadKeyRing(Path("p"), wire::RingHolder::kPlatform).ok());
  EXPECT_TRUE(wire::LoadKeyRing(Path("m"), wire::RingHolder::kModeration).ok());
}

TEST_F(KeysTest, WritesSecretsForTheOwnerAloneAndPrintsNone) {
  MakeIdentity();
  MakeRings();
  for (const char* name : {"id", "p", "m"}) {
    struct stat info {};
    ASSERT_EQ(stat(Path(name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
  }
  const std::string seed =
      Read("id").substr(Read("id").find("key: \"") + 6, 64);
  ASSERT_EQ(Keys({"list", Path("id"), Path("p"), Path("m")}), 0) << err_;
  EXPECT_THAT(out_, Not(HasSubstr(seed)));
  EXPECT_THAT(out_,
              HasSubstr("key ring of mimi://hub.example, the platform's"));
  ASSERT_EQ(Keys({"list", "--json", Path("p")}), 0);
  EXPECT_THAT(out_, HasSubstr("\"kind\":\"key_ring\",\"holder\":\"platform\""));
}

TEST_F(KeysTest, MakesTheAuditKeyWithItsVkey) {
  MakeIdentity();
  auto audit = [&](const std::string& origin, const std::string& name) {
    return Keys({"audit", "--origin", origin, "--out", Path(name), "--public",
                 Path(name + ".vkey")});
  };
  ASSERT_EQ(audit("audit.hub.example/frank", "a"), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("audit key"));
  std::string vkey = Read("a.vkey");
  ASSERT_EQ(vkey.back(), '\n');
  vkey.pop_back();
  auto verifier = crypto::CheckpointVerifier::ParseVkey(vkey);
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_EQ(verifier->origin(), "audit.hub.example/frank");
  auto seed = wire::LoadSecretKey(Path("a"), "audit", 32);
  ASSERT_TRUE(seed.ok()) << seed.status();
  EXPECT_TRUE(crypto::Ed25519PrivateKey::FromSeed(*seed)->public_key() ==
              verifier->key());
  EXPECT_EQ(Check({"a", "a.vkey"}), 0) << out_ << err_;
  ASSERT_EQ(Keys({"list", "--json", Path("a.vkey")}), 0);
  EXPECT_THAT(out_, HasSubstr("\"vkey\":\"" + vkey + "\""));
  // Of another pair, and of no name that a note can hold.
  ASSERT_EQ(audit("audit.hub.example/frank", "b"), 0) << err_;
  EXPECT_EQ(Check({"a", "b.vkey"}), 1);
  EXPECT_THAT(out_, HasSubstr("is of another key than"));
  EXPECT_EQ(audit("two words", "c"), 2);
}

TEST_F(KeysTest, NeverOverwritesAKey) {
  MakeIdentity();
  const std::string before = Read("id");
  EXPECT_EQ(Keys({"identity", "--out", Path("id"), "--public", Path("p2")}), 8);
  EXPECT_EQ(Read("id"), before);
}

TEST_F(KeysTest, GivesModerationNoPrivateFrankingKey) {
  MakeRings();
  EXPECT_THAT(Read("p"), HasSubstr("franking_private_key"));
  EXPECT_THAT(Read("m"), Not(HasSubstr("franking_private_key")));
}

TEST_F(KeysTest, PrintsTheHashOfATokenAndNotTheToken) {
  ASSERT_EQ(Keys({"token", "--json", "--out", Path("t")}), 0);
  std::string token = Read("t");
  token.pop_back();
  EXPECT_EQ(token.rfind("frank_", 0), 0u);
  EXPECT_EQ(token.size(), 6u + 43u);
  EXPECT_THAT(out_, HasSubstr(ToHex(crypto::Sha256({AsBytes(token)}))));
  EXPECT_THAT(out_, Not(HasSubstr(token)));
}

TEST_F(KeysTest, AppendsWindowsToBothRings) {
  MakeIdentity();
  MakeRings("1");
  const std::string before = Read("p");
  ASSERT_EQ(Keys({"ring-add", "--platform", Path("p"), "--moderation",
                  Path("m"), "--days", "7"}),
            0)
      << err_;
  EXPECT_EQ(Read("p").rfind(before, 0), 0u) << "the old window changed";
  auto ring = wire::LoadKeyRing(Path("m"), wire::RingHolder::kModeration);
  ASSERT_TRUE(ring.ok()) << ring.status();
  ASSERT_EQ(ring->windows().size(), 2u);
  EXPECT_EQ(ring->windows()[1].window.not_before, kNow + 30 * kDay);
  EXPECT_EQ(ring->windows()[1].window.not_after, kNow + 37 * kDay);
  EXPECT_EQ(Check({"p", "m"}), 0) << out_;
}

TEST_F(KeysTest, RefusesToAppendToRingsThatDiffer) {
  MakeRings("1");
  Replace("m", "hub.example", "hab.example");
  EXPECT_EQ(
      Keys({"ring-add", "--platform", Path("p"), "--moderation", Path("m")}),
      8);
}

TEST_F(KeysTest, DestroysKeysOfEndedWindowsOnly) {
  MakeIdentity();
  MakeRings("2");
  clock_.Advance(31 * kDay);
  ASSERT_EQ(Keys({"ring-delete", "--ring", Path("p"), "--before", "now"}), 0)
      << err_;
  auto ring = wire::LoadKeyRing(Path("p"), wire::RingHolder::kPlatform);
  ASSERT_TRUE(ring.ok()) << ring.status();
  EXPECT_TRUE(ring->windows()[0].tombstone);
  EXPECT_FALSE(ring->windows()[1].tombstone);
  // Moderation keeps its hub_key 14 days longer.
  EXPECT_EQ(Keys({"ring-delete", "--ring", Path("m"), "--before", "now"}), 8);
  EXPECT_EQ(Check({"p", "m"}), 0) << out_;
  EXPECT_EQ(
      Keys({"ring-delete", "--ring", Path("m"), "--before", "now", "--force"}),
      0);
}

TEST_F(KeysTest, DestroysAReviewKeyThatNoReportNeedsAnyMore) {
  MakeIdentity();
  ASSERT_EQ(Keys({"review", "--identity", Path("id"), "--out", Path("r"),
                  "--record", Path("rec"), "--days", "1"}),
            0)
      << err_;
  std::string secret = Read("r");
  clock_.Advance(91 * kDay - 1);
  EXPECT_EQ(Keys({"review-delete", "--key", Path("r")}), 8);
  EXPECT_THAT(err_, HasSubstr("may be needed until"));
  EXPECT_EQ(Read("r"), secret);
  clock_.Advance(1);
  EXPECT_EQ(Keys({"review-delete", "--key", Path("r")}), 0) << err_;
  EXPECT_THAT(Read("r"), Not(HasSubstr("private_key")));
  auto key = wire::LoadReviewKey(Path("r"));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_FALSE(key->private_key);
  EXPECT_EQ(Check({"r"}), 0) << out_;
  ASSERT_EQ(Keys({"list", Path("r"), "--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"destroyed\":true"));
}

TEST_F(KeysTest, DestroysAReviewKeyBeforeItsTimeIfItMust) {
  MakeIdentity();
  ASSERT_EQ(Keys({"review", "--identity", Path("id"), "--out", Path("r"),
                  "--record", Path("rec")}),
            0);
  EXPECT_EQ(Keys({"review-delete", "--key", Path("r"), "--force"}), 0) << err_;
  EXPECT_FALSE(wire::LoadReviewKey(Path("r"))->private_key);
}

TEST_F(KeysTest, SaysWhatIsWrongWithEachFile) {
  MakeIdentity();
  MakeRings();
  ASSERT_EQ(chmod(Path("p").c_str(), 0644), 0);
  EXPECT_EQ(Check({"p", "m"}), 1);
  EXPECT_THAT(out_, HasSubstr("readable by its owner only"));
  EXPECT_THAT(out_, HasSubstr("ok       " + Path("m")));
}

TEST_F(KeysTest, FindsASignatureOfAnotherKey) {
  MakeIdentity();
  MakeRings();
  ASSERT_EQ(Keys({"identity", "--out", Path("id2"), "--public", Path("pub2")}),
            0);
  ASSERT_EQ(Keys({"franking-keys", "--ring", Path("p"), "--identity",
                  Path("id2"), "--out", Path("fk")}),
            0);
  EXPECT_EQ(Check({"fk"}), 1);
  EXPECT_THAT(out_, HasSubstr("signature"));
}

TEST_F(KeysTest, FindsRingsAndRecordsThatDisagree) {
  MakeIdentity();
  MakeRings("1");
  ASSERT_EQ(Keys({"franking-keys", "--ring", Path("p"), "--identity",
                  Path("id"), "--out", Path("fk")}),
            0);
  ASSERT_EQ(
      Keys({"ring-add", "--platform", Path("p"), "--moderation", Path("m")}),
      0);
  EXPECT_EQ(Check({"p", "m", "fk"}), 1);
  EXPECT_THAT(out_, HasSubstr("other windows for mimi://hub.example"));
}

TEST_F(KeysTest, FindsWindowsThatOverlapOrHaveEnded) {
  MakeIdentity();
  MakeRings("2");
  Replace("m", std::to_string(kNow + 60 * kDay),
          std::to_string(kNow + 20 * kDay));
  EXPECT_EQ(Check({"m"}), 1);
  clock_.Advance(61 * kDay);
  EXPECT_EQ(Check({"p"}), 1);
  EXPECT_THAT(out_, HasSubstr("no window holds the present time"));
}

TEST_F(KeysTest, RefusesWhatIsNoKeyFile) {
  MakeIdentity();
  ASSERT_TRUE(
      wire::WriteFile(Path("x"), "hello", wire::FileMode::kSecret).ok());
  EXPECT_EQ(Check({"x", "absent"}), 1);
  EXPECT_THAT(out_, HasSubstr("is not a key file"));
  EXPECT_EQ(Keys({"list", Path("x")}), 8);
  EXPECT_EQ(Keys({"ring", "--authority", "Not An Authority", "--platform",
                  Path("p"), "--moderation", Path("m")}),
            2);
  EXPECT_EQ(Keys({"master", "--out", Path("k"), "word"}), 2);
}

TEST_F(KeysTest, MakesAReceiptKeyWhoseRecordTheIdentityKeySigned) {
  MakeIdentity();
  ASSERT_EQ(Keys({"receipt", "--identity", Path("id"), "--out", Path("receipt"),
                  "--record", Path("receipt.record"), "--days", "30"}),
            0)
      << err_;
  EXPECT_EQ(Check({"receipt", "receipt.record"}), 0) << out_;
  auto key = wire::LoadReceiptKey(Path("receipt"), Path("receipt.record"));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->record.not_before, kNow);
  EXPECT_EQ(key->record.not_after, kNow + 30 * kDay);
  ASSERT_EQ(Keys({"list", Path("receipt.record")}), 0);
  EXPECT_THAT(out_, HasSubstr("signed receipt key"));
  ASSERT_EQ(Keys({"receipt", "--identity", Path("id"), "--out", Path("other"),
                  "--record", Path("other.record")}),
            0);
  EXPECT_FALSE(
      wire::LoadReceiptKey(Path("other"), Path("receipt.record")).ok());
}

TEST_F(KeysTest, MakesAnEvidenceKeyWhoseRecordTheIdentityKeySigned) {
  MakeIdentity();
  ASSERT_EQ(
      Keys({"evidence", "--identity", Path("id"), "--out", Path("evidence"),
            "--record", Path("evidence.record"), "--days", "30"}),
      0)
      << err_;
  EXPECT_EQ(Check({"evidence", "evidence.record"}), 0) << out_;
  auto key = wire::LoadEvidenceKey(Path("evidence"), Path("evidence.record"));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->record.not_before, kNow);
  EXPECT_EQ(key->record.not_after, kNow + 30 * kDay);
  ASSERT_EQ(Keys({"list", Path("evidence.record")}), 0);
  EXPECT_THAT(out_, HasSubstr("signed evidence key"));
  ASSERT_EQ(Keys({"receipt", "--identity", Path("id"), "--out", Path("receipt"),
                  "--record", Path("receipt.record")}),
            0);
  EXPECT_FALSE(
      wire::LoadEvidenceKey(Path("receipt"), Path("receipt.record")).ok());
  EXPECT_FALSE(
      wire::LoadEvidenceKey(Path("evidence"), Path("receipt.record")).ok());
}

TEST_F(KeysTest, MakesAKeyPairThatPackagesCanBeSealedTo) {
  MakeIdentity();
  ASSERT_EQ(Keys({"recipient", "--out", Path("court"), "--public",
                  Path("court.pub")}),
            0)
      << err_;
  auto key = wire::LoadRecipientKey(Path("court"));
  ASSERT_TRUE(key.ok()) << key.status();
  auto half = wire::LoadRecipientPublicKey(Path("court.pub"));
  ASSERT_TRUE(half.ok()) << half.status();
  EXPECT_TRUE(key->public_key() == *half);
  EXPECT_EQ(Check({"court", "court.pub"}), 0) << out_;
  EXPECT_FALSE(wire::LoadRecipientPublicKey(Path("pub")).ok());
}

TEST_F(KeysTest, AppendsAfterACallThatBrokeOffBetweenTheRings) {
  MakeIdentity();
  MakeRings();
  const std::string platform = Read("p");
  auto add = [this] {
    return Keys({"ring-add", "--json", "--platform", Path("p"), "--moderation",
                 Path("m"), "--windows", "2"});
  };
  ASSERT_EQ(add(), 0) << err_;
  // The crash: moderation's ring is written, the platform's is not.
  ASSERT_TRUE(
      wire::WriteFile(Path("p"), platform, wire::FileMode::kSecret, true).ok());
  ASSERT_EQ(add(), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("\"window_count\":4"));
  EXPECT_EQ(Keys({"franking-keys", "--ring", Path("m"), "--identity",
                  Path("id"), "--out", Path("fk")}),
            0);
  EXPECT_EQ(Check({"p", "m", "fk"}), 0) << out_;
}

TEST_F(KeysTest, AppendsNothingToRingsThatDiffer) {
  MakeRings();
  const std::string moderation = Read("m");
  ASSERT_EQ(
      Keys({"ring-add", "--platform", Path("p"), "--moderation", Path("m")}),
      0);
  ASSERT_TRUE(
      wire::WriteFile(Path("m"), moderation, wire::FileMode::kSecret, true)
          .ok());
  EXPECT_EQ(
      Keys({"ring-add", "--platform", Path("p"), "--moderation", Path("m")}),
      8);
}

}  // namespace
}  // namespace frank::client
