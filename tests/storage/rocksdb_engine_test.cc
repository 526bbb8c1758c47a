// What only the RocksDB engine promises: what it opens and what it refuses,
// failing disks, and purging.
#include "storage/rocksdb/rocksdb_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "storage/rocksdb/key_layout.h"
#include "storage/rocksdb/open_database.h"
#include "storage/rocksdb/rocksdb_table.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/temp_dir.h"

namespace frank::storage {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void WriteFile(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class RocksDbEngineTest : public ::testing::Test {
 protected:
  RocksDbEngineTest() {
    options_.path = dir_.Sub("store");
    options_.clock = &clock_;
    options_.isolated_prefixes = {"key/"};
  }

  absl::Status Open() {
    engine_.reset();
    auto engine = RocksDbEngine::Open(options_);
    if (engine.ok()) engine_ = *std::move(engine);
    return engine.status();
  }
  void OpenFaulty() {
    env_ = MakeFaultyEnv(faults_);
    options_.env = env_.get();
    ASSERT_EQ(Open(), absl::OkStatus());
  }
  absl::Status Put(const std::string& key, const std::string& value) {
    auto transaction = engine_->Begin();
    transaction->Put(key, value);
    return CommitAndWait(std::move(transaction));
  }
  absl::Status Delete(const std::string& key) {
    auto transaction = engine_->Begin();
    transaction->Delete(key);
    return CommitAndWait(std::move(transaction));
  }
  // The files of the store whose names end so.
  std::vector<fs::path> Files(const std::string& ending) {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(options_.path)) {
      if (absl::EndsWith(file.path().string(), ending)) {
        files.push_back(file.path());
      }
    }
    return files;
  }
  // Leaves two logs: a closed one, which an isolated family that was not
  // flushed still needs, and after it the one in use.
  void MakeOlderLog() {
    ASSERT_EQ(Open(), absl::OkStatus());
    ASSERT_EQ(Put("key/1", "kept in the older log only"), absl::OkStatus());
    // Fills the default family's memtable, so that the next commit changes to
    // another log.
    ASSERT_EQ(Put("big", std::string(65u << 20, 'v')), absl::OkStatus());
    ASSERT_EQ(Put("a", "1"), absl::OkStatus());
    engine_.reset();
    ASSERT_THAT(Files(".log"), SizeIs(2));
  }
  std::vector<std::string> FilesWith(const std::string& marker) {
    std::vector<std::string> files;
    for (const fs::path& file : Files("")) {
      if (absl::StrContains(ReadFile(file), marker)) {
        files.push_back(file.filename());
      }
    }
    return files;
  }
  // Puts a value into the store's own records, as another version would.
  void RecordFormat(const std::string& format) {
    std::vector<std::string> names;
    ASSERT_TRUE(
        rocksdb::DB::ListColumnFamilies({}, options_.path, &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const auto& name : names) {
      families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    }
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(
        rocksdb::DB::Open({}, options_.path, families, &handles, &db).ok());
    for (auto* handle : handles) {
      if (handle->GetName() == "frank.meta") {
        EXPECT_TRUE(db->Put({}, handle, "format", format).ok());
      }
      EXPECT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    }
    delete db;
  }

  TempDir dir_;
  SyncFaults faults_;
  std::unique_ptr<rocksdb::Env> env_;
  FakeClock clock_{1'700'000'000'000};
  RocksDbEngine::Options options_;
  std::unique_ptr<RocksDbEngine> engine_;
};

TEST_F(RocksDbEngineTest, FindsAgainWhatWasCommittedBeforeItWasClosed) {
  ASSERT_EQ(Open(), absl::OkStatus());
  ASSERT_EQ(Put("a", "1"), absl::OkStatus());
  ASSERT_EQ(Put("key/b", "2"), absl::OkStatus());
  ASSERT_EQ(Open(), absl::OkStatus());
  EXPECT_EQ(engine_->Get("a").value(), "1");
  EXPECT_EQ(engine_->Get("key/b").value(), "2");
  EXPECT_THAT(engine_->Scan({}).value(), SizeIs(2));
}

TEST_F(RocksDbEngineTest, KeepsItsDirectoryFromOtherUsers) {
  ASSERT_EQ(Open(), absl::OkStatus());
  struct stat found {};
  ASSERT_EQ(stat(options_.path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
}

TEST_F(RocksDbEngineTest, RefusesDirectoryThatOthersMayEnter) {
  ASSERT_EQ(Open(), absl::OkStatus());
  for (const mode_t mode : {0710, 0704, 0770, 0755}) {
    ASSERT_EQ(chmod(options_.path.c_str(), mode), 0);
    absl::Status status = Open();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(options_.path));
  }
  ASSERT_EQ(chmod(options_.path.c_str(), 0700), 0);
  EXPECT_EQ(Open(), absl::OkStatus());
}

TEST_F(RocksDbEngineTest, RefusesDirectoryOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  ASSERT_EQ(mkdir(options_.path.c_str(), 0700), 0);
  ASSERT_EQ(chown(options_.path.c_str(), 65534, 65534), 0);
  absl::Status status = Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(options_.path));
}

TEST_F(RocksDbEngineTest, RefusesFileInTheDirectorysPlace) {
  WriteFile(options_.path, "");
  absl::Status status = Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("not a directory"));
}

TEST_F(RocksDbEngineTest, RefusesStoreOfANewerFormat) {
  ASSERT_EQ(Open(), absl::OkStatus());
  engine_.reset();
  RecordFormat("2");
  absl::Status status = Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(status.message(),
            absl::StrCat("the store at ", options_.path,
                         " was written by a newer version: format 2, this "
                         "program reads up to 1"));
}

TEST_F(RocksDbEngineTest, RefusesStoreWhoseFormatIsNoNumber) {
  ASSERT_EQ(Open(), absl::OkStatus());
  engine_.reset();
  RecordFormat("x");
  EXPECT_TRUE(absl::IsDataLoss(Open()));
}

TEST_F(RocksDbEngineTest, RefusesStoreThatIsInUse) {
  ASSERT_EQ(Open(), absl::OkStatus());
  absl::Status second = RocksDbEngine::Open(options_).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(second)) << second;
  EXPECT_THAT(std::string(second.message()),
              AllOf(HasSubstr(options_.path), HasSubstr("in use")));
}

