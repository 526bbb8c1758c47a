// frank mod: claim, renew, show, release, acts.
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/command.h"
#include "client/command/mod_client.h"
#include "client/command/mod_decision_view.h"
#include "client/command/mod_filter.h"
#include "client/command/mod_reporter.h"
#include "client/command/mod_save.h"
#include "client/command/mod_view.h"
#include "client/command/moderator_view.h"
#include "client/command/text.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::client {
namespace {

// The connection and the case that most commands name.
struct OnCase {
  ModClient client;
  CaseId id;
};

absl::StatusOr<OnCase> ConnectToCase(const Args& args) {
  FRANK_RETURN_IF_ERROR(args.RequirePositionals(1, 1, "CASE"));
  FRANK_ASSIGN_OR_RETURN(CaseId id, ParseCaseId(args.positionals().front()));
  FRANK_ASSIGN_OR_RETURN(ModClient client, ModClient::Connect(args));
  return OnCase{std::move(client), id};
}

// Goes on where a claim looked at all that it may look at at once.
absl::StatusOr<v1::ClaimCaseResponse> Claim(ModClient& client,
                                            v1::ClaimCaseRequest request) {
  v1::ClaimCaseResponse response;
  for (size_t page = 0; page < limits::kMaxPagesFollowed; ++page) {
    FRANK_ASSIGN_OR_RETURN(response, client.ClaimCase(request));
    if (!response.nothing_waiting().partial()) return response;
    request.set_page_token(response.nothing_waiting().next_page_token());
  }
  return response;
}

absl::Status RunClaim(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 1, "CASE"));
  v1::ClaimCaseRequest request;
  if (!in.args.positionals().empty()) {
    FRANK_ASSIGN_OR_RETURN(CaseId id,
                           ParseCaseId(in.args.positionals().front()));
    request.set_case_id(std::string(id.text()));
  }
  FRANK_RETURN_IF_ERROR(SetClaimFilter(in.args, in.clock.Now(), &request));
  FRANK_ASSIGN_OR_RETURN(ModClient client, ModClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::ClaimCaseResponse response,
                         Claim(client, std::move(request)));
  if (response.has_held()) {
    return absl::FailedPreconditionError(
        absl::StrCat(response.held().holder(), " holds the case until ",
                     FormatTime(response.held().expires_at())));
  }
  if (response.nothing_waiting().partial()) {
    return absl::NotFoundError(
        "none of the most urgent cases is of this kind; name a queue");
  }
  if (!response.has_claimed()) return absl::NotFoundError("no case waits");
  in.out.Print(CaseJson(response.claimed()),
               "Claimed  " + CaseLine(response.claimed(), in.clock.Now()));
  return absl::OkStatus();
}

absl::Status RunRenew(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(OnCase on, ConnectToCase(in.args));
  v1::RenewLeaseRequest request;
  request.set_case_id(std::string(on.id.text()));
  FRANK_ASSIGN_OR_RETURN(uint64_t epoch, EpochOf(in.args, on.client, on.id));
  request.set_epoch(epoch);
  FRANK_ASSIGN_OR_RETURN(v1::RenewLeaseResponse response,
                         on.client.RenewLease(request));
  JsonObject object;
  object.Text("kind", "lease")
      .Hex("case_id", on.id.bytes())
      .Number("lease_epoch", response.lease().epoch())
      .Number("lease_expires_at", response.lease().expires_at())
      .Number("revision", response.case_summary().revision())
      .Number("joined_revision", response.case_summary().joined_revision());
  in.out.Print(object, absl::StrCat("Yours until ",
                                    FormatTime(response.lease().expires_at())));
  return absl::OkStatus();
}

// Numbered on over the pages of an answer.
struct Printed {
  int evidence = 0;
  int context = 0;
};

void PrintEvidence(const v1::GetCaseResponse& shown, const Invocation& in,
                   Printed* printed) {
  for (const v1::Evidence& evidence : shown.evidence()) {
    in.out.Print(
        EvidenceJson("evidence", evidence),
        "\n" + EvidenceText(absl::StrCat("Evidence ", ++printed->evidence),
                            evidence));
  }
  for (const v1::Evidence& context : shown.context()) {
    in.out.Print(
        EvidenceJson("context", context),
        "\n" + EvidenceText(absl::StrCat("Context ", ++printed->context,
                                         " (not of the accused)"),
                            context));
  }
}

