// Messages and files over real streams, and streams that their clients cancel.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "frank/v1/file.grpc.pb.h"
#include "frank/v1/message.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server_builder.h"
#include "services/common/status_mapping.h"
#include "services/platform/file_handler.h"
#include "services/platform/file_rpc.h"
#include "services/platform/message_rpc.h"
#include "services/platform/receive_hub.h"
#include "tests/services/platform_fixture.h"

namespace frank::platform {
namespace {

constexpr uint64_t kFull = limits::kMaxChunkCiphertextBytes;
constexpr uint32_t kChunks = 40;

class StreamsTest : public PlatformFixture {
 protected:
  StreamsTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("localhost:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.SetMaxReceiveMessageSize(limits::kMaxRequestBytes);
    queues_ = services::Register(
        builder, {message_service_.get(), file_service_.get()}, nullptr);
    server_ = builder.BuildAndStart();
    queues_->Start();
    auto channel = grpc::CreateChannel(absl::StrCat("localhost:", port),
                                       grpc::InsecureChannelCredentials());
    message_stub_ = v1::MessageService::NewStub(channel);
    file_stub_ = v1::FileService::NewStub(channel);
  }
  ~StreamsTest() override {
    server_->Shutdown();
    queues_->End();
  }

  std::unique_ptr<grpc::ClientContext> ContextOf(const TestAccount& account) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization",
                         absl::StrCat("Bearer ", account.devices[0].token));
    return context;
  }
  v1::SendRequest FromAlice(absl::string_view text) {
    return Message(room_.room_uri(), alice_.device(), {&alice_, &bob_}, text);
  }
  static v1::UploadFileRequest StartOf() {
    v1::UploadFileRequest request;
    request.mutable_start()->set_file_tag(std::string(32, 'f'));
    request.mutable_start()->set_chunk_count(kChunks);
    request.mutable_start()->set_ciphertext_bytes(kChunks * kFull);
    return request;
  }
  static v1::UploadFileRequest ChunkOf(uint32_t index) {
    v1::UploadFileRequest request;
    request.mutable_chunk()->set_index(index);
    request.mutable_chunk()->set_ciphertext(
        std::string(kFull, static_cast<char>('a' + index % 26)));
    return request;
  }
  uint32_t NextChunk() {
    auto context = ContextOf(alice_);
    v1::StatFileRequest request;
    request.set_file_tag(std::string(32, 'f'));
    v1::StatFileResponse response;
    return file_stub_->StatFile(context.get(), request, &response).ok()
               ? response.next_chunk()
               : 0;
  }
  // Uploads from where the last upload stopped, up to `end`.
  grpc::Status Upload(uint32_t end, bool cancel) {
    auto context = ContextOf(alice_);
    v1::UploadFileResponse response;
    auto stream = file_stub_->UploadFile(context.get(), &response);
    uint32_t next = NextChunk();
    bool open = stream->Write(StartOf());
    for (uint32_t i = next; open && i < end; ++i) {
      open = stream->Write(ChunkOf(i));
    }
    if (cancel) {
      context->TryCancel();
    } else {
      stream->WritesDone();
    }
    return stream->Finish();
  }
  // Downloads up to so many chunks.
  grpc::Status Download(uint32_t stop_after, uint32_t* chunks) {
    auto context = ContextOf(bob_);
    v1::DownloadFileRequest request;
    request.set_file_tag(std::string(32, 'f'));
    auto stream = file_stub_->DownloadFile(context.get(), request);
    v1::DownloadFileResponse response;
    while (stream->Read(&response)) {
      EXPECT_EQ(response.index(), *chunks);
      EXPECT_EQ(response.ciphertext()[0], 'a' + *chunks % 26);
      if (++*chunks == stop_after) context->TryCancel();
    }
    return stream->Finish();
  }

  TestAccount alice_ = Register("alice");
  TestAccount bob_ = Register("bob");
  v1::Room room_ = CreateRoom(alice_, {bob_.uri});
  ReceiveHub hub_{*engine_, clock_};
  FileHandler files_{
      {*engine_, clock_, authenticator_, limits::kDefaultFileQuotaBytes}};
  std::unique_ptr<services::RpcService> message_service_ =
      MakeMessageService(*messages_, authenticator_, hub_);
  std::unique_ptr<services::RpcService> file_service_ = MakeFileService(files_);
  std::unique_ptr<services::CallQueues> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::MessageService::Stub> message_stub_;
  std::unique_ptr<v1::FileService::Stub> file_stub_;
};

