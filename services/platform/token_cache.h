// Tokens of devices, kept in memory.
#ifndef FRANK_SERVICES_PLATFORM_TOKEN_CACHE_H_
#define FRANK_SERVICES_PLATFORM_TOKEN_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "core/limits.h"
#include "frank/storage/v1/platform.pb.h"
#include "storage/engine.h"
#include "storage/schema.h"

namespace frank::platform {

// What was looked up stays known until it is changed: an engine tells those who
// follow before it answers the commit, so who removes a token and has the
// answer knows that it is refused from then on; where others share the store,
// as soon as the engine tells. Tokens that are unknown are looked up each time.
// Thread-safe.
class TokenCache {
 public:
  using Token = std::shared_ptr<const storage::v1::TokenRecord>;

  // `engine` outlives it. When `most` are known it begins anew.
  explicit TokenCache(storage::Engine& engine,
                      size_t most = limits::kMaxCachedTokens);

  // Null when it is unknown; errors of the engine.
  absl::StatusOr<Token> Find(const storage::TokenHash& hash)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Forget(absl::Span<const storage::KeyChange> changes)
      ABSL_LOCKS_EXCLUDED(mutex_);

  storage::Engine& engine_;
  const size_t most_;

  absl::Mutex mutex_;
  absl::flat_hash_map<storage::TokenHash, Token> known_ ABSL_GUARDED_BY(mutex_);
  // How often something was changed: what was read before that is not kept.
  uint64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;

  // Last, so that it ends first.
  std::unique_ptr<storage::Watch> watch_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_TOKEN_CACHE_H_
