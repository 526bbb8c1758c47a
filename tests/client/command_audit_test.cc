// `frank audit` offline: exports, witnesses, proofs, and logs that somebody
// rewrote.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/command/audit_files.h"
#include "client/command/audit_proof.h"
#include "client/command/audit_verify.h"
#include "client/command/command.h"
#include "core/limits.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/files.h"
#include "tests/client/counting_random.h"
#include "tests/client/temporary_stream.h"

namespace frank::client {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr UnixMillis kNow = 1'800'000'000'000;
constexpr char kOrigin[] = "audit.hub.example/frank";

crypto::CheckpointSigner SignerOf(uint8_t seed = 7) {
  auto key = crypto::Ed25519PrivateKey::FromSeed(
      crypto::Secret::Copy(Bytes(32, seed)));
  return *crypto::CheckpointSigner::Create(kOrigin, *key);
}

Bytes EntryOf(const std::string& subject, uint64_t number,
              UnixMillis time = kNow - 1 * kHour,
              const std::string& act = "case.claimed") {
  crypto::AuditDetails details;
  details.Set(crypto::kActNumber, number);
  return *crypto::Serialize(
      crypto::AuditEntry{time, "moderator:anna", act, subject, details.Json()});
}

crypto::Checkpoint HeadOf(const std::vector<Bytes>& entries) {
  std::vector<ByteSpan> views(entries.begin(), entries.end());
  return {entries.size(), crypto::MerkleRoot(views)};
}

// Two subjects, taking turns.
std::vector<Bytes> SomeLog() {
  std::vector<Bytes> entries;
  for (uint64_t number = 1; number <= 4; ++number) {
    entries.push_back(EntryOf("case:a", number));
    entries.push_back(EntryOf("case:b", number));
  }
  return entries;
}

class AuditCommandTest : public testing::Test {
 protected:
  AuditCommandTest() {
    std::string pattern = testing::TempDir() + "frank-audit-XXXXXX";
    folder_ = std::string(mkdtemp(&pattern[0])) + "/";
    vkey_ = SignerOf().verifier().Vkey();
  }
  std::string Path(const std::string& name) const { return folder_ + name; }

  int Audit(std::vector<std::string> words) {
    words.insert(words.begin(), "audit");
    TemporaryStream out, err;
    const int code = RunFrank(AuditCommands(), words, clock_, random_,
                              out.file(), err.file());
    out_ = out.Contents();
    err_ = err.Contents();
    return code;
  }
  // Writes an export, signed by whoever has the log's key.
  std::string WriteLog(const std::vector<Bytes>& entries,
                       const crypto::Checkpoint& head,
                       const crypto::CheckpointSigner& signer = SignerOf()) {
    std::string path = Path(absl::StrCat("log", ++files_));
    auto writer = LogFileWriter::Create(path);
    EXPECT_TRUE(writer.ok()) << writer.status();
    for (const Bytes& entry : entries) EXPECT_TRUE(writer->Add(entry).ok());
    EXPECT_TRUE(writer->Finish(*signer.Sign(head)).ok());
    return path;
  }
  int Verify(const std::vector<Bytes>& entries,
             std::vector<std::string> options = {}) {
    std::vector<std::string> words = {
        "verify", WriteLog(entries, HeadOf(entries)), "--key", vkey_};
    words.insert(words.end(), options.begin(), options.end());
    return Audit(words);
  }
  // A witness's file with checkpoints of beginnings of a log.
  std::string WriteWitness(const std::vector<Bytes>& entries,
                           const std::vector<size_t>& sizes) {
    std::string path = Path(absl::StrCat("witness", ++files_));
    for (size_t size : sizes) {
      std::vector<Bytes> beginning(entries.begin(), entries.begin() + size);
      EXPECT_TRUE(AppendNote(path, *SignerOf().Sign(HeadOf(beginning))).ok());
    }
    return path;
  }

