// Every field of the requests about cases and reporters against its limit,
// before anything is looked up. Times are compared with the clock by the desks,
// whose tests have them.
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "services/moderation/reporter_handler.h"
#include "services/moderation/validate.h"
#include "services/moderation/validate_configuration.h"
#include "services/moderation/validate_queue.h"
#include "storage/moderation_schema.h"
#include "tests/services/field_rules.h"

namespace frank::moderation {
namespace {

constexpr char kMallory[] = "mimi://hub.example/u/mallory";

template <typename Request>
FieldRules<Request> Rules(Request good) {
  return FieldRules<Request>(std::move(good),
                             [](const Request& r) { return Check(r); });
}

template <typename Request>
Request OfCase() {
  Request request;
  request.set_case_id(OfBytes(16));
  return request;
}
// Of a request about one case.
template <typename Request>
FieldRules<Request> CaseRules(Request good) {
  return Rules(std::move(good))
      .HasBytes("case_id", 16,
                [](auto& r, const auto& id) { r.set_case_id(id); });
}

// What no moderator's id may be, and what one may.
const std::vector<std::string>& BadModerators() {
  static const auto* const kBad = new std::vector<std::string>{
      "Rey",     OfBytes(limits::kMaxModeratorIdBytes + 1),
      "r y",     "r\n",
      "oidc:",   "oidc:" + OfBytes(limits::kMaxTokenSubjectBytes + 1),
      "oidc:\"", "saml:rey"};
  return *kBad;
}
const std::vector<std::string>& GoodModerators() {
  static const auto* const kGood = new std::vector<std::string>{
      "r.e-y_1", OfBytes(limits::kMaxModeratorIdBytes),
      "oidc:" + OfBytes(limits::kMaxTokenSubjectBytes)};
  return *kGood;
}

// A value that is given so many times.
template <typename Values, typename Value>
void Fill(Values* values, size_t count, const Value& value) {
  while (values->size() < static_cast<int>(count)) *values->Add() = value;
}

// The names that both kinds of filters have, under "filter".
template <typename Request>
void HasNames(FieldRules<Request>& rules) {
  const auto names = [](Request& r, absl::string_view field) {
    auto* filter = r.mutable_filter();
    return field == "filter.queue"    ? filter->mutable_queue()
           : field == "filter.reason" ? filter->mutable_reason()
                                      : filter->mutable_policy_area();
  };
  for (const char* field :
       {"filter.queue", "filter.reason", "filter.policy_area"}) {
    const auto fill = [=](size_t count, const std::string& name) {
      return [=](Request& r) { Fill(names(r, field), count, name); };
    };
    rules
        .Takes(field,
               fill(limits::kMaxFilterValues, OfBytes(limits::kMaxReasonBytes)))
        .Refuses(field, "too many", fill(limits::kMaxFilterValues + 1, "x"))
        .Refuses(field, "too long",
                 fill(1, OfBytes(limits::kMaxReasonBytes + 1)))
        .Refuses(field, "no UTF-8", fill(1, "\xff"));
  }
}

// An enum of a filter: known values, and not too many.
template <typename Request, typename Values>
void HasKnown(FieldRules<Request>& rules, const std::string& field,
              const Values& values) {
  const auto fill = [=](size_t count, int value) {
    return [=](Request& r) { Fill(values(r), count, value); };
  };
  rules.Takes(field, fill(limits::kMaxFilterValues, 1))
      .Refuses(field, "too many", fill(limits::kMaxFilterValues + 1, 1))
      .Refuses(field, "unspecified", fill(1, 0))
      .Refuses(field, "unknown", fill(1, 99));
}

// What lists and searches of cases have in common.
template <typename Request>
void HasListing(const Request& good) {
  auto rules = Rules(good);
  rules.HasPages({}).Refuses("order", "unknown", [](Request& r) {
    r.set_order(static_cast<v1::CaseOrder>(99));
  });
  HasNames(rules);
  HasKnown(rules, "filter.severity",
           [](Request& r) { return r.mutable_filter()->mutable_severity(); });
  HasKnown(rules, "filter.state",
           [](Request& r) { return r.mutable_filter()->mutable_state(); });
  HasKnown(rules, "filter.proof",
           [](Request& r) { return r.mutable_filter()->mutable_proof(); });
  rules
      .Refuses("filter.due_until", "not after due_from",
               [](Request& r) {
                 r.mutable_filter()->set_due_from(2);
                 r.mutable_filter()->set_due_until(2);
               })
      .MayHaveUri("filter.accused_uri",
                  [](Request& r, const auto& uri) {
                    r.mutable_filter()->set_accused_uri(uri);
                  })
      .MayHaveUri("filter.reporter_uri", [](Request& r, const auto& uri) {
        r.mutable_filter()->set_reporter_uri(uri);
      });
  for (const std::string& id : BadModerators()) {
    rules.Refuses("filter.moderator", id,
                  [&](Request& r) { r.mutable_filter()->set_moderator(id); });
  }
  for (const std::string& id : GoodModerators()) {
    rules.Takes(id, [&](Request& r) { r.mutable_filter()->set_moderator(id); });
  }
  for (const char* tag : {"Urgent", "a b", "\xff"}) {
    rules.Refuses("filter.tag", tag,
                  [&](Request& r) { r.mutable_filter()->set_tag(tag); });
  }
  rules.Refuses("filter.tag", "too long",
                [](Request& r) { r.mutable_filter()->set_tag(OfBytes(33)); });
}

TEST(ReviewFieldsTest, ListCases) { HasListing(v1::ListCasesRequest()); }

TEST(ReviewFieldsTest, ClaimCase) {
  auto next = Rules(v1::ClaimCaseRequest());
  HasNames(next);
  HasKnown(next, "filter.severity", [](v1::ClaimCaseRequest& r) {
    return r.mutable_filter()->mutable_severity();
  });
  Rules(OfCase<v1::ClaimCaseRequest>())
      .Refuses("case_id", "short", [](auto& r) { r.set_case_id(OfBytes(15)); })
      .Refuses("case_id", "long", [](auto& r) { r.set_case_id(OfBytes(17)); })
      .Refuses("filter", "of a named case", [](auto& r) { r.mutable_filter(); })
      .Refuses("page_token", "of a named case",
               [](auto& r) { r.set_page_token("AA"); })
      .Refuses("show", "absent beside reveal_notes",
               [](auto& r) { r.set_reveal_notes(true); })
      .Refuses("show", "absent beside reveal_texts",
               [](auto& r) { r.set_reveal_texts(true); });
}

TEST(ReviewFieldsTest, GetCase) {
  const auto tags = [](size_t count) {
    return [count](v1::GetCaseRequest& r) {
      Fill(r.mutable_reveal_tag(), count, OfBytes(32));
    };
  };
  auto rules = CaseRules(OfCase<v1::GetCaseRequest>());
  rules
      .Refuses("franking_tag", "short",
               [](auto& r) { r.set_franking_tag(OfBytes(31)); })
      .Refuses("franking_tag", "long",
               [](auto& r) { r.set_franking_tag(OfBytes(33)); })
      .Refuses("franking_tag", "absent beside file_tag",
               [](auto& r) { r.set_file_tag(OfBytes(32)); })
      .Refuses("franking_tag", "absent beside first_index",
               [](auto& r) { r.set_first_index(1); })
      .Refuses("franking_tag", "absent beside index_count",
               [](auto& r) { r.set_index_count(1); })
      .Takes("all of them",
             [](auto& r) {
               r.set_franking_tag(OfBytes(32));
               r.set_file_tag(OfBytes(32));
               r.set_first_index(1);
             })
      .Takes("as many as may be", tags(limits::kMaxRevealedPieces))
      .Refuses("reveal_tag", "too many", tags(limits::kMaxRevealedPieces + 1));
  for (size_t size : {31, 33}) {
    rules
        .Refuses("file_tag", absl::StrCat(size),
                 [size](auto& r) {
                   r.set_franking_tag(OfBytes(32));
                   r.set_file_tag(OfBytes(size));
                 })
        .Refuses("reveal_tag[1]", absl::StrCat(size), [size](auto& r) {
          r.add_reveal_tag(OfBytes(32));
          r.add_reveal_tag(OfBytes(size));
        });
  }
  const std::string token(2 * storage::EvidenceId::kSize, 'a');
  rules.Takes("a token", [&](auto& r) { r.set_page_token(token); });
  for (const std::string& bad :
       {token.substr(1), token + "a", "zz" + token.substr(2)}) {
    rules.Refuses("page_token", bad, [&](auto& r) { r.set_page_token(bad); });
  }
  const auto note_page = [](size_t size) {
    return [size](v1::GetCaseRequest& r) {
      r.set_note_page_token(absl::WebSafeBase64Escape(OfBytes(size)));
    };
  };
  rules.Takes("a page of notes", note_page(24))
      .Refuses("note_page_token", "short", note_page(23))
      .Refuses("note_page_token", "long", note_page(25))
      .Refuses("note_page_token", "no base64",
               [](auto& r) { r.set_note_page_token("\xff"); });
}

TEST(ReviewFieldsTest, LeasesAndActs) {
  CaseRules(OfCase<v1::RenewLeaseRequest>());
  CaseRules(OfCase<v1::ListActsRequest>());
  CaseRules(OfCase<v1::ReleaseCaseRequest>())
      .HasText("note", 0, limits::kMaxDecisionNoteBytes,
               [](auto& r, const auto& note) { r.set_note(note); });
}

TEST(QueueFieldsTest, HoldAndWakeCase) {
  auto hold = OfCase<v1::HoldCaseRequest>();
  hold.set_reason("why");
  CaseRules(hold).HasText("reason", 1, limits::kMaxHoldReasonBytes,
                          [](auto& r, const auto& why) { r.set_reason(why); });
  CaseRules(OfCase<v1::WakeCaseRequest>());
}

TEST(QueueFieldsTest, HandOverTakeOverAndEscalateCase) {
  auto hand_over = OfCase<v1::HandOverCaseRequest>();
  hand_over.set_queue("general");
  hand_over.set_note("why");
  auto rules = CaseRules(hand_over);
  rules
      .HasText("note", 1, limits::kMaxDecisionNoteBytes,
               [](auto& r, const auto& note) { r.set_note(note); })
      .Refuses("to", "absent", [](auto& r) { r.clear_to(); })
      .Takes("the longest name", [](auto& r) { r.set_queue(OfBytes(32)); })
      .Refuses("moderator", "empty", [](auto& r) { r.set_moderator(""); });
  for (const std::string& queue :
       {std::string(), OfBytes(33), std::string("General"),
        std::string("a b")}) {
    rules.Refuses("queue", queue, [&](auto& r) { r.set_queue(queue); });
  }
  for (const std::string& id : BadModerators()) {
    rules.Refuses("moderator", id, [&](auto& r) { r.set_moderator(id); });
  }
  for (const std::string& id : GoodModerators()) {
    rules.Takes(id, [&](auto& r) { r.set_moderator(id); });
  }
  auto take_over = OfCase<v1::TakeOverCaseRequest>();
  take_over.set_note("why");
  CaseRules(take_over).HasText(
      "note", 1, limits::kMaxDecisionNoteBytes,
      [](auto& r, const auto& note) { r.set_note(note); });
  auto escalate = OfCase<v1::EscalateCaseRequest>();
  escalate.set_note("why");
  CaseRules(escalate).HasText(
      "note", 1, limits::kMaxDecisionNoteBytes,
      [](auto& r, const auto& note) { r.set_note(note); });
}

TEST(QueueFieldsTest, AddNote) {
  auto note = OfCase<v1::AddNoteRequest>();
  note.set_note_id(OfBytes(16));
  note.set_text("seen before");
  CaseRules(note)
      .HasBytes("note_id", 16,
                [](auto& r, const auto& id) { r.set_note_id(id); })
      .HasText("text", 1, limits::kMaxDecisionNoteBytes,
               [](auto& r, const auto& text) { r.set_text(text); });
}

template <typename Request>
void HasTag() {
  auto good = OfCase<Request>();
  good.set_tag("ring-1");
  auto rules = CaseRules(good);
  rules.Takes("the longest tag", [](Request& r) { r.set_tag(OfBytes(32)); });
  for (const std::string& tag :
       {std::string(), OfBytes(33), std::string("Ring"), std::string("a\n")}) {
    rules.Refuses("tag", tag, [&](Request& r) { r.set_tag(tag); });
  }
}

TEST(QueueFieldsTest, TagAndUntagCase) {
  HasTag<v1::TagCaseRequest>();
  HasTag<v1::UntagCaseRequest>();
}

template <typename Request>
void HasPair() {
  auto good = OfCase<Request>();
  good.set_other_case_id(std::string(16, 'y'));
  CaseRules(good)
      .HasBytes("other_case_id", 16,
                [](Request& r, const auto& id) {
                  r.set_case_id(std::string(16, 'z'));
                  r.set_other_case_id(id);
                })
      .Refuses("other_case_id", "the same",
               [](Request& r) { r.set_other_case_id(r.case_id()); });
}

TEST(QueueFieldsTest, LinkedCasesAndDuplicates) {
  HasPair<v1::LinkCasesRequest>();
  HasPair<v1::UnlinkCasesRequest>();
  auto duplicate = OfCase<v1::MarkDuplicateRequest>();
  duplicate.set_into_case_id(std::string(16, 'y'));
  CaseRules(duplicate).HasBytes(
      "into_case_id", 16,
      [](auto& r, const auto& id) { r.set_into_case_id(id); });
}

TEST(QueueFieldsTest, AttendCase) {
  CaseRules(OfCase<v1::AttendCaseRequest>());
}

// A list of words in the first rule.
template <typename Words>
void HasWords(FieldRules<v1::DryRunRoutingRequest>& rules,
              const std::string& field, Words words) {
  const auto fill = [words](size_t count, const std::string& word) {
    return [=](v1::DryRunRoutingRequest& r) {
      Fill(words(r.mutable_rule(0)), count, word);
    };
  };
  rules.Takes(field, fill(limits::kMaxRuleValues, "x"))
      .Refuses(field, "too many", fill(limits::kMaxRuleValues + 1, "x"))
      .Takes("an empty word", fill(1, ""))
      .Refuses(field, "too long", fill(1, OfBytes(limits::kMaxReasonBytes + 1)))
      .Refuses(field, "no UTF-8", fill(1, "\xff"));
}

TEST(ConfigurationFieldsTest, DryRunRouting) {
  v1::DryRunRoutingRequest good;
  good.add_rule()->set_queue("harm");
  good.set_opened_from(1);
  good.set_opened_until(2);
  auto rules = Rules(good);
  HasWords(rules, "rule[0].reason",
           [](v1::RoutingRule* rule) { return rule->mutable_reason(); });
  HasWords(rules, "rule[0].policy_area",
           [](v1::RoutingRule* rule) { return rule->mutable_policy_area(); });
  HasWords(rules, "rule[0].language",
           [](v1::RoutingRule* rule) { return rule->mutable_language(); });
  const auto proofs = [](size_t count, int value) {
    return [=](v1::DryRunRoutingRequest& r) {
      Fill(r.mutable_rule(0)->mutable_proof(), count, value);
    };
  };
  rules.Takes("proofs", proofs(limits::kMaxRuleValues, 1))
      .Refuses("rule[0].proof", "too many",
               proofs(limits::kMaxRuleValues + 1, 1))
      .Refuses("rule[0].proof", "unspecified", proofs(1, 0))
      .Refuses("rule[0].proof", "unknown", proofs(1, 99))
      .Refuses("rule[0].queue", "no label",
               [](auto& r) { r.mutable_rule(0)->set_queue("Harm"); })
      .Refuses(
          "rule[0].min_severity", "unknown",
          [](auto& r) {
            r.mutable_rule(0)->set_min_severity(static_cast<v1::Severity>(99));
          })
      .Takes("no rule", [](auto& r) { r.clear_rule(); })
      .Refuses("rule", "too many",
               [](auto& r) {
                 while (r.rule_size() <=
                        static_cast<int>(limits::kMaxProposedRules)) {
                   *r.add_rule() = r.rule(0);
                 }
               })
      .Refuses("opened_until", "not later",
               [](auto& r) { r.set_opened_until(1); });
}

TEST(QueueFieldsTest, SearchNotes) {
  v1::SearchNotesRequest good;
  good.set_text("seen before");
  HasListing(good);
  Rules(good).HasText("text", limits::kMinNoteSearchBytes,
                      limits::kMaxNoteSearchBytes,
                      [](auto& r, const auto& text) { r.set_text(text); });
}

template <typename Request>
void HasReporter() {
  Request good;
  good.set_reporter_uri(kMallory);
  Rules(good).HasUri("reporter_uri", [](Request& r, const auto& uri) {
    r.set_reporter_uri(uri);
  });
}

TEST(ReporterFieldsTest, NamesAReporter) {
  HasReporter<v1::GetReporterRequest>();
  HasReporter<v1::MuteReporterRequest>();
  HasReporter<v1::UnmuteReporterRequest>();
  HasReporter<v1::ReleaseReportsRequest>();
}

}  // namespace
}  // namespace frank::moderation
