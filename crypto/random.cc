#include "crypto/random.h"

#include <openssl/rand.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include "core/status.h"
#include "crypto/secret.h"

namespace frank::crypto {
namespace {

constexpr size_t kBlockBytes = 4096;

// Counts the forks behind this process: a block of an earlier generation is
// also in the hands of the parent.
std::atomic<uint64_t> generation{0};

void WatchForks() {
  static const int watched =
      pthread_atfork(nullptr, nullptr, [] { generation.fetch_add(1); });
  FRANK_CHECK(watched == 0);
}

void FillFromLibrary(absl::Span<uint8_t> out) {
  if (RAND_priv_bytes_ex(nullptr, out.data(), out.size(), 0) != 1) {
    Die("the random generator gives no bytes");
  }
}

struct Block {
  std::array<uint8_t, kBlockBytes> bytes;
  size_t used = kBlockBytes;
  uint64_t made_in = 0;

  ~Block() { Cleanse(absl::MakeSpan(bytes)); }

  void Take(absl::Span<uint8_t> out) {
    uint64_t now = generation.load(std::memory_order_relaxed);
    if (made_in != now || bytes.size() - used < out.size()) {
      FillFromLibrary(absl::MakeSpan(bytes));
      made_in = now;
      used = 0;
    }
    absl::Span<uint8_t> taken = absl::MakeSpan(bytes).subspan(used, out.size());
    std::copy(taken.begin(), taken.end(), out.begin());
    Cleanse(taken);
    used += out.size();
  }
};

}  // namespace

void SystemRandom::Fill(absl::Span<uint8_t> out) {
  if (out.empty()) return;
  if (out.size() > kBlockBytes / 4) return FillFromLibrary(out);
  WatchForks();
  thread_local Block block;
  block.Take(out);
}

}  // namespace frank::crypto
