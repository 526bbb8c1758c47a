// frank evidence: verify.
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/command.h"
#include "client/command/evidence_check.h"
#include "client/command/evidence_view.h"
#include "client/command/mod_save.h"
#include "client/command/text.h"
#include "core/limits.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::client {
namespace {

void PrintReports(const Invocation& in, const EvidenceFindings& findings) {
  auto message = findings.messages.begin();
  auto unjudged = findings.unjudged.begin();
  for (size_t place = 0; place < findings.reports.size(); ++place) {
    const evidence::v1::Report& report = findings.reports[place];
    in.out.Print(ReportJson(report), "\n" + ReportText(report));
    for (int i = 0; i < report.verdict_size(); ++i, ++message) {
      in.out.Print(MessageJson(*message), MessageText(*message));
    }
    for (; unjudged != findings.unjudged.end() && unjudged->report == place;
         ++unjudged) {
      in.out.Print(UnjudgedJson(findings, *unjudged), UnjudgedText(*unjudged));
    }
  }
}

void Print(const Invocation& in, const EvidenceFindings& findings) {
  in.out.Print(PackageJson(findings), PackageText(findings));
  PrintReports(in, findings);
  in.out.Say("");
  for (const auto& decision : findings.decisions.decision()) {
    in.out.Print(DecisionJson(decision), DecisionText(decision));
  }
  for (const auto& fact : findings.about.account_fact()) {
    in.out.Print(FactJson(fact), FactText(fact));
  }
  in.out.Say(CustodyText(findings));
  if (in.out.json()) {
    for (const crypto::AuditEntry& act : findings.custody.acts) {
      in.out.Print(CustodyJson(act), "");
    }
  }
  in.out.Say(NotProvenText(findings));
}

// What such files begin with: nobody is to take them for the accused's.
constexpr char kNotProven[] = "not-proven-";

absl::Status Save(const Invocation& in, const EvidenceFindings& findings) {
  const std::string folder = in.args.Get("save");
  for (const MessageFinding& message : findings.messages) {
    if (message.opening != Recomputed::kHolds) continue;
    FRANK_ASSIGN_OR_RETURN(std::vector<SavedFile> saved,
                           SaveEvidence(folder, message.shown,
                                        message.IsProven() ? "" : kNotProven));
    for (const SavedFile& file : saved) {
      JsonObject object;
      object.Text("kind", "saved")
          .Text("path", file.path)
          .Number("size", file.size);
      in.out.Print(object, absl::StrCat("Saved ", file.path, " (", file.size,
                                        " bytes)"));
    }
  }
  return absl::OkStatus();
}

absl::Status RunVerify(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "PACKAGE"));
  FRANK_ASSIGN_OR_RETURN(EvidenceKeys keys,
                         LoadEvidenceKeys(in.args, in.clock.Now()));
  FRANK_ASSIGN_OR_RETURN(
      std::string package,
      wire::ReadFile(in.args.positionals().front(), limits::kMaxPackageBytes));
  FRANK_ASSIGN_OR_RETURN(EvidenceFindings findings,
                         CheckEvidence(AsBytes(package), keys));
  Print(in, findings);
  return in.args.Has("save") ? Save(in, findings) : absl::OkStatus();
}

}  // namespace

std::vector<Command> EvidenceCommands() {
  std::vector<Option> options = EvidenceKeyOptions();
  options.push_back({"save", "FOLDER", "write what was disclosed to files"});
  return {{"evidence verify", "PACKAGE",
           "Check an evidence package, offline: what it proves, and by whom.",
           std::move(options), &RunVerify}};
}

}  // namespace frank::client
