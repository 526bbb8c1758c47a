// frank mod-admin: add, list, show, exposure, roles, link, disable, enable,
// token; and what moderators do for themselves: mod whoami, exposure, opt-out,
// token.
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/command.h"
#include "client/command/keys_files.h"
#include "client/command/mod_view.h"
#include "client/command/moderator_client.h"
#include "client/command/moderator_view.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

using Stub = ModeratorClient::Stub;

absl::StatusOr<std::string> IdOf(const Args& args) {
  FRANK_RETURN_IF_ERROR(args.RequirePositionals(1, 1, "ID"));
  return args.positionals().front();
}

template <typename Request>
absl::Status SetRoles(const Args& args, Request* request) {
  for (const std::string& name : args.All("role")) {
    FRANK_ASSIGN_OR_RETURN(v1::ModeratorRole role, ParseRoleText(name));
    request->add_role(role);
  }
  request->set_child_safety(args.Has("child-safety"));
  return absl::OkStatus();
}

void Print(const v1::Moderator& moderator, const Invocation& in) {
  in.out.Print(ModeratorJson(moderator), ModeratorLine(moderator));
}

// Whether a call that failed has surely changed nothing. An answer may have
// been lost, and the call made again: of a token that was replaced by then the
// server says that it knows none.
bool IsSurelyRefused(const absl::Status& status) {
  return !absl::IsUnavailable(status) &&
         FindReason(status) != "CREDENTIAL_INVALID";
}

// A call that gives somebody a token: the server sees its hash alone. The file
// stays unless the server surely did not take it.
template <typename Request, typename Response>
absl::StatusOr<Response> CallWithNewToken(
    const Invocation& in,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    Request request) {
  FRANK_ASSIGN_OR_RETURN(ModeratorClient client,
                         ModeratorClient::Connect(in.args));
  const std::string path = in.args.Get("out");
  FRANK_ASSIGN_OR_RETURN(crypto::Sha256Digest hash,
                         WriteNewToken(path, in.random));
  request.set_token_sha256(ToString(hash));
  absl::StatusOr<Response> response = client.Call(method, request);
  if (response.ok()) {
    in.out.Say(
        absl::StrCat("Wrote the token to ", path, "; it is nowhere else."));
  } else if (IsSurelyRefused(response.status())) {
    std::remove(path.c_str());
  } else {
    in.out.Say(absl::StrCat("The server may have taken the token in ", path,
                            "; try it."));
  }
  return response;
}

absl::Status RunAdd(const Invocation& in) {
  v1::AddModeratorRequest request;
  FRANK_ASSIGN_OR_RETURN(*request.mutable_id(), IdOf(in.args));
  FRANK_RETURN_IF_ERROR(SetRoles(in.args, &request));
  for (const std::string& account : in.args.All("link")) {
    request.add_linked_account(account);
  }
  FRANK_ASSIGN_OR_RETURN(auto response,
                         CallWithNewToken(in, &Stub::AddModerator, request));
  Print(response.moderator(), in);
  return absl::OkStatus();
}

