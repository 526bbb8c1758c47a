// Makes evidence packages (docs/evidence.md).
#ifndef FRANK_SERVICES_MODERATION_PACKAGE_COMPOSER_H_
#define FRANK_SERVICES_MODERATION_PACKAGE_COMPOSER_H_

#include "absl/status/statusor.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/hash.h"
#include "frank/storage/v1/evidence.pb.h"
#include "proto/evidence_archive.h"
#include "services/moderation/audit_view.h"
#include "services/moderation/evidence_signer.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/report_judge.h"
#include "services/moderation/retention_rules.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// A package, sealed to its recipient.
struct Package {
  Bytes bytes;
  crypto::Sha256Digest sha256{};
};

// Thread-safe; reads untracked. Whoever calls this sees to it that the request
// was released and that the package leaves a trace.
class PackageComposer {
 public:
  // All outlive the composer.
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const ReportJudge& judge;
    const AuditView& log;
    const EvidenceSigner& signer;
    const RetentionRules& retention;
    const Clock& clock;
    RandomSource& random;
  };
  explicit PackageComposer(const Dependencies& dependencies)
      : d_(dependencies) {}

  // Whether a package could be signed now. kFailedPrecondition NO_EVIDENCE_KEY.
  absl::Status CheckKey() const;

  // As CheckKey; kUnavailable while the release is not in the audit log yet;
  // kDataLoss.
  absl::StatusOr<Package> Compose(
      const ExportId& id, const storage::v1::ExportRecord& request) const;

 private:
  // What one package is made with.
  struct With {
    const wire::EvidenceKey& key;
    const storage::v1::CaseRecord& about;
    UnixMillis now;
  };
  absl::Status AddMembers(const With& with,
                          const storage::v1::ExportRecord& request,
                          const storage::v1::ExportWords& words,
                          wire::EvidenceArchive* members) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_PACKAGE_COMPOSER_H_
