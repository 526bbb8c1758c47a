// What the accused say: texts in several languages, whole and in parts, and
// files.
#ifndef FRANK_TESTS_E2E_SHIFT_WORDS_H_
#define FRANK_TESTS_E2E_SHIFT_WORDS_H_

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "client/commit.h"
#include "client/report_builder.h"
#include "core/random.h"

namespace frank::shift {

struct Words {
  client::Committed committed;
  // Of a file that the message announces: its last chunk.
  absl::optional<client::OpenedChunks> file;
};

// Turns go round: a text, three parts, a text in another language, a file.
// `theme` chooses the texts.
absl::StatusOr<Words> WordsOf(const client::MessageContext& context,
                              size_t theme, size_t turn, RandomSource& random);

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_WORDS_H_
