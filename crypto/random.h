// The random source of servers and clients.
#ifndef FRANK_CRYPTO_RANDOM_H_
#define FRANK_CRYPTO_RANDOM_H_

#include "absl/types/span.h"
#include "core/random.h"

namespace frank::crypto {

// Randomness of OpenSSL's private generator, drawn in a block for each thread,
// since a draw costs the same for 44 bytes as for a block. Bytes are
// overwritten once given out; a block drawn before fork() is thrown away in the
// child. Thread-safe. Aborts the process when there is no randomness.
class SystemRandom final : public RandomSource {
 public:
  void Fill(absl::Span<uint8_t> out) override;
};

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_RANDOM_H_
