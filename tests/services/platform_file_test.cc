// FileService: upload, resumption, quota, expiry, ranged download.
#include "core/limits.h"
#include "services/platform/file_handler.h"
#include "services/platform/platform_jobs.h"
#include "storage/enforcement_store.h"
#include "storage/file_store.h"
#include "tests/services/platform_fixture.h"

namespace frank::platform {
namespace {

constexpr uint64_t kFull = limits::kMaxChunkCiphertextBytes;
constexpr uint64_t kQuota = 40 * kFull;

class FileTest : public PlatformFixture {
 protected:
  // A file of `chunks` chunks, the last of 100 bytes.
  static v1::UploadFileRequest StartOf(char name, uint32_t chunks) {
    v1::UploadFileRequest request;
    request.mutable_start()->set_file_tag(std::string(32, name));
    request.mutable_start()->set_chunk_count(chunks);
    request.mutable_start()->set_ciphertext_bytes((chunks - 1) * kFull + 100);
    return request;
  }
  static v1::UploadFileRequest ChunkOf(uint32_t index, uint32_t chunks) {
    v1::UploadFileRequest request;
    request.mutable_chunk()->set_index(index);
    request.mutable_chunk()->set_ciphertext(
        std::string(index + 1 == chunks ? 100 : kFull,
                    static_cast<char>('a' + index % 26)));
    return request;
  }
  absl::Status Take(FileUpload& upload, const v1::UploadFileRequest& request) {
    absl::Notification ready;
    absl::Status result;
    upload.Take(request, [&](absl::Status status) {
      result = std::move(status);
      ready.Notify();
    });
    ready.WaitForNotification();
    return result;
  }
  std::shared_ptr<FileUpload> Begin(const TestAccount& account) {
    return *files_.Upload(account.call());
  }
  static absl::StatusOr<v1::UploadFileResponse> End(FileUpload& upload) {
    Answer<v1::UploadFileResponse> answer;
    upload.End(answer.Done());
    return answer.Wait();
  }
  absl::Status UploadWhole(const TestAccount& account, char name,
                           uint32_t chunks) {
    auto upload = Begin(account);
    FRANK_RETURN_IF_ERROR(Take(*upload, StartOf(name, chunks)));
    for (uint32_t i = 0; i < chunks; ++i) {
      FRANK_RETURN_IF_ERROR(Take(*upload, ChunkOf(i, chunks)));
    }
    return End(*upload).status();
  }
  absl::StatusOr<v1::StatFileResponse> Stat(char name) {
    v1::StatFileRequest request;
    request.set_file_tag(std::string(32, name));
    return Ask(files_, &FileHandler::Stat, bob_.call(), request);
  }
  // The indices of what a download gives.
  absl::StatusOr<std::vector<uint32_t>> Download(char name, uint32_t first,
                                                 uint32_t count) {
    v1::DownloadFileRequest request;
    request.set_file_tag(std::string(32, name));
    request.set_first_chunk(first);
    request.set_chunk_count(count);
    FRANK_ASSIGN_OR_RETURN(FileDownload download,
                           files_.Download(bob_.call(), request));
    std::vector<uint32_t> indices;
    for (;;) {
      FRANK_ASSIGN_OR_RETURN(auto chunk, download.Next());
      if (!chunk) return indices;
      EXPECT_EQ(chunk->ciphertext()[0], 'a' + chunk->index() % 26);
      indices.push_back(chunk->index());
    }
  }