  FakeClock clock_{kNow};
  CountingRandom random_;
  std::string folder_;
  std::string vkey_;
  int files_ = 0;
  std::string out_;
  std::string err_;
};

TEST_F(AuditCommandTest, SaysThatALogIsInOrder) {
  EXPECT_EQ(Verify(SomeLog()), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("8 entries about 2 subjects"));
  EXPECT_THAT(out_,
              HasSubstr("AUTHENTIC: exactly these were signed by audit.hub"
                        ".example/frank"));
  EXPECT_EQ(Verify(SomeLog(), {"--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"kind\":\"audit_log\",\"origin\":\"" +
                              std::string(kOrigin) + "\",\"size\":8"));
  EXPECT_THAT(out_, HasSubstr("\"problems\":0,\"authentic\":true"));
  // A log of nothing is one, too.
  EXPECT_EQ(Verify({}), 0) << err_;
}

TEST_F(AuditCommandTest, RefusesACheckpointOfALogThatStandsStill) {
  crypto::Checkpoint head = HeadOf(SomeLog());
  EXPECT_FALSE(CheckFresh(head, kNow).ok()) << "it does not say";
  head.time = kNow;
  EXPECT_TRUE(CheckFresh(head, kNow).ok());
  EXPECT_TRUE(CheckFresh(head, kNow + limits::kMaxCheckpointAge).ok());
  absl::Status old = CheckFresh(head, kNow + limits::kMaxCheckpointAge + 1);
  EXPECT_THAT(std::string(old.message()), HasSubstr("stands still"));
  EXPECT_EQ(FindReason(old), "NOT_AUTHENTIC");
}

TEST_F(AuditCommandTest, TakesTheKeyFromAFileToo) {
  ASSERT_TRUE(
      wire::WriteFile(Path("vkey"), vkey_ + "\n", wire::FileMode::kPublic)
          .ok());
  std::string log = WriteLog(SomeLog(), HeadOf(SomeLog()));
  EXPECT_EQ(Audit({"verify", log, "--key", Path("vkey")}), 0) << err_;
  EXPECT_EQ(Audit({"verify", log, "--key", "nonsense"}), 2);
  EXPECT_EQ(Audit({"verify", log}), 2);
}

TEST_F(AuditCommandTest, CatchesWhatIsNotWhatWasSigned) {
  const std::vector<Bytes> good = SomeLog();
  const crypto::Checkpoint head = HeadOf(good);
  auto verify = [&](const std::vector<Bytes>& entries) {
    return Audit({"verify", WriteLog(entries, head), "--key", vkey_});
  };
  ASSERT_EQ(verify(good), 0) << err_;
  for (size_t i = 0; i < good.size(); ++i) {
    std::vector<Bytes> dropped = good;
    dropped.erase(dropped.begin() + i);
    EXPECT_EQ(verify(dropped), 5) << i;
    EXPECT_THAT(out_, HasSubstr("the checkpoint is of 8 entries, and 7"));
    std::vector<Bytes> changed = good;
    changed[i][10] ^= 1;
    EXPECT_EQ(verify(changed), 5) << i;
    EXPECT_THAT(out_, HasSubstr("do not have the root that was signed"));
  }
  std::vector<Bytes> swapped = good;
  std::swap(swapped[0], swapped[1]);
  EXPECT_EQ(verify(swapped), 5);
  std::vector<Bytes> more = good;
  more.push_back(EntryOf("case:a", 5));
  EXPECT_EQ(verify(more), 5);
  EXPECT_THAT(out_, HasSubstr("NOT AUTHENTIC"));
  // Signed by somebody else.
  EXPECT_EQ(
      Audit({"verify", WriteLog(good, head, SignerOf(8)), "--key", vkey_}), 5);
}

// With the key and the store, an operator can make another log, and by itself
// it is in order. Who kept a checkpoint of the first one sees that it is
// another.
TEST_F(AuditCommandTest, CatchesALogThatWasMadeAnewByAnOlderCheckpoint) {
  const std::vector<Bytes> good = SomeLog();
  std::string witness = WriteWitness(good, {0, 3, 6});
  ASSERT_EQ(Verify(good, {"--witness", witness}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("continue 3 older checkpoints"));

  // An act of case:a was taken out, and those after it were renumbered.
  std::vector<Bytes> anew;
  for (uint64_t number = 1; number <= 4; ++number) {
    if (number < 4) anew.push_back(EntryOf("case:a", number));
    anew.push_back(EntryOf("case:b", number));
  }
  anew[2] = EntryOf("case:a", 2, kNow - 1 * kHour, "case.released");
  EXPECT_EQ(Verify(anew), 0) << out_;
  EXPECT_EQ(Verify(anew, {"--witness", witness}), 5);
  EXPECT_THAT(out_, HasSubstr("its first 3 entries are not those"));
  EXPECT_THAT(out_, HasSubstr("its first 6 entries are not those"));
  // Shorter than it was.
  std::vector<Bytes> shorter(good.begin(), good.begin() + 5);
  EXPECT_EQ(Verify(shorter, {"--witness", witness}), 5);
  EXPECT_THAT(out_, HasSubstr("the log became shorter"));
  EXPECT_EQ(Verify(good, {"--witness", Path("absent")}), 8);
}

// What moderation signed although it is not in order: authentic, and not well.
TEST_F(AuditCommandTest, TellsOfNumbersThatAreMissing) {
  std::vector<Bytes> entries = SomeLog();
  entries.erase(entries.begin() + 2);
  EXPECT_EQ(Verify(entries), 1);
  EXPECT_THAT(out_, HasSubstr("entry 3, case:a: act 2 is missing before it"));
  EXPECT_THAT(out_, HasSubstr("AUTHENTIC"));
  EXPECT_EQ(Verify({EntryOf("case:a", 4)}), 1);
  EXPECT_THAT(out_, HasSubstr("acts 1 to 3 are missing before it"));
  EXPECT_EQ(Verify({EntryOf("case:a", 1), EntryOf("case:a", 1)}), 1);
  EXPECT_THAT(out_, HasSubstr("is act 1 after act 1"));
}

TEST_F(AuditCommandTest, TellsOfEntriesThatAreNone) {
  Bytes without_number = *crypto::Serialize(
      crypto::AuditEntry{kNow, "moderator:anna", "case.claimed", "case:a"});
  EXPECT_EQ(Verify({ToBytes("garbage"), without_number}), 1);
  EXPECT_THAT(out_, HasSubstr("entry 0 is no entry"));
  EXPECT_THAT(out_, HasSubstr("entry 1, case:a: has no act_number"));
}

TEST_F(AuditCommandTest, TellsOfTimesThatCannotBe) {
  EXPECT_EQ(Verify({EntryOf("case:a", 1, 0)}), 1);
  EXPECT_EQ(Verify({EntryOf("case:a", 1, kNow + 11 * kMinute)}), 1);
  EXPECT_EQ(Verify({EntryOf("case:a", 1, kNow),
                    EntryOf("case:a", 2, kNow - 61 * kSecond)}),
            1);
  EXPECT_THAT(out_, HasSubstr("the act before it of"));
  // Clocks differ a little, and subjects do not wait for one another.
  EXPECT_EQ(Verify({EntryOf("case:a", 1, kNow + 9 * kMinute),
                    EntryOf("case:a", 2, kNow + 8 * kMinute + 30 * kSecond),
                    EntryOf("case:b", 1, kNow - 1 * kDay)}),
            0)
      << out_;
}

TEST_F(AuditCommandTest, RefusesWhatIsNoExport) {
  auto verify = [&](const std::string& text) {
    std::string path = Path(absl::StrCat("bad", ++files_));
    std::ofstream(path) << text;
    return Audit({"verify", path, "--key", vkey_});
  };
  EXPECT_EQ(Audit({"verify", Path("absent"), "--key", vkey_}), 4);
  EXPECT_EQ(verify(""), 2);
  EXPECT_EQ(verify("something else\n"), 2);
  EXPECT_EQ(verify("frank-audit/1\n"), 2);
  EXPECT_EQ(verify("frank-audit/1\nnot base64\n\n"), 2);
  EXPECT_EQ(verify("frank-audit/1\n\n"), 5);
}

TEST_F(AuditCommandTest, NeverOverwritesAnExportAndRemovesAHalfOne) {
  std::string path = WriteLog(SomeLog(), HeadOf(SomeLog()));
  EXPECT_TRUE(absl::IsAlreadyExists(LogFileWriter::Create(path).status()));
  {
    auto writer = LogFileWriter::Create(Path("half"));
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE(writer->Add(EntryOf("case:a", 1)).ok());
  }
  EXPECT_TRUE(LogFileWriter::Create(Path("half")).ok());
}

TEST_F(AuditCommandTest, KeepsTheNotesOfAWitnessAsTheyWere) {
  std::vector<Bytes> log = SomeLog();
  std::string cosigned = *SignerOf().Sign(HeadOf(log));
  std::string other = *SignerOf(8).Sign(HeadOf(log));
  cosigned += other.substr(other.find("\n\n") + 2);
  EXPECT_TRUE(ReadNotes(Path("w"))->empty());
  std::vector<std::string> notes = {*SignerOf().Sign({0, {}}), cosigned,
                                    *SignerOf().Sign({1, {}})};
  for (const std::string& note : notes) {
    ASSERT_TRUE(AppendNote(Path("w"), note).ok());
  }
  EXPECT_EQ(*ReadNotes(Path("w")), notes);
}

TEST_F(AuditCommandTest, AcceptsOnlyALogThatContinues) {
  std::vector<crypto::MerkleHash> leaves;
  std::vector<Bytes> log = SomeLog();
  for (const Bytes& entry : log) leaves.push_back(crypto::HashLeaf({entry}));
  crypto::MerkleTree tree(leaves);
  auto fetch = [&](uint64_t old_size, uint64_t) {
    return absl::StatusOr<crypto::MerkleProof>(tree.ConsistencyProof(old_size));
  };
  crypto::Checkpoint now = HeadOf(log);
  crypto::Checkpoint old =
      HeadOf(std::vector<Bytes>(log.begin(), log.begin() + 5));
  EXPECT_TRUE(CheckContinues(old, now, fetch).ok());
  EXPECT_TRUE(CheckContinues(now, now, fetch).ok());
  crypto::Checkpoint fork = old;
  fork.root[0] ^= 1;
  absl::Status rewritten = CheckContinues(fork, now, fetch);
  EXPECT_TRUE(absl::IsUnauthenticated(rewritten));
  EXPECT_THAT(std::string(rewritten.message()),
              HasSubstr("its first 5 entries"));
  fork = now;
  fork.root[0] ^= 1;
  EXPECT_TRUE(absl::IsUnauthenticated(CheckContinues(fork, now, fetch)));
  absl::Status shorter = CheckContinues(now, old, fetch);
  EXPECT_TRUE(absl::IsUnauthenticated(shorter));
  EXPECT_THAT(std::string(shorter.message()), HasSubstr("became shorter"));
}

class InclusionTest : public testing::Test {
 protected:
  InclusionTest() {
    std::vector<crypto::MerkleHash> leaves;
    for (const Bytes& entry : log_) leaves.push_back(crypto::HashLeaf({entry}));
    crypto::MerkleTree tree(leaves);
    proof_.set_entry(ToString(log_[2]));
    proof_.set_leaf_index(2);
    for (const auto& node : tree.InclusionProof(2)) {
      proof_.add_proof(ToString(node));
    }
    proof_.set_checkpoint(*SignerOf().Sign(HeadOf(log_)));
    by_name_.mutable_act()->set_subject("case:a");
    by_name_.mutable_act()->set_number(2);
    by_hash_.set_entry_sha256(ToString(crypto::Sha256({log_[2]})));
  }
  static absl::StatusCode Check(const v1::GetInclusionProofRequest& asked,
                                const v1::InclusionProof& proof) {
    AuditKeyring keys({SignerOf().verifier()});
    return CheckInclusion(asked, proof, keys).status().code();
  }

  const std::vector<Bytes> log_ = SomeLog();
  v1::InclusionProof proof_;
  v1::GetInclusionProofRequest by_name_, by_hash_;
};

TEST_F(InclusionTest, AcceptsTheProofOfWhatWasAsked) {
  EXPECT_EQ(Check(by_name_, proof_), absl::StatusCode::kOk);
  EXPECT_EQ(Check(by_hash_, proof_), absl::StatusCode::kOk);
}

TEST_F(InclusionTest, RefusesTheProofOfAnotherEntry) {
  constexpr auto kNotAuthentic = absl::StatusCode::kUnauthenticated;
  v1::GetInclusionProofRequest other = by_name_;
  other.mutable_act()->set_number(3);
  EXPECT_EQ(Check(other, proof_), kNotAuthentic);
  other.mutable_act()->set_number(2);
  other.mutable_act()->set_subject("case:b");
  EXPECT_EQ(Check(other, proof_), kNotAuthentic);
  other.set_entry_sha256(ToString(crypto::Sha256({log_[3]})));
  EXPECT_EQ(Check(other, proof_), kNotAuthentic);
}

TEST_F(InclusionTest, RefusesAProofThatWasChanged) {
  constexpr auto kNotAuthentic = absl::StatusCode::kUnauthenticated;
  auto changed = [&](auto change) {
    v1::InclusionProof proof = proof_;
    change(proof);
    return Check(by_name_, proof);
  };
  EXPECT_EQ(changed([](auto& p) { p.mutable_entry()->back() ^= 1; }),
            kNotAuthentic);
  EXPECT_EQ(changed([](auto& p) { p.set_leaf_index(3); }), kNotAuthentic);
  EXPECT_EQ(changed([](auto& p) { (*p.mutable_proof(0))[0] ^= 1; }),
            kNotAuthentic);
  EXPECT_EQ(changed([](auto& p) { p.mutable_proof(0)->pop_back(); }),
            kNotAuthentic);
  EXPECT_EQ(changed([](auto& p) { p.mutable_proof()->RemoveLast(); }),
            kNotAuthentic);
  EXPECT_EQ(changed([](auto& p) { p.clear_checkpoint(); }), kNotAuthentic);
  EXPECT_EQ(changed([&](auto& p) {
              p.set_checkpoint(*SignerOf(8).Sign(HeadOf(log_)));
            }),
            kNotAuthentic);
}

}  // namespace
}  // namespace frank::client
