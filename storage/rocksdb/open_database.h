// Opening a store: making it, recognising it, refusing it.
#ifndef FRANK_STORAGE_ROCKSDB_OPEN_DATABASE_H_
#define FRANK_STORAGE_ROCKSDB_OPEN_DATABASE_H_

#include <rocksdb/cache.h>
#include <rocksdb/db.h>

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/rocksdb/key_layout.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace frank::storage {

// An open store. Closes it when it is destroyed.
struct Database {
  Database() = default;
  ~Database();

  std::unique_ptr<rocksdb::DB> db;
  // By the family numbers of the KeyLayout.
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  // Of what was read from the files of all families.
  std::shared_ptr<rocksdb::Cache> cache;
  // Holds what is recorded about the store itself.
  rocksdb::ColumnFamilyHandle* meta = nullptr;
};

// Errors as RocksDbEngine::Open says.
absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(
    const RocksDbEngine::Options& options, const KeyLayout& layout);

// kDataLoss for damage, kUnavailable for every other failure. The text tells
// nothing about keys or values.
absl::Status FromRocksDb(const rocksdb::Status& status);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ROCKSDB_OPEN_DATABASE_H_
