#include <sys/stat.h>

#include <cstdlib>

#include "client/command/mod_save.h"
#include "gtest/gtest.h"
#include "proto/files.h"

namespace frank::client {
namespace {

std::string NewFolder() {
  std::string pattern = testing::TempDir() + "frank-save-XXXXXX";
  return std::string(mkdtemp(&pattern[0])) + "/saved";
}

const std::string kTag(64, '1');
const std::string kFile = kTag + "-file-" + std::string(64, '2');

v1::Evidence WithFile(uint32_t chunks_disclosed) {
  v1::Evidence evidence;
  evidence.set_franking_tag(std::string(32, '\x11'));
  v1::DisclosedPart* part = evidence.add_part();
  part->set_index(2);
  part->set_media_type("text/plain; charset=utf-8");
  part->set_body("hello");
  v1::DisclosedFile* file = evidence.add_file();
  file->set_file_tag(std::string(32, '\x22'));
  file->set_media_type("image/jpeg");
  file->set_name("../../etc/passwd");
  file->set_size(6);
  file->set_chunk_count(2);
  for (uint32_t i = 0; i < chunks_disclosed; ++i) {
    file->add_chunk()->set_index(i);
    file->mutable_chunk(i)->set_body(i == 0 ? "abcd" : "ef");
  }
  return evidence;
}

TEST(SaveEvidenceTest, WritesPartsAndWholeFilesForTheOwnerAlone) {
  const std::string folder = NewFolder();
  auto saved = SaveEvidence(folder, WithFile(2));
  ASSERT_TRUE(saved.ok()) << saved.status();
  ASSERT_EQ(saved->size(), 2u);
  EXPECT_EQ(*wire::ReadFile(folder + "/" + kTag + "-part-2.txt"), "hello");
  EXPECT_EQ(*wire::ReadFile(folder + "/" + kFile + ".jpg"), "abcdef");
  struct stat info {};
  ASSERT_EQ(stat((*saved)[1].path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(folder.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST(SaveEvidenceTest, KeepsMessagesApartWhoseTagsBeginAlike) {
  const std::string folder = NewFolder();
  v1::Evidence second = WithFile(2);
  second.mutable_franking_tag()->back() = '\x12';
  second.mutable_part(0)->set_body("other");
  ASSERT_TRUE(SaveEvidence(folder, WithFile(2)).ok());
  ASSERT_TRUE(SaveEvidence(folder, second).ok());
  EXPECT_EQ(*wire::ReadFile(folder + "/" + kTag + "-part-2.txt"), "hello");
}

TEST(SaveEvidenceTest, SaysInEachNameWhatTheCallerSaysOfIt) {
  const std::string folder = NewFolder();
  auto saved = SaveEvidence(folder, WithFile(2), "not-proven-");
  ASSERT_TRUE(saved.ok()) << saved.status();
  EXPECT_EQ(*wire::ReadFile(folder + "/not-proven-" + kTag + "-part-2.txt"),
            "hello");
  EXPECT_EQ(*wire::ReadFile(folder + "/not-proven-" + kFile + ".jpg"),
            "abcdef");
}

TEST(SaveEvidenceTest, WritesChunksWhereTheFileIsNotWhole) {
  const std::string folder = NewFolder();
  auto saved = SaveEvidence(folder, WithFile(1));
  ASSERT_TRUE(saved.ok()) << saved.status();
  EXPECT_EQ((*saved)[1].path, folder + "/" + kFile + "-chunk-0");
}

TEST(SaveEvidenceTest, LeavesOutWhatTheAnswerHadNoRoomFor) {
  v1::Evidence evidence = WithFile(2);
  evidence.mutable_part(0)->clear_body();
  evidence.mutable_part(0)->set_size(5);
  evidence.mutable_file(0)->mutable_chunk(1)->clear_body();
  evidence.mutable_file(0)->mutable_chunk(1)->set_size(2);
  const std::string folder = NewFolder();
  auto saved = SaveEvidence(folder, evidence);
  ASSERT_TRUE(saved.ok()) << saved.status();
  ASSERT_EQ(saved->size(), 1u);
  EXPECT_EQ((*saved)[0].path, folder + "/" + kFile + "-chunk-0");
}

TEST(SaveEvidenceTest, RefusesChunksThatDoNotAddUp) {
  v1::Evidence evidence = WithFile(2);
  evidence.mutable_file(0)->set_size(7);
  EXPECT_EQ(SaveEvidence(NewFolder(), evidence).status().code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace frank::client
