// Reading, writing and purging an open store.
#ifndef FRANK_STORAGE_ROCKSDB_ROCKSDB_TABLE_H_
#define FRANK_STORAGE_ROCKSDB_ROCKSDB_TABLE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "storage/commit/buffered_transaction.h"
#include "storage/rocksdb/key_layout.h"
#include "storage/rocksdb/open_database.h"
#include "storage/rocksdb/vacant_ranges.h"

namespace frank::storage {

// Thread-safe; Apply is called by one thread, the committer.
class RocksDbTable final : public KeyReader {
 public:
  RocksDbTable(std::unique_ptr<Database> database, KeyLayout layout);

  absl::StatusOr<absl::optional<std::string>> Read(
      absl::string_view key) override;
  absl::StatusOr<std::vector<KeyValue>> ReadRange(const KeyRange& range,
                                                  size_t limit,
                                                  ScanOrder order) override;
  // Writes one batch and syncs once.
  absl::Status Apply(const std::vector<PendingCommit>& commits);
  absl::Status Purge(const KeyRange& range);

 private:
  absl::Status ReadPart(const KeyLayout::Part& part,
                        const rocksdb::Snapshot* snapshot, size_t limit,
                        ScanOrder order, std::vector<KeyValue>* found);
  // An open iterator at the first key of the part.
  std::unique_ptr<rocksdb::Iterator> SeekFirst(
      const KeyLayout::Part& part, const rocksdb::ReadOptions& options);
  absl::Status ReadParts(const std::vector<KeyLayout::Part>& parts,
                         const rocksdb::Snapshot* snapshot, size_t limit,
                         ScanOrder order, std::vector<KeyValue>* found);
  absl::Status Rewrite(const KeyLayout::Part& part);
  absl::Status UnlinkOldFiles();
  absl::Status CheckTablesAreLive();
  absl::Status CheckLogsAreGone(const std::vector<uint64_t>& old_logs);
  absl::StatusOr<std::vector<uint64_t>> FilledLogs();

  const std::unique_ptr<Database> database_;
  const KeyLayout layout_;
  VacantRanges vacant_;

  // Order: purging_, snapshots_, reads_.
  absl::Mutex purging_;
  // Held shared while a snapshot lives, which would keep deleted values alive
  // through a compaction; exclusively by Purge while it rewrites.
  absl::Mutex snapshots_;
  // Held shared by every read, as it may pin files; Purge passes through it.
  absl::Mutex reads_;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ROCKSDB_ROCKSDB_TABLE_H_
