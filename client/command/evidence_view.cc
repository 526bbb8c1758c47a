#include "client/command/evidence_view.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/command/mod_view.h"
#include "client/command/text.h"

namespace frank::client {
namespace {

size_t ProvenCount(const EvidenceFindings& findings) {
  return static_cast<size_t>(std::count_if(
      findings.messages.begin(), findings.messages.end(),
      [](const MessageFinding& message) { return message.IsProven(); }));
}

// A line of a message's text, what it is about in front.
std::string Line(absl::string_view about, absl::string_view words) {
  std::string line(about);
  line.resize(std::max<size_t>(line.size(), 9), ' ');
  return absl::StrCat("\n    ", line, " ", words);
}

std::string ContentWords(const MessageFinding& finding) {
  switch (finding.opening) {
    case Recomputed::kHolds:
      if (!finding.IsProven()) {
        return "anybody can check: what is shown is what the tag commits "
               "whoever made it to; moderation does not say that this account "
               "sent it";
      }
      return "anybody can check: what is shown is what the tag commits its "
             "sender to";
    case Recomputed::kFails:
      return "anybody can check: what was reported is NOT what the tag commits "
             "to; it is not shown";
    case Recomputed::kMalformed:
      return "a field of it breaks a rule; it is not shown";
    default:
      return "not in the package";
  }
}

std::string PlatformWords(const MessageFinding& finding) {
  switch (finding.signature) {
    case Recomputed::kHolds:
      return "anybody can check: the platform signed that this account sent "
             "something to this room then";
    case Recomputed::kFails:
      return "anybody can check: the platform did NOT sign this";
    case Recomputed::kMalformed:
      return "a field of its frank breaks a rule";
    case Recomputed::kNoKeys:
      return "not checked: no published key of that room and time was given";
    case Recomputed::kNoSignature:
      return "no signature: the platform used none then";
    default:
      return "not in the package";
  }
}

std::string ModerationWords(const MessageFinding& finding) {
  const std::string when = FormatTime(finding.verdict.stated_at());
  if (finding.IsProven()) {
    return absl::StrCat(
        "on moderation's word, signed ", when,
        ": that the platform's MAC ties this content to this sender, room and "
        "time");
  }
  return absl::StrCat("on moderation's word, signed ", when, ": ",
                      Printable(finding.verdict.detail()));
}

std::string PartText(const v1::DisclosedPart& part) {
  std::string text =
      absl::StrCat("\n    part ", part.index(), ": ",
                   Printable(part.media_type()), ", ", part.size(), " bytes");
  if (part.media_type().rfind("text/", 0) != 0) return text;
  return absl::StrCat(text, "\n", Indented(part.body(), "      | "));
}

std::string FileText(const v1::DisclosedFile& file) {
  return absl::StrCat("\n    file: ", Printable(file.media_type()), ", ",
                      file.size(), " bytes, ", file.chunk_size(), " of ",
                      file.chunk_count(), " chunks shown");
}

std::string ViewedText(const MessageFinding& finding) {
  if (finding.viewings.empty()) {
    return Line("viewed", "by no moderator, as far as these acts go");
  }
  std::string text;
  for (const Viewing& viewing : finding.viewings) {
    absl::StrAppend(
        &text,
        Line("viewed", absl::StrCat("by ", Printable(viewing.actor), ", ",
                                    FormatTime(viewing.time),
                                    viewing.text_only ? ", its text" : "")));
  }
  return text;
}

std::vector<JsonObject> LeftOutJson(const CustodyFinding& custody) {
  std::vector<JsonObject> objects;
  for (const LeftOutActs& acts : custody.left_out) {
    JsonObject object;
    object.Text("subject", acts.subject)
        .Number("first", acts.first)
        .Number("last", acts.last);
    objects.push_back(object);
  }
  return objects;
}

std::string KeptWords(const evidence::v1::Case::Retention& retention) {
  const std::string why = absl::StrCat(
      "by moderation, as ", Printable(retention.retention_class()), ", ");
  if (retention.due_at() == 0) {
    return absl::StrCat(why, "with no end set when this was made");
  }
  return absl::StrCat(why, "until ", FormatTime(retention.due_at()),
                      " at least, as of when this was made");
}

const char* NameOf(Recomputed result) {
  switch (result) {
    case Recomputed::kHolds:
      return "holds";
    case Recomputed::kFails:
      return "fails";
    case Recomputed::kMalformed:
      return "malformed";
    case Recomputed::kNoContent:
      return "no_content";
    case Recomputed::kNoKeys:
      return "no_keys";
    case Recomputed::kNoSignature:
      return "no_signature";
  }
  return "unknown";
}

std::vector<JsonObject> PartsJson(
    const google::protobuf::RepeatedPtrField<v1::DisclosedPart>& parts) {
  std::vector<JsonObject> objects;
  for (const v1::DisclosedPart& part : parts) {
    JsonObject object;
    object.Number("index", part.index())
        .Text("media_type", part.media_type())
        .Number("size", part.size());
    if (part.media_type().rfind("text/", 0) == 0) {
      object.Text("text", part.body());
    }
    objects.push_back(object);
  }
  return objects;
}

}  // namespace

JsonObject PackageJson(const EvidenceFindings& findings) {
  const evidence::v1::Manifest& manifest = findings.manifest;
  const evidence::v1::Case& about = findings.about;
  JsonObject object;
  object.Text("kind", "evidence_package")
      .Hex("sha256", findings.package_sha256)
      .Text("export_id", manifest.export_id())
      .Text("case_id", manifest.case_id())
      .Text("software", manifest.software())
      .Number("created_at", manifest.created_at())
      .Text("recipient", manifest.recipient())
      .Text("recipient_key", manifest.recipient_key())
      .Text("purpose", about.request().purpose())
      .Text("legal_basis", about.request().legal_basis())
      .Text("requested_by", findings.custody.requested_by)
      .Number("requested_at", about.request().requested_at())
      .Text("released_by", findings.custody.released_by)
      .Number("released_at", about.request().released_at())
      .Text("accused", about.accused())
      .Text("policy_area", about.policy_area())
      .Text("state", about.state())
      .Text("retention_class", about.retention().retention_class())
      .Number("retention_due_at", about.retention().due_at())
      .Number("reports", findings.reports.size())
      .Number("left_out_reports", about.left_out_report_count())
      .Number("messages", findings.messages.size())
      .Number("proven", ProvenCount(findings))
      .Number("unjudged", findings.unjudged.size())
      .Number("acts", findings.custody.acts.size())
      .Number("left_out_acts", LeftOutCount(findings.custody))
      .Objects("left_out", LeftOutJson(findings.custody))
      .Number("log_size", findings.custody.log_size)
      .Bool("authentic", true);
  return object;
}

JsonObject ReportJson(const evidence::v1::Report& report) {
  JsonObject object;
  object.Text("kind", "evidence_report")
      .Text("report_id", report.report_id())
      .Text("reporter", report.reporter())
      .Text("platform", report.platform())
      .Text("reason", report.reason())
      .Number("reported_at", report.reported_at())
      .Number("accepted_at", report.accepted_at())
      .Number("received_at", report.received_at())
      .Text("condition", report.condition())
      .Text("sealed_sha256", report.sealed_sha256())
      .Bool("clear_mismatch", report.clear_mismatch())
      .Text("content_missing", report.content_missing());
  return object;
}

JsonObject MessageJson(const MessageFinding& finding) {
  std::vector<JsonObject> viewings;
  for (const Viewing& viewing : finding.viewings) {
    JsonObject viewed;
    viewed.Text("by", viewing.actor)
        .Number("at", viewing.time)
        .Bool("text_only", viewing.text_only);
    viewings.push_back(viewed);
  }
  JsonObject object;
  object.Text("kind", "evidence_message")
      .Text("report_id", finding.report_id)
      .Number("number", finding.number)
      .Text("verdict", finding.verdict.verdict())
      .Text("detail", finding.verdict.detail())
      .Number("stated_at", finding.verdict.stated_at())
      .Text("franking_tag", finding.verdict.franking_tag())
      .Text("sender", finding.verdict.sender())
      .Text("room", finding.verdict.room())
      .Number("accepted_timestamp", finding.verdict.accepted_at())
      .Text("content", NameOf(finding.opening))
      .Text("platform_signature", NameOf(finding.signature))
      .Number("part_count", finding.shown.part_count())
      .Objects("parts", PartsJson(finding.shown.part()))
      .Numbers("withheld_parts", finding.withheld_parts)
      .Number("files", static_cast<uint64_t>(finding.shown.file_size()))
      .Objects("viewed", viewings);
  return object;
}

JsonObject UnjudgedJson(const EvidenceFindings& findings,
                        const UnjudgedMessage& message) {
  JsonObject object;
  object.Text("kind", "evidence_unjudged")
      .Text("report_id", findings.reports[message.report].report_id())
      .Number("number", message.number);
  return object;
}

JsonObject DecisionJson(const evidence::v1::Decision& decision) {
  std::vector<std::string> actions;
  for (const auto& action : decision.action()) {
    actions.push_back(action.action());
  }
  std::vector<JsonObject> events;
  for (const auto& event : decision.event()) {
    JsonObject happened;
    happened.Text("event", event.event())
        .Text("moderator", event.moderator())
        .Number("happened_at", event.happened_at());
    events.push_back(happened);
  }
  JsonObject object;
  object.Text("kind", "evidence_decision")
      .Text("decision_id", decision.decision_id())
      .Text("state", decision.state())
      .Text("moderator", decision.moderator())
      .Number("decided_at", decision.decided_at())
      .Text("policy", decision.policy())
      .Number("policy_version", decision.policy_version())
      .Text("policy_title", decision.policy_title())
      .Text("policy_text", decision.policy_text())
      .Text("reason", decision.reason())
      .Texts("actions", actions)
      .Text("rationale", decision.rationale())
      .Objects("events", events);
  return object;
}

JsonObject FactJson(const evidence::v1::AccountFact& fact) {
  JsonObject object;
  object.Text("kind", "evidence_fact")
      .Text("fact", fact.fact())
      .Text("value", fact.value())
      .Text("source", fact.source())
      .Number("as_of", fact.as_of());
  return object;
}

JsonObject CustodyJson(const crypto::AuditEntry& act) {
  JsonObject object;
  object.Text("kind", "evidence_act")
      .Number("time", act.time)
      .Text("actor", act.actor)
      .Text("act", act.act)
      .Text("subject", act.subject)
      .Text("details", act.details);
  return object;
}

std::string PackageText(const EvidenceFindings& findings) {
  const evidence::v1::Manifest& manifest = findings.manifest;
  const evidence::v1::Case& about = findings.about;
  return absl::StrCat(
      "AUTHENTIC: moderation made and signed this, and not a bit was changed "
      "since\n  made       ",
      FormatTime(manifest.created_at()), ", by ",
      Printable(manifest.software()), "\n  case       ", manifest.case_id(),
      ", ", Printable(about.policy_area()), ", ", Printable(about.state()),
      "\n  accused    ", Printable(about.accused()), "\n  for        ",
      Printable(manifest.recipient()), "\n  purpose    ",
      Printable(about.request().purpose()), "\n  basis      ",
      Printable(about.request().legal_basis()), "\n  asked      ",
      Printable(findings.custody.requested_by), ", ",
      FormatTime(about.request().requested_at()), "\n  released   ",
      Printable(findings.custody.released_by), ", ",
      FormatTime(about.request().released_at()), "\n  kept       ",
      KeptWords(about.retention()), "\n  reports    ", findings.reports.size(),
      " of ", about.report_count(), "\n  messages   ", findings.messages.size(),
      ", ", ProvenCount(findings), " PROVEN; ", findings.unjudged.size(),
      " more that no verdict covers");
}

std::string ReportText(const evidence::v1::Report& report) {
  std::string text = absl::StrCat(
      "Report ", report.report_id(), ": ", Printable(report.reason()),
      "\n  by         ", Printable(report.reporter()), "\n  received   ",
      FormatTime(report.received_at()));
  if (!report.content_missing().empty()) {
    absl::StrAppend(&text,
                    "\n  no content: ", Printable(report.content_missing()));
  }
  if (report.clear_mismatch()) {
    absl::StrAppend(&text,
                    "\n  CLEAR_MISMATCH: the platform forwarded other franks "
                    "than the reporter sealed");
  }
  return text;
}

std::string MessageText(const MessageFinding& finding) {
  const evidence::v1::Verdict& verdict = finding.verdict;
  std::string text = absl::StrCat(
      "  Message ", finding.number, ": ",
      finding.IsProven() ? "PROVEN"
                         : "NOT PROVEN, " + Printable(verdict.verdict()));
  if (!verdict.franking_tag().empty()) {
    absl::StrAppend(
        &text,
        Line("from", Printable(verdict.sender()) +
                         (finding.IsProven() ? "" : ", as its frank claims")),
        Line("in", Printable(verdict.room())),
        Line("at",
             FormatTime(verdict.accepted_at()) + ", by the platform's clock"));
  }
  absl::StrAppend(&text, Line("content", ContentWords(finding)),
                  Line("platform", PlatformWords(finding)),
                  Line("the rest", ModerationWords(finding)));
  if (!finding.withheld_parts.empty()) {
    absl::StrAppend(
        &text,
        Line("withheld", absl::StrCat("by the reporter: parts ",
                                      Ranges(finding.withheld_parts), " of ",
                                      finding.shown.part_count())));
  }
  absl::StrAppend(&text, ViewedText(finding));
  for (const v1::DisclosedPart& part : finding.shown.part()) {
    absl::StrAppend(&text, PartText(part));
  }
  for (const v1::DisclosedFile& file : finding.shown.file()) {
    absl::StrAppend(&text, FileText(file));
  }
  return text;
}

std::string UnjudgedText(const UnjudgedMessage& message) {
  return absl::StrCat("  Message ", message.number,
                      ": NOT JUDGED\n    no verdict of moderation covers it; "
                      "it is not shown");
}

std::string DecisionText(const evidence::v1::Decision& decision) {
  std::string text = absl::StrCat(
      "Decision ", decision.decision_id(), ": ", Printable(decision.state()),
      "\n  by         ", Printable(decision.moderator()), ", ",
      FormatTime(decision.decided_at()), "\n  policy     ",
      Printable(decision.policy()), " of version ", decision.policy_version(),
      "\n  reason     ", Printable(decision.reason()));
  for (const auto& action : decision.action()) {
    absl::StrAppend(&text, "\n  action     ", Printable(action.action()));
    if (action.until() != 0) {
      absl::StrAppend(&text, " until ", FormatTime(action.until()));
    }
  }
  if (!decision.rationale().empty()) {
    absl::StrAppend(&text, "\n", Indented(decision.rationale(), "  | "));
  }
  for (const auto& event : decision.event()) {
    absl::StrAppend(&text, "\n  then       ", Printable(event.event()), " by ",
                    event.moderator().empty() ? "the accused"
                                              : Printable(event.moderator()),
                    ", ", FormatTime(event.happened_at()));
  }
  return text;
}

std::string FactText(const evidence::v1::AccountFact& fact) {
  return absl::StrCat("Account: ", Printable(fact.fact()), ": ",
                      Printable(fact.value()), "; ", Printable(fact.source()),
                      ", ", FormatTime(fact.as_of()));
}

std::string CustodyText(const EvidenceFindings& findings) {
  const CustodyFinding& custody = findings.custody;
  std::string text = absl::StrCat(
      "Custody: ", custody.acts.size(),
      " acts, each proven to be in the audit log of ", custody.log_size,
      " entries; ", LeftOutCount(custody), " left out");
  for (const LeftOutActs& acts : custody.left_out) {
    absl::StrAppend(&text, "\n  left out: acts ", acts.first, " to ", acts.last,
                    " of ", Printable(acts.subject), ", ",
                    acts.last - acts.first + 1);
  }
  for (const crypto::AuditEntry& act : custody.acts) {
    absl::StrAppend(&text, "\n  ", FormatTime(act.time), "  ",
                    Printable(act.actor), "  ", Printable(act.act));
  }
  return text;
}

std::string NotProvenText(const EvidenceFindings& findings) {
  std::string text =
      "Not proven by this package:\n"
      "  who the person behind an account is, or who held its devices\n"
      "  what was said in messages and parts that nobody reported\n"
      "  times more exactly than the platform's clock\n"
      "  what rests on moderation's word, if moderation is not believed";
  if (findings.about.left_out_report_count() > 0) {
    absl::StrAppend(&text, "\n  what stands in the ",
                    findings.about.left_out_report_count(),
                    " reports that are left out");
  }
  return text;
}

}  // namespace frank::client
