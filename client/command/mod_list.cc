// frank mod: cases, search-notes, queues, reasons, watch.
#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "client/command/command.h"
#include "client/command/mod_client.h"
#include "client/command/mod_filter.h"
#include "client/command/mod_view.h"
#include "client/command/moderator_view.h"
#include "client/command/queue_client.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

// Prints one page; returns how many cases it had.
template <typename Page>
uint64_t PrintPage(const Invocation& in, const Page& page) {
  for (const v1::CaseSummary& summary : page.case_summary()) {
    in.out.Print(CaseJson(summary), CaseLine(summary, in.clock.Now()));
  }
  return page.case_summary_size();
}

// Prints all pages that `fetch` gets for a request with its filter.
template <typename Client, typename Request, typename Fetch>
absl::Status PrintAll(const Invocation& in, Request request, Fetch fetch) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_RETURN_IF_ERROR(
      SetCaseFilter(in.args, in.clock.Now(), request.mutable_filter()));
  v1::CaseOrder order;
  FRANK_RETURN_IF_ERROR(SetCaseOrder(in.args, &order));
  request.set_order(order);
  FRANK_ASSIGN_OR_RETURN(Client client, Client::Connect(in.args));
  uint64_t shown = 0;
  do {
    auto page = fetch(client, request);
    FRANK_RETURN_IF_ERROR(page.status());
    shown += PrintPage(in, *page);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  if (shown == 0) in.out.Say("No case.");
  return absl::OkStatus();
}

absl::Status RunCases(const Invocation& in) {
  return PrintAll<ModClient>(
      in, v1::ListCasesRequest(),
      [](ModClient& client, const v1::ListCasesRequest& request) {
        return client.ListCases(request);
      });
}

absl::Status RunSearchNotes(const Invocation& in) {
  v1::SearchNotesRequest request;
  request.set_text(in.args.Get("text"));
  return PrintAll<QueueClient>(
      in, request,
      [](QueueClient& client, const v1::SearchNotesRequest& asked) {
        return client.SearchNotes(asked);
      });
}

JsonObject QueueJson(const v1::ListQueuesResponse::Queue& queue) {
  JsonObject object;
  object.Text("kind", "queue")
      .Text("name", queue.name())
      .Text("title", queue.title())
      .Bool("seniors_only", queue.seniors_only())
      .Number("open", queue.open_count())
      .Number("held", queue.held_count())
      .Number("on_hold", queue.on_hold_count())
      .Number("awaiting_approval", queue.awaiting_approval_count())
      .Number("appealed", queue.appealed_count())
      .Number("oldest_opened_at", queue.oldest_opened_at())
      .Number("first_deadline", queue.first_deadline())
      .Number("overdue", queue.overdue_count());
  return object;
}

std::string QueueLines(const v1::ListQueuesResponse::Queue& queue,
                       UnixMillis now) {
  std::string text = absl::StrFormat(
      "%-16s %s%s\n  %d open, %d appealed, %d of them held; %d on hold, %d "
      "awaiting approval",
      Printable(queue.name()), Printable(queue.title()),
      queue.seniors_only() ? " (seniors)" : "", queue.open_count(),
      queue.appealed_count(), queue.held_count(), queue.on_hold_count(),
      queue.awaiting_approval_count());
  if (queue.oldest_opened_at() != 0) {
    absl::StrAppend(&text, "\n  the oldest opened ",
                    FormatDuration(now - std::min<UnixMillis>(
                                             now, queue.oldest_opened_at())),
                    " ago");
  }
  if (queue.overdue_count() > 0) {
    absl::StrAppend(&text, "\n  OVERDUE: ", queue.overdue_count());
  } else if (queue.first_deadline() > now) {
    absl::StrAppend(&text, "\n  the first is due in ",
                    FormatDuration(queue.first_deadline() - now));
  }
  return text;
}

absl::Status RunQueues(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(QueueClient client, QueueClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::ListQueuesResponse response,
                         client.ListQueues(v1::ListQueuesRequest()));
  for (const auto& queue : response.queue()) {
    in.out.Print(QueueJson(queue), QueueLines(queue, in.clock.Now()));
  }
  return absl::OkStatus();
}

