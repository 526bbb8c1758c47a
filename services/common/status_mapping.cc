#include "services/common/status_mapping.h"

#include "proto/rpc_status.h"

namespace frank::services {

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status rpc = wire::ToRpc(status);
  return grpc::Status(static_cast<grpc::StatusCode>(rpc.code()), rpc.message(),
                      rpc.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  return wire::FromRpc(status.error_code(), status.error_message(),
                       status.error_details());
}

}  // namespace frank::services
