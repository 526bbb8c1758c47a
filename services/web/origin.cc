#include "services/web/origin.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace frank::web {
namespace {

constexpr absl::string_view kScheme = "https://";
constexpr size_t kMaxHostBytes = 255 + 6;

bool IsHost(absl::string_view host) {
  return !host.empty() && host.size() <= kMaxHostBytes &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  absl::StrContains(".:-[]_", c);
         });
}

}  // namespace

bool HasHost(const HttpRequest& request) {
  return IsHost(request.Header("host"));
}

bool IsFromElsewhere(const HttpRequest& request) {
  absl::string_view site = request.Header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  if (request.headers.count("origin") == 0) return false;
  absl::string_view origin = request.Header("origin");
  return !absl::ConsumePrefix(&origin, kScheme) ||
         !absl::EqualsIgnoreCase(origin, request.Header("host"));
}

std::string OriginOf(absl::string_view url) {
  if (!absl::ConsumePrefix(&url, kScheme)) return {};
  absl::string_view host = url.substr(0, url.find_first_of("/?#"));
  return IsHost(host) ? absl::StrCat(kScheme, host) : std::string();
}

}  // namespace frank::web
