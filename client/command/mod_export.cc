// frank mod: export, exports, release-export, cancel-export, fetch-export.
#include <sys/stat.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/command/command.h"
#include "client/command/mod_client.h"
#include "client/command/mod_connection.h"
#include "client/command/text.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "frank/v1/evidence.grpc.pb.h"
#include "proto/evidence_keys.h"
#include "proto/files.h"

namespace frank::client {
namespace {

// Making a large package takes seconds, fetching it as long as the service lets
// it.
constexpr std::chrono::seconds kFetchDeadline(
    (1 * kMinute + limits::kPackageReadGrace) / kSecond +
    limits::kMaxPackageBytes / limits::kLeastPackageBytesASecond);

// EvidenceService, as a moderator.
class ExportClient {
 public:
  using Stub = v1::EvidenceService::Stub;

  static absl::StatusOr<ExportClient> Connect(const Args& args) {
    FRANK_ASSIGN_OR_RETURN(ModConnection connection, ModConnection::Open(args));
    return ExportClient(std::move(connection));
  }

  // Calls a method: client.Call(&Stub::ListExports, request).
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request) {
    return connection_.Call(*stub_, method, request);
  }

  // The whole package, compared with the hash that the service logged.
  // kDataLoss when it is another, or larger than one can be.
  absl::StatusOr<std::string> Fetch(const v1::FetchExportRequest& request) {
    std::string package, sha256;
    FRANK_RETURN_IF_ERROR(
        connection_.Try(kFetchDeadline, [&](grpc::ClientContext* context) {
          package.clear();
          auto reader = stub_->FetchExport(context, request);
          v1::FetchExportResponse response;
          while (package.size() <= limits::kMaxPackageBytes &&
                 reader->Read(&response)) {
            if (!response.package_sha256().empty()) {
              sha256 = response.package_sha256();
            }
            package += response.piece();
          }
          if (package.size() > limits::kMaxPackageBytes) context->TryCancel();
          return reader->Finish();
        }));
    if (ToString(crypto::Sha256({AsBytes(package)})) == sha256) return package;
    return absl::DataLossError("the package is not the one that was logged");
  }

 private:
  explicit ExportClient(ModConnection connection)
      : connection_(std::move(connection)),
        stub_(v1::EvidenceService::NewStub(connection_.channel())) {}

  ModConnection connection_;
  std::unique_ptr<Stub> stub_;
};

std::string StateName(v1::ExportState state) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::ExportState_Name(state), "EXPORT_STATE_"));
}

JsonObject ExportJson(const v1::Export& entry) {
  JsonObject object;
  object.Text("kind", "export")
      .Hex("export_id", entry.export_id())
      .Hex("case_id", entry.case_id())
      .Text("state", StateName(entry.state()))
      .Text("requested_by", entry.requested_by())
      .Number("requested_at", entry.requested_at())
      .Text("released_by", entry.released_by())
      .Number("released_at", entry.released_at())
      .Text("cancelled_by", entry.cancelled_by())
      .Number("cancelled_at", entry.cancelled_at())
      .Number("expires_at", entry.expires_at())
      .Hex("recipient_key", entry.recipient_key())
      .Text("recipient", entry.recipient())
      .Text("purpose", entry.purpose())
      .Text("legal_basis", entry.legal_basis())
      .Number("fetches", entry.fetch_count())
      .Number("fetched_at", entry.fetched_at())
      .Hex("package_sha256", entry.package_sha256());
  return object;
}

std::string ExportText(const v1::Export& entry) {
  std::string text = absl::StrCat(
      "Export ", ToHex(AsBytes(entry.export_id())), ": ",
      StateName(entry.state()), "\n  case     ",
      ToHex(AsBytes(entry.case_id())), "\n  asked    ",
      Printable(entry.requested_by()), ", ", FormatTime(entry.requested_at()),
      "\n  for      ", Printable(entry.recipient()), ", key ",
      ToHex(AsBytes(entry.recipient_key())), "\n  purpose  ",
      Printable(entry.purpose()), "\n  basis    ",
      Printable(entry.legal_basis()));
  if (entry.released_at() != 0) {
    absl::StrAppend(&text, "\n  released ", Printable(entry.released_by()),
                    ", ", FormatTime(entry.released_at()));
  }
  if (entry.cancelled_at() != 0) {
    absl::StrAppend(&text, "\n  ended    ", Printable(entry.cancelled_by()),
                    ", ", FormatTime(entry.cancelled_at()));
  }
  if (entry.fetch_count() != 0) {
    absl::StrAppend(&text, "\n  fetched  ", entry.fetch_count(),
                    entry.fetch_count() == 1 ? " time, " : " times, last ",
                    FormatTime(entry.fetched_at()), ", SHA-256 ",
                    ToHex(AsBytes(entry.package_sha256())));
  }
  return absl::StrCat(text, "\n  until    ", FormatTime(entry.expires_at()));
}

// An export as an act left it.
template <typename Response>
void PrintChanged(const Invocation& in, const Response& response) {
  in.out.Print(
      ExportJson(response.entry()).Hex("act_hash", response.act_hash()),
      ExportText(response.entry()));
}

absl::StatusOr<std::string> ParseExportId(absl::string_view field,
                                          const std::string& hex) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok() || bytes->size() != ExportId::kSize) {
    return FieldError(field, "must be 32 hex digits");
  }
  return ToString(*bytes);
}

absl::StatusOr<std::string> ExportOf(const Args& args) {
  FRANK_RETURN_IF_ERROR(args.RequirePositionals(1, 1, "EXPORT"));
  return ParseExportId("EXPORT", args.positionals().front());
}

