// Key material, salts and plaintext.
#ifndef FRANK_CRYPTO_SECRET_H_
#define FRANK_CRYPTO_SECRET_H_

#include <cstddef>

#include "absl/types/span.h"
#include "core/bytes.h"
#include "core/random.h"

namespace frank::crypto {

// Bytes that are overwritten before their memory is given back. Move-only; has
// no stream operator and no equality: compare with ConstantTimeEquals.
// Not thread-safe to change, safe to read from many threads.
class Secret {
 public:
  Secret() = default;
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  static Secret Copy(ByteSpan bytes);
  static Secret Random(RandomSource& random, size_t size);
  // `size` zeros, to be filled through mutable_bytes().
  static Secret OfSize(size_t size);

  Secret Clone() const { return Copy(bytes_); }
  // Shortens to `size` bytes and overwrites the rest.
  void Shrink(size_t size);

  ByteSpan bytes() const { return bytes_; }
  absl::Span<uint8_t> mutable_bytes() { return absl::MakeSpan(bytes_); }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

 private:
  explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
  Bytes bytes_;
};

// Compares in a time that depends on the lengths alone. Spans of different
// lengths are not equal.
bool ConstantTimeEquals(ByteSpan a, ByteSpan b);

// Overwrites bytes in a way that the compiler does not remove.
void Cleanse(absl::Span<uint8_t> bytes);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_SECRET_H_
