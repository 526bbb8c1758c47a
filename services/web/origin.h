// Which requests come from the port's own pages, or from no page at all.
#ifndef FRANK_SERVICES_WEB_ORIGIN_H_
#define FRANK_SERVICES_WEB_ORIGIN_H_

#include <string>

#include "absl/strings/string_view.h"
#include "services/web/http.h"

namespace frank::web {

// Whether there is one Host, of the characters of a name or an address, and a
// port.
bool HasHost(const HttpRequest& request);

// Whether a page of another site sent the request: by Origin, which must be
// "https://" and the Host, and by Sec-Fetch-Site. A browser sends them, and
// lets no page change them; what sends neither is no browser.
bool IsFromElsewhere(const HttpRequest& request);

// "https://issuer.example/realm" gives "https://issuer.example"; empty for what
// is no https URL.
std::string OriginOf(absl::string_view url);

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_ORIGIN_H_
