// Chunks of files in a report: a partial opening of a commitment that an opened
// part of the message announces.
#ifndef FRANK_PROTO_DISCLOSED_FILES_H_
#define FRANK_PROTO_DISCLOSED_FILES_H_

#include "absl/status/status.h"
#include "frank/v1/frank.pb.h"

namespace frank::wire {

// Checks every rule that needs no hashing: each file is announced by an opened
// part application/vnd.frank.file; the number of chunks and their lengths are
// as announced there, or in one of several such parts; no file occurs twice;
// the openings keep section 3's rules. kInvalidArgument: the message is
// MALFORMED.
absl::Status CheckFiles(const v1::ReportContent::ReportedMessage& message);

// Verifies that the chunks open their file_tag. kUnauthenticated: BAD_OPENING.
absl::Status VerifyFiles(const v1::ReportContent::ReportedMessage& message);

}  // namespace frank::wire

#endif  // FRANK_PROTO_DISCLOSED_FILES_H_
