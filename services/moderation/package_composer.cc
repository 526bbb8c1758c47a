#include "services/moderation/package_composer.h"

#include <algorithm>
#include <utility>

#include "core/status.h"
#include "crypto/evidence.h"
#include "services/moderation/case_state.h"
#include "services/moderation/export_words.h"
#include "services/moderation/package_history.h"
#include "services/moderation/package_reports.h"

namespace frank::moderation {
namespace {

using storage::v1::ExportRecord;
using storage::v1::ExportWords;

constexpr char kSoftware[] = "frank-moderation";

evidence::v1::Manifest ManifestOf(const ExportId& id,
                                  const ExportRecord& request,
                                  const ExportWords& words, UnixMillis now) {
  evidence::v1::Manifest manifest;
  manifest.set_schema(wire::kEvidenceSchema);
  manifest.set_software(kSoftware);
  manifest.set_created_at(now);
  manifest.set_export_id(id.Hex());
  manifest.set_case_id(ToHex(AsBytes(request.case_id())));
  manifest.set_recipient(words.recipient());
  manifest.set_recipient_key(ToHex(AsBytes(request.recipient_key())));
  return manifest;
}

absl::Status NoKey() {
  return WithReason(
      absl::FailedPreconditionError("no evidence key holds the present time"),
      "NO_EVIDENCE_KEY");
}

}  // namespace

absl::Status PackageComposer::CheckKey() const {
  return d_.signer.KeyAt(d_.clock.Now()) == nullptr ? NoKey()
                                                    : absl::OkStatus();
}

absl::StatusOr<Package> PackageComposer::Compose(
    const ExportId& id, const ExportRecord& request) const {
  const UnixMillis now = d_.clock.Now();
  const wire::EvidenceKey* key = d_.signer.KeyAt(now);
  if (key == nullptr) return NoKey();
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindCase(d_.engine, CaseOf(request)));
  if (!record) return absl::DataLossError("the case of an export is missing");
  FRANK_RETURN_IF_ERROR(CheckKept(record->state()));
  FRANK_ASSIGN_OR_RETURN(DataKey case_key,
                         d_.vault.CaseKey(d_.engine, CaseOf(request)));
  FRANK_ASSIGN_OR_RETURN(ExportWords words,
                         OpenExportWords(case_key, id, request));
  wire::EvidenceArchive members;
  FRANK_RETURN_IF_ERROR(
      AddMembers({*key, *record, now}, request, words, &members));
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret archive,
      members.Finish(ManifestOf(id, request, words, now), *key));
  FRANK_ASSIGN_OR_RETURN(
      crypto::HpkePublicKey recipient,
      crypto::HpkePublicKey::Create(AsBytes(request.recipient_key())));
  Package package;
  FRANK_ASSIGN_OR_RETURN(
      package.bytes,
      crypto::SealEvidence(id, recipient, archive.bytes(), d_.random));
  package.sha256 = crypto::Sha256({package.bytes});
  return package;
}

absl::Status PackageComposer::AddMembers(const With& with,
                                         const ExportRecord& request,
                                         const ExportWords& words,
                                         wire::EvidenceArchive* members) const {
  const CaseId id = CaseOf(request);
  FRANK_ASSIGN_OR_RETURN(
      auto reports,
      PackageReports({d_.engine, d_.vault, d_.judge, with.key}, with.now)
          .Add(id, members));
  evidence::v1::Case shown = CaseForPackage(id, with.about, request, words);
  shown.set_left_out_report_count(
      with.about.report_count() -
      std::min<uint32_t>(with.about.report_count(), reports.size()));
  *shown.mutable_retention() = RetentionForPackage(with.about, d_.retention);
  FRANK_RETURN_IF_ERROR(
      AddAccountFacts(d_.engine, with.about.accused_uri(), with.now, &shown));
  members->AddJson("case.json", shown);
  FRANK_ASSIGN_OR_RETURN(auto decisions,
                         DecisionsForPackage(d_.engine, d_.vault, id));
  members->AddJson("decisions.json", decisions);
  FRANK_ASSIGN_OR_RETURN(
      ShownCustody custody,
      CustodyForPackage(d_.engine, d_.log, id, reports, request));
  members->AddJson("custody.json", custody.custody);
  members->Add("checkpoint", custody.checkpoint);
  return absl::OkStatus();
}

}  // namespace frank::moderation
