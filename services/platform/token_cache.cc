#include "services/platform/token_cache.h"

#include <utility>

#include "core/status.h"
#include "storage/account_store.h"

namespace frank::platform {

TokenCache::TokenCache(storage::Engine& engine, size_t most)
    : engine_(engine), most_(most) {
  watch_ = engine_.Follow(storage::schema::Tokens(),
                          [this](absl::Span<const storage::KeyChange> changes) {
                            Forget(changes);
                          });
}

absl::StatusOr<TokenCache::Token> TokenCache::Find(
    const storage::TokenHash& hash) {
  uint64_t changes = 0;
  {
    absl::ReaderMutexLock lock(&mutex_);
    auto known = known_.find(hash);
    if (known != known_.end()) return known->second;
    changes = changes_;
  }
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindToken(engine_, hash));
  if (!found) return Token();
  Token token =
      std::make_shared<const storage::v1::TokenRecord>(*std::move(found));
  absl::MutexLock lock(&mutex_);
  // Else it may have been read before the change.
  if (changes == changes_) {
    if (known_.size() >= most_) known_.clear();
    known_.emplace(hash, token);
  }
  return token;
}

void TokenCache::Forget(absl::Span<const storage::KeyChange> changes) {
  absl::MutexLock lock(&mutex_);
  ++changes_;
  // It is not known what was changed.
  if (changes.empty()) known_.clear();
  for (const storage::KeyChange& change : changes) {
    auto hash = storage::schema::ParseToken(change.key);
    if (hash.ok()) known_.erase(*hash);
  }
}

}  // namespace frank::platform
