// What content costs is hashing and encrypting it: nothing is allocated for
// each block of it, and nothing copies it more often because it is long.
#include <gtest/gtest.h>

#include "crypto/channel.h"
#include "crypto/commitment.h"
#include "crypto/random.h"
#include "crypto/report.h"
#include "tests/crypto/counted_new.h"
#include "tests/crypto/properties.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

// Allocations of the second of two calls: the first may fill what is kept.
template <typename Work>
size_t AllocationsOf(Work work) {
  work();
  size_t before = CountedAllocations();
  work();
  return CountedAllocations() - before;
}

// Runs `work(content)` with little and with much content.
template <typename Work>
void ExpectTheSameForAnyLength(Work work) {
  Bytes small = *EncodePart("text/plain", Bytes(1'000, 'a'));
  Bytes large = *EncodePart("text/plain", Bytes(900'000, 'a'));
  EXPECT_EQ(AllocationsOf([&] { work(small); }),
            AllocationsOf([&] { work(large); }));
}

TEST(AllocationsTest, CommitmentsAllocateNothingForContent) {
  Bytes salt(32, 1);
  ExpectTheSameForAnyLength([&](const Bytes& content) {
    FrankingTag tag = *CommitWhole({salt, content});
    ASSERT_TRUE(VerifyOpening(tag, WholeOpening{salt, content}).ok());
  });
  EXPECT_EQ(AllocationsOf([&] {
              ASSERT_TRUE(CommitWhole({salt, TextPart("x")}).ok());
            }),
            AllocationsOf([] { TextPart("x"); }));
}

TEST(AllocationsTest, BodiesAndReportsAreOneBufferWhateverTheirLength) {
  Secret cek = Secret::Copy(Bytes(16, 1));
  BodyBinding binding = BindingOf(FrankingTag());
  HpkePrivateKey review = DeviceKey(3);
  SystemRandom random;
  ExpectTheSameForAnyLength([&](const Bytes& content) {
    Bytes body = *SealBody(cek, binding, content);
    ASSERT_TRUE(OpenBody(cek, binding, body).ok());
  });
  ExpectTheSameForAnyLength([&](const Bytes& content) {
    ReportBinding report{ReviewKeyId(), ReportId(), kMallory};
    Bytes sealed = *SealReport(review.public_key(), report, content, random);
    ASSERT_TRUE(OpenReport(review, report, sealed).ok());
  });
}

}  // namespace
}  // namespace frank::crypto