TEST_F(RocksDbEngineTest, RefusesDatabaseOfAnotherProgram) {
  rocksdb::Options made;
  made.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(made, options_.path, &db).ok());
  ASSERT_TRUE(db->Put({}, "k", "v").ok());
  delete db;
  ASSERT_EQ(chmod(options_.path.c_str(), 0700), 0);
  absl::Status status = Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("not made by this"));
}

TEST_F(RocksDbEngineTest, RefusesAnotherOwnersStoreAndLeavesItAsItIs) {
  options_.owner = "one";
  ASSERT_EQ(Open(), absl::OkStatus());
  engine_.reset();
  RocksDbEngine::Options own = options_;
  options_.owner = "other";
  options_.isolated_prefixes.push_back("others/");
  absl::Status status = Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("is that of one"));
  options_ = own;
  EXPECT_EQ(Open(), absl::OkStatus());
}

TEST_F(RocksDbEngineTest, TellsOnceThatItRefusesCommits) {
  int told = 0;
  options_.on_failure = [&told] { ++told; };
  OpenFaulty();
  ASSERT_EQ(Put("a", "1"), absl::OkStatus());
  EXPECT_EQ(told, 0);
  faults_.fail = true;
  EXPECT_TRUE(absl::IsUnavailable(Put("a", "2")));
  EXPECT_TRUE(absl::IsUnavailable(Put("a", "3")));
  EXPECT_EQ(told, 1);
}

