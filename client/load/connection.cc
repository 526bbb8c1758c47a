#include "client/load/connection.h"

#include <chrono>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "core/limits.h"
#include "proto/rpc_status.h"

namespace frank::load {
namespace {

constexpr std::chrono::seconds kDeadline(30);

bool IsLoopbackV4(absl::string_view host) {
  const std::vector<absl::string_view> bytes = absl::StrSplit(host, '.');
  if (bytes.size() != 4 || bytes[0] != "127") return false;
  for (absl::string_view byte : bytes) {
    uint32_t value = 0;
    if (!absl::SimpleAtoi(byte, &value) || value > 255) return false;
  }
  return true;
}

// Of the whole process, as the threads that answers come on are.
absl::Mutex calls_mutex(absl::kConstInit);
size_t calls_under_way ABSL_GUARDED_BY(calls_mutex) = 0;

}  // namespace

void CallBegan() {
  absl::MutexLock lock(&calls_mutex);
  ++calls_under_way;
}

void CallEnded() {
  absl::MutexLock lock(&calls_mutex);
  --calls_under_way;
}

void WaitForCalls() {
  absl::MutexLock lock(&calls_mutex);
  auto none = []() ABSL_EXCLUSIVE_LOCKS_REQUIRED(calls_mutex) {
    return calls_under_way == 0;
  };
  calls_mutex.Await(absl::Condition(&none));
}

size_t ChannelsFor(size_t calls, size_t calls_of_channel) {
  return (calls + calls_of_channel - 1) / calls_of_channel;
}

bool IsLoopback(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) return false;
  const absl::string_view host = address.substr(0, colon);
  return host == "localhost" || host == "[::1]" || IsLoopbackV4(host);
}

std::vector<std::shared_ptr<grpc::Channel>> OpenChannels(
    const std::string& address, const std::string& authority_pem,
    size_t count) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = authority_pem;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(
      static_cast<int>(limits::kMaxRequestBytes));
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (size_t i = 0; i < count; ++i) {
    channels.push_back(grpc::CreateCustomChannel(
        address, grpc::SslCredentials(tls), arguments));
  }
  return channels;
}

void PrepareContext(const std::string& token, grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + kDeadline);
  if (token.empty()) return;
  context->AddMetadata("authorization", absl::StrCat("Bearer ", token));
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return wire::FromRpc(status.error_code(), status.error_message(),
                       status.error_details());
}

}  // namespace frank::load
