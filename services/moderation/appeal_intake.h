// Takes over appeals from the platform's outbox. It decides nothing: it opens
// an appeal while the review key is there, and keeps the words under the key of
// the case that is appealed.
#ifndef FRANK_SERVICES_MODERATION_APPEAL_INTAKE_H_
#define FRANK_SERVICES_MODERATION_APPEAL_INTAKE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/secret.h"
#include "frank/storage/v1/reporter.pb.h"
#include "frank/v1/intake.pb.h"
#include "services/moderation/act_log.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/report_judge.h"
#include "storage/engine.h"

namespace frank::moderation {

// On disk; never renumbered. What an appeal's ciphertext holds.
inline constexpr uint32_t kAppealOpened = 1;
inline constexpr uint32_t kAppealSealed = 2;

// An appeal, made ready before the transaction: opened once, however often that
// runs.
struct PreparedAppeal {
  DecisionId decision;
  storage::v1::AppealRecord record;
  // The text, or the sealed appeal.
  crypto::Secret content;
};

// Thread-safe.
class AppealIntake {
 public:
  // Vault and judge outlive it. An answer is due `time_to_answer` after an
  // appeal came in.
  AppealIntake(const KeyVault& vault, const ReportJudge& judge,
               UnixMillis time_to_answer)
      : vault_(vault), judge_(judge), time_to_answer_(time_to_answer) {}

  // Checks what an appeal must have to be stored at all. A platform that keeps
  // its own rules sends nothing else.
  static absl::Status Check(const v1::ForwardRequest::Appeal& appeal);

  // Opens what passed Check. kInternal when a library fails.
  absl::StatusOr<PreparedAppeal> Prepare(const std::string& platform,
                                         const v1::ForwardRequest& request,
                                         UnixMillis now) const;

  // Stores an appeal that is new, with its act. Returns false, and writes that
  // as an act, when it is none that can be: the decision was not made here or
  // is about another account, or it was appealed before with other bytes.
  absl::StatusOr<bool> Take(storage::Transaction& transaction,
                            const PreparedAppeal& appeal, ActLog& acts) const;

 private:
  absl::Status GiveToDesk(storage::Transaction& transaction,
                          const DecisionId& decision,
                          storage::v1::AppealRecord record, ActLog& acts) const;
  absl::StatusOr<std::string> Encrypt(storage::Transaction& transaction,
                                      const PreparedAppeal& appeal,
                                      const CaseId& case_id) const;

  const KeyVault& vault_;
  const ReportJudge& judge_;
  const UnixMillis time_to_answer_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_APPEAL_INTAKE_H_