TEST_F(RocksDbEngineTest, RefusesStoreThatIsolatesOtherPrefixes) {
  ASSERT_EQ(Open(), absl::OkStatus());
  ASSERT_EQ(Put("used/1", ""), absl::OkStatus());
  for (auto prefixes : std::vector<std::vector<std::string>>{
           {}, {"other/"}, {"key/", "used/"}}) {
    options_.isolated_prefixes = prefixes;
    EXPECT_TRUE(absl::IsFailedPrecondition(Open())) << prefixes.size();
  }
  options_.isolated_prefixes = {"unused/", "key/"};
  EXPECT_EQ(Open(), absl::OkStatus());
  EXPECT_EQ(Put("unused/1", ""), absl::OkStatus());
  EXPECT_THAT(engine_->Scan({}).value(), SizeIs(2));
}

TEST_F(RocksDbEngineTest, RefusesPrefixesThatOverlap) {
  options_.isolated_prefixes = {"key/a", "key/"};
  EXPECT_TRUE(absl::IsInvalidArgument(Open()));
  options_.isolated_prefixes = {""};
  EXPECT_TRUE(absl::IsInvalidArgument(Open()));
}

TEST_F(RocksDbEngineTest, TellsWhenTheDirectoryCannotBeMade) {
  options_.path = dir_.Sub("missing/store");
  absl::Status status = Open();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(options_.path));
}

TEST_F(RocksDbEngineTest, RefusesStoreWhoseOlderLogWasCutOrIsMissing) {
  MakeOlderLog();
  std::vector<fs::path> logs = Files(".log");
  const fs::path older = *std::min_element(logs.begin(), logs.end());
  const fs::path saved = dir_.Sub("saved");
  fs::rename(older, saved);
  EXPECT_TRUE(absl::IsDataLoss(Open()));
  WriteFile(older, "");
  EXPECT_TRUE(absl::IsDataLoss(Open()));
  fs::rename(saved, older);
  // The last byte of the log is that of "big".
  fs::resize_file(older, fs::file_size(older) - 1);
  EXPECT_TRUE(absl::IsDataLoss(Open()));
  // Being refused has changed nothing.
  std::ofstream(older, std::ios::binary | std::ios::app) << 'v';
  ASSERT_EQ(Open(), absl::OkStatus());
  EXPECT_EQ(engine_->Get("key/1").value(), "kept in the older log only");
  EXPECT_EQ(engine_->Get("a").value(), "1");
}

// A crash in the middle of a write leaves such an end.
TEST_F(RocksDbEngineTest, DropsHalfARecordAtTheEndOfTheLogInUse) {
  ASSERT_EQ(Open(), absl::OkStatus());
  ASSERT_EQ(Put("a", "1"), absl::OkStatus());
  ASSERT_EQ(Put("b", "2"), absl::OkStatus());
  engine_.reset();
  std::vector<fs::path> logs = Files(".log");
  const fs::path last = *std::max_element(logs.begin(), logs.end());
  fs::resize_file(last, fs::file_size(last) - 1);
  ASSERT_EQ(Open(), absl::OkStatus());
  EXPECT_EQ(engine_->Get("a").value(), "1");
  EXPECT_EQ(engine_->Get("b").value(), absl::nullopt);
}

TEST_F(RocksDbEngineTest, RefusesStoreWithADamagedLog) {
  ASSERT_EQ(Open(), absl::OkStatus());
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(Put(absl::StrCat(i), std::string(4000, 'v')), absl::OkStatus());
  }
  engine_.reset();
  for (const fs::path& log : Files(".log")) {
    std::string bytes = ReadFile(log);
    if (bytes.size() < 40'000) continue;
    bytes[20'000] ^= 1;
    WriteFile(log, bytes);
  }
  absl::Status status = Open();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(options_.path + " is damaged"));
}

TEST_F(RocksDbEngineTest, RefusesStoreWithATruncatedOrMissingFile) {
  ASSERT_EQ(Open(), absl::OkStatus());
  ASSERT_EQ(Put("a", std::string(4000, 'v')), absl::OkStatus());
  ASSERT_EQ(engine_->Purge({}), absl::OkStatus());
  engine_.reset();
  const fs::path table = Files(".sst").front();
  const std::string bytes = ReadFile(table);
  WriteFile(table, bytes.substr(0, bytes.size() / 2));
  EXPECT_TRUE(absl::IsDataLoss(Open()));
  fs::remove(table);
  EXPECT_TRUE(absl::IsDataLoss(Open()));
  WriteFile(table, bytes);
  fs::remove(options_.path + "/CURRENT");
  EXPECT_TRUE(absl::IsDataLoss(Open()));
}