TEST_F(StreamsTest, SendsABatchAndDeliversItUntilItIsAcknowledged) {
  constexpr uint64_t kMessages = 20;
  v1::SendBatchRequest batch;
  for (uint64_t i = 0; i < kMessages; ++i) {
    *batch.add_send() = FromAlice(absl::StrCat("message ", i));
  }
  auto context = ContextOf(alice_);
  v1::SendBatchResponse sent;
  ASSERT_TRUE(message_stub_->SendBatch(context.get(), batch, &sent).ok());
  ASSERT_EQ(sent.outcome_size(), kMessages);

  // Each stream is cancelled after one more delivery than the one before; what
  // was not acknowledged comes again.
  for (int round = 1; round <= 10; ++round) {
    auto receiving = ContextOf(bob_);
    auto stream = message_stub_->Receive(receiving.get());
    v1::ReceiveRequest request;
    request.mutable_start();
    ASSERT_TRUE(stream->Write(request));
    v1::ReceiveResponse response;
    for (uint64_t i = 0; i < static_cast<uint64_t>(round); ++i) {
      ASSERT_TRUE(stream->Read(&response));
      // The last acknowledgement may or may not have come before its end.
      EXPECT_GE(response.delivery().sequence(), i + 1);
      EXPECT_LE(response.delivery().sequence(), i + 2);
    }
    request.mutable_ack()->set_room_uri(room_.room_uri());
    request.mutable_ack()->set_sequence(1);
    stream->Write(request);
    receiving->TryCancel();
    while (stream->Read(&response)) {
    }
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }

  auto receiving = ContextOf(bob_);
  auto stream = message_stub_->Receive(receiving.get());
  v1::ReceiveRequest request;
  request.mutable_start()->set_drain(true);
  ASSERT_TRUE(stream->Write(request));
  v1::ReceiveResponse response;
  while (stream->Read(&response)) {
    if (!response.has_delivery()) continue;
    request.mutable_ack()->set_room_uri(room_.room_uri());
    request.mutable_ack()->set_sequence(response.delivery().sequence());
    stream->Write(request);
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_TRUE(engine_->Scan(storage::KeyRange::Prefix("\x23"))->empty());
}

TEST_F(StreamsTest, GoesOnWithAnUploadThatWasCancelled) {
  uint32_t before = 0;
  for (uint32_t end : {10u, 20u, 30u}) {
    grpc::Status cancelled = Upload(end, /*cancel=*/true);
    EXPECT_EQ(cancelled.error_code(), grpc::StatusCode::CANCELLED);
    EXPECT_GE(NextChunk(), before);
    before = NextChunk();
  }
  // What a cancelled upload still stores may come between; then it is told.
  while (!Upload(kChunks, /*cancel=*/false).ok()) {
  }
  EXPECT_EQ(NextChunk(), kChunks);
  uint32_t chunks = 0;
  EXPECT_TRUE(Download(/*stop_after=*/0, &chunks).ok());
  EXPECT_EQ(chunks, kChunks);
}

TEST_F(StreamsTest, EndsADownloadThatIsCancelled) {
  ASSERT_TRUE(Upload(kChunks, /*cancel=*/false).ok());
  for (uint32_t stop_after : {1u, 2u, 7u}) {
    uint32_t chunks = 0;
    grpc::Status status = Download(stop_after, &chunks);
    EXPECT_GE(chunks, stop_after);
    EXPECT_LT(chunks, kChunks);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  }
}

// A request of very many fields that no schema has.
template <typename Request>
Request Rich() {
  Request request;
  for (int i = 0; i < 20000; ++i) {
    request.GetReflection()->MutableUnknownFields(&request)->AddVarint(1000, 0);
  }
  return request;
}

TEST_F(StreamsTest, RefusesRequestsThatWouldGrowInMemory) {
  auto receiving = ContextOf(bob_);
  auto stream = message_stub_->Receive(receiving.get());
  stream->Write(Rich<v1::ReceiveRequest>());
  v1::ReceiveResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_THAT(services::FromGrpc(stream->Finish()), IsFieldError("request"));

  auto uploading = ContextOf(alice_);
  v1::UploadFileResponse uploaded;
  auto upload = file_stub_->UploadFile(uploading.get(), &uploaded);
  upload->Write(Rich<v1::UploadFileRequest>());
  EXPECT_THAT(services::FromGrpc(upload->Finish()), IsFieldError("request"));

  auto sending = ContextOf(alice_);
  v1::SendBatchResponse sent;
  EXPECT_THAT(services::FromGrpc(message_stub_->SendBatch(
                  sending.get(), Rich<v1::SendBatchRequest>(), &sent)),
              IsFieldError("request"));
}

TEST_F(StreamsTest, TakesTheLargestBatchThatItsLimitsAllow) {
  v1::SendBatchRequest batch;
  TestDevice stranger = bob_.device();
  for (int i = 0; i < 20; ++i) {
    v1::SendRequest& send = *batch.add_send();
    send = FromAlice(absl::StrCat("message ", i));
    send.mutable_envelope()->clear_wrap();
    for (size_t wrap = 0; wrap < limits::kMaxWraps; ++wrap) {
      stranger.id = DeviceId::Random(random_);
      AddWrap(stranger, *send.mutable_envelope());
    }
  }
  ASSERT_LT(batch.ByteSizeLong(), limits::kMaxRequestBytes);
  auto context = ContextOf(alice_);
  v1::SendBatchResponse sent;
  grpc::Status status = message_stub_->SendBatch(context.get(), batch, &sent);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(sent.outcome(19).response().has_stale_devices());
}

}  // namespace
}  // namespace frank::platform