absl::Status RunList(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(ModeratorClient client,
                         ModeratorClient::Connect(in.args));
  v1::ListModeratorsRequest request;
  do {
    FRANK_ASSIGN_OR_RETURN(auto page,
                           client.Call(&Stub::ListModerators, request));
    for (const v1::Moderator& moderator : page.moderator()) {
      Print(moderator, in);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status PrintActs(ModeratorClient& client, const std::string& id,
                       const Invocation& in) {
  v1::ListModeratorActsRequest request;
  request.set_id(id);
  bool more = true;
  while (more) {
    FRANK_ASSIGN_OR_RETURN(auto page,
                           client.Call(&Stub::ListModeratorActs, request));
    for (const v1::ListActsResponse::Act& act : page.act()) {
      in.out.Print(ActJson(act), ActLine(act));
      request.set_after(act.number());
    }
    more = page.more() && page.act_size() > 0;
  }
  return absl::OkStatus();
}

absl::Status RunShowModerator(const Invocation& in) {
  v1::GetModeratorRequest request;
  FRANK_ASSIGN_OR_RETURN(*request.mutable_id(), IdOf(in.args));
  FRANK_ASSIGN_OR_RETURN(ModeratorClient client,
                         ModeratorClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(auto response,
                         client.Call(&Stub::GetModerator, request));
  Print(response.moderator(), in);
  in.out.Print(ExposureJson(response.exposure()),
               ExposureLines(response.exposure(), in.clock.Now()));
  return PrintActs(client, request.id(), in);
}

// A call that changes a moderator and needs nothing else.
template <typename Request, typename Response>
absl::Status Change(const Invocation& in,
                    grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Response*),
                    const Request& request) {
  FRANK_ASSIGN_OR_RETURN(ModeratorClient client,
                         ModeratorClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(Response response, client.Call(method, request));
  Print(response.moderator(), in);
  return absl::OkStatus();
}

absl::Status RunRoles(const Invocation& in) {
  v1::SetModeratorRolesRequest request;
  FRANK_ASSIGN_OR_RETURN(*request.mutable_id(), IdOf(in.args));
  FRANK_RETURN_IF_ERROR(SetRoles(in.args, &request));
  return Change(in, &Stub::SetModeratorRoles, request);
}

absl::Status RunLink(const Invocation& in) {
  v1::LinkAccountRequest request;
  FRANK_ASSIGN_OR_RETURN(*request.mutable_id(), IdOf(in.args));
  request.set_account_uri(in.args.Get("account"));
  request.set_unlink(in.args.Has("remove"));
  return Change(in, &Stub::LinkAccount, request);
}

absl::Status Enable(const Invocation& in, bool enabled) {
  v1::EnableModeratorRequest request;
  FRANK_ASSIGN_OR_RETURN(*request.mutable_id(), IdOf(in.args));
  request.set_enabled(enabled);
  return Change(in, &Stub::EnableModerator, request);
}
absl::Status RunEnable(const Invocation& in) { return Enable(in, true); }
absl::Status RunDisable(const Invocation& in) { return Enable(in, false); }

absl::Status RunToken(const Invocation& in) {
  v1::ReplaceModeratorTokenRequest request;
  FRANK_ASSIGN_OR_RETURN(*request.mutable_id(), IdOf(in.args));
  FRANK_ASSIGN_OR_RETURN(
      auto response,
      CallWithNewToken(in, &Stub::ReplaceModeratorToken, request));
  Print(response.moderator(), in);
  return absl::OkStatus();
}

absl::Status RunOwnToken(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_RETURN_IF_ERROR(
      CallWithNewToken(in, &Stub::ReplaceOwnToken, v1::ReplaceOwnTokenRequest())
          .status());
  JsonObject object;
  object.Text("kind", "token").Text("path", in.args.Get("out"));
  in.out.Print(object, "The old token has ended.");
  return absl::OkStatus();
}

void Print(const v1::Exposure& exposure, const Invocation& in) {
  in.out.Print(ExposureJson(exposure), ExposureLines(exposure, in.clock.Now()));
}

absl::Status RunExposure(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(ModeratorClient client,
                         ModeratorClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(
      auto response, client.Call(&Stub::GetExposure, v1::GetExposureRequest()));
  Print(response.exposure(), in);
  return absl::OkStatus();
}

absl::Status RunExposures(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(ModeratorClient client,
                         ModeratorClient::Connect(in.args));
  v1::ListExposureRequest request;
  do {
    FRANK_ASSIGN_OR_RETURN(auto page,
                           client.Call(&Stub::ListExposure, request));
    for (const v1::ModeratorExposure& shown : page.moderator_exposure()) {
      JsonObject object = ExposureJson(shown.exposure());
      object.Text("moderator", shown.moderator());
      in.out.Print(object, absl::StrCat(Printable(shown.moderator()), "\n",
                                        ExposureLines(shown.exposure(),
                                                      in.clock.Now())));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status RunWhoAmI(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(ModeratorClient client,
                         ModeratorClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(auto response,
                         client.Call(&Stub::GetSelf, v1::GetSelfRequest()));
  Print(response.moderator(), in);
  Print(response.exposure(), in);
  return absl::OkStatus();
}

absl::Status RunOptOut(const Invocation& in) {
  const std::vector<std::string>& names = in.args.positionals();
  if (names.empty() != in.args.Has("clear")) {
    return absl::InvalidArgumentError("name categories, or give --clear");
  }
  v1::SetOptOutsRequest request;
  for (const std::string& name : names) {
    FRANK_ASSIGN_OR_RETURN(v1::ExposureCategory category,
                           ParseExposureText(name));
    request.add_category(category);
  }
  FRANK_ASSIGN_OR_RETURN(ModeratorClient client,
                         ModeratorClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(auto response,
                         client.Call(&Stub::SetOptOuts, request));
  Print(response.exposure(), in);
  return absl::OkStatus();
}

std::vector<Option> With(std::vector<Option> options) {
  for (Option& option : ModConnectionOptions()) {
    options.push_back(std::move(option));
  }
  return options;
}

const Option kRole = {
    "role", "ROLE", "reviewer, senior, auditor or administrator", false, true};
const Option kChildSafety = {"child-safety", "",
                             "may have cases of child safety"};
const Option kOut = {"out", "FILE", "where the token goes, mode 0600", true};

}  // namespace

std::vector<Command> ModeratorCommands() {
  return {
      {"mod whoami", "",
       "Show who you are to the service, and what you may and were shown.",
       With({}), &RunWhoAmI},
      {"mod exposure", "",
       "Show what you were shown in this shift, and what is left.", With({}),
       &RunExposure},
      {"mod opt-out", "[CATEGORY...]",
       "Say what you do not want to see: text, graphic, child_safety.",
       With({{"clear", "", "nothing: end all opt-outs"}}), &RunOptOut},
      {"mod token", "", "Replace your own token.", With({kOut}), &RunOwnToken},
      {"mod-admin add", "ID", "Add a moderator with a new token.",
       With({kRole,
             kChildSafety,
             {"link", "URI", "an account about which they may decide nothing",
              false, true},
             kOut}),
       &RunAdd},
      {"mod-admin list", "", "List moderators.", With({}), &RunList},
      {"mod-admin show", "ID",
       "Show a moderator: what they were shown, and what was done about them.",
       With({}), &RunShowModerator},
      {"mod-admin exposure", "",
       "Show what moderators were shown in the shift that runs.", With({}),
       &RunExposures},
      {"mod-admin roles", "ID", "Replace the roles of a moderator.",
       With({kRole, kChildSafety}), &RunRoles},
      {"mod-admin link", "ID",
       "Keep a moderator from cases about an account that is close to them.",
       With({{"account", "URI", "the account", true},
             {"remove", "", "end the link"}}),
       &RunLink},
      {"mod-admin disable", "ID", "Keep a moderator out.", With({}),
       &RunDisable},
      {"mod-admin enable", "ID", "Let a moderator in again.", With({}),
       &RunEnable},
      {"mod-admin token", "ID",
       "Give a moderator a new token; the old one ends.", With({kOut}),
       &RunToken},
  };
}

}  // namespace frank::client
