#include "client/command/mod_reporter.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/mod_connection.h"
#include "client/command/text.h"
#include "core/status.h"
#include "frank/v1/reporters.grpc.pb.h"

namespace frank::client {
namespace {

std::string ReporterText(const v1::Reporter& reporter) {
  std::string text = absl::StrCat(
      Printable(reporter.reporter_uri()), "\n  weight   ", reporter.weight(),
      " of 1000\n  reports  ", reporter.report_count(), ", ",
      reporter.proven_count(), " of them proved something, ",
      reporter.bad_count(), " were malformed or forged\n  cases    ",
      reporter.upheld_count(), " upheld, ", reporter.not_upheld_count(),
      " not\n  replays  ", reporter.replay_count());
  if (reporter.muted_until() != 0) {
    absl::StrAppend(&text, "\n  MUTED    until ",
                    FormatTime(reporter.muted_until()), ", by ",
                    Printable(reporter.muted_by()));
  }
  return text;
}

void PrintReporter(const Invocation& in, const v1::Reporter& reporter) {
  in.out.Print(JsonObject()
                   .Text("kind", "reporter")
                   .Text("reporter", reporter.reporter_uri())
                   .Number("weight", reporter.weight())
                   .Number("reports", reporter.report_count())
                   .Number("proven", reporter.proven_count())
                   .Number("bad", reporter.bad_count())
                   .Number("upheld", reporter.upheld_count())
                   .Number("not_upheld", reporter.not_upheld_count())
                   .Number("replays", reporter.replay_count())
                   .Number("muted_until", reporter.muted_until())
                   .Text("muted_by", reporter.muted_by()),
               ReporterText(reporter));
}

void PrintHeld(const Invocation& in, const v1::HeldReport& held) {
  in.out.Print(JsonObject()
                   .Text("kind", "held_report")
                   .Hex("report_id", held.report_id())
                   .Number("accepted_at", held.accepted_at())
                   .Text("accused", held.accused_uri())
                   .Text("reason", held.reason())
                   .Number("messages", held.message_count())
                   .Number("proven", held.proven_count()),
               absl::StrCat("  waits    ", ToHex(AsBytes(held.report_id())),
                            "  ", FormatTime(held.accepted_at()), "  ",
                            Printable(held.reason()), "  ", held.proven_count(),
                            " of ", held.message_count(), " PROVEN  ",
                            Printable(held.accused_uri())));
}

void PrintMute(const Invocation& in, const v1::Mute& mute) {
  in.out.Print(
      JsonObject()
          .Text("kind", "mute")
          .Text("reporter", mute.reporter_uri())
          .Number("muted_until", mute.until())
          .Text("muted_by", mute.muted_by())
          .Number("held", mute.held_count())
          .Bool("more_held", mute.more_held()),
      absl::StrCat(Printable(mute.reporter_uri()), "\n  MUTED    until ",
                   FormatTime(mute.until()), ", by ",
                   Printable(mute.muted_by()), "\n  waiting  ",
                   mute.held_count(), mute.more_held() ? " and more" : ""));
}

// ReporterService, as a moderator.
class ReporterClient {
 public:
  static absl::StatusOr<ReporterClient> Connect(const Args& args) {
    FRANK_ASSIGN_OR_RETURN(ModConnection connection, ModConnection::Open(args));
    return ReporterClient(std::move(connection));
  }

  absl::StatusOr<v1::GetReporterResponse> Get(const std::string& uri) {
    v1::GetReporterRequest request;
    request.set_reporter_uri(uri);
    return connection_.Call(*stub_, &Stub::GetReporter, request);
  }
  absl::StatusOr<v1::Reporter> Mute(const std::string& uri, UnixMillis until) {
    v1::MuteReporterRequest request;
    request.set_reporter_uri(uri);
    request.set_until(until);
    return ReporterIn(connection_.Call(*stub_, &Stub::MuteReporter, request));
  }
  absl::StatusOr<v1::Reporter> Unmute(const std::string& uri) {
    v1::UnmuteReporterRequest request;
    request.set_reporter_uri(uri);
    return ReporterIn(connection_.Call(*stub_, &Stub::UnmuteReporter, request));
  }
  absl::StatusOr<v1::Reporter> Release(const std::string& uri) {
    v1::ReleaseReportsRequest request;
    request.set_reporter_uri(uri);
    return ReporterIn(connection_.Call(*stub_, &Stub::ReleaseReports, request));
  }
  absl::StatusOr<v1::ListMutesResponse> Mutes(
      const v1::ListMutesRequest& request) {
    return connection_.Call(*stub_, &Stub::ListMutes, request);
  }

 private:
  using Stub = v1::ReporterService::Stub;
  explicit ReporterClient(ModConnection connection)
      : connection_(std::move(connection)),
        stub_(v1::ReporterService::NewStub(connection_.channel())) {}

  template <typename Response>
  static absl::StatusOr<v1::Reporter> ReporterIn(
      absl::StatusOr<Response> response) {
    if (!response.ok()) return response.status();
    return response->reporter();
  }

  ModConnection connection_;
  std::unique_ptr<Stub> stub_;
};

absl::Status Show(const Invocation& in, ReporterClient& client,
                  const std::string& uri) {
  FRANK_ASSIGN_OR_RETURN(v1::GetReporterResponse shown, client.Get(uri));
  PrintReporter(in, shown.reporter());
  for (const v1::HeldReport& held : shown.held()) PrintHeld(in, held);
  if (shown.more_held()) in.out.Say("  and more wait");
  return absl::OkStatus();
}

// Carries out what an option asks for.
absl::StatusOr<v1::Reporter> Change(const Invocation& in,
                                    ReporterClient& client,
                                    const std::string& uri) {
  if (in.args.Has("unmute")) return client.Unmute(uri);
  if (in.args.Has("release")) return client.Release(uri);
  FRANK_ASSIGN_OR_RETURN(uint64_t millis,
                         ParseDuration("--mute", in.args.Get("mute")));
  return client.Mute(uri, in.clock.Now() + millis);
}

}  // namespace

absl::Status RunReporter(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "REPORTER"));
  const std::string& uri = in.args.positionals().front();
  const int chosen =
      in.args.Has("mute") + in.args.Has("unmute") + in.args.Has("release");
  if (chosen > 1) {
    return absl::InvalidArgumentError(
        "--mute, --unmute and --release exclude each other");
  }
  FRANK_ASSIGN_OR_RETURN(ReporterClient client,
                         ReporterClient::Connect(in.args));
  if (chosen == 0) return Show(in, client, uri);
  FRANK_ASSIGN_OR_RETURN(v1::Reporter changed, Change(in, client, uri));
  PrintReporter(in, changed);
  return absl::OkStatus();
}

absl::Status RunMutes(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(ReporterClient client,
                         ReporterClient::Connect(in.args));
  v1::ListMutesRequest request;
  bool any = false;
  do {
    FRANK_ASSIGN_OR_RETURN(v1::ListMutesResponse page, client.Mutes(request));
    for (const v1::Mute& mute : page.mute()) {
      any = true;
      PrintMute(in, mute);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (!any) in.out.Say("Nobody is muted.");
  return absl::OkStatus();
}

}  // namespace frank::client
