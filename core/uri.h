// URIs of accounts and rooms, by the rules of protocol section 2. They are
// compared byte by byte and never normalised.
#ifndef FRANK_CORE_URI_H_
#define FRANK_CORE_URI_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace frank {

// Checks well-formed UTF-8 of 1 to 512 bytes without U+0000–0020, 007F–00A0,
// 1680, 2000–200F, 2028–202F, 205F–206F, 3000, FEFF. kInvalidArgument names
// `field` and the rule.
absl::Status CheckUri(absl::string_view field, absl::string_view uri);

// Checks that text is well-formed UTF-8 (no surrogates, no overlong forms).
bool IsWellFormedUtf8(absl::string_view text);

// Checks `scheme://host` in lower-case ASCII under the URI rules.
absl::Status CheckAuthority(absl::string_view field,
                            absl::string_view authority);

// Returns the authority `scheme://host` that a URI begins with, as a view into
// `uri`; empty when it has none. The host ends at '/', '?', '#' or the end.
absl::string_view AuthorityOf(absl::string_view uri);

// Checks 0 to 255 bytes of U+0021–007E; empty means unstated.
absl::Status CheckMediaType(absl::string_view field,
                            absl::string_view media_type);

}  // namespace frank

#endif  // FRANK_CORE_URI_H_
