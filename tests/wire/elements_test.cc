// Counting what a message would become, from its bytes alone.
#include "proto/elements.h"

#include <string>

#include "frank/v1/franking.pb.h"
#include "frank/v1/message.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"

namespace frank::wire {
namespace {

template <typename Message>
bool Has(const std::string& bytes, size_t budget) {
  google::protobuf::io::ArrayInputStream in(bytes.data(),
                                            static_cast<int>(bytes.size()));
  return HasAtMostElements(*Message::descriptor(), in, budget);
}
// The smallest budget that bytes fit into.
template <typename Message>
size_t CountOf(const std::string& bytes) {
  size_t budget = 0;
  while (!Has<Message>(bytes, budget)) {
    if (++budget > 100) return 0;
  }
  return budget;
}

TEST(ElementsTest, CountsRepeatedFieldsDownToTheLastMessage) {
  v1::SendBatchRequest batch;
  for (int i = 0; i < 3; ++i) {
    v1::SendRequest& send = *batch.add_send();
    send.set_room_uri("room");
    for (int j = 0; j < 5; ++j) send.mutable_envelope()->add_wrap();
  }
  EXPECT_EQ(CountOf<v1::SendBatchRequest>(batch.SerializeAsString()), 18u);
  EXPECT_TRUE(Has<v1::SendBatchRequest>("", 0));
}

TEST(ElementsTest, CountsFieldsThatTheSchemaDoesNotHave) {
  v1::StampRequest request;
  request.set_sender_uri("sender");
  google::protobuf::UnknownFieldSet& unknown =
      *request.GetReflection()->MutableUnknownFields(&request);
  for (int i = 0; i < 4; ++i) unknown.AddVarint(1000, 1);
  unknown.AddLengthDelimited(1001, "text");
  // A known field of another type is kept as an unknown one.
  unknown.AddVarint(v1::StampRequest::kSenderUriFieldNumber, 1);
  EXPECT_EQ(CountOf<v1::StampRequest>(request.SerializeAsString()), 6u);
}

TEST(ElementsTest, CountsPackedScalarsAsTheirBytes) {
  google::protobuf::FileDescriptorProto file;
  for (int i = 0; i < 7; ++i) {
    file.mutable_source_code_info()->add_location();
    for (int j = 0; j < 3; ++j) {
      file.mutable_source_code_info()->mutable_location(i)->add_path(j);
    }
  }
  EXPECT_EQ(
      CountOf<google::protobuf::FileDescriptorProto>(file.SerializeAsString()),
      7u + 7u * 4u);
}

TEST(ElementsTest, FindsGroupsAndBrokenBytesToBeNoMessage) {
  EXPECT_FALSE(Has<v1::StampRequest>(std::string("\x7b\x7c"), 100)) << "group";
  v1::SendBatchRequest batch;
  batch.add_send()->set_room_uri("mimi://hub.example/r/1");
  std::string bytes = batch.SerializeAsString();
  ASSERT_TRUE(Has<v1::SendBatchRequest>(bytes, 1));
  for (size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_FALSE(Has<v1::SendBatchRequest>(bytes.substr(0, size), 100));
  }
}

}  // namespace
}  // namespace frank::wire
