#include "crypto/random.h"

#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/status.h"
#include "crypto/secret.h"

namespace frank::crypto {
namespace {

void DrawFromLibrary(absl::Span<uint8_t> out) {
  if (RAND_priv_bytes(out.data(), static_cast<int>(out.size())) != 1) {
    Die("the operating system gives no randomness");
  }
}

// Bytes drawn ahead, for one thread of one process.
class Block {
 public:
  ~Block() { Cleanse(absl::MakeSpan(bytes_)); }

  void Take(absl::Span<uint8_t> out) {
    if (used_ + out.size() > bytes_.size() || process_ != getpid()) Refill();
    absl::Span<uint8_t> taken =
        absl::MakeSpan(bytes_).subspan(used_, out.size());
    std::copy(taken.begin(), taken.end(), out.begin());
    Cleanse(taken);
    used_ += out.size();
  }

  static constexpr size_t kBytes = 4096;

 private:
  void Refill() {
    DrawFromLibrary(absl::MakeSpan(bytes_));
    used_ = 0;
    process_ = getpid();
  }

  std::array<uint8_t, kBytes> bytes_;
  size_t used_ = kBytes;
  pid_t process_ = 0;
};

}  // namespace

void SystemRandom::Fill(absl::Span<uint8_t> out) {
  static thread_local Block block;
  if (out.size() > Block::kBytes) {
    DrawFromLibrary(out);
    return;
  }
  block.Take(out);
}

}  // namespace frank::crypto
