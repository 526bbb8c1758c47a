#include "proto/files.h"

#include <sys/stat.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::wire {
namespace {

using ::testing::HasSubstr;

class FilesTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) {
    return absl::StrCat(
        ::testing::TempDir(), "/files_test.",
        ::testing::UnitTest::GetInstance()->current_test_info()->name(), ".",
        name);
  }
  std::string Write(const std::string& name, const std::string& text,
                    FileMode mode = FileMode::kSecret) {
    std::string path = Path(name);
    EXPECT_TRUE(WriteFile(path, text, mode, /*replace=*/true).ok());
    return path;
  }
  static std::string Message(const absl::Status& status) {
    return std::string(status.message());
  }

  const std::string hex32_ = std::string(64, '1');
};

TEST_F(FilesTest, SaysThatAFileIsNotThere) {
  absl::Status status = ReadFile("/nowhere/key").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/nowhere/key"));
}

TEST_F(FilesTest, RefusesSecretThatOthersCanRead) {
  std::string path = Write("key", "text");
  ASSERT_TRUE(ReadSecretFile(path).ok());
  chmod(path.c_str(), 0640);
  absl::Status status = ReadSecretFile(path).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Message(status), HasSubstr("readable by its owner only"));
  EXPECT_THAT(Message(status), HasSubstr(path));
}

TEST_F(FilesTest, NamesTheFileThatIsMissing) {
  std::string path = Path("missing");
  EXPECT_THAT(Message(ReadSecretFile(path).status()), HasSubstr(path));
}

TEST_F(FilesTest, DoesNotOverwriteUnlessTold) {
  std::string path = Write("key", "first");
  EXPECT_EQ(WriteFile(path, "second", FileMode::kSecret).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*ReadFile(path), "first");
}

TEST_F(FilesTest, SaysThatTheSystemCannotWrite) {
  absl::Status status =
      WriteFile(Path("missing/key"), "text", FileMode::kSecret);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(Message(status), HasSubstr("missing/key"));
}

TEST_F(FilesTest, WritesSecretsForTheirOwnerOnly) {
  std::string path = Write("key", "text");
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(FilesTest, SaysWhereTextDoesNotParseWithoutRepeatingIt) {
  std::string path = Write("ring", "authority: \"mimi://a\"\nhub_secret: 12\n");
  absl::Status status = LoadKeyRing(path, RingHolder::kPlatform).status();
  EXPECT_THAT(Message(status), HasSubstr("line 2"));
  EXPECT_FALSE(absl::StrContains(Message(status), "hub_secret"));
}

TEST_F(FilesTest, RefusesOverlappingWindowsByName) {
  std::string window = absl::StrCat("form: \"none\" hub_key: \"", hex32_, "\"");
  std::string path = Write(
      "ring", absl::StrCat("authority: \"mimi://a.example\"\n",
                           "window { not_before: 1000 not_after: 3000 ", window,
                           "}\nwindow { not_before: 2000 not_after: 4000 ",
                           window, "}\n"));
  absl::Status status = LoadKeyRing(path, RingHolder::kPlatform).status();
  EXPECT_THAT(Message(status),
              HasSubstr("must not be before the last window ends"));
  EXPECT_THAT(Message(status), HasSubstr(path));
}

TEST_F(FilesTest, RefusesATombstoneThatStillHoldsItsKey) {
  std::string path =
      Write("ring",
            absl::StrCat("authority: \"mimi://a.example\"\nwindow { "
                         "not_before: 1 not_after: 3 tombstone: true hub_key: "
                         "\"",
                         hex32_, "\" }"));
  absl::Status status = LoadKeyRing(path, RingHolder::kModeration).status();
  EXPECT_THAT(Message(status), HasSubstr("window[0].hub_key"));
}

TEST_F(FilesTest, RefusesPrivateFrankingKeyAtModeration) {
  std::string path = Write(
      "ring",
      absl::StrCat("authority: \"mimi://a.example\"\nwindow { not_before: 1 "
                   "not_after: 3 form: \"batched\" hub_key: \"",
                   hex32_, "\" franking_private_key: \"", hex32_,
                   "\" franking_public_key: \"", hex32_, "\" }"));
  absl::Status status = LoadKeyRing(path, RingHolder::kModeration).status();
  EXPECT_THAT(Message(status), HasSubstr("window[0].franking_private_key"));
}

TEST_F(FilesTest, RefusesASecretOfAnotherPurpose) {
  std::string path = Path("master");
  remove(path.c_str());
  crypto::Secret key = crypto::Secret::OfSize(16);
  ASSERT_TRUE(WriteSecretKey(path, "master", key).ok());
  EXPECT_TRUE(LoadSecretKey(path, "master", 16).ok());
  EXPECT_THAT(Message(LoadSecretKey(path, "identity", 16).status()),
              HasSubstr("purpose"));
  EXPECT_THAT(Message(LoadSecretKey(path, "master", 32).status()),
              HasSubstr("must be 32 bytes"));
}

}  // namespace
}  // namespace frank::wire
