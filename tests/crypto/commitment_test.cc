#include "crypto/commitment.h"

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

constexpr absl::StatusCode kMalformed = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kForged = absl::StatusCode::kUnauthenticated;

Bytes PartOf(absl::string_view body) {
  return *EncodePart("text/plain", AsBytes(body));
}

class WholeTest : public testing::Test {
 protected:
  bool Opens(ByteSpan tag, ByteSpan salt, ByteSpan content) {
    auto parsed = FrankingTag::Parse("franking_tag", tag);
    return parsed.ok() &&
           VerifyOpening(*parsed, WholeOpening{salt, content}).ok();
  }
  FakeRandom random_;
  Bytes salt_ = random_.Draw(32);
  Bytes content_ = PartOf("a threat");
  FrankingTag tag_ = *CommitWhole({salt_, content_});
};

TEST_F(WholeTest, IsTheHmacOfTheContent) {
  EXPECT_EQ(ToHex(tag_.bytes()), ToHex(HmacKey(salt_).Mac({content_})));
}

TEST_F(WholeTest, OpensToExactlyWhatWasCommitted) {
  ExpectOnlyExactly(content_, [&](ByteSpan candidate) {
    return Opens(tag_.bytes(), salt_, candidate);
  });
  ExpectOnlyExactly(salt_, [&](ByteSpan candidate) {
    return Opens(tag_.bytes(), candidate, content_);
  });
  Bytes tag(tag_.bytes().begin(), tag_.bytes().end());
  ExpectOnlyExactly(tag, [&](ByteSpan candidate) {
    return Opens(candidate, salt_, content_);
  });
}

TEST_F(WholeTest, RefusesSaltAndContentSwapped) {
  Bytes part = *EncodePart("", Bytes(31, 1));
  FrankingTag tag = *CommitWhole({salt_, part});
  EXPECT_FALSE(Opens(tag.bytes(), part, salt_));
}

TEST_F(WholeTest, TellsMalformedFromForged) {
  EXPECT_EQ(VerifyOpening(tag_, WholeOpening{Bytes(31, 1), content_}).code(),
            kMalformed);
  EXPECT_EQ(VerifyOpening(tag_, WholeOpening{salt_, Bytes{}}).code(),
            kMalformed);
  EXPECT_EQ(VerifyOpening(tag_, Opening()).code(), kMalformed);
  EXPECT_EQ(VerifyOpening(tag_, WholeOpening{salt_, PartOf("other")}).code(),
            kForged);
}

TEST_F(WholeTest, RefusesASaltThatHmacCannotTellFromAShorterOne) {
  Bytes salt = salt_;
  for (size_t i = 16; i < 32; ++i) salt[i] = 0;
  EXPECT_EQ(CommitWhole({salt, content_}).status().code(), kMalformed);
  salt[31] = 1;
  EXPECT_TRUE(CommitWhole({salt, content_}).ok());
}

TEST_F(WholeTest, TakesMimiContentWithItsOwnSaltOnly) {
  Bytes short_salt = random_.Draw(16);
  Bytes any = Bytes(3, 0xff);
  EXPECT_TRUE(CommitWhole({short_salt, any, true}).ok());
  EXPECT_EQ(CommitWhole({short_salt, content_}).status().code(), kMalformed);
  EXPECT_EQ(CommitWhole({salt_, any, true}).status().code(), kMalformed);
}

TEST_F(WholeTest, TakesEmptyAndLargestContent) {
  Bytes empty = *EncodePart("", {});
  EXPECT_TRUE(Opens(CommitWhole({salt_, empty})->bytes(), salt_, empty));
  Bytes large = *EncodePart(std::string(255, 'x'), Bytes(1 << 20, 1));
  EXPECT_TRUE(Opens(CommitWhole({salt_, large})->bytes(), salt_, large));
}

