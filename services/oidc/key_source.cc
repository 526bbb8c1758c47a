#include "services/oidc/key_source.h"

#include <utility>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::oidc {
namespace {

constexpr UnixMillis kRetryWhileFetching = 500;

class FileFetcher final : public JwksFetcher {
 public:
  explicit FileFetcher(std::string path) : path_(std::move(path)) {}
  absl::StatusOr<std::string> Fetch() override { return wire::ReadFile(path_); }

 private:
  const std::string path_;
};

// A clock that was set back makes everything due.
UnixMillis Since(UnixMillis then, UnixMillis now) {
  return now < then ? UINT64_MAX : now - then;
}

absl::Status TryAgain(UnixMillis after) {
  return WithRetryAfter(
      WithReason(absl::UnavailableError("the identity provider's keys are not "
                                        "here yet"),
                 "UNAVAILABLE"),
      after);
}

}  // namespace

std::unique_ptr<JwksFetcher> MakeFileFetcher(std::string path) {
  return std::make_unique<FileFetcher>(std::move(path));
}

KeySource::KeySource(std::unique_ptr<JwksFetcher> fetcher, const Clock& clock)
    : fetcher_(std::move(fetcher)), clock_(clock) {}

void KeySource::SetWake(absl::AnyInvocable<void()> wake) {
  wake_ = std::move(wake);
}

absl::StatusOr<crypto::JwsKey> KeySource::Find(const std::string& key_id,
                                               absl::string_view algorithm) {
  UnixMillis now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  bool trusted = keys_ != nullptr &&
                 Since(fetched_at_, now) < limits::kJwksTrustedWhileAway;
  if (trusted) {
    const crypto::JwsKey* key = keys_->Find(key_id, algorithm);
    if (key != nullptr) return *key;
  }
  wanted_ = true;
  UnixMillis until = UntilDue(now);
  if (until == 0) wake_();
  if (until == 0 || fetching_) return TryAgain(kRetryWhileFetching);
  if (!trusted || failed_) return TryAgain(until);
  return absl::UnauthenticatedError("the provider has no such key");
}

UnixMillis KeySource::UntilDue(UnixMillis now) const {
  UnixMillis interval = keys_ == nullptr || wanted_ || failed_
                            ? limits::kJwksFetchFloor
                            : limits::kJwksRefresh;
  UnixMillis since = tried_at_ == 0 ? UINT64_MAX : Since(tried_at_, now);
  return since >= interval ? 0 : interval - since;
}

UnixMillis KeySource::Refresh() {
  {
    UnixMillis now = clock_.Now();
    absl::MutexLock lock(&mutex_);
    UnixMillis until = UntilDue(now);
    if (until > 0) return until;
    tried_at_ = now;
    fetching_ = true;
    wanted_ = false;
  }
  absl::StatusOr<std::string> text = fetcher_->Fetch();
  absl::StatusOr<Jwks> keys =
      text.ok() ? Jwks::Parse(*text) : absl::StatusOr<Jwks>(text.status());
  UnixMillis now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  fetching_ = false;
  failed_ = !keys.ok();
  if (keys.ok()) {
    fetched_at_ = now;
    keys_ = std::make_shared<const Jwks>(*std::move(keys));
  } else {
    Log(Severity::kWarning, "oidc.keys_not_fetched",
        {LogField("code", keys.status().code())});
  }
  return UntilDue(now);
}

}  // namespace frank::oidc
