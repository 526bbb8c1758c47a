// frank mod: retention, legal-hold, lift-hold.
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/command/command.h"
#include "client/command/mod_client.h"
#include "client/command/mod_connection.h"
#include "client/command/mod_decide.h"
#include "client/command/mod_view.h"
#include "client/command/text.h"
#include "core/limits.h"
#include "core/status.h"
#include "frank/v1/retention.grpc.pb.h"

namespace frank::client {
namespace {

std::vector<std::string> ObstacleNames(
    const v1::ListDueResponse::DueCase& due) {
  std::vector<std::string> names;
  for (int obstacle : due.obstacle()) {
    std::string name = v1::RetentionObstacle_Name(
        static_cast<v1::RetentionObstacle>(obstacle));
    names.push_back(
        absl::AsciiStrToLower(absl::StripPrefix(name, "RETENTION_OBSTACLE_")));
  }
  return names;
}

void PrintDue(const Invocation& in, const v1::ListDueResponse::DueCase& due) {
  std::vector<std::string> obstacles = ObstacleNames(due);
  JsonObject object;
  object.Text("kind", "due_case")
      .Hex("case_id", due.case_id())
      .Text("policy_area", due.policy_area())
      .Text("retention_class", RetentionClassName(due.retention_class()))
      .Number("closed_at", due.closed_at())
      .Number("due_at", due.due_at())
      .Texts("obstacles", obstacles);
  std::string line = absl::StrCat(ToHex(AsBytes(due.case_id())), "  due ",
                                  FormatTime(due.due_at()), "  ",
                                  RetentionClassName(due.retention_class()),
                                  "  ", Printable(due.policy_area()));
  for (const std::string& obstacle : obstacles) {
    absl::StrAppend(&line, "  waits: ", obstacle);
  }
  in.out.Print(object, line);
}

void PrintReviewKey(const Invocation& in,
                    const v1::ListDueResponse::ReviewKeyDue& key) {
  JsonObject object;
  object.Text("kind", "review_key")
      .Hex("review_key_id", key.review_key_id())
      .Number("not_after", key.not_after())
      .Number("destroy_at", key.destroy_at())
      .Bool("destroyed", key.destroyed());
  const std::string what =
      key.destroyed() ? "destroyed"
      : key.destroy_at() <= in.clock.Now()
          ? "OVERDUE: destroy it (frank keys review-delete)"
          : absl::StrCat("to be destroyed ", FormatTime(key.destroy_at()));
  in.out.Print(object,
               absl::StrCat("review key ", ToHex(AsBytes(key.review_key_id())),
                            "  ", what));
}

// RetentionService, as a moderator.
class RetentionClient {
 public:
  static absl::StatusOr<RetentionClient> Connect(const Args& args) {
    FRANK_ASSIGN_OR_RETURN(ModConnection connection, ModConnection::Open(args));
    return RetentionClient(std::move(connection));
  }

  absl::StatusOr<v1::ListDueResponse> ListDue(
      const v1::ListDueRequest& request) {
    return connection_.Call(*stub_, &Stub::ListDue, request);
  }
  absl::StatusOr<v1::ListLegalHoldsResponse> ListLegalHolds(
      const v1::ListLegalHoldsRequest& request) {
    return connection_.Call(*stub_, &Stub::ListLegalHolds, request);
  }
  absl::StatusOr<v1::PlaceLegalHoldResponse> Place(
      const v1::PlaceLegalHoldRequest& request) {
    return connection_.Call(*stub_, &Stub::PlaceLegalHold, request);
  }
  absl::StatusOr<v1::LiftLegalHoldResponse> Lift(
      const v1::LiftLegalHoldRequest& request) {
    return connection_.Call(*stub_, &Stub::LiftLegalHold, request);
  }

 private:
  using Stub = v1::RetentionService::Stub;
  explicit RetentionClient(ModConnection connection)
      : connection_(std::move(connection)),
        stub_(v1::RetentionService::NewStub(connection_.channel())) {}