class PartsTest : public testing::Test {
 protected:
  static constexpr uint32_t kSize = 5;
  PartsTest() {
    for (uint32_t i = 0; i < kSize; ++i) {
      parts_.push_back(PartOf("part " + std::to_string(i)));
    }
    commitment_.emplace(*PartsCommitment::Create({root_salt_, Views()}));
    for (uint32_t i = 0; i < kSize; ++i) {
      proofs_.push_back(*commitment_->Prove(i));
    }
  }
  std::vector<ByteSpan> Views() const {
    return std::vector<ByteSpan>(parts_.begin(), parts_.end());
  }
  OpenedPart Opened(uint32_t index) const {
    OpenedPart out{index, proofs_[index].part_salt.bytes(), parts_[index], {}};
    for (const MerkleHash& node : proofs_[index].inclusion_proof) {
      out.inclusion_proof.push_back(node);
    }
    return out;
  }
  absl::StatusCode Judge(std::vector<OpenedPart> parts,
                         uint32_t size = kSize) const {
    return VerifyOpening(commitment_->tag(),
                         SomePartsOpening{size, std::move(parts)})
        .code();
  }
  bool Opens(const OpenedPart& part) const {
    return Judge({part}) == absl::StatusCode::kOk;
  }

  FakeRandom random_;
  Bytes root_salt_ = random_.Draw(32);
  std::vector<Bytes> parts_;
  absl::optional<PartsCommitment> commitment_;
  std::vector<PartProof> proofs_;
};

TEST_F(PartsTest, OpensEverySubset) {
  for (uint32_t subset = 1; subset < 1u << kSize; ++subset) {
    std::vector<OpenedPart> opened;
    for (uint32_t i = 0; i < kSize; ++i) {
      if (subset >> i & 1) opened.push_back(Opened(i));
    }
    EXPECT_EQ(Judge(opened), absl::StatusCode::kOk) << subset;
  }
}

TEST_F(PartsTest, OpensAPartToExactlyWhatWasCommitted) {
  OpenedPart part = Opened(2);
  ExpectOnlyExactly(parts_[2], [&](ByteSpan candidate) {
    OpenedPart changed = part;
    changed.part = candidate;
    return Opens(changed);
  });
  Bytes salt(part.part_salt.begin(), part.part_salt.end());
  ExpectOnlyExactly(salt, [&](ByteSpan candidate) {
    OpenedPart changed = part;
    changed.part_salt = candidate;
    return Opens(changed);
  });
  for (size_t node = 0; node < part.inclusion_proof.size(); ++node) {
    ByteSpan original = part.inclusion_proof[node];
    ExpectOnlyExactly(Bytes(original.begin(), original.end()),
                      [&](ByteSpan candidate) {
                        OpenedPart changed = part;
                        changed.inclusion_proof[node] = candidate;
                        return Opens(changed);
                      });
  }
}

TEST_F(PartsTest, OpensWholeToExactlyWhatWasCommitted) {
  for (uint32_t i = 0; i < kSize; ++i) {
    ExpectOnlyExactly(parts_[i], [&](ByteSpan candidate) {
      std::vector<ByteSpan> views = Views();
      views[i] = candidate;
      return VerifyOpening(commitment_->tag(), PartsOpening{root_salt_, views})
          .ok();
    });
  }
  ExpectOnlyExactly(root_salt_, [&](ByteSpan candidate) {
    return VerifyOpening(commitment_->tag(), PartsOpening{candidate, Views()})
        .ok();
  });
}

TEST_F(PartsTest, RefusesOtherSizesAndIndices) {
  for (uint32_t size : {0u, 1u, 4u, 6u, 8u, (1u << 20) + 1, 0xffffffffu}) {
    EXPECT_NE(Judge({Opened(2)}, size), absl::StatusCode::kOk) << size;
  }
  for (uint32_t index : {0u, 1u, 3u, 4u, 5u, 0xffffffffu}) {
    OpenedPart moved = Opened(2);
    moved.index = index;
    EXPECT_FALSE(Opens(moved)) << index;
  }
}

