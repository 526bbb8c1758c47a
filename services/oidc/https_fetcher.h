// A key set over HTTPS.
#ifndef FRANK_SERVICES_OIDC_HTTPS_FETCHER_H_
#define FRANK_SERVICES_OIDC_HTTPS_FETCHER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/oidc/key_source.h"

namespace frank::oidc {

// Fetches "https://host[:port][/path]", with the server's certificate checked
// against the authorities of the PEM file, or the system's if that is empty.
// Follows no redirect, takes no more than limits::kMaxJwksBytes and no longer
// than about limits::kJwksFetchTimeout. kInvalidArgument on another URL.
absl::StatusOr<std::unique_ptr<JwksFetcher>> MakeHttpsFetcher(
    const std::string& url, std::string authority_file);

}  // namespace frank::oidc

#endif  // FRANK_SERVICES_OIDC_HTTPS_FETCHER_H_
