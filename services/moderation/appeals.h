// What those who decide appeals need: the words, and the way back to the
// account. Finding and listing appeals is storage/appeal_store.h.
#ifndef FRANK_SERVICES_MODERATION_APPEALS_H_
#define FRANK_SERVICES_MODERATION_APPEALS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/secret.h"
#include "frank/storage/v1/reporter.pb.h"
#include "frank/v1/message.pb.h"
#include "services/moderation/act_log.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/report_judge.h"
#include "storage/engine.h"

namespace frank::moderation {

// Acts about an appeal that belongs to no case.
std::string DecisionSubject(const DecisionId& id);

// Where the ciphertext of an appeal lies, for its associated data.
std::string AppealPlace(const DecisionId& id);

// Opens a sealed appeal: its text, or none when the review key is not here or
// it does not open to an AppealContent. kInternal when a library fails.
absl::StatusOr<absl::optional<crypto::Secret>> OpenSealedAppeal(
    const ReportJudge& judge, const DecisionId& id,
    const storage::v1::AppealRecord& record, ByteSpan sealed);

// Returns the text of a stored appeal, or none: when it was sealed to a key
// that is not here, or its case's key was destroyed. To be shown to whoever
// holds the case, and logged as any showing. kDataLoss when it does not open.
absl::StatusOr<absl::optional<crypto::Secret>> ReadAppeal(
    storage::Engine& engine, const KeyVault& vault, const ReportJudge& judge,
    const DecisionId& id, const storage::v1::AppealRecord& record);

// How an appeal ended.
struct AppealResolution {
  DecisionId decision;
  v1::AppealOutcome outcome = v1::APPEAL_OUTCOME_UNSPECIFIED;
  std::string moderator;
  UnixMillis now = 0;
  // When the account is told.
  UnixMillis notice_due_at = 0;
};
// Resolves an appeal in the transaction that decides it: marks it, adds the
// act, and puts into the effects' outbox what the account is told. That
// somebody else decides than the first time is the caller's to see to, and the
// reversal of the decision is an act of its own. kNotFound NOT_FOUND;
// kFailedPrecondition CASE_DECIDED when it is resolved already.
absl::Status ResolveAppeal(storage::Transaction& transaction,
                           const AppealResolution& resolution, ActLog& acts);
// The same for an appeal that the transaction takes in: nobody needs to decide
// it. Without a moderator, the act is the service's.
absl::Status ResolveAppeal(storage::Transaction& transaction,
                           const AppealResolution& resolution,
                           storage::v1::AppealRecord record, ActLog& acts);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_APPEALS_H_
