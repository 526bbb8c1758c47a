// frank mod-admin: configuration, dry-run.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/command/command.h"
#include "client/command/mod_connection.h"
#include "client/command/mod_dry_run.h"
#include "client/command/moderator_view.h"
#include "client/command/text.h"
#include "core/status.h"
#include "frank/v1/configuration.grpc.pb.h"
#include "proto/files.h"
#include "proto/routing_rules.h"

namespace frank::client {
namespace {

using Stub = v1::ConfigurationService::Stub;

template <typename Values>
std::vector<std::string> TextsOf(const Values& values) {
  return {values.begin(), values.end()};
}

template <typename Values>
std::string ListText(const Values& values) {
  return values.empty() ? "any" : Printable(absl::StrJoin(values, ", "));
}

std::string ClassText(v1::RetentionClass retention_class) {
  return EnumText(v1::RetentionClass_Name(retention_class), "RETENTION_CLASS_");
}

void Print(const Invocation& in, const v1::ConfiguredQueue& queue) {
  JsonObject object;
  object.Text("kind", "configured_queue")
      .Text("name", queue.name())
      .Text("title", queue.title())
      .Bool("seniors_only", queue.seniors_only());
  in.out.Print(object,
               absl::StrFormat("queue   %-16s %s%s", Printable(queue.name()),
                               Printable(queue.title()),
                               queue.seniors_only() ? " (seniors)" : ""));
}

// A rule in its text form, which is how it is written and proposed.
void PrintRule(const Invocation& in, const v1::RoutingRule& wire_rule) {
  const config::v1::RoutingRule rule = wire::FromWire(wire_rule);
  JsonObject object;
  object.Text("kind", "routing_rule")
      .Text("queue", rule.queue())
      .Texts("reasons", TextsOf(rule.reason()))
      .Texts("policy_areas", TextsOf(rule.policy_area()))
      .Texts("proofs", TextsOf(rule.proof()))
      .Text("min_severity", rule.min_severity())
      .Texts("languages", TextsOf(rule.language()))
      .Number("min_prior_actions", rule.min_prior_actions())
      .Number("max_reporter_weight", rule.max_reporter_weight());
  config::v1::Routing routing;
  *routing.add_rule() = rule;
  in.out.Print(object, Printable(wire::PrintTextProto(routing), true));
}

void Print(const Invocation& in, const v1::RetentionClock& clock) {
  JsonObject object;
  object.Text("kind", "retention_clock")
      .Text("retention_class", ClassText(clock.retention_class()))
      .Number("keep_ms", clock.keep_ms());
  in.out.Print(object, absl::StrFormat("keep    %-16s %s after it was closed",
                                       ClassText(clock.retention_class()),
                                       FormatDuration(clock.keep_ms())));
}

void Print(const Invocation& in, const v1::ConfiguredTarget& target) {
  JsonObject object;
  object.Text("kind", "target")
      .Texts("queues", TextsOf(target.queue()))
      .Texts("reasons", TextsOf(target.reason()))
      .Number("first_action_ms", target.first_action_ms())
      .Number("decision_ms", target.decision_ms())
      .Number("in_time_per_mille", target.in_time_per_mille())
      .Number("upheld_per_mille", target.upheld_per_mille());
  auto within = [](uint64_t millis) {
    return millis == 0 ? "the deadline" : FormatDuration(millis);
  };
  in.out.Print(
      object,
      absl::StrFormat("target  queue %s, reason %s: first action within %s, "
                      "decision within %s for %d of 1000; %d of 1000 stand",
                      ListText(target.queue()), ListText(target.reason()),
                      within(target.first_action_ms()),
                      within(target.decision_ms()), target.in_time_per_mille(),
                      target.upheld_per_mille()));
}

void Print(const Invocation& in, const v1::ConfiguredExposure& exposure) {
  std::vector<JsonObject> budgets;
  std::string text = absl::StrFormat(
      "exposure in a shift of %s; a break of %s after a load of %d",
      FormatDuration(exposure.shift_ms()), FormatDuration(exposure.break_ms()),
      exposure.break_due_load());
  for (const auto& budget : exposure.budget()) {
    JsonObject object;
    object.Text("category", ExposureText(budget.category()))
        .Number("pieces", budget.pieces())
        .Number("load", budget.load());
    budgets.push_back(std::move(object));
    absl::StrAppendFormat(&text, "\n  %-12s  %d pieces, each of load %d",
                          ExposureText(budget.category()), budget.pieces(),
                          budget.load());
  }
  JsonObject object;
  object.Text("kind", "exposure_rules")
      .Number("shift_ms", exposure.shift_ms())
      .Number("break_ms", exposure.break_ms())
      .Number("break_due_load", exposure.break_due_load())
      .Objects("budgets", budgets);
  in.out.Print(object, text);
}

void PrintTimes(const Invocation& in,
                const v1::GetConfigurationResponse& configuration) {
  JsonObject object;
  object.Text("kind", "configuration")
      .Number("lease_ms", configuration.lease_ms())
      .Number("hand_over_ms", configuration.hand_over_ms())
      .Number("undo_window_ms", configuration.undo_window_ms())
      .Number("least_effect_delay_ms", configuration.least_effect_delay_ms())
      .Number("most_effect_delay_ms", configuration.most_effect_delay_ms())
      .Number("keep_audit_ms", configuration.keep_audit_ms())
      .Number("reason_version", configuration.reason_version())
      .Number("policy_version", configuration.policy_version());
  in.out.Print(
      object,
      absl::StrFormat("times   a claim holds for %s, a hand-over for %s; a "
                      "decision can be undone for %s\n"
                      "in force: reasons of version %d, policies of version %d",
                      FormatDuration(configuration.lease_ms()),
                      FormatDuration(configuration.hand_over_ms()),
                      FormatDuration(configuration.undo_window_ms()),
                      configuration.reason_version(),
                      configuration.policy_version()));
}

absl::Status RunConfiguration(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(ModConnection connection,
                         ModConnection::Open(in.args));
  auto stub = v1::ConfigurationService::NewStub(connection.channel());
  FRANK_ASSIGN_OR_RETURN(auto shown,
                         connection.Call(*stub, &Stub::GetConfiguration,
                                         v1::GetConfigurationRequest()));
  for (const auto& queue : shown.queue()) Print(in, queue);
  for (const auto& rule : shown.rule()) PrintRule(in, rule);
  for (const auto& clock : shown.retention_clock()) Print(in, clock);
  for (const auto& target : shown.target()) Print(in, target);
  Print(in, shown.exposure());
  PrintTimes(in, shown);
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ModConfigurationCommands() {
  return {
      {"mod-admin configuration", "",
       "Show what the service is configured with.", WithModConnection({}),
       &RunConfiguration},
      {"mod-admin dry-run", "",
       "Show where other routing rules would have sent past cases.",
       WithModConnection(
           {{"rules", "FILE", "the rules, written as those of routing_file",
             true},
            {"from", "DATE", "opened from then on; else 30 days before --to"},
            {"to", "DATE", "opened before then; else up to now"}}),
       &RunDryRun}};
}

}  // namespace frank::client
