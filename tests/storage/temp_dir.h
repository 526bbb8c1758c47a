// A directory for one test, removed at its end.
#ifndef FRANK_TESTS_STORAGE_TEMP_DIR_H_
#define FRANK_TESTS_STORAGE_TEMP_DIR_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "core/status.h"

namespace frank::storage {

class TempDir {
 public:
  TempDir() : path_(::testing::TempDir() + "frank-storage-XXXXXX") {
    FRANK_CHECK(mkdtemp(path_.data()) != nullptr);
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string Sub(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace frank::storage

#endif  // FRANK_TESTS_STORAGE_TEMP_DIR_H_
