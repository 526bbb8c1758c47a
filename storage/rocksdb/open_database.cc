#include "storage/rocksdb/open_database.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::storage {
namespace {

// Names on disk: never change them.
constexpr char kMetaFamily[] = "frank.meta";
constexpr char kIsolatedFamily[] = "frank.isolated.";
constexpr char kFormatKey[] = "format";
constexpr char kOwnerKey[] = "owner";

// A table's byte and one of what follows: a hash, a bucket, a length.
constexpr size_t kHintBytes = 2;

using Handles = std::map<std::string, rocksdb::ColumnFamilyHandle*>;

std::string FamilyName(const std::string& prefix) {
  return absl::StrCat(kIsolatedFamily, ToHex(AsBytes(prefix)));
}

rocksdb::Options DatabaseOptions(const RocksDbEngine::Options& options) {
  rocksdb::Options db;
  if (options.env != nullptr) db.env = options.env;
  db.create_if_missing = true;
  // Of a log that ends in half a record the record is dropped: a crash leaves
  // it behind, and it was not acknowledged. Damage before the end refuses the
  // store; the default would silently drop what follows it.
  db.wal_recovery_mode =
      rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // That tolerance covers every log, and a missing log is none. So the manifest
  // records each log that is closed, with its synced length, and a log that is
  // missing or shorter refuses the store. The log in use is not recorded, as
  // that would cost a second sync for each batch: that it was cut between two
  // records, or removed, cannot be told from its never having been written.
  db.track_and_verify_wals_in_manifest = true;
  // Not to write on after an error whose effect on the medium is unknown.
  db.max_bgerror_resume_count = 0;
  // Purge relies on a log being deleted, not reused or archived.
  db.recycle_log_file_num = 0;
  db.WAL_ttl_seconds = 0;
  db.WAL_size_limit_MB = 0;
  // No read sees what is not durable: in this mode of writing, and in no other,
  // a write is inserted and published after its log is synced.
  db.enable_pipelined_write = false;
  db.unordered_write = false;
  db.two_write_queues = false;
  db.manual_wal_flush = false;
  // Most values are ciphertext, which does not shrink; and whoever searches a
  // store's files for a text, or for its absence, must be able to trust the
  // answer.
  db.compression = rocksdb::kNoCompression;
  // Most keys that are looked up are not there (ids that come the first time,
  // accounts without a decision): a filter says so without a search.
  db.memtable_whole_key_filtering = true;
  db.memtable_prefix_bloom_size_ratio = 0.02;
  // A row goes in near the last one of its table (schema.h, whose keys begin
  // with the table's byte). There is one writer, the committer.
  db.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(kHintBytes));
  db.allow_concurrent_memtable_write = false;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_cache = rocksdb::NewLRUCache(limits::kBlockCacheBytes);
  // A message is a kilobyte: blocks of four would hold three.
  table.block_size = 16u << 10;
  db.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  // Most rows die young. Twice as many of the first files are merged at a time,
  // into twice as large a level: a quarter less is written for a message.
  db.level0_file_num_compaction_trigger = 8;
  db.max_bytes_for_level_base = 512u << 20;
  // A family that is seldom written does not keep old logs alive for ever.
  db.max_total_wal_size = 256u << 20;
  // Below this level the information log names ranges of keys.
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.keep_log_file_num = 4;
  return db;
}

absl::Status NotOpened(const std::string& path, const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (status.IsCorruption() || status.IsNotFound()) {
    return absl::DataLossError(
        absl::StrCat("the store at ", path, " is damaged: ", text));
  }
  if (absl::StrContains(text, path + "/LOCK") &&
      (absl::StrContains(text, "While lock file") ||
       absl::StrContains(text, "lock hold by current process"))) {
    return absl::FailedPreconditionError(
        absl::StrCat("the store at ", path, " is in use by another process"));
  }
  return absl::UnavailableError(
      absl::StrCat("cannot open the store at ", path, ": ", text));
}

// A directory without CURRENT is a new store, unless data lie in it: RocksDB
// would make an empty store over them.
absl::StatusOr<bool> Exists(rocksdb::Env* env, const std::string& path) {
  if (env->FileExists(path + "/CURRENT").ok()) return true;
  std::vector<std::string> names;
  // A directory that cannot be listed is told by opening it.
  env->GetChildren(path, &names).PermitUncheckedError();
  for (const std::string& name : names) {
    if (absl::EndsWith(name, ".sst") || absl::EndsWith(name, ".log")) {
      return absl::DataLossError(absl::StrCat(
          "the store at ", path, " is damaged: its CURRENT file is missing"));
    }
  }
  return false;
}

