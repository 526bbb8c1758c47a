// Writing disclosed content to files.
#ifndef FRANK_CLIENT_COMMAND_MOD_SAVE_H_
#define FRANK_CLIENT_COMMAND_MOD_SAVE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "frank/v1/review.pb.h"

namespace frank::client {

struct SavedFile {
  std::string path;
  uint64_t size = 0;
};

// Saves what was revealed of one message into `folder`, made with mode 0700 if
// it is missing, in files of mode 0600: each part as
// "<tag>-part-<index><extension>", each file whole as
// "<tag>-file-<file tag><extension>" where every chunk was disclosed, else its
// chunks as "<tag>-file-<file tag>-chunk-<index>". Tags are written whole: what
// they begin with is the sender's choice. Names and extensions come from tags
// and a fixed table, never from the sender. `prefix` stands before each name.
// kDataLoss when chunks do not add up to the stated size.
absl::StatusOr<std::vector<SavedFile>> SaveEvidence(
    const std::string& folder, const v1::Evidence& evidence,
    absl::string_view prefix = "");

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_SAVE_H_