TEST_F(RocksDbEngineTest, ReportsDamageThatAReadComesAcross) {
  ASSERT_EQ(Open(), absl::OkStatus());
  ASSERT_EQ(Put("a", std::string(100, 'v')), absl::OkStatus());
  ASSERT_EQ(engine_->Purge({}), absl::OkStatus());
  engine_.reset();
  for (const fs::path& table : Files(".sst")) {
    std::string bytes = ReadFile(table);
    // The first block holds the row; the rest is what opening reads.
    bytes[12] ^= 1;
    WriteFile(table, bytes);
  }
  absl::Status status = Open();
  if (status.ok()) status = engine_->Get("a").status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
}

TEST_F(RocksDbEngineTest, RefusesCommitsAfterAFailedSync) {
  OpenFaulty();
  ASSERT_EQ(Put("a", "1"), absl::OkStatus());
  faults_.fail = true;
  EXPECT_TRUE(absl::IsUnavailable(Put("a", "2")));
  faults_.fail = false;
  EXPECT_TRUE(absl::IsUnavailable(Put("b", "3")));
  // Reads go on, and see what is durable.
  EXPECT_EQ(engine_->Get("a").value(), "1");
  EXPECT_EQ(engine_->Get("b").value(), absl::nullopt);
  ASSERT_EQ(Open(), absl::OkStatus());
  EXPECT_THAT(engine_->Get("a").value(),
              ::testing::AnyOf(absl::make_optional<std::string>("1"),
                               absl::make_optional<std::string>("2")));
  EXPECT_EQ(engine_->Get("b").value(), absl::nullopt);
  EXPECT_EQ(Put("b", "4"), absl::OkStatus());
}

TEST_F(RocksDbEngineTest, AnswersEveryCommitOfAFailedBatchUnavailable) {
  OpenFaulty();
  faults_.gate.Close();
  absl::Status outcomes[3];
  for (int i = 0; i < 3; ++i) {
    auto transaction = engine_->Begin();
    transaction->Put(absl::StrCat(i), "");
    transaction->Commit([&outcomes, i](absl::Status s) { outcomes[i] = s; });
    if (i == 0) faults_.gate.AwaitArrival();
  }
  faults_.fail = true;
  faults_.gate.Open();
  engine_.reset();
  for (const absl::Status& outcome : outcomes) {
    EXPECT_TRUE(absl::IsUnavailable(outcome)) << outcome;
  }
}

TEST_F(RocksDbEngineTest, SyncsOnceForABatch) {
  OpenFaulty();
  faults_.gate.Close();
  const int before = faults_.syncs;
  for (int i = 0; i < 100; ++i) {
    auto transaction = engine_->Begin();
    transaction->Put(absl::StrCat(i), "");
    transaction->Commit([](absl::Status s) { EXPECT_TRUE(s.ok()); });
    if (i == 0) faults_.gate.AwaitArrival();
  }
  faults_.gate.Open();
  engine_.reset();
  EXPECT_EQ(faults_.syncs - before, 2);
}

TEST_F(RocksDbEngineTest, CompressesNothingSoThatASearchOfItsFilesIsComplete) {
  std::string text;
  for (int i = 0; i < 100; ++i) absl::StrAppend(&text, "the same again; ");
  ASSERT_EQ(Open(), absl::OkStatus());
  ASSERT_EQ(Put("a", text), absl::OkStatus());
  // Opened anew, the log goes into a table.
  ASSERT_EQ(Open(), absl::OkStatus());
  engine_.reset();
  std::vector<fs::path> tables = Files(".sst");
  EXPECT_TRUE(std::any_of(tables.begin(), tables.end(), [&](const fs::path& f) {
    return absl::StrContains(ReadFile(f), text);
  }));
}

