// frank mod: hold, wake, hand-over, take-over, escalate, attend, note, tag,
// untag, link, unlink, duplicate.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/command.h"
#include "client/command/mod_client.h"
#include "client/command/mod_view.h"
#include "client/command/queue_client.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

// A case that a command names, and the connection to work on it.
struct Work {
  QueueClient client;
  CaseId id;
};

absl::StatusOr<Work> ConnectTo(const Invocation& in, size_t cases = 1) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(
      cases, cases, cases == 1 ? "CASE" : "CASE and OTHER"));
  FRANK_ASSIGN_OR_RETURN(CaseId id, ParseCaseId(in.args.positionals()[0]));
  FRANK_ASSIGN_OR_RETURN(QueueClient client, QueueClient::Connect(in.args));
  return Work{std::move(client), id};
}

template <typename Request>
void SetCase(const Work& work, Request* request) {
  request->set_case_id(std::string(work.id.text()));
}

template <typename Request>
absl::Status SetHeldCase(const Invocation& in, const Work& work,
                         Request* request) {
  SetCase(work, request);
  FRANK_ASSIGN_OR_RETURN(ModClient cases, ModClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(uint64_t epoch, EpochOf(in.args, cases, work.id));
  request->set_epoch(epoch);
  return absl::OkStatus();
}

// Prints the case as it is after a change.
template <typename Response>
absl::Status PrintChanged(const Invocation& in,
                          const absl::StatusOr<Response>& response) {
  FRANK_RETURN_IF_ERROR(response.status());
  in.out.Print(CaseJson(response->case_summary()),
               CaseLine(response->case_summary(), in.clock.Now()));
  return absl::OkStatus();
}

absl::Status RunHold(const Invocation& in) {
  v1::HoldCaseRequest request;
  UnixMillis now = in.clock.Now();
  if (in.args.Has("for") == in.args.Has("until")) {
    return absl::InvalidArgumentError("either --for or --until is needed");
  }
  uint64_t until = 0;
  if (in.args.Has("for")) {
    FRANK_ASSIGN_OR_RETURN(uint64_t millis,
                           ParseDuration("--for", in.args.Get("for")));
    until = now + millis;
  } else {
    FRANK_ASSIGN_OR_RETURN(until,
                           ParseTime("--until", in.args.Get("until"), now));
  }
  request.set_until(until);
  request.set_reason(in.args.Get("reason"));
  request.set_past_deadline(in.args.Has("past-deadline"));
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in));
  FRANK_RETURN_IF_ERROR(SetHeldCase(in, work, &request));
  return PrintChanged(in, work.client.HoldCase(request));
}

absl::Status RunWake(const Invocation& in) {
  v1::WakeCaseRequest request;
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in));
  SetCase(work, &request);
  return PrintChanged(in, work.client.WakeCase(request));
}

absl::Status RunHandOver(const Invocation& in) {
  v1::HandOverCaseRequest request;
  if (in.args.Has("to") == in.args.Has("queue")) {
    return absl::InvalidArgumentError("either --to or --queue is needed");
  }
  if (in.args.Has("to")) {
    request.set_moderator(in.args.Get("to"));
  } else {
    request.set_queue(in.args.Get("queue"));
  }
  request.set_note(in.args.Get("note"));
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in));
  FRANK_RETURN_IF_ERROR(SetHeldCase(in, work, &request));
  return PrintChanged(in, work.client.HandOverCase(request));
}

absl::Status RunTakeOver(const Invocation& in) {
  v1::TakeOverCaseRequest request;
  request.set_note(in.args.Get("note"));
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in));
  FRANK_RETURN_IF_ERROR(SetHeldCase(in, work, &request));
  return PrintChanged(in, work.client.TakeOverCase(request));
}

absl::Status RunEscalate(const Invocation& in) {
  v1::EscalateCaseRequest request;
  request.set_note(in.args.Get("note"));
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in));
  FRANK_RETURN_IF_ERROR(SetHeldCase(in, work, &request));
  return PrintChanged(in, work.client.EscalateCase(request));
}

absl::Status RunAttend(const Invocation& in) {
  v1::AttendCaseRequest request;
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in));
  SetCase(work, &request);
  request.set_leave(in.args.Has("leave"));
  FRANK_ASSIGN_OR_RETURN(v1::AttendCaseResponse response,
                         work.client.AttendCase(request));
  for (const v1::Attendant& attendant : response.attendant()) {
    JsonObject object;
    object.Text("kind", "attendant")
        .Text("moderator", attendant.moderator())
        .Number("since", attendant.since())
        .Number("last_seen_at", attendant.last_seen_at());
    in.out.Print(object, absl::StrCat(Printable(attendant.moderator()),
                                      " looks at it since ",
                                      FormatTime(attendant.since())));
  }
  if (response.attendant().empty()) in.out.Say("Nobody else looks at it.");
  return absl::OkStatus();
}

