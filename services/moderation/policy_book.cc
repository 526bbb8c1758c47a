#include "services/moderation/policy_book.h"

#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "frank/v1/decision.pb.h"
#include "proto/files.h"
#include "services/moderation/default_policies.h"
#include "storage/decision_store.h"

namespace frank::moderation {
namespace {

using storage::v1::LadderStepRecord;
using storage::v1::PolicyRecord;
using storage::v1::PolicyVersionRecord;
using storage::v1::ReasonRecord;

constexpr UnixMillis kDefaultStrikeLifetime = 90 * kDay;

absl::Status CheckWord(absl::string_view word) {
  bool good = !word.empty() && word.size() <= limits::kMaxPolicyWordBytes;
  for (char c : word) {
    good =
        good && (absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_');
  }
  if (good) return absl::OkStatus();
  return FieldError("word",
                    absl::StrCat("must be 1 to ", limits::kMaxPolicyWordBytes,
                                 " of a-z, 0-9, '_'"));
}

absl::Status CheckText(absl::string_view field, absl::string_view text,
                       size_t max) {
  if (text.size() <= max && IsWellFormedUtf8(text)) return absl::OkStatus();
  return FieldError(field,
                    absl::StrCat("must be UTF-8, at most ", max, " bytes"));
}

absl::Status CheckPolicy(const config::v1::Policy& policy,
                         absl::string_view id) {
  FRANK_RETURN_IF_ERROR(CheckWord(policy.word()));
  FRANK_RETURN_IF_ERROR(
      CheckText("title", policy.title(), limits::kMaxPolicyTitleBytes));
  FRANK_RETURN_IF_ERROR(
      CheckText("text", policy.text(), limits::kMaxPolicyTextBytes));
  if (id.size() > limits::kMaxPolicyBytes) {
    return FieldError("word", absl::StrCat("must give an id of at most ",
                                           limits::kMaxPolicyBytes, " bytes"));
  }
  if (policy.strike_weight() > limits::kMaxStrikeWeight) {
    return FieldError("strike_weight",
                      absl::StrCat("must be 0 to ", limits::kMaxStrikeWeight));
  }
  return absl::OkStatus();
}

// Adds a subtree, a parent before its children. Depth is bounded by the length
// of ids.
template <typename Policies>
absl::Status AddPolicies(const Policies& policies, const std::string& parent,
                         std::set<std::string>* ids,
                         PolicyVersionRecord* record) {
  for (int i = 0; i < policies.size(); ++i) {
    const config::v1::Policy& policy = policies[i];
    const std::string field = absl::StrCat("policy[", i, "]");
    const std::string id = parent.empty()
                               ? policy.word()
                               : absl::StrCat(parent, ".", policy.word());
    FRANK_RETURN_IF_ERROR(InField(field, CheckPolicy(policy, id)));
    if (!ids->insert(id).second) {
      return InField(field, FieldError("word", "must occur once"));
    }
    PolicyRecord* added = record->add_policy();
    added->set_policy(id);
    added->set_title(policy.title());
    added->set_text(policy.text());
    added->set_strike_weight(policy.strike_weight());
    added->set_second_person(policy.second_person());
    added->set_heading(!policy.policy().empty());
    FRANK_RETURN_IF_ERROR(
        InField(field, AddPolicies(policy.policy(), id, ids, record)));
  }
  return absl::OkStatus();
}

template <typename Reasons, typename Records>
absl::Status AddReasons(absl::string_view field, const Reasons& reasons,
                        Records* records) {
  if (reasons.empty()) return FieldError(field, "must be set");
  std::set<std::string> words;
  for (int i = 0; i < reasons.size(); ++i) {
    const std::string at = absl::StrCat(field, "[", i, "]");
    const config::v1::DecisionReason& reason = reasons[i];
    FRANK_RETURN_IF_ERROR(InField(at, CheckWord(reason.word())));
    FRANK_RETURN_IF_ERROR(InField(
        at, CheckText("title", reason.title(), limits::kMaxPolicyTitleBytes)));
    if (!words.insert(reason.word()).second) {
      return InField(at, FieldError("word", "must occur once"));
    }
    ReasonRecord* added = records->Add();
    added->set_reason(reason.word());
    added->set_title(reason.title());
    added->set_second_person(reason.second_person());
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ActionKind> ParseConsequence(const std::string& action) {
  if (action == "none") return v1::ACTION_KIND_UNSPECIFIED;
  if (action == "warn") return v1::ACTION_KIND_WARN;
  if (action == "limit") return v1::ACTION_KIND_LIMIT;
  if (action == "suspend") return v1::ACTION_KIND_SUSPEND;
  return FieldError("action", "must be none, warn, limit or suspend");
}

absl::StatusOr<LadderStepRecord> ParseStep(const config::v1::LadderStep& step,
                                           uint32_t previous) {
  FRANK_ASSIGN_OR_RETURN(v1::ActionKind kind, ParseConsequence(step.action()));
  if (step.strike_count() <= previous) {
    return FieldError("strike_count", "must rise from step to step");
  }
  const bool limit = kind == v1::ACTION_KIND_LIMIT;
  if (step.duration_ms() != 0 && !limit && kind != v1::ACTION_KIND_SUSPEND) {
    return FieldError("duration_ms", "is for limit and suspend");
  }
  if (step.duration_ms() > limits::kMaxSanction) {
    return FieldError("duration_ms",
                      "must be at most 3650 days; longer is for good: 0");
  }
  const uint32_t rate = step.messages_an_hour();
  if (limit ? rate < 1 || rate > limits::kMaxMessagesAnHour : rate != 0) {
    return FieldError("messages_an_hour",
                      absl::StrCat("must be 1 to ", limits::kMaxMessagesAnHour,
                                   " for limit, else absent"));
  }
  LadderStepRecord record;
  record.set_strike_count(step.strike_count());
  record.set_kind(static_cast<uint32_t>(kind));
  record.set_duration_ms(step.duration_ms());
  record.set_messages_an_hour(rate);
  return record;
}

bool EndsInWord(absl::string_view id, absl::string_view word) {
  return absl::EndsWith(id, word) && id.size() > word.size() &&
         id[id.size() - word.size() - 1] == '.';
}

}  // namespace

absl::StatusOr<PolicyBook> PolicyBook::Create(
    const config::v1::PolicyFile& file) {
  PolicyBook book;
  if (file.version() == 0) return FieldError("version", "must be 1 or more");
  if (file.policy().empty()) return FieldError("policy", "must be set");
  book.version_ = file.version();
  std::set<std::string> ids;
  FRANK_RETURN_IF_ERROR(AddPolicies(file.policy(), "", &ids, &book.policies_));
  FRANK_RETURN_IF_ERROR(AddReasons("action_reason", file.action_reason(),
                                   book.policies_.mutable_action_reason()));
  FRANK_RETURN_IF_ERROR(AddReasons("no_action_reason", file.no_action_reason(),
                                   book.policies_.mutable_no_action_reason()));
  uint32_t previous = 0;
  for (int i = 0; i < file.ladder_size(); ++i) {
    absl::StatusOr<LadderStepRecord> step = ParseStep(file.ladder(i), previous);
    if (!step.ok()) {
      return InField(absl::StrCat("ladder[", i, "]"), step.status());
    }
    previous = step->strike_count();
    book.ladder_.push_back(*std::move(step));
  }
  book.strike_lifetime_ = file.strike_lifetime_ms() == 0
                              ? kDefaultStrikeLifetime
                              : file.strike_lifetime_ms();
  return book;
}

absl::StatusOr<PolicyBook> PolicyBook::Load(const std::string& path) {
  config::v1::PolicyFile file;
  if (path.empty()) {
    FRANK_RETURN_IF_ERROR(
        wire::ParseTextProto("default policies", kDefaultPolicies, &file));
  } else {
    FRANK_ASSIGN_OR_RETURN(file,
                           wire::ReadTextProto<config::v1::PolicyFile>(path));
  }
  absl::StatusOr<PolicyBook> book = Create(file);
  if (!book.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": ", book.status().message()));
  }
  return book;
}

absl::StatusOr<PolicyRecord> PolicyBook::FindPolicy(
    absl::string_view name) const {
  const PolicyRecord* found = nullptr;
  bool ambiguous = false;
  for (const PolicyRecord& policy : policies_.policy()) {
    if (policy.heading()) continue;
    if (policy.policy() == name) return policy;
    if (!EndsInWord(policy.policy(), name)) continue;
    ambiguous = found != nullptr;
    found = &policy;
  }
  if (found == nullptr || ambiguous) {
    return FieldError("policy", "must be one that ListPolicies names");
  }
  return *found;
}

absl::StatusOr<ReasonRecord> PolicyBook::FindReason(absl::string_view name,
                                                    bool acts) const {
  const auto& reasons =
      acts ? policies_.action_reason() : policies_.no_action_reason();
  for (const ReasonRecord& reason : reasons) {
    if (reason.reason() == name) return reason;
  }
  return FieldError("reason", acts ? "must be one for decisions that act"
                                   : "must be one for decisions that do not "
                                     "act");
}

absl::Status PolicyBook::CheckSame(const PolicyVersionRecord& stored) const {
  if (stored.SerializeAsString() == policies_.SerializeAsString()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("policy file: version: ", version_,
                   " has been used with other policies; it must be raised"));
}

absl::Status PolicyBook::Use(storage::Transaction& transaction) const {
  FRANK_ASSIGN_OR_RETURN(auto stored,
                         storage::FindPolicyVersion(transaction, version_));
  if (stored) return CheckSame(*stored);
  storage::PutPolicyVersion(transaction, version_, policies_);
  return absl::OkStatus();
}

absl::Status PolicyBook::CheckStore(storage::Engine& engine) const {
  FRANK_ASSIGN_OR_RETURN(auto stored,
                         storage::FindPolicyVersion(engine, version_));
  return stored ? CheckSame(*stored) : absl::OkStatus();
}

}  // namespace frank::moderation