TEST_F(PartsTest, RefusesDisorderAndRepetition) {
  EXPECT_EQ(Judge({Opened(3), Opened(1)}), kMalformed);
  EXPECT_EQ(Judge({Opened(1), Opened(1)}), kMalformed);
  EXPECT_EQ(Judge({}), kMalformed);
}

TEST_F(PartsTest, RefusesSwappedFields) {
  OpenedPart one = Opened(1), two = Opened(2);
  std::swap(one.part_salt, two.part_salt);
  EXPECT_EQ(Judge({one, two}), kForged);
  one = Opened(1), two = Opened(2);
  std::swap(one.part, two.part);
  EXPECT_EQ(Judge({one, two}), kForged);
  std::vector<ByteSpan> views = Views();
  std::swap(views[0], views[1]);
  EXPECT_FALSE(
      VerifyOpening(commitment_->tag(), PartsOpening{root_salt_, views}).ok());
}

TEST_F(PartsTest, AgreesWithTheCommitterThatReadsPartByPart) {
  auto committer = PartsCommitter::Create(root_salt_, kSize);
  ASSERT_TRUE(committer.ok());
  for (uint32_t i = 0; i < kSize; ++i) {
    if (i % 2 == 0) {
      EXPECT_TRUE(committer->Add(parts_[i]).ok());
    } else {
      Part part = *ParsePart(parts_[i]);
      EXPECT_TRUE(committer->Add(part.media_type, part.body).ok());
    }
  }
  EXPECT_EQ(committer->Add(parts_[0]).code(),
            absl::StatusCode::kFailedPrecondition);
  auto commitment = std::move(*committer).Finish();
  ASSERT_TRUE(commitment.ok());
  EXPECT_EQ(commitment->tag(), commitment_->tag());
}

TEST_F(PartsTest, RefusesToFinishEarlyOrBeTooLarge) {
  auto committer = PartsCommitter::Create(root_salt_, 2);
  ASSERT_TRUE(committer->Add(parts_[0]).ok());
  EXPECT_EQ(std::move(*committer).Finish().status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(PartsCommitter::Create(root_salt_, 0).ok());
  EXPECT_FALSE(PartsCommitter::Create(root_salt_, (1u << 20) + 1).ok());
  EXPECT_TRUE(PartsCommitter::Create(root_salt_, 1u << 20).ok());
  EXPECT_FALSE(commitment_->Prove(kSize).ok());
  EXPECT_EQ(PartsCommitment::Create({root_salt_, {}}).status().code(),
            kMalformed);
}

TEST(PartTest, RoundTripsAndRefusesABadMediaType) {
  for (const std::string& type :
       {std::string(), std::string("text/plain"), std::string(63, 'a'),
        std::string(64, 'a'), std::string(255, 'a')}) {
    Bytes encoded = *EncodePart(type, AsBytes("body"));
    auto part = ParsePart(encoded);
    ASSERT_TRUE(part.ok());
    EXPECT_EQ(part->media_type, type);
    EXPECT_EQ(AsText(part->body), "body");
  }
  EXPECT_EQ(EncodePart("text plain", {}).status().code(), kMalformed);
  EXPECT_EQ(EncodePart(std::string(256, 'a'), {}).status().code(), kMalformed);
  EXPECT_EQ(ParsePart({}).status().code(), kMalformed);
}

TEST(SchemeTest, ParsesOnlyWholeAndParts) {
  EXPECT_EQ(*ParseScheme(1), Scheme::kWhole);
  EXPECT_EQ(*ParseScheme(2), Scheme::kParts);
  for (uint32_t scheme : {0u, 3u, 255u, 257u, 258u, 0xffffffffu}) {
    EXPECT_EQ(ParseScheme(scheme).status().code(), kMalformed) << scheme;
  }
}

}  // namespace
}  // namespace frank::crypto
