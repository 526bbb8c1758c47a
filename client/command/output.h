// What a command prints: lines for people, or with --json one object a line.
#ifndef FRANK_CLIENT_COMMAND_OUTPUT_H_
#define FRANK_CLIENT_COMMAND_OUTPUT_H_

#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/command/json.h"

namespace frank::client {

// Data goes to `out`, everything else to `err`, and each is flushed line by
// line, so that a program can follow. Not thread-safe.
class Output {
 public:
  Output(bool json, std::FILE* out, std::FILE* err)
      : json_(json), out_(out), err_(err) {}

  // Prints one piece of data: `object` with --json, else `text`, which is
  // empty or one or more lines without the last line feed. The caller has made
  // `text` printable (client/command/text.h).
  void Print(const JsonObject& object, absl::string_view text);

  // Says something to people; nothing with --json.
  void Say(absl::string_view text);

  // Prints bytes as they are, whatever the form; for content that the user
  // asked to have on standard output.
  void Write(absl::string_view bytes);

  // kInternal once something of the above could not be written: a full disk, a
  // closed pipe. A command asks before it counts anything as shown.
  absl::Status status() const;

  // Tells of a failure on standard error: "frank: message", or with --json
  // {"error":…,"code":…,"reason":…,"exit_code":…}.
  void Fail(const absl::Status& status);

  bool json() const { return json_; }

 private:
  void WriteLine(absl::string_view line);

  const bool json_;
  std::FILE* const out_;
  std::FILE* const err_;
  bool failed_ = false;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_OUTPUT_H_
