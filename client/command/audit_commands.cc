// frank audit: checkpoint, inclusion, consistency, export, verify.
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/command/audit_client.h"
#include "client/command/audit_files.h"
#include "client/command/audit_proof.h"
#include "client/command/audit_verify.h"
#include "client/command/command.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

JsonObject HeadJson(absl::string_view kind, const AuditKeyring& keys,
                    const crypto::Checkpoint& head) {
  JsonObject object;
  object.Text("kind", kind)
      .Text("origin", keys.origin())
      .Number("size", head.size)
      .Hex("root", head.root);
  return object;
}

absl::StatusOr<std::vector<crypto::Checkpoint>> OpenNotes(
    const std::string& path, const AuditKeyring& keys) {
  FRANK_ASSIGN_OR_RETURN(std::vector<std::string> notes, ReadNotes(path));
  std::vector<crypto::Checkpoint> opened;
  for (const std::string& note : notes) {
    FRANK_ASSIGN_OR_RETURN(crypto::Checkpoint checkpoint, keys.Open(note));
    opened.push_back(checkpoint);
  }
  return opened;
}

absl::Status CheckWithServer(AuditClient& client, const crypto::Checkpoint& old,
                             const crypto::Checkpoint& now) {
  return CheckContinues(old, now, [&](uint64_t old_size, uint64_t new_size) {
    return client.GetConsistencyProof(old_size, new_size);
  });
}

// What the service itself found to be lost: the command fails over it, so that
// whoever runs it every hour is told.
absl::Status PrintLost(const v1::GetCheckpointResponse& response,
                       const Invocation& in) {
  if (response.lost_count() == 0) return absl::OkStatus();
  for (const v1::LostActs& lost : response.lost()) {
    JsonObject object;
    object.Text("kind", "lost")
        .Text("subject", lost.subject())
        .Number("first_number", lost.first_number())
        .Number("last_number", lost.last_number())
        .Number("found_at", lost.found_at());
    in.out.Print(object,
                 absl::StrCat("LOST  ", Printable(lost.subject()), ": acts ",
                              lost.first_number(), " to ", lost.last_number(),
                              ", noticed ", FormatTime(lost.found_at())));
  }
  return absl::UnknownError(absl::StrCat("the service lost acts, at ",
                                         response.lost_count(), " places"));
}

absl::Status Witness(AuditClient& client, const std::string& path,
                     const AuditKeyring& keys, const crypto::Checkpoint& head,
                     const std::string& note, const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(std::vector<crypto::Checkpoint> seen,
                         OpenNotes(path, keys));
  if (!seen.empty()) {
    const crypto::Checkpoint& last = seen.back();
    FRANK_RETURN_IF_ERROR(CheckWithServer(client, last, head));
    in.out.Say(absl::StrCat("It continues the last of ", seen.size(), " in ",
                            path, ", of ", last.size, " entries."));
    if (last.size == head.size) return absl::OkStatus();
  }
  FRANK_RETURN_IF_ERROR(AppendNote(path, note));
  in.out.Say(absl::StrCat("Appended to ", path, "."));
  return absl::OkStatus();
}

absl::Status RunCheckpoint(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(AuditKeyring keys, AuditKeyring::FromArgs(in.args));
  FRANK_ASSIGN_OR_RETURN(AuditClient client, AuditClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::GetCheckpointResponse response,
                         client.GetCheckpoint());
  FRANK_ASSIGN_OR_RETURN(crypto::Checkpoint head,
                         keys.Open(response.checkpoint()));
  // Shown first: it is evidence, also and above all where it continues nothing.
  absl::string_view note = response.checkpoint();
  note.remove_suffix(1);
  in.out.Print(HeadJson("checkpoint", keys, head)
                   .Number("signed_at", response.signed_at())
                   .Number("pending_since", response.pending_since())
                   .Number("lost", response.lost_count())
                   .Text("checkpoint", response.checkpoint()),
               note);
  const std::string path = in.args.Get("witness");
  if (!path.empty()) {
    FRANK_RETURN_IF_ERROR(
        Witness(client, path, keys, head, response.checkpoint(), in));
  }
  FRANK_RETURN_IF_ERROR(CheckFresh(head, in.clock.Now()));
  return PrintLost(response, in);
}

