// frank mod: referrals, refer-assign, refer-handover, refer-withdraw.
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/command/command.h"
#include "client/command/mod_connection.h"
#include "client/command/mod_decide.h"
#include "client/command/mod_view.h"
#include "client/command/text.h"
#include "core/limits.h"
#include "core/status.h"
#include "frank/v1/referral.grpc.pb.h"

namespace frank::client {
namespace {

using Stub = v1::ReferralService::Stub;

// ReferralService, as a moderator.
class ReferralClient {
 public:
  static absl::StatusOr<ReferralClient> Connect(const Args& args) {
    FRANK_ASSIGN_OR_RETURN(ModConnection connection, ModConnection::Open(args));
    return ReferralClient(std::move(connection));
  }

  // Calls a method: client.Call(&Stub::AssignReferral, request).
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request) {
    return connection_.Call(*stub_, method, request);
  }

 private:
  explicit ReferralClient(ModConnection connection)
      : connection_(std::move(connection)),
        stub_(v1::ReferralService::NewStub(connection_.channel())) {}

  ModConnection connection_;
  std::unique_ptr<Stub> stub_;
};

absl::StatusOr<v1::ReferralState> StateOption(const Args& args) {
  if (!args.Has("state")) return v1::REFERRAL_STATE_UNSPECIFIED;
  v1::ReferralState state;
  std::string name = absl::AsciiStrToUpper(args.Get("state"));
  if (!v1::ReferralState_Parse(absl::StrCat("REFERRAL_STATE_", name), &state)) {
    return FieldError("--state",
                      "must be waiting, assigned, handed_over or withdrawn");
  }
  return state;
}

void PrintAuthority(const Invocation& in, const v1::Authority& authority) {
  JsonObject object;
  object.Text("kind", "authority")
      .Text("name", authority.name())
      .Text("title", authority.title())
      .Number("keep_ms", authority.keep_ms());
  in.out.Print(object,
               absl::StrCat("authority ", Printable(authority.name()), "  ",
                            Printable(authority.title()), ", kept ",
                            FormatDuration(authority.keep_ms())));
}

absl::Status RunReferrals(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  v1::ListReferralsRequest request;
  FRANK_ASSIGN_OR_RETURN(v1::ReferralState state, StateOption(in.args));
  request.set_state(state);
  request.set_authority(in.args.Get("authority"));
  request.set_page_size(limits::kMaxPageSize);
  FRANK_ASSIGN_OR_RETURN(ReferralClient client,
                         ReferralClient::Connect(in.args));
  for (size_t page = 0; page < limits::kMaxPagesFollowed; ++page) {
    FRANK_ASSIGN_OR_RETURN(v1::ListReferralsResponse response,
                           client.Call(&Stub::ListReferrals, request));
    for (const v1::Referral& referral : response.referral()) {
      in.out.Print(ReferralJson(referral),
                   absl::StrCat(ToHex(AsBytes(referral.decision_id())), "  ",
                                Printable(referral.accused_uri()), "  ",
                                ReferralText(referral)));
    }
    for (const v1::Authority& authority : response.authority()) {
      PrintAuthority(in, authority);
    }
    if (response.next_page_token().empty()) return absl::OkStatus();
    request.set_page_token(response.next_page_token());
  }
  return absl::OkStatus();
}

// Does one act about a referral and prints what became of it.
template <typename Request, typename Response>
absl::Status Act(const Invocation& in, Request request,
                 grpc::Status (Stub::*method)(grpc::ClientContext*,
                                              const Request&, Response*)) {
  FRANK_ASSIGN_OR_RETURN(*request.mutable_decision_id(), DecisionOf(in.args));
  FRANK_ASSIGN_OR_RETURN(ReferralClient client,
                         ReferralClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(Response response, client.Call(method, request));
  in.out.Print(
      ReferralJson(response.referral()).Hex("act_hash", response.act_hash()),
      absl::StrCat("Referral ", ReferralText(response.referral())));
  return absl::OkStatus();
}

absl::Status RunAssign(const Invocation& in) {
  v1::AssignReferralRequest request;
  request.set_authority(in.args.Get("authority"));
  return Act(in, std::move(request), &Stub::AssignReferral);
}

absl::Status RunHandover(const Invocation& in) {
  v1::RecordHandoverRequest request;
  request.set_authority(in.args.Get("authority"));
  request.set_reference(in.args.Get("reference"));
  FRANK_ASSIGN_OR_RETURN(uint64_t at,
                         ParseTime("--at", in.args.Get("at"), in.clock.Now()));
  request.set_handed_over_at(at);
  if (in.args.Has("export")) {
    FRANK_ASSIGN_OR_RETURN(DecisionId id, IdOption(in, "export"));
    request.set_export_id(std::string(id.text()));
  }
  return Act(in, std::move(request), &Stub::RecordHandover);
}

absl::Status RunWithdraw(const Invocation& in) {
  v1::WithdrawReferralRequest request;
  request.set_reason(in.args.Get("reason"));
  return Act(in, std::move(request), &Stub::WithdrawReferral);
}

}  // namespace

std::vector<Command> ModReferralCommands() {
  const Option authority = {"authority", "NAME", "one of the configuration",
                            true};
  return {
      {"mod referrals", "",
       "List matters for authorities, oldest first, and the authorities.",
       WithModConnection(
           {{"state", "STATE", "waiting, assigned, handed_over or withdrawn"},
            {"authority", "NAME", "those of one authority"}}),
       &RunReferrals},
      {"mod refer-assign", "DECISION", "Say which authority a referral is for.",
       WithModConnection({authority}), &RunAssign},
      {"mod refer-handover", "DECISION",
       "Record that a referral was handed over.",
       WithModConnection(
           {authority,
            {"reference", "TEXT", "the authority's own number for it", true},
            {"at", "TIME", "when it was handed over", true},
            {"export", "HEX", "the evidence package that was handed over"}}),
       &RunHandover},
      {"mod refer-withdraw", "DECISION",
       "End a referral that is not handed over after all.",
       WithModConnection({{"reason", "TEXT", "why", true}}), &RunWithdraw},
  };
}

}  // namespace frank::client