absl::Status RunNote(const Invocation& in) {
  v1::AddNoteRequest request;
  // Drawn once: a call that is made again adds one note.
  request.set_note_id(ToString(in.random.Draw<16>()));
  request.set_text(in.args.Get("text"));
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in));
  SetCase(work, &request);
  return PrintChanged(in, work.client.AddNote(request));
}

absl::Status RunTag(const Invocation& in) {
  v1::TagCaseRequest request;
  request.set_tag(in.args.Get("tag"));
  if (in.args.Has("for")) {
    FRANK_ASSIGN_OR_RETURN(uint64_t millis,
                           ParseDuration("--for", in.args.Get("for")));
    request.set_expires_at(in.clock.Now() + millis);
  }
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in));
  SetCase(work, &request);
  return PrintChanged(in, work.client.TagCase(request));
}

absl::Status RunUntag(const Invocation& in) {
  v1::UntagCaseRequest request;
  request.set_tag(in.args.Get("tag"));
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in));
  SetCase(work, &request);
  return PrintChanged(in, work.client.UntagCase(request));
}

// The second case that a command names.
absl::StatusOr<std::string> OtherCase(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(CaseId other, ParseCaseId(in.args.positionals()[1]));
  return std::string(other.text());
}

absl::Status RunLink(const Invocation& in) {
  v1::LinkCasesRequest request;
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in, 2));
  SetCase(work, &request);
  FRANK_ASSIGN_OR_RETURN(*request.mutable_other_case_id(), OtherCase(in));
  return PrintChanged(in, work.client.LinkCases(request));
}

absl::Status RunUnlink(const Invocation& in) {
  v1::UnlinkCasesRequest request;
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in, 2));
  SetCase(work, &request);
  FRANK_ASSIGN_OR_RETURN(*request.mutable_other_case_id(), OtherCase(in));
  return PrintChanged(in, work.client.UnlinkCases(request));
}

absl::Status RunDuplicate(const Invocation& in) {
  v1::MarkDuplicateRequest request;
  FRANK_ASSIGN_OR_RETURN(Work work, ConnectTo(in, 2));
  FRANK_RETURN_IF_ERROR(SetHeldCase(in, work, &request));
  FRANK_ASSIGN_OR_RETURN(*request.mutable_into_case_id(), OtherCase(in));
  FRANK_ASSIGN_OR_RETURN(v1::MarkDuplicateResponse response,
                         work.client.MarkDuplicate(request));
  in.out.Print(CaseJson(response.into()),
               CaseLine(response.into(), in.clock.Now()));
  return absl::OkStatus();
}

const Option kNote = {"note", "TEXT", "for whoever comes next", true};
const Option kTag = {"tag", "TAG", "a-z, 0-9, '-', '_'", true};

}  // namespace

std::vector<Command> ModQueueCommands() {
  return {
      {"mod hold", "CASE", "Put a case that you hold off until a time.",
       WithModConnection(
           {{"reason", "TEXT", "what it waits for", true},
            {"for", "TIME", "how long, such as 2d"},
            {"until", "TIME", "until when, such as 2027-01-31"},
            {"past-deadline", "", "also when that is after a decision is due"},
            kEpochOption}),
       &RunHold},
      {"mod wake", "CASE", "Bring a case back before its time.",
       WithModConnection({}), &RunWake},
      {"mod hand-over", "CASE",
       "Give a case that you hold to a person or another queue.",
       WithModConnection({{"to", "MODERATOR", "who then holds it"},
                          {"queue", "NAME", "where it waits"},
                          kNote,
                          kEpochOption}),
       &RunHandOver},
      {"mod take-over", "CASE",
       "Take a case from whoever holds it, as a senior.",
       WithModConnection({kNote, kEpochOption}), &RunTakeOver},
      {"mod escalate", "CASE", "Give a case that you hold to the seniors.",
       WithModConnection({kNote, kEpochOption}), &RunEscalate},
      {"mod attend", "CASE",
       "Say that you look at a case, and see who else does.",
       WithModConnection({{"leave", "", "say that you look no more"}}),
       &RunAttend},
      {"mod note", "CASE", "Write a note for other moderators.",
       WithModConnection({{"text", "TEXT", "what it says", true}}), &RunNote},
      {"mod tag", "CASE", "Put a tag on a case.",
       WithModConnection({kTag, {"for", "TIME", "how long, such as 7d"}}),
       &RunTag},
      {"mod untag", "CASE", "Take a tag off a case.", WithModConnection({kTag}),
       &RunUntag},
      {"mod link", "CASE OTHER", "Say that two cases belong together.",
       WithModConnection({}), &RunLink},
      {"mod unlink", "CASE OTHER", "Take such a link back.",
       WithModConnection({}), &RunUnlink},
      {"mod duplicate", "CASE OTHER",
       "Close a case that you hold into another about the same account.",
       WithModConnection({kEpochOption}), &RunDuplicate},
  };
}

}  // namespace frank::client