absl::StatusOr<v1::GetInclusionProofRequest> InclusionRequest(
    const Args& args) {
  FRANK_RETURN_IF_ERROR(
      args.RequirePositionals(1, 2, "HASH, or SUBJECT NUMBER"));
  const std::vector<std::string>& words = args.positionals();
  v1::GetInclusionProofRequest request;
  if (words.size() == 2) {
    uint64_t number = 0;
    if (!absl::SimpleAtoi(words[1], &number)) {
      return FieldError("NUMBER", "must be a number");
    }
    request.mutable_act()->set_subject(words[0]);
    request.mutable_act()->set_number(number);
    return request;
  }
  absl::StatusOr<Bytes> hash = FromHex(words[0]);
  if (!hash.ok() || hash->size() != sizeof(crypto::Sha256Digest)) {
    return FieldError("HASH", "must be 64 hex digits");
  }
  request.set_entry_sha256(ToString(*hash));
  return request;
}

absl::Status RunInclusion(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(v1::GetInclusionProofRequest request,
                         InclusionRequest(in.args));
  FRANK_ASSIGN_OR_RETURN(AuditKeyring keys, AuditKeyring::FromArgs(in.args));
  FRANK_ASSIGN_OR_RETURN(AuditClient client, AuditClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::GetInclusionProofResponse response,
                         client.GetInclusionProof(request));
  if (!response.has_proof()) {
    return absl::UnavailableError("the act is not in the log yet; try again");
  }
  FRANK_ASSIGN_OR_RETURN(ProvenEntry proven,
                         CheckInclusion(request, response.proof(), keys));
  const crypto::AuditEntry& entry = proven.entry;
  JsonObject object;
  object.Text("kind", "inclusion")
      .Number("leaf_index", proven.leaf_index)
      .Number("size", proven.size)
      .Number("time", entry.time)
      .Text("actor", entry.actor)
      .Text("act", entry.act)
      .Text("subject", entry.subject)
      .Text("details", entry.details)
      .Text("checkpoint", response.proof().checkpoint());
  in.out.Print(
      object,
      absl::StrCat("PROVEN: entry ", proven.leaf_index, " of ", proven.size,
                   " in ", keys.origin(), "\n  ", FormatTime(entry.time), "  ",
                   Printable(entry.actor), "  ", Printable(entry.act), "  ",
                   Printable(entry.subject), "\n  ", Printable(entry.details)));
  return absl::OkStatus();
}

absl::Status RunConsistency(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "FILE"));
  const std::string& path = in.args.positionals().front();
  FRANK_ASSIGN_OR_RETURN(AuditKeyring keys, AuditKeyring::FromArgs(in.args));
  FRANK_ASSIGN_OR_RETURN(std::vector<crypto::Checkpoint> seen,
                         OpenNotes(path, keys));
  if (seen.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": holds no checkpoint"));
  }
  FRANK_ASSIGN_OR_RETURN(AuditClient client, AuditClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::GetCheckpointResponse response,
                         client.GetCheckpoint());
  FRANK_ASSIGN_OR_RETURN(crypto::Checkpoint head,
                         keys.Open(response.checkpoint()));
  seen.push_back(head);
  for (size_t i = 0; i + 1 < seen.size(); ++i) {
    FRANK_RETURN_IF_ERROR(CheckWithServer(client, seen[i], seen[i + 1]));
  }
  in.out.Print(HeadJson("consistency", keys, head)
                   .Number("checkpoints", seen.size() - 1),
               absl::StrCat("CONSISTENT: the log of ", head.size,
                            " entries continues each of ", seen.size() - 1,
                            " checkpoints in ", path));
  return absl::OkStatus();
}

absl::Status RunExport(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "FILE"));
  const std::string& path = in.args.positionals().front();
  FRANK_ASSIGN_OR_RETURN(AuditKeyring keys, AuditKeyring::FromArgs(in.args));
  FRANK_ASSIGN_OR_RETURN(AuditClient client, AuditClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::GetCheckpointResponse response,
                         client.GetCheckpoint());
  FRANK_ASSIGN_OR_RETURN(crypto::Checkpoint head,
                         keys.Open(response.checkpoint()));
  FRANK_ASSIGN_OR_RETURN(LogFileWriter file, LogFileWriter::Create(path));
  FRANK_RETURN_IF_ERROR(client.ExportEntries(
      head.size, [&](ByteSpan entry) { return file.Add(entry); }));
  FRANK_RETURN_IF_ERROR(file.Finish(response.checkpoint()));
  in.out.Print(HeadJson("export", keys, head).Text("path", path),
               absl::StrCat("Wrote ", head.size, " entries to ", path));
  return absl::OkStatus();
}

const char* NameOf(LogProblem::Kind kind) {
  switch (kind) {
    case LogProblem::Kind::kRoot:
      return "root";
    case LogProblem::Kind::kEntry:
      return "entry";
    case LogProblem::Kind::kNumber:
      return "number";
    case LogProblem::Kind::kTime:
      return "time";
  }
  return "unknown";
}

