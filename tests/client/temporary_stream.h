// A FILE that a test can read back.
#ifndef FRANK_TESTS_CLIENT_TEMPORARY_STREAM_H_
#define FRANK_TESTS_CLIENT_TEMPORARY_STREAM_H_

#include <cstdio>
#include <string>

namespace frank::client {

class TemporaryStream {
 public:
  TemporaryStream() : file_(std::tmpfile()) {}
  ~TemporaryStream() { std::fclose(file_); }
  TemporaryStream(const TemporaryStream&) = delete;
  TemporaryStream& operator=(const TemporaryStream&) = delete;

  std::FILE* file() { return file_; }
  std::string Contents() {
    std::string text(static_cast<size_t>(std::ftell(file_)), '\0');
    std::rewind(file_);
    if (std::fread(&text[0], 1, text.size(), file_) != text.size()) return "";
    return text;
  }

 private:
  std::FILE* file_;
};

}  // namespace frank::client

#endif  // FRANK_TESTS_CLIENT_TEMPORARY_STREAM_H_
