// reports, notices, receipt verify.
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "client/command/own_report_view.h"
#include "client/command/people.h"
#include "client/command/text.h"
#include "core/status.h"
#include "proto/files.h"
#include "proto/receipts.h"

namespace frank::client {
namespace {

absl::Status MakeFolderFor(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat(folder, ": ", strerror(errno)));
}

// Saves a receipt that was verified; one that is saved already stays.
absl::Status SaveReceipt(const Invocation& in, const std::string& folder,
                         const OwnReport& report) {
  if (!report.receipt || !report.receipt->ok()) return absl::OkStatus();
  const crypto::SignedReceipt& receipt = **report.receipt;
  std::string path =
      absl::StrCat(folder, "/", receipt.receipt.report_id.Hex(), ".receipt");
  absl::Status written = wire::WriteReceipt(path, receipt);
  if (absl::IsAlreadyExists(written)) return absl::OkStatus();
  FRANK_RETURN_IF_ERROR(written);
  in.out.Print(JsonObject().Text("saved", path),
               absl::StrCat("  saved to ", path));
  return absl::OkStatus();
}

absl::StatusOr<ReportId> ParseReportId(absl::string_view hex) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok() || bytes->size() != ReportId::kSize) {
    return FieldError("REPORT", "must be 32 hex digits");
  }
  return ReportId(ToArray<ReportId::kSize>(*bytes));
}

}  // namespace

absl::Status RunReports(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  const std::string folder = in.args.Get("save");
  if (!folder.empty()) FRANK_RETURN_IF_ERROR(MakeFolderFor(folder));
  FRANK_RETURN_IF_ERROR(device->reporter().Resume().status());
  FRANK_ASSIGN_OR_RETURN(OwnReports own, device->reporter().FetchReports());
  absl::Status refused;
  for (const OwnReport& report : own.reports) {
    in.out.Print(OwnReportJson(report), OwnReportText(report));
    if (!folder.empty()) {
      FRANK_RETURN_IF_ERROR(SaveReceipt(in, folder, report));
    }
    if (report.receipt && !report.receipt->ok()) {
      refused = report.receipt->status();
    }
  }
  if (own.reports.empty()) in.out.Say("No reports.");
  if (own.notices_off) in.out.Say("Notices about decisions are off.");
  return refused;
}

absl::Status RunNotices(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      in.args.RequirePositionals(1, 2, "on or off, and perhaps a report"));
  const std::vector<std::string>& words = in.args.positionals();
  if (words[0] != "on" && words[0] != "off") {
    return absl::InvalidArgumentError("notices are on or off");
  }
  const bool on = words[0] == "on";
  absl::optional<ReportId> report;
  if (words.size() == 2) {
    FRANK_ASSIGN_OR_RETURN(report, ParseReportId(words[1]));
  }
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_RETURN_IF_ERROR(device->reporter().SetNotices(report, on));
  JsonObject object;
  object.Bool("notices", on);
  if (report) object.Hex("report_id", report->bytes());
  in.out.Print(object, absl::StrCat("Notices about ",
                                    report ? "this report" : "decided reports",
                                    on ? " are on." : " are off."));
  return absl::OkStatus();
}

absl::Status RunReceiptVerify(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "a receipt's file"));
  FRANK_ASSIGN_OR_RETURN(
      Bytes key,
      wire::LoadPublicKey(in.args.Get("moderation-key"), "identity"));
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PublicKey moderation,
                         crypto::Ed25519PublicKey::Create(key));
  FRANK_ASSIGN_OR_RETURN(crypto::SignedReceipt receipt,
                         wire::LoadReceipt(in.args.positionals()[0]));
  FRANK_RETURN_IF_ERROR(crypto::VerifyReceipt(receipt, moderation));
  const crypto::Receipt& what = receipt.receipt;
  in.out.Print(
      JsonObject()
          .Hex("report_id", what.report_id.bytes())
          .Text("reporter", what.reporter_uri)
          .Number("received_at", what.received_at)
          .Hex("sealed_sha256", what.sealed_sha256),
      absl::StrCat("The moderators signed that at ",
                   FormatTime(what.received_at), " they had the report ",
                   what.report_id.Hex(), " of ", Printable(what.reporter_uri),
                   ", whose sealed bytes have the SHA-256 ",
                   ToHex(what.sealed_sha256), "."));
  return absl::OkStatus();
}

}  // namespace frank::client