void PrintProblems(const LogVerifier& verifier, const Invocation& in) {
  for (const LogProblem& problem : verifier.problems()) {
    JsonObject object;
    object.Text("kind", "problem").Text("what", NameOf(problem.kind));
    if (problem.leaf_index) object.Number("leaf_index", *problem.leaf_index);
    in.out.Print(object.Text("problem", problem.words),
                 absl::StrCat("problem  ", problem.words));
  }
}

std::string Verdict(const LogVerifier& verifier, const std::string& origin,
                    size_t older_count) {
  if (!verifier.is_authentic()) {
    return "NOT AUTHENTIC: this is not what was signed";
  }
  std::string text =
      absl::StrCat("AUTHENTIC: exactly these were signed by ", origin);
  if (older_count > 0) {
    absl::StrAppend(&text, ", and they continue ", older_count, " older ",
                    older_count == 1 ? "checkpoint" : "checkpoints");
  }
  return text;
}

// Says in words what was found, and fails by kind.
absl::Status Conclude(const LogVerifier& verifier, const AuditKeyring& keys,
                      const crypto::Checkpoint& head, size_t older_count,
                      const Invocation& in) {
  PrintProblems(verifier, in);
  const std::string what =
      absl::StrCat(verifier.size(), " entries about ", verifier.subject_count(),
                   " subjects, from ", FormatTime(verifier.first_time()),
                   " to ", FormatTime(verifier.last_time()));
  in.out.Print(
      HeadJson("audit_log", keys, head)
          .Number("entries", verifier.size())
          .Number("subjects", verifier.subject_count())
          .Number("first_time", verifier.first_time())
          .Number("last_time", verifier.last_time())
          .Number("older_checkpoints", older_count)
          .Number("problems", verifier.problem_count())
          .Bool("authentic", verifier.is_authentic()),
      absl::StrCat(what, "\n", Verdict(verifier, keys.origin(), older_count)));
  if (!verifier.is_authentic()) {
    return NotAuthentic("the log is not what was signed");
  }
  if (verifier.problem_count() == 0) return absl::OkStatus();
  return absl::UnknownError(absl::StrCat("the log is what was signed and has ",
                                         verifier.problem_count(),
                                         " problems"));
}

absl::Status RunVerify(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "FILE"));
  const std::string& path = in.args.positionals().front();
  FRANK_ASSIGN_OR_RETURN(AuditKeyring keys, AuditKeyring::FromArgs(in.args));
  std::vector<crypto::Checkpoint> older;
  if (in.args.Has("witness")) {
    FRANK_ASSIGN_OR_RETURN(older, OpenNotes(in.args.Get("witness"), keys));
    if (older.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat(in.args.Get("witness"), ": holds no checkpoint"));
    }
  }
  FRANK_ASSIGN_OR_RETURN(LogFileReader file, LogFileReader::Open(path));
  LogVerifier verifier(older, in.clock.Now());
  while (true) {
    FRANK_ASSIGN_OR_RETURN(absl::optional<Bytes> entry, file.Next());
    if (!entry) break;
    verifier.Add(*entry);
  }
  FRANK_ASSIGN_OR_RETURN(crypto::Checkpoint head, keys.Open(file.Checkpoint()));
  verifier.Finish(head);
  return Conclude(verifier, keys, head, older.size(), in);
}

std::vector<Option> Online(std::vector<Option> options) {
  options.push_back(AuditKeyOption());
  for (Option& option : ModConnectionOptions()) {
    options.push_back(std::move(option));
  }
  return options;
}

}  // namespace

std::vector<Command> AuditCommands() {
  return {
      {"audit checkpoint", "", "Fetch and verify the log's newest checkpoint.",
       Online({{"witness", "FILE",
                "check that it continues the last one there, and append it"}}),
       &RunCheckpoint},
      {"audit inclusion", "HASH | SUBJECT NUMBER",
       "Prove that an act is in the log.", Online({}), &RunInclusion},
      {"audit consistency", "FILE",
       "Prove that the log continues the checkpoints of a file.", Online({}),
       &RunConsistency},
      {"audit export", "FILE", "Write all entries and the checkpoint.",
       Online({}), &RunExport},
      {"audit verify",
       "FILE",
       "Verify an export, offline.",
       {AuditKeyOption(),
        {"witness", "FILE", "checkpoints that it must continue as well"}},
       &RunVerify},
  };
}

}  // namespace frank::client