absl::StatusOr<std::vector<std::string>> ListFamilies(
    const rocksdb::Options& db_options, const std::string& path) {
  std::vector<std::string> names = {rocksdb::kDefaultColumnFamilyName};
  FRANK_ASSIGN_OR_RETURN(const bool exists, Exists(db_options.env, path));
  if (exists) {
    rocksdb::Status status =
        rocksdb::DB::ListColumnFamilies(db_options, path, &names);
    if (!status.ok()) return NotOpened(path, status);
  }
  return names;
}

// Opens the families that the store has. Their handles go to `handles`, which
// the caller destroys before the database.
absl::Status OpenFamilies(const rocksdb::Options& db_options,
                          const std::string& path,
                          std::unique_ptr<rocksdb::DB>* db, Handles* handles) {
  FRANK_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                         ListFamilies(db_options, path));
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) {
    descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions(db_options));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> opened;
  rocksdb::DB* raw = nullptr;
  rocksdb::Status status =
      rocksdb::DB::Open(db_options, path, descriptors, &opened, &raw);
  if (!status.ok()) return NotOpened(path, status);
  db->reset(raw);
  for (size_t i = 0; i < names.size(); ++i) (*handles)[names[i]] = opened[i];
  return absl::OkStatus();
}

absl::StatusOr<bool> HasKeys(rocksdb::DB& db,
                             rocksdb::ColumnFamilyHandle* family,
                             const KeyRange& range) {
  std::unique_ptr<rocksdb::Iterator> it(
      db.NewIterator(rocksdb::ReadOptions(), family));
  it->Seek(range.begin);
  if (!it->status().ok()) return FromRocksDb(it->status());
  return it->Valid() &&
         range.Contains(absl::string_view(it->key().data(), it->key().size()));
}

// Returns the recorded format, or 0 of a store that has just been made.
absl::StatusOr<int> ReadFormat(const std::string& path, rocksdb::DB& db,
                               const Handles& handles) {
  rocksdb::Status status = rocksdb::Status::NotFound();
  std::string text;
  if (auto meta = handles.find(kMetaFamily); meta != handles.end()) {
    status = db.Get(rocksdb::ReadOptions(), meta->second, kFormatKey, &text);
  }
  if (status.IsNotFound()) {
    FRANK_ASSIGN_OR_RETURN(const bool foreign,
                           HasKeys(db, db.DefaultColumnFamily(), KeyRange{}));
    if (!foreign) return 0;
    return absl::FailedPreconditionError(
        absl::StrCat("the store at ", path, " was not made by this program"));
  }
  if (!status.ok()) return NotOpened(path, status);
  int format = 0;
  if (!absl::SimpleAtoi(text, &format) || format < 1) {
    return absl::DataLossError(absl::StrCat(
        "the store at ", path, " is damaged: its format is not a number"));
  }
  return format;
}

absl::Status CheckFormat(const std::string& path, int format) {
  if (format <= RocksDbEngine::kFormat) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the store at ", path, " was written by a newer version: format ", format,
      ", this program reads up to ", RocksDbEngine::kFormat));
}

// Before anything is made: a family too many makes a store unusable for its
// owner.
absl::Status CheckOwner(const RocksDbEngine::Options& options, rocksdb::DB& db,
                        const Handles& handles) {
  auto meta = handles.find(kMetaFamily);
  if (options.owner.empty() || meta == handles.end()) return absl::OkStatus();
  std::string owner;
  rocksdb::Status status =
      db.Get(rocksdb::ReadOptions(), meta->second, kOwnerKey, &owner);
  if (status.IsNotFound()) return absl::OkStatus();
  if (!status.ok()) return NotOpened(options.path, status);
  if (owner == options.owner) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the store at ", options.path, " is that of ", owner));
}

absl::Status CheckPrefixes(const std::string& path, const KeyLayout& layout,
                           rocksdb::DB& db, const Handles& handles) {
  const auto refused = absl::FailedPreconditionError(absl::StrCat(
      "the store at ", path, " was made with other isolated prefixes"));
  size_t known = 0;
  for (const std::string& prefix : layout.prefixes()) {
    if (handles.count(FamilyName(prefix)) > 0) {
      ++known;
      continue;
    }
    FRANK_ASSIGN_OR_RETURN(
        const bool stored_elsewhere,
        HasKeys(db, db.DefaultColumnFamily(), KeyRange::Prefix(prefix)));
    if (stored_elsewhere) return refused;
  }
  for (const auto& [name, handle] : handles) {
    if (!absl::StartsWith(name, kIsolatedFamily)) continue;
    if (known == 0) return refused;
    --known;
  }
  return absl::OkStatus();
}

