#include "client/command/mod_dry_run.h"

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/command/mod_connection.h"
#include "client/command/mod_period.h"
#include "client/command/text.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "frank/v1/configuration.grpc.pb.h"
#include "proto/files.h"
#include "proto/routing_rules.h"

namespace frank::client {
namespace {

using Stub = v1::ConfigurationService::Stub;

// By name, whether seniors alone are given its cases; titles are for people.
template <typename Queues>
std::map<std::string, bool> QueuesOf(const Queues& queues) {
  std::map<std::string, bool> named;
  for (const auto& queue : queues) named[queue.name()] = queue.seniors_only();
  return named;
}

absl::Status SetRules(const config::v1::Routing& routing,
                      v1::DryRunRoutingRequest* request) {
  for (int i = 0; i < routing.rule_size(); ++i) {
    absl::StatusOr<v1::RoutingRule> rule = wire::ToWire(routing.rule(i));
    FRANK_RETURN_IF_ERROR(
        InField(absl::StrCat("rule[", i, "]"), rule.status()));
    *request->add_rule() = *std::move(rule);
  }
  return absl::OkStatus();
}

void Print(const Invocation& in, const v1::RoutedPair& pair) {
  std::vector<std::string> examples;
  for (const std::string& id : pair.example_case_id()) {
    examples.push_back(ToHex(AsBytes(id)));
  }
  JsonObject object;
  object.Text("kind", "routed_pair")
      .Text("queue_now", pair.queue_now())
      .Text("queue_proposed", pair.queue_proposed())
      .Number("cases", pair.case_count())
      .Texts("example_case_ids", examples);
  const bool stays = pair.queue_now() == pair.queue_proposed();
  std::string text =
      stays ? absl::StrFormat("%6d stay in %s", pair.case_count(),
                              Printable(pair.queue_now()))
            : absl::StrFormat("%6d from %s to %s", pair.case_count(),
                              Printable(pair.queue_now()),
                              Printable(pair.queue_proposed()));
  if (!stays) {
    for (const std::string& id : examples) absl::StrAppend(&text, "\n    ", id);
  }
  in.out.Print(object, text);
}

}  // namespace

absl::Status CheckQueues(const config::v1::Routing& file,
                         const v1::GetConfigurationResponse& in_force) {
  if (file.queue().empty() ||
      QueuesOf(file.queue()) == QueuesOf(in_force.queue())) {
    return absl::OkStatus();
  }
  return FieldError("queue",
                    "must be those in force, or left out: a dry run tries "
                    "rules alone");
}

void AddPage(const v1::DryRunRoutingResponse& page, RoutedPairs* pairs) {
  for (const v1::RoutedPair& routed : page.routed_pair()) {
    auto [pair, fresh] = pairs->try_emplace(
        {routed.queue_now(), routed.queue_proposed()}, routed);
    if (fresh) continue;
    v1::RoutedPair& sum = pair->second;
    sum.set_case_count(sum.case_count() + routed.case_count());
    for (const std::string& id : routed.example_case_id()) {
      if (sum.example_case_id_size() ==
          static_cast<int>(limits::kMaxDryRunExamples)) {
        break;
      }
      sum.add_example_case_id(id);
    }
  }
}

absl::Status RunDryRun(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(auto file, wire::ReadTextProto<config::v1::Routing>(
                                        in.args.Get("rules")));
  v1::DryRunRoutingRequest request;
  FRANK_RETURN_IF_ERROR(SetRules(file, &request));
  FRANK_ASSIGN_OR_RETURN(Span span, SpanOf(in));
  request.set_opened_from(span.from);
  request.set_opened_until(span.until);
  FRANK_ASSIGN_OR_RETURN(ModConnection connection,
                         ModConnection::Open(in.args));
  auto stub = v1::ConfigurationService::NewStub(connection.channel());
  FRANK_ASSIGN_OR_RETURN(auto in_force,
                         connection.Call(*stub, &Stub::GetConfiguration,
                                         v1::GetConfigurationRequest()));
  FRANK_RETURN_IF_ERROR(CheckQueues(file, in_force));
  RoutedPairs pairs;
  do {
    FRANK_ASSIGN_OR_RETURN(
        auto page, connection.Call(*stub, &Stub::DryRunRouting, request));
    AddPage(page, &pairs);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  for (const auto& [queues, pair] : pairs) Print(in, pair);
  if (pairs.empty()) in.out.Say("No case was opened in that time.");
  return absl::OkStatus();
}

}  // namespace frank::client
