#include "client/command/audit_client.h"

#include <vector>

#include "core/status.h"

namespace frank::client {
namespace {

// A log of many million entries takes a while.
constexpr std::chrono::hours kExportDeadline(12);

using Stub = v1::AuditService::Stub;

}  // namespace

absl::StatusOr<AuditClient> AuditClient::Connect(const Args& args) {
  FRANK_ASSIGN_OR_RETURN(ModConnection connection, ModConnection::Open(args));
  return AuditClient(std::move(connection));
}

absl::StatusOr<v1::GetCheckpointResponse> AuditClient::GetCheckpoint() {
  return connection_.Call(*stub_, &Stub::GetCheckpoint,
                          v1::GetCheckpointRequest());
}

absl::StatusOr<v1::GetInclusionProofResponse> AuditClient::GetInclusionProof(
    const v1::GetInclusionProofRequest& request) {
  return connection_.Call(*stub_, &Stub::GetInclusionProof, request);
}

absl::StatusOr<crypto::MerkleProof> AuditClient::GetConsistencyProof(
    uint64_t old_size, uint64_t new_size) {
  v1::GetConsistencyProofRequest request;
  request.set_old_size(old_size);
  request.set_new_size(new_size);
  FRANK_ASSIGN_OR_RETURN(
      v1::GetConsistencyProofResponse response,
      connection_.Call(*stub_, &Stub::GetConsistencyProof, request));
  std::vector<ByteSpan> nodes;
  for (const std::string& node : response.proof()) {
    nodes.push_back(AsBytes(node));
  }
  return crypto::ParseMerkleProof("proof", nodes);
}

absl::Status AuditClient::ExportEntries(
    uint64_t end, absl::FunctionRef<absl::Status(ByteSpan)> take) {
  uint64_t next = 0;
  absl::Status taken;
  absl::Status read =
      connection_.Try(kExportDeadline, [&](grpc::ClientContext* context) {
        v1::ExportEntriesRequest request;
        request.set_first_index(next);
        request.set_end_index(end);
        auto reader = stub_->ExportEntries(context, request);
        v1::ExportEntriesResponse response;
        while (taken.ok() && reader->Read(&response)) {
          for (const v1::LogEntry& entry : response.entry()) {
            if (!taken.ok()) break;
            taken = entry.leaf_index() == next
                        ? take(AsBytes(entry.entry()))
                        : absl::DataLossError("the export skips entries");
            ++next;
          }
        }
        if (!taken.ok()) context->TryCancel();
        return reader->Finish();
      });
  FRANK_RETURN_IF_ERROR(taken);
  FRANK_RETURN_IF_ERROR(read);
  if (next == end) return absl::OkStatus();
  return absl::DataLossError("the export ends before its end");
}

}  // namespace frank::client
