#include "services/moderation/routing.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "proto/files.h"
#include "services/common/reason_file.h"

namespace frank::moderation {
namespace {

using config::v1::RoutingRule;
using storage::v1::CaseRecord;

constexpr size_t kMaxLabelBytes = 32;

struct ProofName {
  v1::ProofStatus proof;
  absl::string_view name;
};
constexpr ProofName kProofNames[] = {
    {v1::PROOF_STATUS_PROVEN, "proven"},
    {v1::PROOF_STATUS_UNPROVEN, "unproven"},
    {v1::PROOF_STATUS_FORGED, "forged"},
    {v1::PROOF_STATUS_UNOPENABLE, "unopenable"},
};

absl::string_view NameOf(v1::ProofStatus proof) {
  for (const ProofName& known : kProofNames) {
    if (known.proof == proof) return known.name;
  }
  return "";
}

template <typename Values>
bool Holds(const Values& values, absl::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// An empty list lets everything through.
template <typename Values>
bool Lets(const Values& values, absl::string_view value) {
  return values.empty() || Holds(values, value);
}

bool LetsReasons(const RoutingRule& rule, const CaseRecord& record) {
  if (rule.reason().empty()) return true;
  return std::any_of(record.reason().begin(), record.reason().end(),
                     [&rule](const std::string& reason) {
                       return Holds(rule.reason(), reason);
                     });
}

bool LetsSeverity(const RoutingRule& rule, const CaseRecord& record) {
  if (rule.min_severity().empty()) return true;
  // Checked when the rule was read.
  auto least = services::ParseSeverity(rule.min_severity());
  return least.ok() && record.severity() >= static_cast<uint32_t>(*least);
}

bool LetsWeight(const RoutingRule& rule, const CaseRecord& record) {
  if (rule.max_reporter_weight() == 0) return true;
  return record.reporter_weight() != 0 &&
         record.reporter_weight() <= rule.max_reporter_weight();
}

bool Matches(const RoutingRule& rule, const CaseRecord& record,
             uint64_t prior_actions) {
  return LetsReasons(rule, record) &&
         Lets(rule.policy_area(), record.policy_area()) &&
         Lets(rule.proof(), NameOf(ProofOf(record))) &&
         LetsSeverity(rule, record) &&
         Lets(rule.language(), record.language_hint()) &&
         prior_actions >= rule.min_prior_actions() && LetsWeight(rule, record);
}

absl::Status CheckRule(const RoutingRule& rule, const Routing& routing) {
  if (routing.Find(rule.queue()) == nullptr) {
    return FieldError("queue", "must be one of the queues");
  }
  for (const std::string& proof : rule.proof()) {
    bool known = std::any_of(
        std::begin(kProofNames), std::end(kProofNames),
        [&proof](const ProofName& name) { return name.name == proof; });
    if (!known) {
      return FieldError("proof",
                        "must be proven, unproven, forged or unopenable");
    }
  }
  if (rule.min_severity().empty()) return absl::OkStatus();
  return InField("min_severity",
                 services::ParseSeverity(rule.min_severity()).status());
}

absl::Status CheckReasonQueues(const ReasonTable& reasons,
                               const Routing& routing) {
  for (uint32_t version = kTaxonomyVersion; version <= reasons.newest();
       ++version) {
    for (const ReportReason& reason : reasons.Reasons(version)) {
      if (routing.Find(reason.queue) != nullptr) continue;
      return FieldError(
          "queue", absl::StrCat("must hold that of the reason ", reason.key));
    }
  }
  return absl::OkStatus();
}

config::v1::Routing BuiltInConfig() {
  config::v1::Routing config;
  auto add = [&config](const char* name, const char* title,
                       bool seniors_only = false) {
    config::v1::Queue* queue = config.add_queue();
    queue->set_name(name);
    queue->set_title(title);
    queue->set_seniors_only(seniors_only);
  };
  add("child-safety", "Child safety");
  add("harm", "Violence and self-harm");
  add("sexual", "Sexual content");
  add("harassment", "Harassment");
  add("deception", "Deception");
  add("general", "Everything else");
  add(kIntegrityQueue, "Reports that do not verify");
  add(kSeniorsQueue, "Escalated", true);
  add(kAppealsQueue, "Appeals");
  RoutingRule* rule = config.add_rule();
  rule->set_queue(kIntegrityQueue);
  rule->add_proof("forged");
  rule->add_proof("unopenable");
  return config;
}

}  // namespace

bool IsLabel(absl::string_view text) {
  if (text.empty() || text.size() > kMaxLabelBytes) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' ||
           c == '_';
  });
}

