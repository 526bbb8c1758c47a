// The world of moderation as exports need it: a log that is signed, a key for
// packages, a recipient, and somebody who checks.
#ifndef FRANK_TESTS_SERVICES_EVIDENCE_WORLD_H_
#define FRANK_TESTS_SERVICES_EVIDENCE_WORLD_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "client/command/evidence_check.h"
#include "services/moderation/audit_sequencer.h"
#include "services/moderation/audit_view.h"
#include "services/moderation/evidence_signer.h"
#include "services/moderation/export_handler.h"
#include "services/moderation/package_composer.h"
#include "tests/services/decision_world.h"

namespace frank::moderation {

class EvidenceWorld : public DecisionWorld {
 public:
  explicit EvidenceWorld(crypto::FrankForm form = crypto::FrankForm::kBatched,
                         bool with_evidence_key = true);

  // Starts anew over the same store, with or without the review key.
  void StartServing(bool with_review_key = true);
  // Lets the log catch up with what was done.
  void Sequence();

  v1::RequestExportRequest ExportOf(const std::string& case_id, char id = 'E');
  absl::StatusOr<v1::RequestExportResponse> RequestExport(
      const std::string& token, const v1::RequestExportRequest& request);
  absl::StatusOr<v1::ReleaseExportResponse> ReleaseExport(
      const std::string& token, char id = 'E');
  absl::StatusOr<v1::CancelExportResponse> CancelExport(
      const std::string& token, char id = 'E');
  absl::StatusOr<v1::ListExportsResponse> ListExports(
      const std::string& token, const v1::ListExportsRequest& request = {});
  absl::StatusOr<std::shared_ptr<HeldPackage>> HoldExport(
      const std::string& token, char id = 'E');
  absl::StatusOr<Bytes> FetchExport(const std::string& token, char id = 'E');
  // Asked for by the senior, released by the other one, fetched.
  Bytes Package(const std::string& case_id);

  // What a recipient has.
  client::EvidenceKeys Keys() const;
  absl::StatusOr<client::EvidenceFindings> Check(ByteSpan package) const;
  // The only message of the only case, checked.
  client::MessageFinding OnlyMessage();

  // A package of which moderation itself, or whoever has its evidence key,
  // changed members and signed them anew.
  using Members = std::map<std::string, std::string>;
  Bytes Resigned(ByteSpan package, const std::function<void(Members*)>& change);

  const crypto::HpkePrivateKey recipient;
  const AuditKeys audit_keys;
  const EvidenceSigner signer;

 private:
  struct Serving {
    Serving(EvidenceWorld& world);
    AuditSequencer sequencer;
    const AuditView log;
    const PackageComposer composer;
    ExportDesk desk;
    ExportHandler handler;
  };
  std::unique_ptr<Serving> serving_;
};

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_EVIDENCE_WORLD_H_
