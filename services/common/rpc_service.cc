#include "services/common/rpc_service.h"

#include "absl/strings/str_cat.h"
#include "grpcpp/impl/rpc_method.h"
#include "grpcpp/impl/rpc_service_method.h"

namespace frank::services {
namespace {

const google::protobuf::ServiceDescriptor& FindService(absl::string_view name) {
  const auto* found =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          std::string(name));
  if (found == nullptr) Die(absl::StrCat("the schema has no service ", name));
  return *found;
}

bool Streams(const google::protobuf::MethodDescriptor& method) {
  return method.client_streaming() || method.server_streaming();
}

}  // namespace

RpcMethod::RpcMethod(RpcService& service,
                     const google::protobuf::MethodDescriptor& descriptor)
    : service_(service),
      index_(static_cast<int>(service.methods_.size())),
      descriptor_(descriptor),
      path_(absl::StrCat("/", descriptor.service()->full_name(), "/",
                         descriptor.name())) {}

RpcService::RpcService(absl::string_view full_name)
    : descriptor_(FindService(full_name)) {}

RpcService::~RpcService() = default;

const google::protobuf::MethodDescriptor& RpcService::Find(
    absl::string_view method,
    const google::protobuf::Descriptor& request) const {
  const auto* found = descriptor_.FindMethodByName(std::string(method));
  if (found == nullptr || found->input_type() != &request) {
    Die(absl::StrCat(descriptor_.full_name(), " has no method ", method, " of ",
                     request.full_name()));
  }
  return *found;
}

void RpcService::Add(std::unique_ptr<RpcMethod> method) {
  // One message more or less is all the same to gRPC where it streams.
  AddMethod(new grpc::internal::RpcServiceMethod(
      method->path_.c_str(),
      Streams(method->descriptor_) ? grpc::internal::RpcMethod::BIDI_STREAMING
                                   : grpc::internal::RpcMethod::NORMAL_RPC,
      nullptr));
  MarkMethodAsync(method->index_);
  methods_.push_back(std::move(method));
}

void RpcService::CheckComplete() const {
  if (methods_.size() == static_cast<size_t>(descriptor_.method_count())) {
    return;
  }
  Die(absl::StrCat("not all methods of ", descriptor_.full_name(),
                   " are served"));
}

std::unique_ptr<CallQueues> Register(grpc::ServerBuilder& builder,
                                     const std::vector<RpcService*>& services,
                                     CallMetrics* metrics) {
  std::vector<CallSource*> sources;
  for (RpcService* service : services) {
    builder.RegisterService(service);
    for (const auto& method : service->methods_) {
      if (metrics != nullptr) method->CountBy(*metrics);
      sources.push_back(method.get());
    }
  }
  return std::make_unique<CallQueues>(builder, std::move(sources));
}

}  // namespace frank::services