  ModConnection connection_;
  std::unique_ptr<Stub> stub_;
};

absl::Status ListDue(const Invocation& in, RetentionClient& client,
                     uint64_t until) {
  v1::ListDueRequest request;
  request.set_due_until(until);
  request.set_page_size(limits::kMaxPageSize);
  for (size_t page = 0; page < limits::kMaxPagesFollowed; ++page) {
    FRANK_ASSIGN_OR_RETURN(v1::ListDueResponse response,
                           client.ListDue(request));
    for (const auto& due : response.due_case()) PrintDue(in, due);
    for (const auto& key : response.review_key()) PrintReviewKey(in, key);
    if (response.audit_due_before() > 0) {
      JsonObject object;
      object.Text("kind", "audit_due")
          .Number("before", response.audit_due_before());
      in.out.Print(object, absl::StrCat("the log has entries from before ",
                                        FormatTime(response.audit_due_before()),
                                        ", which need not be kept any more"));
    }
    if (response.next_page_token().empty()) return absl::OkStatus();
    request.set_page_token(response.next_page_token());
  }
  return absl::OkStatus();
}

absl::Status ListHolds(const Invocation& in, RetentionClient& client) {
  v1::ListLegalHoldsRequest request;
  request.set_page_size(limits::kMaxPageSize);
  for (size_t page = 0; page < limits::kMaxPagesFollowed; ++page) {
    FRANK_ASSIGN_OR_RETURN(v1::ListLegalHoldsResponse response,
                           client.ListLegalHolds(request));
    for (const v1::LegalHold& hold : response.legal_hold()) {
      in.out.Print(LegalHoldJson(hold),
                   absl::StrCat(ToHex(AsBytes(hold.case_id())), "  legal hold ",
                                LegalHoldText(hold)));
    }
    if (response.next_page_token().empty()) return absl::OkStatus();
    request.set_page_token(response.next_page_token());
  }
  return absl::OkStatus();
}

absl::Status RunRetention(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  uint64_t until = 0;
  if (in.args.Has("until")) {
    FRANK_ASSIGN_OR_RETURN(
        until, ParseTime("--until", in.args.Get("until"), in.clock.Now()));
  }
  FRANK_ASSIGN_OR_RETURN(RetentionClient client,
                         RetentionClient::Connect(in.args));
  FRANK_RETURN_IF_ERROR(ListDue(in, client, until));
  return ListHolds(in, client);
}

absl::Status RunLegalHold(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "CASE"));
  FRANK_ASSIGN_OR_RETURN(CaseId id, ParseCaseId(in.args.positionals().front()));
  FRANK_ASSIGN_OR_RETURN(DecisionId hold, IdOption(in, "hold-id"));
  v1::PlaceLegalHoldRequest request;
  request.set_case_id(std::string(id.text()));
  request.set_hold_id(std::string(hold.text()));
  request.set_reason(in.args.Get("reason"));
  FRANK_ASSIGN_OR_RETURN(RetentionClient client,
                         RetentionClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::PlaceLegalHoldResponse response,
                         client.Place(request));
  in.out.Print(
      LegalHoldJson(response.legal_hold()),
      absl::StrCat("Legal hold ", LegalHoldText(response.legal_hold())));
  return absl::OkStatus();
}

absl::Status RunLiftHold(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "CASE"));
  FRANK_ASSIGN_OR_RETURN(CaseId id, ParseCaseId(in.args.positionals().front()));
  FRANK_ASSIGN_OR_RETURN(DecisionId hold, IdOption(in, "hold-id"));
  v1::LiftLegalHoldRequest request;
  request.set_case_id(std::string(id.text()));
  request.set_hold_id(std::string(hold.text()));
  request.set_reason(in.args.Get("reason"));
  FRANK_ASSIGN_OR_RETURN(RetentionClient client,
                         RetentionClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::LiftLegalHoldResponse response,
                         client.Lift(request));
  JsonObject object;
  object.Text("kind", "lifted")
      .Hex("case_id", id.bytes())
      .Hex("hold_id", hold.bytes())
      .Number("left", static_cast<uint64_t>(response.legal_hold_size()));
  in.out.Print(object,
               absl::StrCat("Lifted; ", response.legal_hold_size(), " left"));
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ModRetentionCommands() {
  const Option reason = {"reason", "TEXT", "why", true};
  return {
      {"mod retention", "",
       "List closed cases whose time is over, review keys and legal holds.",
       WithModConnection({{"until", "TIME", "what is due until then"}}),
       &RunRetention},
      {"mod legal-hold", "CASE",
       "Keep a case from being shredded until the hold is lifted.",
       WithModConnection(
           {reason, {"hold-id", "HEX", "repeat a hold under its id"}}),
       &RunLegalHold},
      {"mod lift-hold", "CASE", "Lift a legal hold.",
       WithModConnection(
           {reason, {"hold-id", "HEX", "the hold, by its id", true}}),
       &RunLiftHold},
  };
}

}  // namespace frank::client
