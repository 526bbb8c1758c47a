// Calls AuditService, as mod_client.h calls ReviewService.
#ifndef FRANK_CLIENT_COMMAND_AUDIT_CLIENT_H_
#define FRANK_CLIENT_COMMAND_AUDIT_CLIENT_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/command/args.h"
#include "client/command/mod_connection.h"
#include "core/bytes.h"
#include "crypto/merkle_tree.h"
#include "frank/v1/audit.grpc.pb.h"

namespace frank::client {

// Verifies nothing: see audit_proof.h. Not thread-safe.
class AuditClient {
 public:
  // As ModConnection::Open.
  static absl::StatusOr<AuditClient> Connect(const Args& args);

  absl::StatusOr<v1::GetCheckpointResponse> GetCheckpoint();
  absl::StatusOr<v1::GetInclusionProofResponse> GetInclusionProof(
      const v1::GetInclusionProofRequest& request);
  // kInvalidArgument on nodes that are not 32 bytes.
  absl::StatusOr<crypto::MerkleProof> GetConsistencyProof(uint64_t old_size,
                                                          uint64_t new_size);
  // Gives the entries [0, end) to `take`, in order and each once, also when the
  // server is away for some seconds in between. Errors of `take` end it.
  absl::Status ExportEntries(uint64_t end,
                             absl::FunctionRef<absl::Status(ByteSpan)> take);

 private:
  explicit AuditClient(ModConnection connection)
      : connection_(std::move(connection)),
        stub_(v1::AuditService::NewStub(connection_.channel())) {}

  ModConnection connection_;
  std::unique_ptr<v1::AuditService::Stub> stub_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_AUDIT_CLIENT_H_
