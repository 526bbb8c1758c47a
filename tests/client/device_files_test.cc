// Files on their way up, down, and into a report.
#include <sys/stat.h>

#include <fstream>

#include "core/status.h"
#include "crypto/report.h"
#include "proto/wire.h"
#include "tests/client/device_world.h"

namespace frank::client {
namespace {

class FileTest : public DeviceTest {
 protected:
  std::string Write(const std::string& name, size_t size) {
    std::string path = folder_ + "/" + name;
    std::string bytes(size, 0);
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 / 7);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  static std::string Read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  absl::Status SendFile(const std::string& path) {
    FRANK_ASSIGN_OR_RETURN(
        UploadedFile file,
        alice_->files().Upload(path, "image/jpeg", "p", progress_));
    FRANK_ASSIGN_OR_RETURN(crypto::Part announced,
                           crypto::ParsePart(file.file_part));
    FRANK_ASSIGN_OR_RETURN(crypto::Part key,
                           crypto::ParsePart(file.key_part.bytes()));
    return alice_->sender().Send(room_, {announced, key}).status();
  }
  // How far each pass of the last transfer came.
  uint32_t hashed_ = 0;
  uint32_t moved_ = 0;
  TransferProgress progress_ = {
      [this](uint32_t done, uint32_t) { hashed_ = done; },
      [this](uint32_t done, uint32_t) { moved_ = done; }};
};

TEST_F(FileTest, CarriesFilesOfAnySize) {
  uint64_t number = 0;
  for (size_t size : {size_t{0}, size_t{1}, size_t{65536}, size_t{200000}}) {
    std::string path = Write("file", size);
    ASSERT_TRUE(SendFile(path).ok());
    ASSERT_EQ(Receive(*bob_).messages, 1);
    VerifiedMessage message = *bob_->GetMessage(++number);
    std::string out = folder_ + "/out" + std::to_string(size);
    absl::Status saved =
        bob_->files().Download(*FindFile(message, 0), out, progress_);
    ASSERT_TRUE(saved.ok()) << saved;
    EXPECT_EQ(Read(out), Read(path));
    EXPECT_TRUE(absl::IsAlreadyExists(
        bob_->files().Download(*FindFile(message, 0), out, progress_)));
  }
}

TEST_F(FileTest, GoesOnWithAnUploadThatBrokeOff) {
  std::string path = Write("file", 300000);
  platform_.break_upload_after = 2;
  EXPECT_TRUE(absl::IsUnavailable(SendFile(path)));
  platform_.break_upload_after = -1;
  ASSERT_TRUE(SendFile(path).ok());
  EXPECT_EQ(platform_.files.size(), 1u);
}

TEST_F(FileTest, TakesFreshKeysWhenTheFileChangedMeanwhile) {
  std::string path = Write("file", 300000);
  platform_.break_upload_after = 2;
  EXPECT_TRUE(absl::IsUnavailable(SendFile(path)));
  platform_.break_upload_after = -1;
  std::fstream(path, std::ios::binary | std::ios::in | std::ios::out)
      << "other";
  ASSERT_TRUE(SendFile(path).ok());
  EXPECT_EQ(platform_.files.size(), 2u);
}

TEST_F(FileTest, RefusesAChunkThatIsNotTheFiles) {
  ASSERT_TRUE(SendFile(Write("file", 100000)).ok());
  Receive(*bob_);
  platform_.files.begin()->second.chunks[1][3] ^= 1;
  VerifiedMessage message = *bob_->GetMessage(1);
  std::string out = folder_ + "/out";
  EXPECT_TRUE(absl::IsUnauthenticated(
      bob_->files().Download(*FindFile(message, 0), out, progress_)));
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(FileTest, GoesOnWithADownloadThatBrokeOff) {
  std::string path = Write("file", 200000);
  ASSERT_TRUE(SendFile(path).ok());
  Receive(*bob_);
  VerifiedMessage message = *bob_->GetMessage(1);
  std::string out = folder_ + "/out";
  auto& chunks = platform_.files.begin()->second.chunks;
  std::vector<std::string> all = chunks;
  chunks.resize(2);
  EXPECT_TRUE(absl::IsUnavailable(
      bob_->files().Download(*FindFile(message, 0), out, progress_)));
  chunks = all;
  chunks[0].clear();  // not asked for again
  hashed_ = 0;
  absl::Status saved =
      bob_->files().Download(*FindFile(message, 0), out, progress_);
  ASSERT_TRUE(saved.ok()) << saved;
  EXPECT_EQ(Read(out), Read(path));
  EXPECT_FALSE(std::filesystem::exists(out + ".part"));
  EXPECT_EQ(hashed_, 2u);
  EXPECT_EQ(moved_, 4u);
}

TEST_F(FileTest, SendsNoFileThatChangedWhileItWasHashed) {
  std::string path = Write("file", 300000);
  auto time = std::filesystem::last_write_time(path);
  Progress change = [&](uint32_t done, uint32_t) {
    if (done != 3) return;
    std::fstream(path, std::ios::binary | std::ios::in | std::ios::out)
        << "other";
    std::filesystem::last_write_time(path, time + std::chrono::seconds(1));
  };
  EXPECT_TRUE(absl::IsFailedPrecondition(
      alice_->files()
          .Upload(path, "image/jpeg", "p", {change, progress_.moving})
          .status()));
  EXPECT_TRUE(platform_.files.empty());
  ASSERT_TRUE(SendFile(path).ok());
  EXPECT_EQ(hashed_, 5u);
  EXPECT_EQ(Receive(*bob_).messages, 1);
}

TEST_F(FileTest, WritesIntoNoFileThatOthersCanReadOrThatIsALink) {
  ASSERT_TRUE(SendFile(Write("file", 100000)).ok());
  Receive(*bob_);
  VerifiedMessage message = *bob_->GetMessage(1);
  std::string out = folder_ + "/out";
  std::string part = Write("out.part", 3);
  ::chmod(part.c_str(), 0644);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      bob_->files().Download(*FindFile(message, 0), out, progress_)));
  std::filesystem::remove(part);
  std::string other = Write("other", 3);
  ::chmod(other.c_str(), 0600);
  std::filesystem::create_symlink(other, part);
  EXPECT_FALSE(
      bob_->files().Download(*FindFile(message, 0), out, progress_).ok());
  EXPECT_EQ(std::filesystem::file_size(other), 3u);
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(FileTest, ReplacesNoFileThatCameMeanwhile) {
  ASSERT_TRUE(SendFile(Write("file", 100000)).ok());
  Receive(*bob_);
  VerifiedMessage message = *bob_->GetMessage(1);
  std::string out = folder_ + "/out";
  Progress intrude = [&](uint32_t, uint32_t) { Write("out", 3); };
  EXPECT_TRUE(absl::IsAlreadyExists(bob_->files().Download(
      *FindFile(message, 0), out, {progress_.hashing, intrude})));
  EXPECT_EQ(std::filesystem::file_size(out), 3u);
}

TEST_F(FileTest, OpensChunksThatModerationCanVerify) {
  ASSERT_TRUE(SendFile(Write("file", 200000)).ok());
  Receive(*bob_);
  VerifiedMessage message = *bob_->GetMessage(1);
  AnnouncedFile file = *FindFile(message, 0);
  absl::StatusOr<OpenedChunks> chunks =
      bob_->files().OpenChunks(file, {0, 2, 3}, progress_.moving);
  ASSERT_TRUE(chunks.ok()) << chunks.status();
  ReportBuilder builder(kAlice, "sexual.unwanted", "", kNow);
  ASSERT_TRUE(builder.AddMessage(message, {}).ok());
  ASSERT_TRUE(builder.AddChunks(*chunks).ok());
  EXPECT_TRUE(crypto::VerifyOpening(
                  file.file.file_tag,
                  wire::ViewOf(builder.content().message(0).file(0).chunks()))
                  .ok());
  EXPECT_TRUE(absl::IsInvalidArgument(
      bob_->files().OpenChunks(file, {4}, progress_.moving).status()));
}

}  // namespace
}  // namespace frank::client