absl::Status RunReasons(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  v1::ListReasonsRequest request;
  FRANK_ASSIGN_OR_RETURN(uint64_t version, in.args.Number("version", 0));
  request.set_version(static_cast<uint32_t>(version));
  FRANK_ASSIGN_OR_RETURN(QueueClient client, QueueClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::ListReasonsResponse response,
                         client.ListReasons(request));
  for (const auto& reason : response.reason()) {
    JsonObject object;
    object.Text("kind", "reason")
        .Number("version", response.version())
        .Text("key", reason.key())
        .Text("title", reason.title())
        .Text("policy_area", reason.policy_area())
        .Text("severity", SeverityName(reason.severity()))
        .Number("time_to_decide", reason.time_to_decide())
        .Text("queue", reason.queue())
        .Bool("needs_second_person", reason.needs_second_person())
        .Bool("trusted_unproven", reason.trusted_unproven())
        .Text("exposure", ExposureText(reason.exposure()));
    in.out.Print(
        object,
        absl::StrFormat("%-28s %-8s %-10s %-13s %s%s", Printable(reason.key()),
                        SeverityName(reason.severity()),
                        FormatDuration(reason.time_to_decide()),
                        Printable(reason.queue()), Printable(reason.title()),
                        reason.needs_second_person() ? " (two persons)" : ""));
  }
  return absl::OkStatus();
}

void PrintChange(const Invocation& in, const v1::CaseChange& change) {
  JsonObject object;
  object.Text("kind", "change")
      .Hex("case_id", change.case_id())
      .Number("revision", change.revision())
      .Text("state", StateName(change.state()))
      .Text("queue", change.queue())
      .Text("lease_holder", change.holder());
  in.out.Print(object, absl::StrCat(ToHex(AsBytes(change.case_id())), "  ",
                                    StateName(change.state()), "  ",
                                    Printable(change.queue()), "  ",
                                    change.holder().empty()
                                        ? "nobody holds it"
                                        : Printable(change.holder())));
}

absl::Status RunWatch(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  v1::WatchCasesRequest request;
  if (in.args.Has("token")) {
    absl::StatusOr<Bytes> token = FromHex(in.args.Get("token"));
    if (!token.ok()) return FieldError("--token", "must be hex digits");
    request.set_token(ToString(*token));
  }
  absl::Duration time = absl::InfiniteDuration();
  if (in.args.Has("for")) {
    FRANK_ASSIGN_OR_RETURN(uint64_t millis,
                           ParseDuration("--for", in.args.Get("for")));
    time = absl::Milliseconds(static_cast<int64_t>(millis));
  }
  FRANK_ASSIGN_OR_RETURN(QueueClient client, QueueClient::Connect(in.args));
  return client.WatchCases(
      request, time, [&in](const v1::WatchCasesResponse& answer) {
        if (answer.resync()) in.out.Say("Changes were lost: list anew.");
        for (const v1::CaseChange& change : answer.change()) {
          PrintChange(in, change);
        }
        JsonObject object;
        object.Text("kind", "watch")
            .Bool("resync", answer.resync())
            .Hex("token", answer.token());
        if (in.out.json()) in.out.Print(object, "");
      });
}

std::vector<Option> And(std::vector<Option> options, const Option& more) {
  options.push_back(more);
  return options;
}

}  // namespace

std::vector<Command> ModListCommands() {
  return {
      {"mod cases", "", "List cases, most urgent first.",
       WithModConnection(CaseFilterOptions()), &RunCases},
      {"mod search-notes", "", "List cases that have a note with these words.",
       WithModConnection(And(CaseFilterOptions(),
                             {"text", "WORDS", "what the note says", true})),
       &RunSearchNotes},
      {"mod queues", "", "List the queues, with how much waits in them.",
       WithModConnection({}), &RunQueues},
      {"mod reasons", "", "List the report reasons.",
       WithModConnection(
           {{"version", "N", "of this version of the table; else the newest"}}),
       &RunReasons},
      {"mod watch", "", "Tell of changes of cases as they happen.",
       WithModConnection(
           {{"token", "HEX", "go on from where an earlier watch was"},
            {"for", "TIME", "end after this time, such as 10s"}}),
       &RunWatch},
  };
}

}  // namespace frank::client
