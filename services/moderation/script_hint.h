// Which script a text is mostly in: a hint for routing a case to somebody who
// can read it. Nothing else of the text leaves this function.
#ifndef FRANK_SERVICES_MODERATION_SCRIPT_HINT_H_
#define FRANK_SERVICES_MODERATION_SCRIPT_HINT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace frank::moderation {

// Returns the ISO 15924 code of the script of most letters among the first
// 4,096 bytes, such as "Latn", "Cyrl" or "Jpan"; empty when there is no letter
// of a script that it knows.
std::string ScriptOf(absl::string_view text);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_SCRIPT_HINT_H_
