// The JSON half of mod_view.h.
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "client/command/mod_view.h"
#include "client/command/text.h"
#include "core/uri.h"

namespace frank::client {
namespace {

// Text is for people to read, anything else is base64.
void AddBody(const v1::DisclosedPart& part, JsonObject* object) {
  if (part.body().empty()) return;
  if (absl::StartsWith(part.media_type(), "text/") &&
      IsWellFormedUtf8(part.body())) {
    object->Text("text", part.body());
  } else {
    object->Text("body_base64", absl::Base64Escape(part.body()));
  }
}

JsonObject PartJson(const v1::DisclosedPart& part) {
  JsonObject object;
  object.Number("index", part.index())
      .Text("media_type", part.media_type())
      .Number("size", part.size());
  if (!part.sha256().empty()) object.Hex("sha256", part.sha256());
  AddBody(part, &object);
  return object;
}

// Chunks are many and large: their numbers only; --save writes the bytes.
JsonObject FileJson(const v1::DisclosedFile& file) {
  std::vector<uint64_t> chunks;
  for (const v1::DisclosedPart& chunk : file.chunk()) {
    chunks.push_back(chunk.index());
  }
  JsonObject object;
  object.Hex("file_tag", file.file_tag())
      .Number("size", file.size())
      .Text("media_type", file.media_type())
      .Text("name", file.name())
      .Number("chunk_count", file.chunk_count())
      .Numbers("disclosed_chunks", chunks);
  return object;
}

JsonObject VerdictJson(const v1::MessageVerdict& verdict) {
  JsonObject object;
  object.Text("verdict", VerdictName(verdict.verdict()))
      .Text("meaning", VerdictMeaning(verdict.verdict()))
      .Text("detail", verdict.detail())
      .Hex("franking_tag", verdict.franking_tag())
      .Text("sender", verdict.sender_uri())
      .Text("room", verdict.room_uri())
      .Number("accepted_timestamp", verdict.accepted_timestamp())
      .Number("form", verdict.form())
      .Number("window_not_before", verdict.window_not_before())
      .Number("window_not_after", verdict.window_not_after());
  return object;
}

JsonObject PriorJson(const v1::PriorDecision& prior) {
  std::vector<std::string> actions;
  for (int action : prior.action()) {
    actions.push_back(ActionName(static_cast<v1::ActionKind>(action)));
  }
  JsonObject object;
  object.Hex("case_id", prior.case_id())
      .Hex("decision_id", prior.decision_id())
      .Text("policy", prior.policy())
      .Texts("actions", actions)
      .Number("decided_at", prior.decided_at());
  return object;
}

template <typename Items, typename Convert>
std::vector<JsonObject> Each(const Items& items, Convert convert) {
  std::vector<JsonObject> objects;
  for (const auto& item : items) objects.push_back(convert(item));
  return objects;
}

}  // namespace

std::string VerdictName(v1::Verdict verdict) {
  return std::string(absl::StripPrefix(v1::Verdict_Name(verdict), "VERDICT_"));
}
std::string ActionName(v1::ActionKind kind) {
  return EnumText(v1::ActionKind_Name(kind), "ACTION_KIND_");
}
std::string OutcomeName(v1::ReportOutcome outcome) {
  return EnumText(v1::ReportOutcome_Name(outcome), "REPORT_OUTCOME_");
}
std::string NoticeName(v1::NoticeKind notice) {
  return EnumText(v1::NoticeKind_Name(notice), "NOTICE_KIND_");
}
std::string SeverityName(v1::Severity severity) {
  return EnumText(v1::Severity_Name(severity), "SEVERITY_");
}
std::string StateName(v1::CaseState state) {
  return EnumText(v1::CaseState_Name(state), "CASE_STATE_");
}
std::string ProofName(v1::ProofStatus proof) {
  return EnumText(v1::ProofStatus_Name(proof), "PROOF_STATUS_");
}
std::string LinkName(v1::CaseLinkKind kind) {
  return EnumText(v1::CaseLinkKind_Name(kind), "CASE_LINK_KIND_");
}

std::string RetentionClassName(v1::RetentionClass retention_class) {
  return EnumText(v1::RetentionClass_Name(retention_class), "RETENTION_CLASS_");
}

JsonObject LegalHoldJson(const v1::LegalHold& hold) {
  JsonObject object;
  object.Text("kind", "legal_hold")
      .Hex("hold_id", hold.hold_id())
      .Hex("case_id", hold.case_id())
      .Text("moderator", hold.moderator())
      .Number("placed_at", hold.placed_at())
      .Text("reason", hold.reason())
      .Hex("from_case_id", hold.from_case_id());
  return object;
}

JsonObject ReferralJson(const v1::Referral& referral) {
  std::vector<std::string> cases;
  for (const std::string& id : referral.case_id()) {
    cases.push_back(ToHex(AsBytes(id)));
  }
  JsonObject object;
  object.Text("kind", "referral")
      .Hex("decision_id", referral.decision_id())
      .Texts("case_ids", cases)
      .Text("accused", referral.accused_uri())
      .Text("policy", referral.policy())
      .Text("state", EnumText(v1::ReferralState_Name(referral.state()),
                              "REFERRAL_STATE_"))
      .Number("decided_at", referral.decided_at())
      .Number("due_at", referral.due_at())
      .Text("authority", referral.authority())
      .Text("assigned_by", referral.assigned_by())
      .Number("assigned_at", referral.assigned_at())
      .Number("handed_over_at", referral.handed_over_at())
      .Text("recorded_by", referral.recorded_by())
      .Number("recorded_at", referral.recorded_at())
      .Text("reference", referral.reference())
      .Hex("export_id", referral.export_id())
      .Text("withdrawn_by", referral.withdrawn_by())
      .Number("withdrawn_at", referral.withdrawn_at());
  return object;
}

std::vector<std::string> TagNames(const v1::CaseSummary& summary) {
  std::vector<std::string> names;
  for (const v1::CaseTag& tag : summary.tag()) names.push_back(tag.name());
  return names;
}

JsonObject CaseJson(const v1::CaseSummary& summary) {
  JsonObject object;
  object.Text("kind", "case")
      .Hex("case_id", summary.case_id())
      .Text("accused", summary.accused_uri())
      .Text("policy_area", summary.policy_area())
      .Text("severity", SeverityName(summary.severity()))
      .Text("state", StateName(summary.state()))
      .Number("opened_at", summary.opened_at())
      .Number("deadline", summary.deadline())
      .Number("reports", summary.report_count())
      .Number("proven", summary.proven_count())
      .Number("proven_reporters", summary.proven_reporter_count())
      .Number("unproven", summary.unproven_count())
      .Bool("clear_mismatch", summary.clear_mismatch())
      .Number("reporter_weight", summary.reporter_weight())
      .Number("replays", summary.replay_count())
      .Text("exposure", EnumText(v1::ExposureCategory_Name(summary.exposure()),
                                 "EXPOSURE_CATEGORY_"))
      .Text("queue", summary.queue())
      .Number("revision", summary.revision())
      .Number("joined_revision", summary.joined_revision())
      .Text("proof", ProofName(summary.proof()))
      .Number("forged", summary.forged_count())
      .Texts("reasons", {summary.reason().begin(), summary.reason().end()})
      .Texts("tags", TagNames(summary))
      .Text("language", summary.language_hint())
      .Bool("needs_second_person", summary.needs_second_person());
  if (summary.hold_until() > 0) {
    object.Number("hold_until", summary.hold_until());
  }
  if (!summary.duplicate_of().empty()) {
    object.Hex("duplicate_of", summary.duplicate_of());
  }
  if (summary.appealed_at() > 0) {
    object.Number("appealed_at", summary.appealed_at());
  }
  object.Text("retention_class", RetentionClassName(summary.retention_class()))
      .Number("closed_at", summary.closed_at());
  if (summary.shredded_at() > 0) {
    object.Number("shredded_at", summary.shredded_at());
  }
  std::vector<JsonObject> holds;
  for (const v1::LegalHold& hold : summary.legal_hold()) {
    holds.push_back(LegalHoldJson(hold));
  }
  object.Objects("legal_holds", holds);
  if (summary.has_lease()) {
    object.Text("lease_holder", summary.lease().holder())
        .Number("lease_epoch", summary.lease().epoch())
        .Number("lease_expires_at", summary.lease().expires_at());
  }
  return object;
}

JsonObject ReportJson(const v1::CaseReport& report) {
  JsonObject object;
  object.Text("kind", "report")
      .Hex("report_id", report.report_id())
      .Text("reporter", report.reporter_uri())
      .Text("condition", EnumText(v1::ReportCondition_Name(report.condition()),
                                  "REPORT_CONDITION_"))
      .Text("reason", report.reason())
      .Number("reported_at", report.reported_at())
      .Number("accepted_at", report.accepted_at())
      .Bool("clear_mismatch", report.clear_mismatch())
      .Objects("messages", Each(report.message(), VerdictJson))
      .Number("left_out_messages", report.left_out_message_count());
  if (!report.note().empty()) object.Text("note", report.note());
  return object;
}

JsonObject EvidenceJson(absl::string_view kind, const v1::Evidence& evidence) {
  std::vector<std::string> reports;
  for (const std::string& id : evidence.report_id()) {
    reports.push_back(ToHex(AsBytes(id)));
  }
  const auto& times = evidence.accepted_timestamp();
  const auto& withheld = evidence.withheld_part();
  JsonObject object;
  object.Text("kind", kind)
      .Hex("franking_tag", evidence.franking_tag())
      .Text("sender", evidence.sender_uri())
      .Text("room", evidence.room_uri())
      .Numbers("accepted_timestamps", {times.begin(), times.end()})
      .Text("scheme", evidence.scheme() == 1 ? "whole" : "parts")
      .Number("part_count", evidence.part_count())
      .Objects("parts", Each(evidence.part(), PartJson))
      .Numbers("withheld_parts", {withheld.begin(), withheld.end()})
      .Objects("files", Each(evidence.file(), FileJson))
      .Number("left_out", evidence.left_out_count())
      .Number("reporters", evidence.reporter_count())
      .Number("replays", evidence.replay_count())
      .Texts("report_ids", reports)
      .Objects("prior_decisions", Each(evidence.prior_decision(), PriorJson));
  return object;
}

JsonObject LinkJson(const v1::CaseLink& link) {
  JsonObject object;
  object.Text("kind", "link")
      .Hex("case_id", link.case_id())
      .Text("link", LinkName(link.kind()))
      .Text("moderator", link.moderator())
      .Number("linked_at", link.linked_at());
  return object;
}

JsonObject NoteJson(const v1::CaseNote& note) {
  JsonObject object;
  object.Text("kind", "note")
      .Text("moderator", note.moderator())
      .Number("written_at", note.written_at());
  if (!note.text().empty()) object.Text("text", note.text());
  return object;
}

JsonObject ActJson(const v1::ListActsResponse::Act& act) {
  JsonObject object;
  object.Text("kind", "act")
      .Number("number", act.number())
      .Number("time", act.time())
      .Text("actor", act.actor())
      .Text("act", act.act())
      .Text("subject", act.subject())
      .Text("details", act.details())
      .Hex("sha256", act.sha256());
  return object;
}

}  // namespace frank::client
