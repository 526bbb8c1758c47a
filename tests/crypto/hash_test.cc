#include "crypto/hash.h"

#include <gtest/gtest.h>

#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

std::string Mac(const Bytes& key, const Bytes& data) {
  return ToHex(HmacKey(key).Mac({data}));
}

TEST(HmacTest, GivesTheMacsOfRfc4231) {
  EXPECT_EQ(Mac(Bytes(20, 0x0b), ToBytes("Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Mac(ToBytes("Jefe"), ToBytes("what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Mac(Bytes(20, 0xaa), Bytes(50, 0xdd)),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(Mac(Hex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
                Bytes(50, 0xcd)),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  EXPECT_EQ(Mac(Bytes(20, 0x0c), ToBytes("Test With Truncation")).substr(0, 32),
            "a3b6167473100ee06e0c796c2955552b");
  EXPECT_EQ(Mac(Bytes(131, 0xaa),
                ToBytes("Test Using Larger Than Block-Size Key - Hash Key "
                        "First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(
      Mac(Bytes(131, 0xaa),
          ToBytes("This is a test using a larger than block-size key and a "
                  "larger than block-size data. The key needs to be hashed "
                  "before being used by the HMAC algorithm.")),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacTest, MacsPiecesAsTheirConcatenation) {
  FakeRandom random;
  Bytes data = random.Draw(300);
  HmacKey key(random.Draw(32));
  Sha256Digest whole = key.Mac({data});
  for (size_t cut = 0; cut <= data.size(); ++cut) {
    ByteSpan view(data);
    EXPECT_EQ(key.Mac({view.first(cut), {}, view.subspan(cut)}), whole) << cut;
  }
}

TEST(HmacTest, CopyGivesTheSameMacs) {
  HmacKey key(Bytes(32, 1));
  HmacKey copy = key;
  copy = HmacKey(Bytes(32, 2));
  EXPECT_NE(key.Mac({}), copy.Mac({}));
  copy = key;
  EXPECT_EQ(key.Mac({}), copy.Mac({}));
}

TEST(Sha256Test, GivesTheDigestsOfFips180) {
  EXPECT_EQ(ToHex(Sha256({})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256({AsBytes("abc")})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256({Bytes(1000000, 'a')})),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, ForksWhenCopied) {
  Sha256Hasher first;
  first.Update(AsBytes("a"));
  Sha256Hasher second = first;
  first.Update(AsBytes("b"));
  second.Update(AsBytes("c"));
  EXPECT_EQ(first.Finish(), Sha256({AsBytes("ab")}));
  EXPECT_EQ(second.Finish(), Sha256({AsBytes("ac")}));
}

}  // namespace
}  // namespace frank::crypto
