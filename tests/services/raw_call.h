// Calls of a server without the methods' types.
#ifndef FRANK_TESTS_SERVICES_RAW_CALL_H_
#define FRANK_TESTS_SERVICES_RAW_CALL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/status.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "services/common/status_mapping.h"

namespace frank {

// What the server says of a method.
inline grpc::Status CallWith(const std::shared_ptr<grpc::Channel>& channel,
                             const std::string& method,
                             const std::string& bytes, std::string* answer) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::Slice sent(bytes);
  grpc::ByteBuffer request(&sent, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, method, {}, &request, &response,
                 [&](grpc::Status outcome) {
                   status = outcome;
                   done.Notify();
                 });
  done.WaitForNotification();
  grpc::Slice slice;
  if (answer != nullptr && response.TrySingleSlice(&slice).ok()) {
    answer->assign(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return status;
}

// Asks every unary method of the services for what would grow: two bytes a
// field, each a hundred in memory. Expects all to refuse it unparsed, and
// nothing of who asks; returns how many there are.
inline int ExpectToRefuseWhatWouldGrow(
    const std::shared_ptr<grpc::Channel>& channel,
    const std::vector<std::string>& names) {
  std::string rich;
  for (int i = 0; i < 20000; ++i) rich += std::string("\x78\0", 2);
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  int methods = 0;
  for (const std::string& name : names) {
    const auto* service =
        pool->FindServiceByName(absl::StrCat("frank.v1.", name));
    EXPECT_NE(service, nullptr) << name;
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      if (method->client_streaming() || method->server_streaming()) continue;
      ++methods;
      std::string path = absl::StrCat("/frank.v1.", name, "/", method->name());
      absl::Status status =
          services::FromGrpc(CallWith(channel, path, rich, nullptr));
      auto violation = FindFieldViolation(status);
      EXPECT_EQ(violation ? violation->field : "", "request") << path << status;
    }
  }
  return methods;
}

}  // namespace frank

#endif  // FRANK_TESTS_SERVICES_RAW_CALL_H_
