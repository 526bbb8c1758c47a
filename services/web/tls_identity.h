// What the web port shows its clients: a certificate, over TLS 1.2 or 1.3.
#ifndef FRANK_SERVICES_WEB_TLS_IDENTITY_H_
#define FRANK_SERVICES_WEB_TLS_IDENTITY_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"

// OpenSSL's; the library's header stays in .cc files.
struct ssl_ctx_st;

namespace frank::web {

// Thread-safe. Changed files are taken over within a minute, as the gRPC port
// does; while they are no pair, what was there stays.
class TlsIdentity {
 public:
  using Context = std::shared_ptr<ssl_ctx_st>;

  // kFailedPrecondition names the file and what is wrong. The clock outlives
  // the object.
  static absl::StatusOr<std::unique_ptr<TlsIdentity>> Load(
      const std::string& certificate, const std::string& private_key,
      const Clock& clock);

  // What the next connection is served with.
  Context Current() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  TlsIdentity(std::string certificate, std::string private_key,
              const Clock& clock, Context context, std::string version);

  const std::string certificate_;
  const std::string private_key_;
  const Clock& clock_;
  absl::Mutex mutex_;
  Context context_ ABSL_GUARDED_BY(mutex_);
  // When the files were looked at, and how they were then.
  UnixMillis looked_at_ ABSL_GUARDED_BY(mutex_);
  std::string version_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_TLS_IDENTITY_H_
