// Between absl::Status and grpc::Status, through proto/rpc_status.h.
#ifndef FRANK_SERVICES_COMMON_STATUS_MAPPING_H_
#define FRANK_SERVICES_COMMON_STATUS_MAPPING_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace frank::services {

// Translates a handler's status for its peer; see wire::ToRpc.
grpc::Status ToGrpc(const absl::Status& status);

// Translates a peer's answer; see wire::FromRpc.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_STATUS_MAPPING_H_