TEST_F(RocksDbEngineTest, PurgesDeletedValuesFromEveryFile) {
  ASSERT_EQ(Open(), absl::OkStatus());
  ASSERT_EQ(Put("key/1", "a value to be forgotten"), absl::OkStatus());
  ASSERT_EQ(Put("key/2", "a value to be kept"), absl::OkStatus());
  ASSERT_EQ(Put("other", "a value beside them"), absl::OkStatus());
  EXPECT_THAT(FilesWith("to be forgotten"), SizeIs(1));
  ASSERT_EQ(Delete("key/1"), absl::OkStatus());
  EXPECT_THAT(FilesWith("to be forgotten"), SizeIs(1));
  ASSERT_EQ(engine_->Purge(KeyRange::Prefix("key/")), absl::OkStatus());
  EXPECT_THAT(FilesWith("to be forgotten"), IsEmpty());
  EXPECT_EQ(engine_->Get("key/2").value(), "a value to be kept");
}

TEST_F(RocksDbEngineTest, CachesNothingOfWhatWasPurged) {
  constexpr size_t kBytes = 100'000;
  ASSERT_EQ(Open(), absl::OkStatus());
  ASSERT_EQ(Put("key/1", std::string(kBytes, 'v')), absl::OkStatus());
  // Opened anew, the log goes into a table.
  engine_.reset();
  const KeyLayout layout = KeyLayout::Create({"key/"}).value();
  auto database = OpenDatabase(options_, layout).value();
  const std::shared_ptr<rocksdb::Cache> cache = database->cache;
  RocksDbTable table(std::move(database), layout);
  ASSERT_TRUE(table.Read("key/1").value().has_value());
  EXPECT_GT(cache->GetUsage(), kBytes);
  std::vector<PendingCommit> commits(1);
  commits[0].writes.emplace("key/1", absl::nullopt);
  ASSERT_EQ(table.Apply(commits), absl::OkStatus());
  ASSERT_EQ(table.Purge(KeyRange::Prefix("key/")), absl::OkStatus());
  EXPECT_LT(cache->GetUsage(), kBytes);
}

TEST_F(RocksDbEngineTest, TellsWhenAPurgedFileCannotBeUnlinked) {
  OpenFaulty();
  ASSERT_EQ(Put("key/1", "a value to be forgotten"), absl::OkStatus());
  ASSERT_EQ(engine_->Purge(KeyRange::Prefix("key/")), absl::OkStatus());
  ASSERT_EQ(Delete("key/1"), absl::OkStatus());
  faults_.keep_tables = true;
  EXPECT_TRUE(absl::IsUnavailable(engine_->Purge(KeyRange::Prefix("key/"))));
  EXPECT_THAT(FilesWith("to be forgotten"), SizeIs(1));
  faults_.keep_tables = false;
  EXPECT_EQ(engine_->Purge(KeyRange::Prefix("key/")), absl::OkStatus());
  EXPECT_THAT(FilesWith("to be forgotten"), IsEmpty());
}

TEST_F(RocksDbEngineTest, PurgesValuesThatHaveReachedTheLowestLevel) {
  ASSERT_EQ(Open(), absl::OkStatus());
  ASSERT_EQ(Put("key/1", "a value to be forgotten"), absl::OkStatus());
  ASSERT_EQ(engine_->Purge(KeyRange::Prefix("key/")), absl::OkStatus());
  ASSERT_EQ(Open(), absl::OkStatus());
  EXPECT_THAT(FilesWith("to be forgotten"), SizeIs(1));
  ASSERT_EQ(Put("key/1", "another value"), absl::OkStatus());
  ASSERT_EQ(engine_->Purge({"key/1", "key/2"}), absl::OkStatus());
  EXPECT_THAT(FilesWith("to be forgotten"), IsEmpty());
  EXPECT_EQ(engine_->Get("key/1").value(), "another value");
}

}  // namespace
}  // namespace frank::storage