void PrintCase(const v1::GetCaseResponse& shown, const Invocation& in) {
  in.out.Print(CaseJson(shown.case_summary())
                   .Number("mismatch_notices", shown.mismatch_notices()),
               CaseText(shown, in.clock.Now()));
  for (const v1::CaseReport& report : shown.report()) {
    in.out.Print(ReportJson(report), "\n" + ReportText(report));
  }
  for (const v1::CaseNote& note : shown.note()) {
    in.out.Print(NoteJson(note), "\n" + NoteText(note));
  }
  for (const v1::Decision& decision : shown.decision()) {
    in.out.Print(DecisionJson(decision), "\n" + DecisionText(decision));
  }
  for (const v1::Referral& referral : shown.referral()) {
    in.out.Print(ReferralJson(referral),
                 "\nReferral " + ReferralText(referral));
  }
  for (const v1::CaseLink& link : shown.link()) {
    in.out.Print(LinkJson(link), "\n" + LinkText(link));
  }
}

absl::Status SaveCase(const v1::GetCaseResponse& shown,
                      const std::string& folder, const Invocation& in) {
  for (const auto* list : {&shown.evidence(), &shown.context()}) {
    for (const v1::Evidence& evidence : *list) {
      FRANK_ASSIGN_OR_RETURN(std::vector<SavedFile> saved,
                             SaveEvidence(folder, evidence));
      for (const SavedFile& file : saved) {
        JsonObject object;
        object.Text("kind", "saved")
            .Text("path", file.path)
            .Number("size", file.size);
        in.out.Print(object, absl::StrCat("Saved ", file.path));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status ParseTag(absl::string_view option, const std::string& hex,
                      std::string* tag) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok() || bytes->size() != FrankingTag::kSize) {
    return FieldError(absl::StrCat("--", option), "must be 64 hex digits");
  }
  *tag = ToString(*bytes);
  return absl::OkStatus();
}

absl::Status SetTag(const Args& args, absl::string_view option,
                    std::string* tag) {
  if (!args.Has(option)) return absl::OkStatus();
  return ParseTag(option, args.Get(option), tag);
}

absl::StatusOr<v1::GetCaseRequest> ShowRequest(const Args& args,
                                               const CaseId& id) {
  v1::GetCaseRequest request;
  request.set_case_id(std::string(id.text()));
  request.set_reveal(args.Has("reveal"));
  FRANK_RETURN_IF_ERROR(SetTag(args, "tag", request.mutable_franking_tag()));
  FRANK_RETURN_IF_ERROR(SetTag(args, "file", request.mutable_file_tag()));
  request.set_reveal_notes(args.Has("reveal-notes"));
  request.set_text_only(args.Has("text-only"));
  request.set_note_page_token(args.Get("notes-before"));
  for (const std::string& tag : args.All("reveal-tag")) {
    FRANK_RETURN_IF_ERROR(
        ParseTag("reveal-tag", tag, request.add_reveal_tag()));
  }
  FRANK_ASSIGN_OR_RETURN(uint64_t from, args.Number("from", 0));
  if (from > UINT32_MAX) return FieldError("--from", "is too large");
  request.set_first_index(static_cast<uint32_t>(from));
  if (!args.Has("tag") && (args.Has("file") || from > 0)) {
    return absl::InvalidArgumentError("--file and --from need --tag");
  }
  return request;
}

absl::Status RunShow(const Invocation& in) {
  const std::string folder = in.args.Get("save");
  if (!folder.empty() && !in.args.Has("reveal") && !in.args.Has("reveal-tag")) {
    return absl::InvalidArgumentError("--save needs --reveal or --reveal-tag");
  }
  FRANK_ASSIGN_OR_RETURN(OnCase on, ConnectToCase(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::GetCaseRequest request,
                         ShowRequest(in.args, on.id));
  Printed printed;
  bool first = true;
  do {
    FRANK_ASSIGN_OR_RETURN(v1::GetCaseResponse shown,
                           on.client.GetCase(request));
    if (first) PrintCase(shown, in);
    if (first && !shown.next_note_page_token().empty()) {
      JsonObject older;
      older.Text("kind", "older_notes")
          .Text("token", shown.next_note_page_token());
      in.out.Print(older, absl::StrCat("\nOlder notes: --notes-before ",
                                       shown.next_note_page_token()));
    }
    first = false;
    PrintEvidence(shown, in, &printed);
    if (shown.has_exposure()) {
      in.out.Print(ExposureJson(shown.exposure()),
                   "\n" + ExposureLines(shown.exposure(), in.clock.Now()));
    }
    if (!folder.empty()) {
      FRANK_RETURN_IF_ERROR(SaveCase(shown, folder, in));
    }
    request.set_page_token(shown.next_page_token());
  } while (!request.page_token().empty());
  if (!request.reveal() && request.reveal_tag().empty() &&
      printed.evidence > 0) {
    in.out.Say(
        "\nContent is hidden; --reveal shows it to who holds the case, "
        "and is logged.");
  }
  return absl::OkStatus();
}

absl::Status RunRelease(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(OnCase on, ConnectToCase(in.args));
  v1::ReleaseCaseRequest request;
  request.set_case_id(std::string(on.id.text()));
  FRANK_ASSIGN_OR_RETURN(uint64_t epoch, EpochOf(in.args, on.client, on.id));
  request.set_epoch(epoch);
  request.set_note(in.args.Get("note"));
  FRANK_RETURN_IF_ERROR(on.client.ReleaseCase(request).status());
  JsonObject object;
  object.Text("kind", "released").Hex("case_id", on.id.bytes());
  in.out.Print(object, "Released.");
  return absl::OkStatus();
}

absl::Status RunActs(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(OnCase on, ConnectToCase(in.args));
  v1::ListActsRequest request;
  request.set_case_id(std::string(on.id.text()));
  bool more = true;
  while (more) {
    FRANK_ASSIGN_OR_RETURN(v1::ListActsResponse response,
                           on.client.ListActs(request));
    for (const v1::ListActsResponse::Act& act : response.act()) {
      in.out.Print(ActJson(act), ActLine(act));
      request.set_after(act.number());
    }
    more = response.more() && response.act_size() > 0;
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ModCommands() {
  return {
      {"mod claim", "[CASE]",
       "Take a case under a lease: the named one, or the next by priority.",
       WithModConnection(ClaimFilterOptions()), &RunClaim},
      {"mod renew", "CASE", "Extend the lease of a case that you hold.",
       WithModConnection({kEpochOption}), &RunRenew},
      {"mod show", "CASE",
       "Show a case: its reports, what is PROVEN, what was withheld.",
       WithModConnection(
           {{"reveal", "", "show the content too; needs the lease, is logged"},
            {"reveal-tag", "HEX", "show the content of this message alone",
             false, true},
            {"reveal-notes", "", "show the words of reporters and moderators"},
            {"text-only", "", "of what is revealed the text, and no picture"},
            {"notes-before", "TOKEN", "older notes, and nothing else"},
            {"save", "FOLDER", "write disclosed parts and files there"},
            {"tag", "HEX", "only the message of this franking tag"},
            {"file", "HEX", "of that message only the chunks of this file"},
            {"from", "N",
             "parts, or with --file chunks, from this number on"}}),
       &RunShow},
      {"mod release", "CASE", "Give a case back.",
       WithModConnection(
           {{"note", "TEXT", "for whoever comes next"}, kEpochOption}),
       &RunRelease},
      {"mod reporter", "REPORTER",
       "Show what a reporter's reports were worth; mute them for a time.",
       WithModConnection(
           {{"mute", "TIME", "for how long, such as 7d; for seniors"},
            {"unmute", "", "end the mute; what waited goes into the queue"},
            {"release", "", "let what waits go; the mute goes on"}}),
       &RunReporter},
      {"mod mutes", "", "List who is muted, until when, and by whom.",
       WithModConnection({}), &RunMutes},
      {"mod acts", "CASE", "List what was done about a case, oldest first.",
       WithModConnection({}), &RunActs},
  };
}

}  // namespace frank::client
