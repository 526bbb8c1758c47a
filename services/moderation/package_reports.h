// The reports of an evidence package: what was sealed, byte for byte, and
// moderation's signed word on each message.
#ifndef FRANK_SERVICES_MODERATION_PACKAGE_REPORTS_H_
#define FRANK_SERVICES_MODERATION_PACKAGE_REPORTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/evidence/v1/evidence.pb.h"
#include "proto/evidence_archive.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/report_judge.h"
#include "storage/engine.h"

namespace frank::moderation {

class PackageReports {
 public:
  // All outlive the object.
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const ReportJudge& judge;
    const wire::EvidenceKey& key;
  };
  PackageReports(const Dependencies& dependencies, UnixMillis now)
      : d_(dependencies), now_(now) {}

  // Adds the reports of a case to an archive, those that prove something first,
  // as far as there is room, and returns which; none that has moved to another
  // case. kDataLoss when one does not open.
  absl::StatusOr<std::vector<storage::ReportRef>> Add(
      const CaseId& id, wire::EvidenceArchive* archive) const;

 private:
  // A report as it goes into the archive.
  struct Shown {
    evidence::v1::Report report;
    crypto::Secret content;
  };
  // Absent: the report belongs to another case now.
  absl::StatusOr<absl::optional<Shown>> Show(
      const CaseId& id, const storage::ReportRef& report) const;
  absl::Status AddContent(const storage::ReportRef& report,
                          const storage::v1::IntakeReportRecord& record,
                          Shown* shown) const;
  absl::Status AddVerdicts(const storage::ReportRef& report,
                           const storage::v1::IntakeReportRecord& record,
                           evidence::v1::Report* shown) const;

  const Dependencies d_;
  const UnixMillis now_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_PACKAGE_REPORTS_H_
