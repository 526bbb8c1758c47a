// The provider's keys, kept up to date in the background.
#ifndef FRANK_SERVICES_OIDC_KEY_SOURCE_H_
#define FRANK_SERVICES_OIDC_KEY_SOURCE_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "services/oidc/jwks.h"

namespace frank::oidc {

// Where a key set comes from. Called by one thread, which it may block for some
// seconds.
class JwksFetcher {
 public:
  virtual ~JwksFetcher() = default;
  // kUnavailable when it cannot be had now.
  virtual absl::StatusOr<std::string> Fetch() = 0;
};

// A file, read anew each time.
std::unique_ptr<JwksFetcher> MakeFileFetcher(std::string path);

// Holds the last key set that was fetched. It is fetched again every
// limits::kJwksRefresh, and when a token names a key that is not in it, but
// never within limits::kJwksFetchFloor of the last time. While the provider is
// away the last set is trusted for limits::kJwksTrustedWhileAway. Callers never
// wait for a fetch. Thread-safe.
class KeySource {
 public:
  // The clock outlives the source.
  KeySource(std::unique_ptr<JwksFetcher> fetcher, const Clock& clock);

  // Called, on a caller's thread, when Refresh() should run soon. To be set
  // before the first Find().
  void SetWake(absl::AnyInvocable<void()> wake);

  // Returns the key for a token. kUnavailable when a fetch may bring it: try
  // again after the stated time; kUnauthenticated when one just did not.
  absl::StatusOr<crypto::JwsKey> Find(const std::string& key_id,
                                      absl::string_view algorithm)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Fetches if it is time. Returns after how many milliseconds to call it
  // again. Called by one thread at a time.
  UnixMillis Refresh() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // How long until the next fetch is due; 0: now.
  UnixMillis UntilDue(UnixMillis now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::unique_ptr<JwksFetcher> fetcher_;
  const Clock& clock_;
  absl::AnyInvocable<void()> wake_;
  absl::Mutex mutex_;
  std::shared_ptr<const Jwks> keys_ ABSL_GUARDED_BY(mutex_);
  UnixMillis fetched_at_ ABSL_GUARDED_BY(mutex_) = 0;
  // When the last fetch began; 0: there was none.
  UnixMillis tried_at_ ABSL_GUARDED_BY(mutex_) = 0;
  // Whether it is still under way, and how the last one that ended did.
  bool fetching_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  // A token named a key that is not there.
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace frank::oidc

#endif  // FRANK_SERVICES_OIDC_KEY_SOURCE_H_