  TestAccount alice_ = Register("alice");
  TestAccount bob_ = Register("bob");
  FileHandler files_{{*engine_, clock_, authenticator_, kQuota}};
};

using ::testing::ElementsAre;

TEST_F(FileTest, GivesBackWhatWasUploaded) {
  ASSERT_TRUE(UploadWhole(alice_, 'f', 20).ok());
  auto all = Download('f', 0, 0);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->size(), 20);
  EXPECT_THAT(*Download('f', 18, 0), ElementsAre(18, 19));
  EXPECT_THAT(*Download('f', 3, 2), ElementsAre(3, 4));
  auto stat = Stat('f');
  ASSERT_TRUE(stat.ok());
  EXPECT_EQ(stat->chunk_count(), 20);
  EXPECT_EQ(stat->next_chunk(), 20);
  EXPECT_EQ(stat->expires_at(), kStartTime + limits::kFileRetention);
}

TEST_F(FileTest, GoesOnWhereAnUploadWasBrokenOff) {
  auto upload = Begin(alice_);
  ASSERT_TRUE(Take(*upload, StartOf('f', 12)).ok());
  for (uint32_t i = 0; i < 10; ++i) {
    ASSERT_TRUE(Take(*upload, ChunkOf(i, 12)).ok());
  }
  EXPECT_EQ(Stat('f')->next_chunk(), limits::kUploadPieceChunks);
  EXPECT_THAT(End(*upload).status(),
              IsFieldError("chunk", "must come for every index"));
  EXPECT_EQ(Stat('f')->next_chunk(), 10);
  EXPECT_THAT(Download('f', 0, 0).status(),
              FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_EQ(Download('f', 0, 10)->size(), 10);

  auto again = Begin(alice_);
  ASSERT_TRUE(Take(*again, StartOf('f', 12)).ok());
  EXPECT_THAT(Take(*again, ChunkOf(0, 12)),
              IsFieldError("chunk.index", "must be that of the next chunk"));
  ASSERT_TRUE(Take(*again, ChunkOf(10, 12)).ok());
  ASSERT_TRUE(Take(*again, ChunkOf(11, 12)).ok());
  ASSERT_TRUE(End(*again).ok());
  EXPECT_EQ(Download('f', 0, 0)->size(), 12);
}

TEST_F(FileTest, RefusesStartsThatBreakTheRules) {
  struct Case {
    const char* field;
    void (*spoil)(v1::UploadFileRequest::Start&);
  };
  for (const Case& bad : {
           Case{"start.file_tag", [](auto& s) { s.set_file_tag("short"); }},
           Case{"start.chunk_count", [](auto& s) { s.set_chunk_count(0); }},
           Case{"start.chunk_count",
                [](auto& s) { s.set_chunk_count(limits::kMaxParts + 1); }},
           Case{"start.ciphertext_bytes",
                [](auto& s) { s.set_ciphertext_bytes(kFull + 15); }},
           Case{"start.ciphertext_bytes",
                [](auto& s) { s.set_ciphertext_bytes(2 * kFull + 1); }},
           Case{"start.ciphertext_bytes",
                [](auto& s) { s.set_ciphertext_bytes(~0ull); }},
       }) {
    v1::UploadFileRequest request = StartOf('f', 2);
    bad.spoil(*request.mutable_start());
    EXPECT_THAT(Take(*Begin(alice_), request), IsFieldError(bad.field));
  }
}

TEST_F(FileTest, RefusesRequestsOutOfOrder) {
  auto upload = Begin(alice_);
  EXPECT_THAT(Take(*upload, ChunkOf(0, 2)),
              IsFieldError("kind", "must be start in the first request"));
  ASSERT_TRUE(Take(*upload, StartOf('f', 2)).ok());
  EXPECT_THAT(Take(*upload, StartOf('f', 2)),
              IsFieldError("kind", "must be chunk after the first request"));
  EXPECT_THAT(Take(*upload, {}), IsFieldError("kind"));
  EXPECT_THAT(Take(*upload, ChunkOf(1, 2)), IsFieldError("chunk.index"));
  v1::UploadFileRequest small = ChunkOf(0, 2);
  small.mutable_chunk()->mutable_ciphertext()->pop_back();
  EXPECT_THAT(Take(*upload, small), IsFieldError("chunk.ciphertext"));
  v1::UploadFileRequest large = ChunkOf(0, 2);
  large.mutable_chunk()->mutable_ciphertext()->push_back('x');
  EXPECT_THAT(Take(*upload, large), IsFieldError("chunk.ciphertext"));
  ASSERT_TRUE(Take(*upload, ChunkOf(0, 2)).ok());
  ASSERT_TRUE(Take(*upload, ChunkOf(1, 2)).ok());
  EXPECT_THAT(Take(*upload, ChunkOf(2, 2)),
              IsFieldError("chunk.index", "must be below chunk_count"));
}

TEST_F(FileTest, AFileBelongsToWhoUploadedIt) {
  ASSERT_TRUE(UploadWhole(alice_, 'f', 2).ok());
  EXPECT_THAT(UploadWhole(bob_, 'f', 2),
              FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
  EXPECT_THAT(UploadWhole(alice_, 'f', 3),
              FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
}

TEST_F(FileTest, KeepsEachAccountWithinItsQuota) {
  ASSERT_TRUE(UploadWhole(alice_, 'a', 20).ok());
  ASSERT_TRUE(UploadWhole(alice_, 'b', 20).ok());
  EXPECT_THAT(
      Take(*Begin(alice_), StartOf('c', 3)),
      FailsWith(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED"));
  EXPECT_TRUE(UploadWhole(bob_, 'd', 20).ok());
}

TEST_F(FileTest, AFileThatEndedCountsNoLonger) {
  ASSERT_TRUE(UploadWhole(alice_, 'a', 39).ok());
  clock_.Advance(limits::kFileRetention);
  EXPECT_THAT(Stat('a').status(),
              FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Take(*Begin(alice_), StartOf('a', 39)),
              FailsWith(absl::StatusCode::kUnavailable, "UNAVAILABLE"));
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_TRUE(engine_->Scan(storage::KeyRange::Prefix("\x31"))->empty());
  EXPECT_TRUE(UploadWhole(alice_, 'a', 39).ok());
}

TEST_F(FileTest, TwoUploadsOfOneFileDoNotMixTheirChunks) {
  auto one = Begin(alice_);
  auto two = Begin(alice_);
  ASSERT_TRUE(Take(*one, StartOf('f', 8)).ok());
  ASSERT_TRUE(Take(*two, StartOf('f', 8)).ok());
  for (uint32_t i = 0; i < 8; ++i) ASSERT_TRUE(Take(*one, ChunkOf(i, 8)).ok());
  for (uint32_t i = 0; i < 7; ++i) ASSERT_TRUE(Take(*two, ChunkOf(i, 8)).ok());
  EXPECT_THAT(Take(*two, ChunkOf(7, 8)),
              FailsWith(absl::StatusCode::kAborted, "CONTENTION"));
  EXPECT_EQ(Download('f', 0, 0)->size(), 8);
}

TEST_F(FileTest, RefusesRangesOutsideTheFile) {
  ASSERT_TRUE(UploadWhole(alice_, 'f', 3).ok());
  EXPECT_THAT(Download('f', 3, 0).status(), IsFieldError("first_chunk"));
  EXPECT_THAT(Download('f', 1, 3).status(), IsFieldError("chunk_count"));
  EXPECT_THAT(Download('f', 1, ~0u).status(), IsFieldError("chunk_count"));
  EXPECT_THAT(Download('x', 0, 0).status(),
              FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  v1::DownloadFileRequest request;
  EXPECT_THAT(files_.Download(bob_.call(), request).status(),
              IsFieldError("file_tag", "must be 32 bytes"));
  EXPECT_THAT(
      Ask(files_, &FileHandler::Stat, bob_.call(), v1::StatFileRequest())
          .status(),
      IsFieldError("file_tag", "must be 32 bytes"));
}

TEST_F(FileTest, TheSuspendedMayReadButNotUpload) {
  ASSERT_TRUE(UploadWhole(alice_, 'f', 2).ok());
  auto transaction = engine_->Begin();
  storage::Enforcement suspended;
  suspended.suspended = true;
  storage::PutEnforcement(*transaction, bob_.uri, suspended);
  ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  EXPECT_THAT(Take(*Begin(bob_), StartOf('g', 1)),
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_PERMITTED"));
  EXPECT_EQ(Download('f', 0, 0)->size(), 2);
}

TEST_F(FileTest, AsksWhoCalls) {
  EXPECT_THAT(
      files_.Upload({}).status(),
      FailsWith(absl::StatusCode::kUnauthenticated, "CREDENTIAL_INVALID"));
}

}  // namespace
}  // namespace frank::platform
