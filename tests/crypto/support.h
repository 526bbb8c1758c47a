// What the crypto tests share: fixed randomness and the battery that every
// verified structure goes through.
#ifndef FRANK_TESTS_CRYPTO_SUPPORT_H_
#define FRANK_TESTS_CRYPTO_SUPPORT_H_

#include <gtest/gtest.h>

#include <functional>

#include "core/bytes.h"
#include "core/ids.h"
#include "core/random.h"
#include "crypto/hash.h"

namespace frank::crypto {

// SHA-256 of a counter: the same in every run, different at every draw.
class FakeRandom final : public RandomSource {
 public:
  explicit FakeRandom(uint64_t seed = 1) : counter_(seed << 32) {}
  void Fill(absl::Span<uint8_t> out) override {
    for (size_t at = 0; at < out.size(); at += 32) {
      std::string counter;
      AppendU64(counter_++, &counter);
      Sha256Digest block = Sha256({AsBytes(counter)});
      for (size_t i = 0; i < 32 && at + i < out.size(); ++i) {
        out[at + i] = block[i];
      }
    }
  }
  Bytes Draw(size_t size) {
    Bytes out(size);
    Fill(absl::MakeSpan(out));
    return out;
  }

 private:
  uint64_t counter_;
};

// Gives the bytes that it was made with, once.
class FixedRandom final : public RandomSource {
 public:
  explicit FixedRandom(Bytes bytes) : bytes_(std::move(bytes)) {}
  void Fill(absl::Span<uint8_t> out) override {
    ASSERT_LE(at_ + out.size(), bytes_.size()) << "asked for too much";
    for (uint8_t& byte : out) byte = bytes_[at_++];
  }

 private:
  Bytes bytes_;
  size_t at_ = 0;
};

inline Bytes Hex(absl::string_view hex) {
  auto bytes = FromHex(hex);
  EXPECT_TRUE(bytes.ok()) << hex;
  return bytes.ok() ? *bytes : Bytes{};
}

using Accepts = std::function<bool(ByteSpan)>;

// Expects `accepts` to take `bytes` and nothing near them: no single bit
// flipped, no shorter beginning, no byte more at either end.
inline void ExpectOnlyExactly(const Bytes& bytes, const Accepts& accepts) {
  EXPECT_TRUE(accepts(bytes));
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(accepts(flipped)) << "bit " << bit << " flipped";
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(accepts(ByteSpan(bytes).first(size))) << "cut to " << size;
  }
  for (uint8_t extra : {0x00, 0x80, 0xff}) {
    Bytes longer = bytes;
    longer.push_back(extra);
    EXPECT_FALSE(accepts(longer)) << "extended";
    longer = bytes;
    longer.insert(longer.begin(), extra);
    EXPECT_FALSE(accepts(longer)) << "extended in front";
  }
}

}  // namespace frank::crypto

#endif  // FRANK_TESTS_CRYPTO_SUPPORT_H_
