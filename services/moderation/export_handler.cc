#include "services/moderation/export_handler.h"

#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/hpke.h"
#include "services/moderation/validate.h"

namespace frank::moderation {
namespace {

absl::Status CheckExportId(const std::string& id) {
  return ExportId::Parse("export_id", id).status();
}

absl::Status CheckRecipientKey(const std::string& key) {
  if (crypto::HpkePublicKey::Create(AsBytes(key)).ok()) return absl::OkStatus();
  return FieldError("recipient_key", "must be an X25519 public key");
}

}  // namespace

absl::Status Check(const v1::RequestExportRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckExportId(request.export_id()));
  FRANK_RETURN_IF_ERROR(CaseId::Parse("case_id", request.case_id()).status());
  FRANK_RETURN_IF_ERROR(CheckRecipientKey(request.recipient_key()));
  FRANK_RETURN_IF_ERROR(CheckText("recipient", request.recipient(), 1,
                                  limits::kMaxRecipientBytes));
  FRANK_RETURN_IF_ERROR(
      CheckText("purpose", request.purpose(), 1, limits::kMaxPurposeBytes));
  return CheckText("legal_basis", request.legal_basis(), 1,
                   limits::kMaxLegalBasisBytes);
}
absl::Status Check(const v1::ReleaseExportRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckExportId(request.export_id()));
  return CheckRecipientKey(request.recipient_key());
}
absl::Status Check(const v1::CancelExportRequest& request) {
  return CheckExportId(request.export_id());
}
absl::Status Check(const v1::ListExportsRequest& request) {
  if (!request.case_id().empty()) {
    FRANK_RETURN_IF_ERROR(CaseId::Parse("case_id", request.case_id()).status());
  }
  return CheckPageSize(request.page_size());
}
absl::Status Check(const v1::FetchExportRequest& request) {
  return CheckExportId(request.export_id());
}

template <typename Request>
absl::StatusOr<Moderator> ExportHandler::Admit(const services::Call& call,
                                               absl::string_view method,
                                               const Request& request) const {
  FRANK_RETURN_IF_ERROR(Check(request));
  return moderators_.Authorize(call, method);
}

void ExportHandler::RequestExport(
    const services::Call& call, const v1::RequestExportRequest& request,
    services::Done<v1::RequestExportResponse> done) {
  auto by = Admit(call, "EvidenceService.RequestExport", request);
  if (!by.ok()) return done(by.status());
  desk_.Request(*by, request, std::move(done));
}

void ExportHandler::ReleaseExport(
    const services::Call& call, const v1::ReleaseExportRequest& request,
    services::Done<v1::ReleaseExportResponse> done) {
  auto by = Admit(call, "EvidenceService.ReleaseExport", request);
  if (!by.ok()) return done(by.status());
  desk_.Release(*by, request, std::move(done));
}

void ExportHandler::CancelExport(
    const services::Call& call, const v1::CancelExportRequest& request,
    services::Done<v1::CancelExportResponse> done) {
  auto by = Admit(call, "EvidenceService.CancelExport", request);
  if (!by.ok()) return done(by.status());
  desk_.Cancel(*by, request, std::move(done));
}

void ExportHandler::ListExports(const services::Call& call,
                                const v1::ListExportsRequest& request,
                                services::Done<v1::ListExportsResponse> done) {
  auto by = Admit(call, "EvidenceService.ListExports", request);
  if (!by.ok()) return done(by.status());
  done(desk_.List(*by, request));
}

void ExportHandler::FetchExport(const services::Call& call,
                                const v1::FetchExportRequest& request,
                                ExportDesk::FetchDone done) {
  auto by = Admit(call, "EvidenceService.FetchExport", request);
  if (!by.ok()) return done(by.status());
  desk_.Fetch(*by,
              ExportId(ToArray<ExportId::kSize>(AsBytes(request.export_id()))),
              std::move(done));
}

}  // namespace frank::moderation
