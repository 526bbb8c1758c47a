#include "client/command/mod_filter.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/command/mod_view.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

// Finds the value of an enum by the name that lists show. 0 is none.
template <typename Enum>
absl::StatusOr<Enum> ParseEnum(absl::string_view option,
                               const std::string& text, int max,
                               std::string (*name_of)(Enum)) {
  std::vector<std::string> names;
  for (int number = 1; number <= max; ++number) {
    names.push_back(name_of(static_cast<Enum>(number)));
    if (names.back() == text) return static_cast<Enum>(number);
  }
  return FieldError(
      absl::StrCat("--", option),
      absl::StrCat("must be one of ", absl::StrJoin(names, ", ")));
}

std::string OrderName(v1::CaseOrder order) {
  return EnumText(v1::CaseOrder_Name(order), "CASE_ORDER_");
}

absl::StatusOr<uint64_t> TimeOf(const Args& args, absl::string_view option,
                                UnixMillis now) {
  if (!args.Has(option)) return 0;
  return ParseTime(absl::StrCat("--", option), args.Get(option), now);
}

// What both kinds of filters have.
template <typename Filter>
absl::Status SetCommon(const Args& args, UnixMillis now, Filter* filter) {
  for (const std::string& queue : args.All("queue")) filter->add_queue(queue);
  for (const std::string& reason : args.All("reason")) {
    filter->add_reason(reason);
  }
  for (const std::string& area : args.All("area")) {
    filter->add_policy_area(area);
  }
  for (const std::string& text : args.All("severity")) {
    FRANK_ASSIGN_OR_RETURN(
        v1::Severity severity,
        ParseEnum("severity", text, v1::Severity_MAX, &SeverityName));
    filter->add_severity(severity);
  }
  for (const std::string& text : args.All("proof")) {
    FRANK_ASSIGN_OR_RETURN(
        v1::ProofStatus proof,
        ParseEnum("proof", text, v1::ProofStatus_MAX, &ProofName));
    filter->add_proof(proof);
  }
  FRANK_ASSIGN_OR_RETURN(uint64_t until, TimeOf(args, "due-until", now));
  filter->set_due_until(until);
  return absl::OkStatus();
}

}  // namespace

std::vector<Option> ClaimFilterOptions() {
  return {
      {"queue", "NAME", "of this queue", false, true},
      {"reason", "KEY", "with a report of this reason", false, true},
      {"area", "NAME", "of this policy area", false, true},
      {"severity", "LEVEL", "low, medium, high or critical", false, true},
      {"proof", "STATUS", "proven, unproven, forged or unopenable", false,
       true},
      {"due-until", "TIME", "due before"},
  };
}

absl::Status SetClaimFilter(const Args& args, UnixMillis now,
                            v1::ClaimCaseRequest* request) {
  v1::ClaimFilter filter;
  FRANK_RETURN_IF_ERROR(SetCommon(args, now, &filter));
  if (filter.ByteSizeLong() > 0) *request->mutable_filter() = filter;
  return absl::OkStatus();
}

std::vector<Option> CaseFilterOptions() {
  std::vector<Option> options = ClaimFilterOptions();
  for (Option option : std::vector<Option>{
           {"state", "STATE",
            "open, decided, on_hold, awaiting_approval, appealed or "
            "duplicate; without it open ones, or all of whom is looked up",
            false, true},
           {"due-from", "TIME", "due then or later"},
           {"accused", "URI", "about this account"},
           {"reporter", "URI", "with a report of this account"},
           {"moderator", "ID", "that they hold or decided"},
           {"tag", "TAG", "with this tag"},
           {"order", "ORDER", "priority (as without it), deadline or age"}}) {
    options.push_back(std::move(option));
  }
  return options;
}

absl::Status SetCaseFilter(const Args& args, UnixMillis now,
                           v1::CaseFilter* filter) {
  FRANK_RETURN_IF_ERROR(SetCommon(args, now, filter));
  for (const std::string& text : args.All("state")) {
    FRANK_ASSIGN_OR_RETURN(
        v1::CaseState state,
        ParseEnum("state", text, v1::CaseState_MAX, &StateName));
    filter->add_state(state);
  }
  FRANK_ASSIGN_OR_RETURN(uint64_t from, TimeOf(args, "due-from", now));
  filter->set_due_from(from);
  filter->set_accused_uri(args.Get("accused"));
  filter->set_reporter_uri(args.Get("reporter"));
  filter->set_moderator(args.Get("moderator"));
  filter->set_tag(args.Get("tag"));
  return absl::OkStatus();
}

absl::Status SetCaseOrder(const Args& args, v1::CaseOrder* order) {
  *order = v1::CASE_ORDER_UNSPECIFIED;
  if (!args.Has("order")) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(*order, ParseEnum("order", args.Get("order"),
                                           v1::CaseOrder_MAX, &OrderName));
  return absl::OkStatus();
}

}  // namespace frank::client
