// The half of mod_view.h that is for people.
#include "client/command/mod_view.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/command/text.h"
#include "core/uri.h"

namespace frank::client {
namespace {

constexpr char kLeftOut[] = " (left out for its size; --tag shows it)";

std::string Hex(const std::string& bytes) { return ToHex(AsBytes(bytes)); }

std::string ShortHex(const std::string& bytes) {
  return Hex(bytes).substr(0, 16);
}

std::string Until(UnixMillis time, UnixMillis now) {
  if (time >= now) return absl::StrCat("in ", FormatDuration(time - now));
  return absl::StrCat(FormatDuration(now - time), " ago");
}

std::string LeaseText(const v1::CaseSummary& summary, UnixMillis now) {
  if (!summary.has_lease()) return "nobody holds it";
  const v1::Lease& lease = summary.lease();
  return absl::StrCat("held by ", Printable(lease.holder()), ", lease ends ",
                      Until(lease.expires_at(), now), " (epoch ", lease.epoch(),
                      ")");
}

std::string Accused(const v1::CaseSummary& summary) {
  return summary.accused_uri().empty() ? "(nobody: reports that do not open)"
                                       : Printable(summary.accused_uri());
}

std::string Count(uint64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

// The lines about a case's place in the work.
std::string QueueText(const v1::CaseSummary& summary, UnixMillis now) {
  std::string text = absl::StrCat("\n  queue    ", Printable(summary.queue()));
  if (!summary.reason().empty()) {
    absl::StrAppend(&text, "\n  reasons  ",
                    Printable(absl::StrJoin(summary.reason(), ", ")));
  }
  if (summary.tag_size() > 0) {
    absl::StrAppend(&text, "\n  tags     ",
                    Printable(absl::StrJoin(TagNames(summary), ", ")));
  }
  if (summary.needs_second_person()) {
    absl::StrAppend(&text, "\n  note     a second person has to approve");
  }
  if (summary.hold_until() > 0) {
    absl::StrAppend(&text, "\n  on hold  comes back ",
                    Until(summary.hold_until(), now));
  }
  if (!summary.duplicate_of().empty()) {
    absl::StrAppend(&text, "\n  closed into ", Hex(summary.duplicate_of()));
  }
  return text;
}

std::string MessageText(size_t number, const v1::MessageVerdict& message) {
  std::string text =
      absl::StrCat("  message ", number, ": ", VerdictName(message.verdict()),
                   " - ", VerdictMeaning(message.verdict()));
  if (!message.detail().empty()) {
    absl::StrAppend(&text, "\n    why: ", Printable(message.detail()));
  }
  if (!message.franking_tag().empty()) {
    absl::StrAppend(&text, "\n    from ", Printable(message.sender_uri()),
                    "\n    in   ", Printable(message.room_uri()), "\n    at   ",
                    FormatTime(message.accepted_timestamp()), ", tag ",
                    ShortHex(message.franking_tag()));
  }
  return text;
}

std::string PartText(const v1::DisclosedPart& part) {
  std::string text =
      absl::StrCat("  part ", part.index(), ": ",
                   part.media_type().empty() ? "type unstated"
                                             : Printable(part.media_type()),
                   ", ", Count(part.size(), "byte"));
  if (part.body().empty()) {
    // Revealed and yet not here: the answer had no room for it.
    if (!part.sha256().empty() && part.size() > 0) text += kLeftOut;
    return text;
  }
  if (absl::StartsWith(part.media_type(), "text/") &&
      IsWellFormedUtf8(part.body())) {
    absl::StrAppend(&text, "\n", Indented(part.body(), "    | "));
  } else {
    absl::StrAppend(&text, " (not text; --save writes it)");
  }
  return text;
}

std::string FileText(const v1::DisclosedFile& file) {
  std::vector<uint64_t> chunks;
  for (const v1::DisclosedPart& chunk : file.chunk()) {
    chunks.push_back(chunk.index());
  }
  return absl::StrCat(
      "  file \"", Printable(file.name()), "\" (", Printable(file.media_type()),
      ", ", Count(file.size(), "byte"), "): ",
      chunks.empty() ? "no chunk disclosed"
                     : absl::StrCat("chunks ", Ranges(chunks), " disclosed"),
      " of ", file.chunk_count());
}

std::string PriorText(const v1::PriorDecision& prior) {
  std::vector<std::string> actions;
  for (int action : prior.action()) {
    actions.push_back(ActionName(static_cast<v1::ActionKind>(action)));
  }
  return absl::StrCat(
      absl::StrJoin(actions, ", "), " under ", Printable(prior.policy()), ", ",
      FormatTime(prior.decided_at()), ", case ", Hex(prior.case_id()));
}

}  // namespace

std::string VerdictMeaning(v1::Verdict verdict) {
  switch (verdict) {
    case v1::VERDICT_PROVEN:
      return "the account named as sender sent exactly this";
    case v1::VERDICT_MALFORMED:
      return "breaks a rule of the protocol; shows nothing";
    case v1::VERDICT_EXPIRED_KEY:
      return "the keys of that time were destroyed; cannot be checked any more";
    case v1::VERDICT_UNKNOWN_KEY:
      return "no key of that time is known here yet; it is tried again";
    case v1::VERDICT_FORGED_FRANK:
      return "FORGED: the platform did not stamp this for that sender, room "
             "and time";
    case v1::VERDICT_BAD_OPENING:
      return "FORGED: the content is not what the platform stamped";
    default:
      return "not judged";
  }
}

std::string Ranges(const std::vector<uint64_t>& numbers) {
  std::vector<std::string> ranges;
  for (size_t i = 0; i < numbers.size();) {
    size_t end = i;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) {
      ++end;
    }
    ranges.push_back(end == i ? absl::StrCat(numbers[i])
                              : absl::StrCat(numbers[i], "-", numbers[end]));
    i = end + 1;
  }
  return absl::StrJoin(ranges, ", ");
}

std::string CaseLine(const v1::CaseSummary& summary, UnixMillis now) {
  return absl::StrFormat(
      "%s  %-8s  %-13s  %d PROVEN, %d not  %s, due %s, %s  %s",
      Hex(summary.case_id()), SeverityName(summary.severity()),
      Printable(summary.policy_area()), summary.proven_count(),
      summary.unproven_count(), Count(summary.report_count(), "report"),
      Until(summary.deadline(), now), LeaseText(summary, now),
      Accused(summary));
}

std::string LegalHoldText(const v1::LegalHold& hold) {
  std::string text = absl::StrCat(Hex(hold.hold_id()), "  since ",
                                  FormatTime(hold.placed_at()), ", by ",
                                  Printable(hold.moderator()));
  if (!hold.from_case_id().empty()) {
    absl::StrAppend(&text, ", on case ", Hex(hold.from_case_id()));
  }
  if (!hold.reason().empty()) {
    absl::StrAppend(&text, ": ", Printable(hold.reason()));
  }
  return text;
}

std::string ReferralText(const v1::Referral& referral) {
  std::string text = absl::StrCat(
      EnumText(v1::ReferralState_Name(referral.state()), "REFERRAL_STATE_"),
      ", decided ", FormatTime(referral.decided_at()));
  if (!referral.authority().empty()) {
    absl::StrAppend(&text, ", for ", Printable(referral.authority()));
  }
  if (referral.handed_over_at() > 0) {
    absl::StrAppend(&text, ", handed over ",
                    FormatTime(referral.handed_over_at()), ", recorded by ",
                    Printable(referral.recorded_by()), ", reference ",
                    Printable(referral.reference()));
  }
  if (!referral.export_id().empty()) {
    absl::StrAppend(&text, ", export ", Hex(referral.export_id()));
  }
  if (referral.withdrawn_at() > 0) {
    absl::StrAppend(&text, ", withdrawn ", FormatTime(referral.withdrawn_at()));
  }
  return text;
}

std::string CaseText(const v1::GetCaseResponse& shown, UnixMillis now) {
  const v1::CaseSummary& summary = shown.case_summary();
  std::string text = absl::StrCat(
      "Case ", Hex(summary.case_id()), ": ", StateName(summary.state()), ", ",
      SeverityName(summary.severity()), ", ", Printable(summary.policy_area()),
      "\n  accused  ", Accused(summary), "\n  due      ",
      FormatTime(summary.deadline()), " (", Until(summary.deadline(), now),
      ")\n  lease    ", LeaseText(summary, now), QueueText(summary, now),
      "\n  proof    ", Count(summary.proven_count(), "message"), " PROVEN, by ",
      Count(summary.proven_reporter_count(), "reporter"), "; ",
      Count(summary.unproven_count(), "message"), " not proven");
  for (const v1::LegalHold& hold : summary.legal_hold()) {
    absl::StrAppend(&text, "\n  LEGAL HOLD ", LegalHoldText(hold));
  }
  if (summary.shredded_at() > 0) {
    absl::StrAppend(&text, "\n  SHREDDED ", FormatTime(summary.shredded_at()),
                    ", kept as ", RetentionClassName(summary.retention_class()),
                    "; no content is left");
  }
  if (!shown.hold_reason().empty()) {
    absl::StrAppend(&text, "\n  because  ", Printable(shown.hold_reason()));
  }
  if (summary.replay_count() > 0) {
    absl::StrAppend(&text, "\n  replays  ",
                    Count(summary.replay_count(), "proof"),
                    " from accounts that were not known to be in the room");
  }
  if (shown.mismatch_notices() > 0) {
    absl::StrAppend(&text, "\n  signal   ",
                    Count(shown.mismatch_notices(), "message"),
                    " of this account refused by recipients' devices");
  }
  if (shown.left_out_report_count() > 0) {
    absl::StrAppend(&text, "\n  not shown ",
                    Count(shown.left_out_report_count(), "older report"));
  }
  if (summary.clear_mismatch()) {
    absl::StrAppend(
        &text,
        "\n  ALARM    the franks that the platform passed on beside "
        "a report differ from the sealed ones");
  }
  return text;
}

std::string ReportText(const v1::CaseReport& report) {
  std::string text =
      absl::StrCat("Report ", Hex(report.report_id()), "\n  by ",
                   Printable(report.reporter_uri()), ", accepted ",
                   FormatTime(report.accepted_at()));
  if (report.condition() == v1::REPORT_CONDITION_UNOPENABLE) {
    return text + "\n  UNOPENABLE: no review key opens it";
  }
  absl::StrAppend(&text, "\n  reason ", Printable(report.reason()));
  if (report.clear_mismatch()) absl::StrAppend(&text, "\n  CLEAR_MISMATCH");
  if (!report.note().empty()) {
    absl::StrAppend(&text, "\n  note\n", Indented(report.note(), "    | "));
  }
  for (int i = 0; i < report.message_size(); ++i) {
    absl::StrAppend(&text, "\n", MessageText(i + 1, report.message(i)));
  }
  if (report.left_out_message_count() > 0) {
    absl::StrAppend(&text, "\n  and ",
                    Count(report.left_out_message_count(), "more message"));
  }
  return text;
}

std::string EvidenceText(absl::string_view title,
                         const v1::Evidence& evidence) {
  std::vector<std::string> times;
  for (uint64_t time : evidence.accepted_timestamp()) {
    times.push_back(FormatTime(time));
  }
  std::string text = absl::StrCat(
      title, ": message ", ShortHex(evidence.franking_tag()), ", PROVEN, by ",
      Count(evidence.reporter_count(), "reporter"),
      evidence.replay_count() > 0
          ? absl::StrCat(", ", Count(evidence.replay_count(), "replay"))
          : std::string(),
      "\n  tag  ", Hex(evidence.franking_tag()), "\n  from ",
      Printable(evidence.sender_uri()), "\n  in   ",
      Printable(evidence.room_uri()), "\n  at   ", absl::StrJoin(times, ", "),
      "\n  ", evidence.part_size(), " of ",
      Count(evidence.part_count(), "part"), " disclosed");
  for (const v1::DisclosedPart& part : evidence.part()) {
    absl::StrAppend(&text, "\n", PartText(part));
  }
  const auto& withheld = evidence.withheld_part();
  if (!withheld.empty()) {
    absl::StrAppend(&text, "\n  part ",
                    Ranges({withheld.begin(), withheld.end()}),
                    ": withheld by the reporter");
  }
  for (const v1::DisclosedFile& file : evidence.file()) {
    absl::StrAppend(&text, "\n", FileText(file));
  }
  for (const v1::PriorDecision& prior : evidence.prior_decision()) {
    absl::StrAppend(&text, "\n  decided before: ", PriorText(prior));
  }
  if (evidence.left_out_count() > 0) {
    absl::StrAppend(
        &text, "\n  ", evidence.left_out_count(),
        " more parts and chunks; --tag, --file and --from show them");
  }
  return text;
}

std::string NoteText(const v1::CaseNote& note) {
  return absl::StrCat(
      "Note by ", Printable(note.moderator()), ", ",
      FormatTime(note.written_at()),
      note.text().empty() ? "" : "\n" + Indented(note.text(), "    | "));
}

std::string ActLine(const v1::ListActsResponse::Act& act) {
  return absl::StrCat(act.number(), "  ", FormatTime(act.time()), "  ",
                      Printable(act.actor()), "  ", Printable(act.act()), "  ",
                      Printable(act.details()));
}

std::string LinkText(const v1::CaseLink& link) {
  std::string by =
      link.moderator().empty() ? "the service" : Printable(link.moderator());
  return absl::StrCat("Linked (", LinkName(link.kind()), ") to ",
                      Hex(link.case_id()), " by ", by, ", ",
                      FormatTime(link.linked_at()));
}

}  // namespace frank::client