absl::Status RunExport(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "CASE"));
  FRANK_ASSIGN_OR_RETURN(CaseId id, ParseCaseId(in.args.positionals().front()));
  FRANK_ASSIGN_OR_RETURN(
      crypto::HpkePublicKey recipient,
      wire::LoadRecipientPublicKey(in.args.Get("recipient-key")));
  v1::RequestExportRequest request;
  request.set_case_id(ToString(id.bytes()));
  request.set_recipient_key(ToString(recipient.bytes()));
  request.set_recipient(in.args.Get("recipient"));
  request.set_purpose(in.args.Get("purpose"));
  request.set_legal_basis(in.args.Get("basis"));
  request.set_export_id(ToString(ExportId::Random(in.random).bytes()));
  if (in.args.Has("export-id")) {
    FRANK_ASSIGN_OR_RETURN(
        *request.mutable_export_id(),
        ParseExportId("--export-id", in.args.Get("export-id")));
  }
  FRANK_ASSIGN_OR_RETURN(ExportClient client, ExportClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(
      v1::RequestExportResponse response,
      client.Call(&ExportClient::Stub::RequestExport, request));
  PrintChanged(in, response);
  in.out.Say("It waits for somebody else to release it.");
  return absl::OkStatus();
}

absl::Status RunExports(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 1, "CASE"));
  v1::ListExportsRequest request;
  if (!in.args.positionals().empty()) {
    FRANK_ASSIGN_OR_RETURN(CaseId id,
                           ParseCaseId(in.args.positionals().front()));
    request.set_case_id(ToString(id.bytes()));
  }
  FRANK_ASSIGN_OR_RETURN(ExportClient client, ExportClient::Connect(in.args));
  bool any = false;
  for (size_t page = 0; page < limits::kMaxPagesFollowed; ++page) {
    FRANK_ASSIGN_OR_RETURN(
        v1::ListExportsResponse response,
        client.Call(&ExportClient::Stub::ListExports, request));
    for (const v1::Export& entry : response.entry()) {
      any = true;
      in.out.Print(ExportJson(entry), ExportText(entry));
    }
    request.set_page_token(response.next_page_token());
    if (request.page_token().empty()) break;
  }
  if (!any) in.out.Say("No exports.");
  return absl::OkStatus();
}

absl::Status RunReleaseExport(const Invocation& in) {
  v1::ReleaseExportRequest request;
  FRANK_ASSIGN_OR_RETURN(*request.mutable_export_id(), ExportOf(in.args));
  absl::StatusOr<Bytes> key = FromHex(in.args.Get("recipient-key"));
  if (!key.ok()) return FieldError("--recipient-key", "must be hex");
  request.set_recipient_key(ToString(*key));
  FRANK_ASSIGN_OR_RETURN(ExportClient client, ExportClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(
      v1::ReleaseExportResponse response,
      client.Call(&ExportClient::Stub::ReleaseExport, request));
  PrintChanged(in, response);
  return absl::OkStatus();
}

absl::Status RunCancelExport(const Invocation& in) {
  v1::CancelExportRequest request;
  FRANK_ASSIGN_OR_RETURN(*request.mutable_export_id(), ExportOf(in.args));
  FRANK_ASSIGN_OR_RETURN(ExportClient client, ExportClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(
      v1::CancelExportResponse response,
      client.Call(&ExportClient::Stub::CancelExport, request));
  PrintChanged(in, response);
  return absl::OkStatus();
}

absl::Status RunFetchExport(const Invocation& in) {
  v1::FetchExportRequest request;
  FRANK_ASSIGN_OR_RETURN(*request.mutable_export_id(), ExportOf(in.args));
  const std::string path = in.args.Get("out");
  // Before it is fetched, which is logged and counted.
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, ": exists already and is not overwritten"));
  }
  FRANK_ASSIGN_OR_RETURN(ExportClient client, ExportClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(std::string package, client.Fetch(request));
  FRANK_RETURN_IF_ERROR(
      wire::WriteFile(path, package, wire::FileMode::kSecret));
  const crypto::Sha256Digest sha256 = crypto::Sha256({AsBytes(package)});
  JsonObject object;
  object.Text("kind", "package")
      .Text("path", path)
      .Number("size", package.size())
      .Hex("sha256", sha256);
  in.out.Print(object, absl::StrCat("Wrote ", path, " (", package.size(),
                                    " bytes, SHA-256 ", ToHex(sha256), ")"));
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ExportCommands() {
  return {
      {"mod export", "CASE", "Ask for an evidence package of a case.",
       WithModConnection(
           {{"recipient-key", "FILE", "whose private half will open it", true},
            {"recipient", "NAME", "who that is", true},
            {"purpose", "TEXT", "what it is needed for", true},
            {"basis", "TEXT", "on what ground it may be given away", true},
            {"export-id", "HEX", "to repeat a request under its id"}}),
       &RunExport},
      {"mod exports", "[CASE]", "List the requests for evidence packages.",
       WithModConnection({}), &RunExports},
      {"mod release-export", "EXPORT",
       "Release a package that somebody else asked for.",
       WithModConnection({{"recipient-key", "HEX",
                           "the key as mod exports shows it, compared with "
                           "its owner",
                           true}}),
       &RunReleaseExport},
      {"mod cancel-export", "EXPORT", "End a request, released or not.",
       WithModConnection({}), &RunCancelExport},
      {"mod fetch-export", "EXPORT", "Fetch a released package.",
       WithModConnection({{"out", "FILE", "the package", true}}),
       &RunFetchExport},
  };
}

}  // namespace frank::client