absl::Status MakeFamily(const rocksdb::Options& db_options,
                        const std::string& name, rocksdb::DB& db,
                        Handles* handles) {
  if (handles->count(name) > 0) return absl::OkStatus();
  return FromRocksDb(db.CreateColumnFamily(
      rocksdb::ColumnFamilyOptions(db_options), name, &(*handles)[name]));
}

// The format is recorded last, so that a store whose making was interrupted is
// taken for a new one.
absl::Status Complete(const rocksdb::Options& db_options,
                      const KeyLayout& layout, const std::string& owner,
                      int format, rocksdb::DB& db, Handles* handles) {
  FRANK_RETURN_IF_ERROR(MakeFamily(db_options, kMetaFamily, db, handles));
  for (const std::string& prefix : layout.prefixes()) {
    FRANK_RETURN_IF_ERROR(
        MakeFamily(db_options, FamilyName(prefix), db, handles));
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (!owner.empty()) {
    FRANK_RETURN_IF_ERROR(FromRocksDb(
        db.Put(synced, handles->at(kMetaFamily), kOwnerKey, owner)));
  }
  if (format != 0) return absl::OkStatus();
  return FromRocksDb(db.Put(synced, handles->at(kMetaFamily), kFormatKey,
                            absl::StrCat(RocksDbEngine::kFormat)));
}

absl::Status Prepare(const RocksDbEngine::Options& options,
                     const rocksdb::Options& db_options,
                     const KeyLayout& layout, rocksdb::DB& db,
                     Handles* handles) {
  FRANK_ASSIGN_OR_RETURN(const int format,
                         ReadFormat(options.path, db, *handles));
  FRANK_RETURN_IF_ERROR(CheckFormat(options.path, format));
  FRANK_RETURN_IF_ERROR(CheckOwner(options, db, *handles));
  FRANK_RETURN_IF_ERROR(CheckPrefixes(options.path, layout, db, *handles));
  return Complete(db_options, layout, options.owner, format, db, handles);
}

absl::Status DirectoryError(absl::string_view what, const std::string& path,
                            int error) {
  return absl::UnavailableError(absl::StrCat("cannot ", what,
                                             " the store's directory ", path,
                                             ": ", std::strerror(error)));
}

// Who else may write there could swap the store; who may read has its content.
absl::Status CheckDirectory(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) {
    return DirectoryError("look at", path, errno);
  }
  if (!S_ISDIR(found.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the store at ", path, " is not a directory"));
  }
  if (found.st_uid != geteuid()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the store at ", path, " belongs to another user"));
  }
  if ((found.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the store at ", path, " is open to other users: make its mode 0700"));
  }
  return absl::OkStatus();
}

absl::Status MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return DirectoryError("make", path, errno);
  }
  return CheckDirectory(path);
}

}  // namespace

Database::~Database() {
  if (db == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : families) {
    db->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  if (meta != nullptr) {
    db->DestroyColumnFamilyHandle(meta).PermitUncheckedError();
  }
  // Everything acknowledged is synced: an error here loses nothing.
  db->Close().PermitUncheckedError();
}

absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(
    const RocksDbEngine::Options& options, const KeyLayout& layout) {
  FRANK_RETURN_IF_ERROR(MakeDirectory(options.path));
  const rocksdb::Options db_options = DatabaseOptions(options);
  auto database = std::make_unique<Database>();
  database->cache =
      db_options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>()
          ->block_cache;
  Handles handles;
  FRANK_RETURN_IF_ERROR(
      OpenFamilies(db_options, options.path, &database->db, &handles));
  absl::Status status =
      Prepare(options, db_options, layout, *database->db, &handles);
  if (!status.ok()) {
    // All of them are destroyed alike with the database.
    for (auto& [name, handle] : handles) database->families.push_back(handle);
    return status;
  }
  database->meta = handles.at(kMetaFamily);
  database->families.push_back(handles.at(rocksdb::kDefaultColumnFamilyName));
  for (const std::string& prefix : layout.prefixes()) {
    database->families.push_back(handles.at(FamilyName(prefix)));
  }
  return database;
}

absl::Status FromRocksDb(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsCorruption()) {
    return absl::DataLossError("the store is damaged");
  }
  return absl::UnavailableError("the store cannot be read or written");
}

}  // namespace frank::storage
