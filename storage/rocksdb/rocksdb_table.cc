#include "storage/rocksdb/rocksdb_table.h"

#include <rocksdb/options.h>
#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/transaction_log.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "core/status.h"

namespace frank::storage {
namespace {

// A range that is vacant is worth knowing when so many deleted keys lie in it:
// stepping over fewer takes less than a microsecond.
constexpr uint64_t kManyDeleted = 8;
// So many are known: some of each queue, and what a mailbox or two had.
constexpr size_t kVacantRanges = 4096;

rocksdb::Slice ToSlice(absl::string_view bytes) {
  return rocksdb::Slice(bytes.data(), bytes.size());
}

absl::string_view ToView(const rocksdb::Slice& bytes) {
  return absl::string_view(bytes.data(), bytes.size());
}

// Goes to the first key of the iterator's bounds in the given order.
void SeekToStart(rocksdb::Iterator& it, ScanOrder order) {
  if (order == ScanOrder::kAscending) {
    it.SeekToFirst();
  } else {
    it.SeekToLast();
  }
}

void Step(rocksdb::Iterator& it, ScanOrder order) {
  if (order == ScanOrder::kAscending) {
    it.Next();
  } else {
    it.Prev();
  }
}

// Over how many deleted keys the calling thread has stepped; counting is
// switched on by the first call.
uint64_t CountDeletedSteps() {
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
  return rocksdb::get_perf_context()->internal_delete_skipped_count;
}

}  // namespace

RocksDbTable::RocksDbTable(std::unique_ptr<Database> database, KeyLayout layout)
    : database_(std::move(database)),
      layout_(std::move(layout)),
      vacant_(kVacantRanges) {}

absl::StatusOr<absl::optional<std::string>> RocksDbTable::Read(
    absl::string_view key) {
  absl::ReaderMutexLock lock(&reads_);
  std::string value;
  rocksdb::Status status = database_->db->Get(
      rocksdb::ReadOptions(), database_->families[layout_.FamilyOf(key)],
      ToSlice(key), &value);
  if (status.IsNotFound()) return absl::optional<std::string>();
  FRANK_RETURN_IF_ERROR(FromRocksDb(status));
  return absl::make_optional(std::move(value));
}

absl::StatusOr<std::vector<KeyValue>> RocksDbTable::ReadRange(
    const KeyRange& range, size_t limit, ScanOrder order) {
  std::vector<KeyLayout::Part> parts = layout_.Split(range);
  if (order == ScanOrder::kDescending) std::reverse(parts.begin(), parts.end());
  std::vector<KeyValue> found;
  if (parts.size() <= 1) {
    absl::ReaderMutexLock lock(&reads_);
    FRANK_RETURN_IF_ERROR(ReadParts(parts, nullptr, limit, order, &found));
    return found;
  }
  // One iterator is consistent in itself; several need a snapshot to be so.
  absl::ReaderMutexLock snapshots_lock(&snapshots_);
  absl::ReaderMutexLock lock(&reads_);
  const rocksdb::Snapshot* snapshot = database_->db->GetSnapshot();
  absl::Cleanup release = [this, snapshot] {
    database_->db->ReleaseSnapshot(snapshot);
  };
  FRANK_RETURN_IF_ERROR(ReadParts(parts, snapshot, limit, order, &found));
  return found;
}

absl::Status RocksDbTable::ReadParts(const std::vector<KeyLayout::Part>& parts,
                                     const rocksdb::Snapshot* snapshot,
                                     size_t limit, ScanOrder order,
                                     std::vector<KeyValue>* found) {
  for (const KeyLayout::Part& part : parts) {
    if (found->size() >= limit) break;
    FRANK_RETURN_IF_ERROR(ReadPart(part, snapshot, limit, order, found));
  }
  return absl::OkStatus();
}

absl::Status RocksDbTable::ReadPart(const KeyLayout::Part& part,
                                    const rocksdb::Snapshot* snapshot,
                                    size_t limit, ScanOrder order,
                                    std::vector<KeyValue>* found) {
  const rocksdb::Slice lower = part.range.begin;
  const rocksdb::Slice upper = part.range.end;
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.iterate_lower_bound = &lower;
  if (!part.range.end.empty()) options.iterate_upper_bound = &upper;
  std::unique_ptr<rocksdb::Iterator> it;
  // A snapshot may be older than what is known to be vacant.
  if (order == ScanOrder::kAscending && snapshot == nullptr) {
    it = SeekFirst(part, options);
  } else {
    it.reset(
        database_->db->NewIterator(options, database_->families[part.family]));
    SeekToStart(*it, order);
  }
  while (it->Valid() && found->size() < limit) {
    found->push_back({it->key().ToString(), it->value().ToString()});
    // What comes behind the last one may be a long way off.
    if (found->size() < limit) Step(*it, order);
  }
  return FromRocksDb(it->status());
}

std::unique_ptr<rocksdb::Iterator> RocksDbTable::SeekFirst(
    const KeyLayout::Part& part, const rocksdb::ReadOptions& options) {
  std::unique_ptr<rocksdb::Iterator> it;
  VacantRanges::Reading reading(vacant_, part.range.begin);
  std::string begin;
  do {
    begin = reading.Begin();
    it.reset(
        database_->db->NewIterator(options, database_->families[part.family]));
  } while (!reading.IsCurrent());

  const uint64_t steps_before = CountDeletedSteps();
  it->Seek(begin);
  if (CountDeletedSteps() - steps_before >= kManyDeleted) {
    if (it->Valid()) {
      reading.Learn(ToView(it->key()));
    } else if (it->status().ok() && !part.range.end.empty()) {
      reading.Learn(part.range.end);
    }
  }
  return it;
}

// No read sees what is not durable: RocksDB appends the batch to its log, syncs
// the log, inserts the batch into the memtables and only then raises the
// sequence number that reads go by. When the append or the sync fails, it
// inserts nothing. (DatabaseOptions keeps the modes off that do otherwise.)
absl::Status RocksDbTable::Apply(const std::vector<PendingCommit>& commits) {
  size_t bytes = 0;
  for (const PendingCommit& commit : commits) bytes += commit.bytes;
  // Reserved: it would be copied each time that it grows.
  rocksdb::WriteBatch batch(bytes);
  for (const PendingCommit& commit : commits) {
    for (const auto& [key, value] : commit.writes) {
      rocksdb::ColumnFamilyHandle* family =
          database_->families[layout_.FamilyOf(key)];
      FRANK_RETURN_IF_ERROR(
          FromRocksDb(value ? batch.Put(family, key, ToSlice(value->bytes()))
                            : batch.Delete(family, key)));
    }
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  vacant_.BatchBegins(commits);
  rocksdb::Status written = database_->db->Write(options, &batch);
  vacant_.BatchEnds(written.ok());
  return FromRocksDb(written);
}

absl::Status RocksDbTable::Purge(const KeyRange& range) {
  absl::MutexLock purging(&purging_);
  FRANK_ASSIGN_OR_RETURN(const std::vector<uint64_t> old_logs, FilledLogs());
  {
    absl::MutexLock no_snapshots(&snapshots_);
    // All families: a log is deleted once none of them needs it.
    FRANK_RETURN_IF_ERROR(FromRocksDb(
        database_->db->Flush(rocksdb::FlushOptions(), database_->families)));
    FRANK_RETURN_IF_ERROR(FromRocksDb(
        database_->db->Flush(rocksdb::FlushOptions(), database_->meta)));
    for (const KeyLayout::Part& part : layout_.Split(range)) {
      FRANK_RETURN_IF_ERROR(Rewrite(part));
    }
  }
  // While no flush or compaction runs no file is being written or becomes
  // obsolete, so that every table in the directory must be a live one.
  FRANK_RETURN_IF_ERROR(FromRocksDb(database_->db->PauseBackgroundWork()));
  absl::Cleanup resume = [this] {
    database_->db->ContinueBackgroundWork().PermitUncheckedError();
  };
  // Reads that began before may pin the old files: let them end.
  reads_.Lock();
  reads_.Unlock();
  database_->cache->EraseUnRefEntries();
  FRANK_RETURN_IF_ERROR(UnlinkOldFiles());
  FRANK_RETURN_IF_ERROR(CheckTablesAreLive());
  return CheckLogsAreGone(old_logs);
}

// RocksDB does not tell when it could not unlink a file.
absl::Status RocksDbTable::CheckTablesAreLive() {
  std::vector<std::string> live;
  uint64_t manifest_bytes = 0;
  FRANK_RETURN_IF_ERROR(FromRocksDb(database_->db->GetLiveFiles(
      live, &manifest_bytes, /*flush_memtable=*/false)));
  std::vector<std::string> present;
  FRANK_RETURN_IF_ERROR(FromRocksDb(database_->db->GetEnv()->GetChildren(
      database_->db->GetName(), &present)));
  for (const std::string& name : present) {
    // The live ones are named with a slash before them.
    if (absl::EndsWith(name, ".sst") &&
        std::count(live.begin(), live.end(), "/" + name) == 0) {
      return absl::UnavailableError("an obsolete table is still there");
    }
  }
  return absl::OkStatus();
}

absl::Status RocksDbTable::CheckLogsAreGone(
    const std::vector<uint64_t>& old_logs) {
  FRANK_ASSIGN_OR_RETURN(const std::vector<uint64_t> logs, FilledLogs());
  for (uint64_t log : old_logs) {
    if (std::count(logs.begin(), logs.end(), log) > 0) {
      return absl::UnavailableError("a log of before the purge is in use");
    }
  }
  return absl::OkStatus();
}

absl::Status RocksDbTable::Rewrite(const KeyLayout::Part& part) {
  const rocksdb::Slice begin = part.range.begin;
  const rocksdb::Slice end = part.range.end;
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = true;
  // A file of the lowest level is otherwise left as it is.
  options.bottommost_level_compaction =
      rocksdb::BottommostLevelCompaction::kForce;
  return FromRocksDb(database_->db->CompactRange(
      options, database_->families[part.family], &begin,
      part.range.end.empty() ? nullptr : &end));
}

// RocksDB unlinks in the background. Holding deletions and listing the logs
// waits for those under way; letting them go on searches the directory and
// unlinks the rest before it returns.
absl::Status RocksDbTable::UnlinkOldFiles() {
  FRANK_RETURN_IF_ERROR(FromRocksDb(database_->db->DisableFileDeletions()));
  absl::Status listed = FilledLogs().status();
  FRANK_RETURN_IF_ERROR(
      FromRocksDb(database_->db->EnableFileDeletions(/*force=*/false)));
  return listed;
}

absl::StatusOr<std::vector<uint64_t>> RocksDbTable::FilledLogs() {
  rocksdb::VectorLogPtr files;
  FRANK_RETURN_IF_ERROR(FromRocksDb(database_->db->GetSortedWalFiles(files)));
  std::vector<uint64_t> numbers;
  for (const auto& file : files) {
    if (file->SizeFileBytes() > 0) numbers.push_back(file->LogNumber());
  }
  return numbers;
}

}  // namespace frank::storage
