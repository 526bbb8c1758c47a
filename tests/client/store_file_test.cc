#include "client/store_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "crypto/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Text(const StoreFile& store, absl::string_view key) {
  return ToString(store.Get(key)->bytes());
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void WriteAll(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
}

class StoreFileTest : public ::testing::Test {
 protected:
  StoreFileTest() {
    char name[] = "/tmp/frank-home-XXXXXX";
    home_ = ::mkdtemp(name);
  }
  ~StoreFileTest() override {
    for (const char* file : {"/store.log", "/store.key", "/lock",
                             "/store.log.new", "/store.key.new"}) {
      ::unlink((home_ + file).c_str());
    }
    ::rmdir(home_.c_str());
  }

  std::unique_ptr<StoreFile> Open() {
    auto store = StoreFile::Open(home_, random_);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  static absl::Status Put(StoreFile& store, const std::string& key,
                          const std::string& value) {
    StoreBatch batch;
    batch.Put(key, value);
    return store.Apply(batch);
  }
  std::string LogPath() const { return home_ + "/store.log"; }

  crypto::SystemRandom random_;
  std::string home_;
};

TEST_F(StoreFileTest, KeepsWhatWasAppliedWhenOpenedAgain) {
  {
    auto store = Open();
    ASSERT_TRUE(Put(*store, "a", "1").ok());
    ASSERT_TRUE(Put(*store, "b", "2").ok());
    ASSERT_TRUE(Put(*store, "a", "3").ok());
    StoreBatch batch;
    batch.Delete("b");
    batch.Put("c", "");
    ASSERT_TRUE(store->Apply(batch).ok());
  }
  auto store = Open();
  EXPECT_THAT(store->Keys(""), ElementsAre("a", "c"));
  EXPECT_EQ(Text(*store, "a"), "3");
  EXPECT_EQ(Text(*store, "c"), "");
  EXPECT_TRUE(absl::IsNotFound(store->Get("b").status()));
}

TEST_F(StoreFileTest, DropsOnlyTheLastRecordWhereverACrashCutsIt) {
  uint64_t before = 0;
  {
    auto store = Open();
    ASSERT_TRUE(Put(*store, "a", "1").ok());
    before = ReadAll(LogPath()).size();
    ASSERT_TRUE(Put(*store, "b", "2").ok());
  }
  std::string whole = ReadAll(LogPath());
  for (uint64_t cut = before; cut < whole.size(); ++cut) {
    WriteAll(LogPath(), whole.substr(0, cut));
    {
      auto store = Open();
      ASSERT_NE(store, nullptr) << cut;
      EXPECT_THAT(store->Keys(""), ElementsAre("a")) << cut;
      ASSERT_TRUE(Put(*store, "c", "3").ok());
    }
    EXPECT_THAT(Open()->Keys(""), ElementsAre("a", "c")) << cut;
  }
}

TEST_F(StoreFileTest, RefusesALogWithAFlippedBit) {
  {
    auto store = Open();
    for (const char* key : {"a", "b", "c"}) {
      ASSERT_TRUE(Put(*store, key, "value").ok());
    }
  }
  std::string whole = ReadAll(LogPath());
  // The last record may be taken for one that was cut off.
  uint64_t last = whole.size() - (whole.size() - 46) / 3;
  for (uint64_t i = 0; i < last; ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    WriteAll(LogPath(), damaged);
    auto store = StoreFile::Open(home_, random_);
    EXPECT_TRUE(absl::IsDataLoss(store.status())) << i;
  }
}

TEST_F(StoreFileTest, RefusesAHomeThatOthersCanRead) {
  Open();
  ASSERT_EQ(::chmod(home_.c_str(), 0755), 0);
  EXPECT_THAT(std::string(StoreFile::Open(home_, random_).status().message()),
              HasSubstr("chmod 700"));
}

TEST_F(StoreFileTest, RefusesFilesThatOthersCanRead) {
  Open();
  for (const char* name : {"/store.key", "/store.log"}) {
    std::string path = home_ + name;
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
    absl::Status status = StoreFile::Open(home_, random_).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << name;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  }
}

TEST_F(StoreFileTest, WritesNothingInTheClear) {
  {
    auto store = Open();
    ASSERT_TRUE(Put(*store, "planted-key", "planted-value").ok());
  }
  EXPECT_EQ(ReadAll(LogPath()).find("planted"), std::string::npos);
  struct stat info;
  ASSERT_EQ(::stat(LogPath().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(StoreFileTest, KeepsASecondProcessOut) {
  auto store = Open();
  EXPECT_THAT(std::string(StoreFile::Open(home_, random_).status().message()),
              HasSubstr("another process"));
}

TEST_F(StoreFileTest, MakesNoNewKeyForALogThatHasLostItsKey) {
  Open();
  ::unlink((home_ + "/store.key").c_str());
  EXPECT_TRUE(
      absl::IsFailedPrecondition(StoreFile::Open(home_, random_).status()));
}

TEST_F(StoreFileTest, OpensUnderAKeyThatIsKeptElsewhereAndNoOther) {
  auto open = [this](char byte) {
    return StoreFile::Open(
        home_, random_,
        crypto::Secret::Copy(Bytes(32, static_cast<uint8_t>(byte))));
  };
  {
    auto store = open('k');
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE(Put(**store, "key", "value").ok());
  }
  EXPECT_NE(::access((home_ + "/store.key").c_str(), F_OK), 0);
  EXPECT_TRUE(absl::IsDataLoss(open('x').status()));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(StoreFile::Open(home_, random_).status()));
  EXPECT_EQ(Text(**open('k'), "key"), "value");
}

TEST_F(StoreFileTest, CompactsWhatIsNoLongerLive) {
  std::string value(1 << 20, 'x');
  {
    auto store = Open();
    ASSERT_TRUE(Put(*store, "kept", "small").ok());
    for (int i = 0; i < 12; ++i) {
      ASSERT_TRUE(Put(*store, "large", value).ok());
    }
    EXPECT_LT(ReadAll(LogPath()).size(), 7u << 20);
    EXPECT_EQ(Text(*store, "kept"), "small");
  }
  EXPECT_EQ(Open()->Get("large")->size(), value.size());
}

TEST(HomeFolderTest, CallsAFailingDiskNoServerThatIsAway) {
  errno = ENOSPC;
  EXPECT_TRUE(absl::IsInternal(FileError("store.log", "write")));
  errno = ENOENT;
  EXPECT_TRUE(absl::IsNotFound(FileError("store.log", "open")));
}

}  // namespace
}  // namespace frank::client
