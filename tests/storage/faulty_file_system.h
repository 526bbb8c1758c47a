// The default file system of RocksDB, with a seam at the sync of its logs and
// at the unlinking of its tables.
#ifndef FRANK_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_
#define FRANK_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "tests/storage/gate.h"

namespace frank::storage {

// What happens when a log is synced or a table unlinked. Thread-safe.
struct SyncFaults {
  Gate gate;
  std::atomic<bool> fail{false};
  std::atomic<int> syncs{0};
  std::atomic<bool> keep_tables{false};
};

class FaultyLogFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyLogFile(std::unique_ptr<rocksdb::FSWritableFile> file,
                SyncFaults& faults)
      : FSWritableFileOwnerWrapper(std::move(file)), faults_(faults) {}

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    ++faults_.syncs;
    faults_.gate.Pass();
    if (faults_.fail) return rocksdb::IOStatus::IOError("no sync for a test");
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }

 private:
  SyncFaults& faults_;
};

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFileSystem(SyncFaults& faults)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), faults_(faults) {}

  const char* Name() const override { return "FaultyFileSystem"; }

  rocksdb::IOStatus NewWritableFile(
      const std::string& name, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status =
        FileSystemWrapper::NewWritableFile(name, options, file, debug);
    if (status.ok() && absl::EndsWith(name, ".log")) {
      *file = std::make_unique<FaultyLogFile>(std::move(*file), faults_);
    }
    return status;
  }

  rocksdb::IOStatus DeleteFile(const std::string& name,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    if (faults_.keep_tables && absl::EndsWith(name, ".sst")) {
      return rocksdb::IOStatus::IOError("no unlinking for a test");
    }
    return FileSystemWrapper::DeleteFile(name, options, debug);
  }

 private:
  SyncFaults& faults_;
};

inline std::unique_ptr<rocksdb::Env> MakeFaultyEnv(SyncFaults& faults) {
  return rocksdb::NewCompositeEnv(std::make_shared<FaultyFileSystem>(faults));
}

}  // namespace frank::storage

#endif  // FRANK_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_
