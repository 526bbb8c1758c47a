// One run of the transaction that closes a case into another.
#ifndef FRANK_SERVICES_MODERATION_CASE_MERGE_H_
#define FRANK_SERVICES_MODERATION_CASE_MERGE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/queue.pb.h"
#include "services/moderation/act_log.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "services/moderation/routing.h"
#include "storage/case_store.h"
#include "storage/engine.h"
#include "storage/evidence_store.h"

namespace frank::moderation {

// Reports and evidence of a case move into another about the same account:
// their keys are wrapped for that one, which counts them as if they had joined
// it. The first case becomes a DUPLICATE; its notes and acts stay with it, and
// the two are linked.
class CaseMerge {
 public:
  struct Input {
    Moderator moderator;
    CaseId from;
    uint64_t epoch = 0;
    CaseId into;
    UnixMillis now = 0;
  };
  // All outlive it. `engine` is read for what hangs on the cases; who adds to
  // one writes it, and both are tracked.
  CaseMerge(storage::Engine& engine, const KeyVault& vault,
            const Routing& routing, storage::Transaction& transaction,
            const Input& input);

  // Errors as GetHeldCase, StateAfter and CheckAccess; kInvalidArgument
  // "into_case_id" for the case itself; kFailedPrecondition OTHER_ACCUSED;
  // kResourceExhausted TOO_LARGE when it holds more than one transaction moves.
  absl::StatusOr<v1::MarkDuplicateResponse> Run();

 private:
  absl::Status Load();
  absl::Status WakeInto();
  absl::Status MoveReports();
  absl::Status MoveReport(const storage::CaseReport& report);
  absl::Status MoveEvidence();
  absl::Status MovePiece(const storage::HeldEvidence& evidence);
  absl::Status ShareKey(const storage::EvidenceId& id);
  absl::Status MoveProvenReporter(const std::string& reporter);
  void AddFacts();
  absl::Status Write();

  storage::Engine& engine_;
  const KeyVault& vault_;
  const Routing& routing_;
  storage::Transaction& transaction_;
  const Input& input_;
  ActLog acts_;
  storage::v1::CaseRecord from_;
  storage::v1::CaseRecord into_before_;
  storage::v1::CaseRecord into_;
  absl::optional<DataKey> from_key_;
  absl::optional<DataKey> into_key_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_MERGE_H_