v1::ProofStatus ProofOf(const CaseRecord& record) {
  if (record.accused_uri().empty()) return v1::PROOF_STATUS_UNOPENABLE;
  if (record.proven_count() > 0) return v1::PROOF_STATUS_PROVEN;
  // Who adds a forged report to what others said takes it nowhere.
  bool forged = record.forged_report_count() > 0 &&
                record.forged_report_count() == record.report_count();
  return forged ? v1::PROOF_STATUS_FORGED : v1::PROOF_STATUS_UNPROVEN;
}

void SendToQueue(absl::string_view queue, CaseRecord* record) {
  record->set_queue(std::string(queue));
  record->set_queue_by_hand(true);
}

template <typename Rules>
absl::Status Routing::AddRules(const Rules& rules) {
  for (const RoutingRule& rule : rules) {
    FRANK_RETURN_IF_ERROR(InField(absl::StrCat("rule[", rules_.size(), "]"),
                                  CheckRule(rule, *this)));
    rules_.push_back(rule);
  }
  return absl::OkStatus();
}

Routing Routing::BuiltIn() {
  return Create(BuiltInConfig(), ReasonTable()).value();
}

absl::StatusOr<Routing> Routing::Create(const config::v1::Routing& config,
                                        const ReasonTable& reasons) {
  Routing routing;
  for (const config::v1::Queue& queue : config.queue()) {
    if (!IsLabel(queue.name())) {
      return FieldError("queue.name", "must be 1 to 32 of a-z, 0-9, '-', '_'");
    }
    if (routing.Find(queue.name()) != nullptr) {
      return FieldError("queue.name", "must occur once");
    }
    routing.queues_.push_back(
        {queue.name(), queue.title(), queue.seniors_only()});
  }
  for (const char* own : {kIntegrityQueue, kSeniorsQueue, kAppealsQueue}) {
    if (routing.Find(own) != nullptr) continue;
    return FieldError("queue", absl::StrCat("must hold ", own));
  }
  FRANK_RETURN_IF_ERROR(routing.AddRules(config.rule()));
  FRANK_RETURN_IF_ERROR(CheckReasonQueues(reasons, routing));
  return routing;
}

absl::StatusOr<Routing> Routing::WithRules(
    const std::vector<RoutingRule>& rules) const {
  Routing routing;
  routing.queues_ = queues_;
  FRANK_RETURN_IF_ERROR(routing.AddRules(rules));
  return routing;
}

absl::StatusOr<Routing> Routing::Load(const std::string& path,
                                      const ReasonTable& reasons) {
  config::v1::Routing config = BuiltInConfig();
  if (!path.empty()) {
    FRANK_ASSIGN_OR_RETURN(config,
                           wire::ReadTextProto<config::v1::Routing>(path));
  }
  absl::StatusOr<Routing> routing = Create(config, reasons);
  if (!routing.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        path.empty() ? "reason_file with the built-in routing" : path, ": ",
        routing.status().message()));
  }
  return routing;
}

std::string Routing::QueueFor(const CaseRecord& record,
                              uint64_t prior_actions) const {
  for (const RoutingRule& rule : rules_) {
    if (Matches(rule, record, prior_actions)) return rule.queue();
  }
  // A case of reports that nobody can open has no reason, and one that is older
  // than the configuration may name a queue that is gone.
  const Queue* queue = Find(record.reason_queue());
  return queue != nullptr ? queue->name : kIntegrityQueue;
}

const Routing::Queue* Routing::Find(absl::string_view name) const {
  for (const Queue& queue : queues_) {
    if (queue.name == name) return &queue;
  }
  return nullptr;
}

}  // namespace frank::moderation
