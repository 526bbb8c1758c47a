#include "services/moderation/report_judge.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "crypto/report.h"
#include "proto/disclosed_files.h"
#include "proto/wire.h"
#include "services/moderation/opened_content.h"
#include "services/moderation/review_keys.h"

namespace frank::moderation {
namespace {

using Message = v1::ReportContent::ReportedMessage;
using storage::v1::MessageVerdictRecord;

// What a person is told who asks why.
absl::string_view Why(crypto::Verdict verdict) {
  switch (verdict) {
    case crypto::Verdict::kMalformed:
      return "a field breaks a rule of the protocol";
    case crypto::Verdict::kExpiredKey:
      return "the keys of that time have been destroyed";
    case crypto::Verdict::kUnknownKey:
      return "no key window holds that time; it is tried again for 7 days";
    case crypto::Verdict::kForgedFrank:
      return "the platform did not make this frank for this tag, sender, room "
             "and time";
    case crypto::Verdict::kBadOpening:
      return "the content is not what the sender committed to";
    case crypto::Verdict::kProven:
      return "the sender sent this content to this room at this time";
  }
  return "";
}

MessageVerdictRecord Malformed(const absl::Status& why) {
  MessageVerdictRecord record;
  record.set_verdict(static_cast<uint32_t>(crypto::Verdict::kMalformed));
  record.set_detail(ToString(AsBytes(why.message())));
  return record;
}

void Describe(const crypto::Frank& frank, const crypto::Judgement& judgement,
              MessageVerdictRecord* record) {
  record->set_verdict(static_cast<uint32_t>(judgement.verdict));
  record->set_franking_tag(ToString(frank.tag.bytes()));
  record->set_sender_uri(frank.sender_uri.data(), frank.sender_uri.size());
  record->set_room_uri(frank.room_uri.data(), frank.room_uri.size());
  record->set_accepted_timestamp(frank.accepted_timestamp);
  record->set_form(judgement.form ? static_cast<uint32_t>(*judgement.form) : 0);
  record->set_window_not_before(judgement.window_not_before.value_or(0));
  record->set_window_not_after(judgement.window_not_after.value_or(0));
  record->set_detail(ToString(AsBytes(Why(judgement.verdict))));
}

storage::EvidenceId EvidenceIdOf(const crypto::Frank& frank) {
  crypto::Encoder encoder;
  encoder.Label("frank evidence")
      .Raw(frank.tag.bytes())
      .Vec(frank.sender_uri)
      .Vec(frank.room_uri);
  return storage::EvidenceId(crypto::Sha256({encoder.bytes()}));
}

void AddItems(const Message& message, ProvenMessage* proven) {
  switch (message.opening_case()) {
    case Message::kWhole:
      proven->part_count = 1;
      proven->mimi_content = message.whole().mimi_content();
      proven->items.push_back({"", 0, AsBytes(message.whole().content())});
      break;
    case Message::kParts:
      proven->part_count = static_cast<uint32_t>(message.parts().part_size());
      for (int i = 0; i < message.parts().part_size(); ++i) {
        proven->items.push_back(
            {"", static_cast<uint32_t>(i), AsBytes(message.parts().part(i))});
      }
      break;
    case Message::kSomeParts:
      proven->part_count = message.some_parts().size();
      for (const auto& part : message.some_parts().part()) {
        proven->items.push_back({"", part.index(), AsBytes(part.part())});
      }
      break;
    case Message::OPENING_NOT_SET:
      break;
  }
  for (const auto& file : message.file()) {
    for (const auto& part : file.chunks().part()) {
      proven->items.push_back(
          {file.file_tag(), part.index(), AsBytes(part.part())});
    }
  }
}

ProvenMessage MakeProven(const Message& message, const crypto::Frank& frank,
                         const MessageVerdictRecord& verdict) {
  ProvenMessage proven;
  proven.id = EvidenceIdOf(frank);
  proven.frank = &message.frank();
  proven.scheme = static_cast<uint32_t>(
      message.has_whole() ? crypto::Scheme::kWhole : crypto::Scheme::kParts);
  AddItems(message, &proven);
  proven.checked.set_frank(message.frank().SerializeAsString());
  proven.checked.set_form(verdict.form());
  proven.checked.set_window_not_before(verdict.window_not_before());
  proven.checked.set_window_not_after(verdict.window_not_after());
  return proven;
}

absl::Status JudgeMessage(const Message& message, const crypto::KeyRings& rings,
                          JudgedReport* report) {
  absl::StatusOr<crypto::Frank> frank = wire::FromProto(message.frank());
  absl::Status form = frank.status();
  if (form.ok() && wire::HasUnknownFields(message)) {
    form = FieldError("message", "must not hold unknown fields");
  }
  if (form.ok()) form = wire::CheckFiles(message);
  if (!form.ok()) {
    report->verdicts.push_back(Malformed(form));
    return absl::OkStatus();
  }
  FRANK_ASSIGN_OR_RETURN(crypto::Judgement judgement,
                         crypto::Judge(*frank, wire::ViewOf(message),
                                       rings.FindForRoom(frank->room_uri)));
  if (judgement.verdict == crypto::Verdict::kProven) {
    absl::Status files = wire::VerifyFiles(message);
    if (absl::IsInternal(files)) return files;
    if (!files.ok()) judgement.verdict = crypto::Verdict::kBadOpening;
  }
  MessageVerdictRecord verdict;
  Describe(*frank, judgement, &verdict);
  if (judgement.verdict == crypto::Verdict::kProven) {
    report->proven.push_back(MakeProven(message, *frank, verdict));
  }
  report->verdicts.push_back(std::move(verdict));
  return absl::OkStatus();
}

// A frank in a form in which equal ones are equal bytes: checked, then written
// anew. One that breaks a rule stands for itself.
std::string Normalized(const v1::Frank& frank) {
  absl::StatusOr<crypto::Frank> parsed = wire::FromProto(frank);
  if (!parsed.ok()) return "malformed" + frank.SerializeAsString();
  return wire::ToProto(*parsed).SerializeAsString();
}

bool ClearFranksDiffer(const v1::ReportContent& content,
                       const storage::v1::IntakeReportRecord& record) {
  std::set<std::string> sealed;
  for (const Message& message : content.message()) {
    sealed.insert(Normalized(message.frank()));
  }
  std::set<std::string> clear;
  for (const std::string& bytes : record.clear_frank()) {
    v1::Frank frank;
    clear.insert(frank.ParseFromString(bytes) ? Normalized(frank) : bytes);
  }
  return sealed != clear;
}

// What the platform says of the reporter and each clear frank.
std::map<std::string, v1::Membership> Memberships(
    const storage::v1::IntakeReportRecord& record) {
  std::map<std::string, v1::Membership> memberships;
  int count =
      std::min(record.clear_frank_size(), record.clear_frank_member_size());
  for (int i = 0; i < count; ++i) {
    v1::Frank frank;
    if (!frank.ParseFromString(record.clear_frank(i))) continue;
    v1::Membership& known = memberships[Normalized(frank)];
    if (known == v1::MEMBERSHIP_MEMBER) continue;
    known = static_cast<v1::Membership>(record.clear_frank_member(i));
  }
  return memberships;
}

// A reason that is not in the table counts as "something else".
void Classify(const v1::ReportContent& content, const ReasonTable& reasons,
              JudgedReport* report) {
  report->taxonomy_version = content.taxonomy_version();
  const ReportReason* reason =
      reasons.Find(content.reason(), content.taxonomy_version());
  if (reason == nullptr) {
    report->taxonomy_version = kTaxonomyVersion;
    reason = FindReportReason("rule_breaking.other", kTaxonomyVersion);
  }
  report->reason = ToString(AsBytes(reason->key));
  report->policy_area = ToString(AsBytes(reason->policy_area));
  report->severity = static_cast<uint32_t>(reason->severity);
  report->exposure = static_cast<uint32_t>(reason->exposure);
  report->time_to_decide = reason->deadline;
  report->queue = ToString(AsBytes(reason->queue));
  report->second_person = reason->second_person;
  report->trusted_unproven = reason->trusted_unproven;
}

// What proves nothing may set this much. Nobody is believed who brings
// forgeries, and who brings nothing else sets next to nothing.
void CapUnproven(const UnprovenCaps& caps, JudgedReport* report) {
  auto bad = std::count_if(report->verdicts.begin(), report->verdicts.end(),
                           [](const auto& message) { return IsBad(message); });
  if (bad > 0) report->trusted_unproven = false;
  if (report->trusted_unproven || Proves(*report)) return;
  bool all_bad = bad > 0 && static_cast<size_t>(bad) == report->verdicts.size();
  ReasonSeverity most = all_bad ? ReasonSeverity::kLow : caps.max_severity;
  report->severity = std::min(report->severity, static_cast<uint32_t>(most));
  report->time_to_decide = std::max(report->time_to_decide, caps.min_deadline);
}

// A report that breaks a rule as a whole. Its case is the accused account's if
// it names one, so that whoever decides sees it.
void CallMalformed(const v1::ReportContent& content, const absl::Status& why,
                   const ReasonTable& reasons, JudgedReport* report) {
  if (CheckUri("accused_uri", content.accused_uri()).ok()) {
    report->accused_uri = content.accused_uri();
    Classify(content, reasons, report);
  }
  report->trusted_unproven = false;
  report->reported_at = content.reported_at();
  size_t count = std::min(static_cast<size_t>(content.message_size()),
                          limits::kMaxReportedMessages);
  report->verdicts.assign(count, Malformed(why));
}

}  // namespace

bool IsBad(const MessageVerdictRecord& message) {
  for (crypto::Verdict verdict :
       {crypto::Verdict::kMalformed, crypto::Verdict::kForgedFrank,
        crypto::Verdict::kBadOpening}) {
    if (message.verdict() == static_cast<uint32_t>(verdict)) return true;
  }
  return false;
}

bool Proves(const MessageVerdictRecord& message,
            const std::string& accused_uri) {
  return message.verdict() == static_cast<uint32_t>(crypto::Verdict::kProven) &&
         message.sender_uri() == accused_uri;
}

bool Proves(const JudgedReport& judged) {
  return std::any_of(judged.proven.begin(), judged.proven.end(),
                     [&](const ProvenMessage& message) {
                       return message.frank->sender_uri() == judged.accused_uri;
                     });
}

bool AwaitsKey(const JudgedReport& judged) {
  return judged.awaits_review_key ||
         std::any_of(
             judged.verdicts.begin(), judged.verdicts.end(),
             [](const MessageVerdictRecord& message) {
               return message.verdict() ==
                      static_cast<uint32_t>(crypto::Verdict::kUnknownKey);
             });
}

ReportJudge::ReportJudge(std::vector<wire::ReviewKey> review_keys,
                         crypto::KeyRings rings,
                         std::shared_ptr<const ReasonTable> reasons)
    : review_keys_(std::make_unique<Keys>()),
      rings_(std::move(rings)),
      reasons_(std::move(reasons)) {
  absl::MutexLock lock(&review_keys_->mutex);
  for (wire::ReviewKey& key : review_keys) {
    if (!key.private_key) continue;
    review_keys_->by_id.emplace(
        key.id, KeptKey{*std::move(key.private_key), DestroyAt(key.record)});
  }
}

bool ReportJudge::HasKeyFor(
    const storage::v1::IntakeReportRecord& record) const {
  absl::StatusOr<ReviewKeyId> id =
      ReviewKeyId::Parse("review_key_id", record.review_key_id());
  return id.ok() && FindReviewKey(*id);
}

absl::optional<crypto::HpkePrivateKey> ReportJudge::FindReviewKey(
    const ReviewKeyId& id) const {
  absl::MutexLock lock(&review_keys_->mutex);
  auto found = review_keys_->by_id.find(id);
  if (found == review_keys_->by_id.end()) return absl::nullopt;
  return found->second.key;
}

void ReportJudge::DropOverdueKeys(UnixMillis now) {
  absl::MutexLock lock(&review_keys_->mutex);
  auto& keys = review_keys_->by_id;
  for (auto kept = keys.begin(); kept != keys.end();) {
    if (now < kept->second.destroy_at) {
      ++kept;
      continue;
    }
    LogOverdue(kept->first);
    kept = keys.erase(kept);
  }
}

absl::StatusOr<crypto::Secret> ReportJudge::OpenSealed(
    const storage::ReportRef& report,
    const storage::v1::IntakeReportRecord& record, ByteSpan sealed) const {
  FRANK_ASSIGN_OR_RETURN(
      ReviewKeyId key_id,
      ReviewKeyId::Parse("review_key_id", record.review_key_id()));
  const absl::optional<crypto::HpkePrivateKey> key = FindReviewKey(key_id);
  if (!key) return absl::FailedPreconditionError("no such review key");
  return crypto::OpenReport(*key, {key_id, report.id, report.reporter_uri},
                            sealed);
}

absl::StatusOr<std::shared_ptr<const v1::ReportContent>> ReportJudge::Open(
    const storage::ReportRef& report,
    const storage::v1::IntakeReportRecord& record, ByteSpan sealed) const {
  FRANK_ASSIGN_OR_RETURN(crypto::Secret opened,
                         OpenSealed(report, record, sealed));
  FRANK_ASSIGN_OR_RETURN(v1::ReportContent content,
                         wire::ParseReportContent(opened.bytes()));
  return KeepContent(std::move(content));
}

absl::StatusOr<JudgedReport> ReportJudge::Judge(
    const storage::ReportRef& report,
    const storage::v1::IntakeReportRecord& record, ByteSpan sealed) const {
  JudgedReport judged;
  judged.awaits_review_key = !HasKeyFor(record);
  if (judged.awaits_review_key) return judged;
  auto content = Open(report, record, sealed);
  if (absl::IsInternal(content.status())) return content.status();
  // It may have been dropped since.
  judged.awaits_review_key = absl::IsFailedPrecondition(content.status());
  if (!content.ok()) return judged;

  judged.condition = kReportOpened;
  absl::Status whole = wire::CheckReportContent(**content);
  if (!whole.ok()) {
    CallMalformed(**content, whole, *reasons_, &judged);
    CapUnproven(reasons_->unproven_caps(), &judged);
    return judged;
  }
  judged.content = *content;
  judged.accused_uri = (*content)->accused_uri();
  judged.reported_at = (*content)->reported_at();
  judged.clear_mismatch = ClearFranksDiffer(**content, record);
  Classify(**content, *reasons_, &judged);
  for (const Message& message : (*content)->message()) {
    FRANK_RETURN_IF_ERROR(JudgeMessage(message, rings_, &judged));
  }
  CapUnproven(reasons_->unproven_caps(), &judged);
  auto memberships = Memberships(record);
  for (ProvenMessage& message : judged.proven) {
    message.membership = memberships[Normalized(*message.frank)];
  }
  return judged;
}

}  // namespace frank::moderation
