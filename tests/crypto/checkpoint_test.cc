#include "crypto/checkpoint.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/limits.h"
#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

constexpr char kOrigin[] = "audit.hub.example/frank";

Ed25519PrivateKey KeyOf(uint8_t seed) {
  return *Ed25519PrivateKey::FromSeed(Secret::Copy(Bytes(32, seed)));
}

CheckpointSigner SignerOf(absl::string_view origin, uint8_t seed = 7) {
  return *CheckpointSigner::Create(origin, KeyOf(seed));
}

Checkpoint SomeCheckpoint() { return {41, Sha256({AsBytes("root")})}; }

absl::StatusCode CodeOf(absl::string_view note) {
  return SignerOf(kOrigin).verifier().Open(note).status().code();
}

TEST(CheckpointTest, OpensWhatItSigns) {
  for (uint64_t size : {uint64_t{0}, uint64_t{1}, ~uint64_t{0}}) {
    CheckpointSigner signer = SignerOf(kOrigin);
    std::string note = *signer.Sign({size, SomeCheckpoint().root});
    auto opened = signer.verifier().Open(note);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(opened->size, size);
    EXPECT_EQ(opened->root, SomeCheckpoint().root);
  }
}

TEST(CheckpointTest, SaysWhenItWasSigned) {
  Checkpoint checkpoint = SomeCheckpoint();
  CheckpointSigner signer = SignerOf(kOrigin);
  EXPECT_EQ(signer.verifier().Open(*signer.Sign(checkpoint))->time, 0u);
  checkpoint.time = 1'800'000'000'000;
  std::string note = *signer.Sign(checkpoint);
  EXPECT_NE(note.find("\ntime 1800000000000\n\n"), note.npos);
  auto opened = signer.verifier().Open(note);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->time, checkpoint.time);
  EXPECT_EQ(opened->root, checkpoint.root);
}

TEST(CheckpointTest, PassesOverAnExtensionThatIsNoTime) {
  std::string text = absl::StrCat(
      kOrigin, "\n41\n", ToBase64(SomeCheckpoint().root), "\ntime for tea\n");
  Signature signature = *KeyOf(7).SignPlain(AsBytes(text));
  std::string vkey = SignerOf(kOrigin).verifier().Vkey();
  Bytes both = *FromHex(vkey.substr(sizeof(kOrigin), 8));
  both.insert(both.end(), signature.begin(), signature.end());
  auto opened = SignerOf(kOrigin).verifier().Open(absl::StrCat(
      text, "\n\xE2\x80\x94 ", kOrigin, " ", ToBase64(both), "\n"));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->time, 0u);
}

TEST(CheckpointTest, RefusesEveryNoteThatIsNear) {
  std::string note = *SignerOf(kOrigin).Sign(SomeCheckpoint());
  auto opens = [](ByteSpan bytes) {
    return CodeOf(AsText(bytes)) == absl::StatusCode::kOk;
  };
  ExpectOnlyExactly(ToBytes(note), opens);
  EXPECT_FALSE(opens(ToBytes(note + "\n")));
}

TEST(CheckpointTest, RefusesAnotherKeyAndAnotherOrigin) {
  Checkpoint checkpoint = SomeCheckpoint();
  EXPECT_EQ(CodeOf(*SignerOf(kOrigin, 8).Sign(checkpoint)),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(CodeOf(*SignerOf("elsewhere.example").Sign(checkpoint)),
            absl::StatusCode::kUnauthenticated);
}

TEST(CheckpointTest, PassesOverTheSignaturesOfOthers) {
  std::string note = *SignerOf(kOrigin).Sign(SomeCheckpoint());
  std::string other = *SignerOf("witness.example", 9).Sign(SomeCheckpoint());
  std::string line = other.substr(other.find("\n\n") + 2);
  EXPECT_EQ(CodeOf(note + line), absl::StatusCode::kOk);
  // A line that is none is not passed over.
  EXPECT_EQ(CodeOf(note + "witness.example\n"),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(note + absl::StrReplaceAll(line, {{"witness", "wit+ness"}})),
            absl::StatusCode::kInvalidArgument);
}

TEST(CheckpointTest, NeedsEverySignatureOfItsKeyToVerify) {
  std::string note = *SignerOf(kOrigin).Sign(SomeCheckpoint());
  std::string other = *SignerOf(kOrigin).Sign({42, SomeCheckpoint().root});
  std::string line = other.substr(other.find("\n\n") + 2);
  EXPECT_EQ(CodeOf(note + line), absl::StatusCode::kUnauthenticated);
}

TEST(CheckpointTest, BoundsWhatItReads) {
  std::string note = *SignerOf(kOrigin).Sign(SomeCheckpoint());
  std::string line = note.substr(note.find("\n\n") + 2);
  std::string most = note;
  for (size_t i = 1; i < limits::kMaxNoteSignatures; ++i) most += line;
  EXPECT_EQ(CodeOf(most), absl::StatusCode::kOk);
  EXPECT_EQ(CodeOf(most + line), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(std::string(limits::kMaxCheckpointBytes + 1, 'x')),
            absl::StatusCode::kInvalidArgument);
}

TEST(CheckpointTest, ReadsTheVkeyThatItWrites) {
  CheckpointVerifier verifier = SignerOf(kOrigin).verifier();
  auto parsed = CheckpointVerifier::ParseVkey(verifier.Vkey());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->Vkey(), verifier.Vkey());
  EXPECT_EQ(parsed->origin(), kOrigin);
  EXPECT_TRUE(parsed->key() == KeyOf(7).public_key());
}

TEST(CheckpointTest, RefusesEveryVkeyThatIsNear) {
  std::string vkey = SignerOf(kOrigin).verifier().Vkey();
  auto parses = [](ByteSpan bytes) {
    return CheckpointVerifier::ParseVkey(AsText(bytes)).ok();
  };
  ExpectOnlyExactly(ToBytes(vkey), parses);
  EXPECT_FALSE(parses(ToBytes(vkey + "\n")));
}

TEST(CheckpointTest, NeedsANameThatANoteCanHold) {
  for (const char* bad : {"", "a b", "a+b", "a\nb", "\xff", "a\xe3\x80\x80"}) {
    EXPECT_EQ(CheckpointSigner::Create(bad, KeyOf(7)).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

}  // namespace
}  // namespace frank::crypto
