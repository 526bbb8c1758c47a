// Acts: what moderation did, as entries of the audit log (protocol section 8),
// each written in the transaction of the deed itself.
#ifndef FRANK_SERVICES_MODERATION_ACT_LOG_H_
#define FRANK_SERVICES_MODERATION_ACT_LOG_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/audit_entry.h"
#include "crypto/hash.h"
#include "storage/act_store.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::moderation {

std::string CaseSubject(const CaseId& id);
// Both with the beginning of SHA-256(reporter_uri): ids of reports are the
// reporters' own, and no log that is kept for ever should name who reported.
std::string ReportSubject(const storage::ReportRef& report);
std::string ReporterSubject(absl::string_view reporter_uri);
// Actors: this program, the platform, a moderator.
std::string ServiceActor();
std::string PlatformActor(absl::string_view name);
std::string ModeratorActor(absl::string_view id);

// Collects the acts of one transaction and writes them at its end, numbered on
// from the subject's last. The number stands in the entry as well
// (crypto::kActNumber). One for each run of a transaction's body.
class ActLog {
 public:
  ActLog(storage::Transaction& transaction, UnixMillis now)
      : transaction_(transaction), now_(now) {}

  // Returns the SHA-256 of the entry, by which its proof of inclusion can be
  // had. kInvalidArgument on what cannot be an entry; errors of the store.
  absl::StatusOr<crypto::Sha256Digest> Add(absl::string_view subject,
                                           absl::string_view actor,
                                           absl::string_view act,
                                           const crypto::AuditDetails& details);
  absl::Status Write();

 private:
  storage::Transaction& transaction_;
  const UnixMillis now_;
  struct Subject {
    uint64_t count = 0;  // before this transaction
    std::vector<storage::NewAct> acts;
  };
  std::map<std::string, Subject> subjects_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_ACT_LOG_H_
