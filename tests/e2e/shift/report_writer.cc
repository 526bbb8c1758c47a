#include "tests/e2e/shift/report_writer.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/taxonomy.h"
#include "crypto/report.h"
#include "tests/e2e/shift/words.h"

namespace frank::shift {
namespace {

using ReportedMessage = v1::ReportContent::ReportedMessage;

// What an account is reported for: mostly one thing.
constexpr double kSameReason = 80;
constexpr char kUnknownReason[] = "made.up";
constexpr char kOtherReason[] = "rule_breaking.other";

std::string Flipped(std::string bytes) {
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  return bytes;
}

std::string Text(absl::string_view text) {
  return std::string(text.data(), text.size());
}

// Changes a letter of what a message says.
void ForgeContent(ReportedMessage* message) {
  if (message->has_whole()) {
    message->mutable_whole()->set_content(Flipped(message->whole().content()));
  } else if (message->has_parts()) {
    message->mutable_parts()->set_part(0, Flipped(message->parts().part(0)));
  } else {
    auto* part = message->mutable_some_parts()->mutable_part(0);
    part->set_part(Flipped(part->part()));
  }
}

}  // namespace

const char* NameOf(ReportKind kind) {
  switch (kind) {
    case ReportKind::kWhole:
      return "a whole message";
    case ReportKind::kWithheld:
      return "some parts of a message";
    case ReportKind::kSeveral:
      return "several messages";
    case ReportKind::kFile:
      return "a chunk of a file";
    case ReportKind::kMassed:
      return "one of a mass, proven";
    case ReportKind::kReplayed:
      return "a replayed proof";
    case ReportKind::kBare:
      return "without messages";
    case ReportKind::kBrigade:
      return "one of a brigade, without messages";
    case ReportKind::kForgedContent:
      return "forged content";
    case ReportKind::kForgedSender:
      return "a forged sender";
    case ReportKind::kMalformedMessage:
      return "a malformed message";
    case ReportKind::kMalformedReport:
      return "a malformed report";
    case ReportKind::kUnopenable:
      return "sealed to nobody";
    case ReportKind::kUnknownReviewKey:
      return "sealed under an unknown key";
    case ReportKind::kStranger:
      return "by a stranger to the room";
    case ReportKind::kForgedFrank:
      return "a forged frank in the clear";
    case ReportKind::kTooShort:
      return "too short";
  }
  return "";
}

// A report before it is sealed. What is in the clear is what an honest client
// would put there, unless the kind says otherwise.
struct ReportWriter::Draft {
  v1::ReportContent content;
  std::vector<v1::Frank> clear;
  Expected expected;
  client::OpenedReviewKey key;
};

const Said& ReportWriter::Hear(size_t reporter, bool parts) {
  while (true) {
    const Room& room = town_.rooms()[dice_.Pick(town_.RoomsOf(reporter))];
    const Said& said = town_.said()[dice_.Pick(room.messages)];
    if (!parts || said.message.scheme() == crypto::Scheme::kParts) return said;
  }
}

// Of a room of the same messenger in which the reporter is not.
const Said& ReportWriter::Overhear(size_t reporter) {
  const std::vector<size_t>& own = town_.RoomsOf(reporter);
  const std::set<size_t> known(own.begin(), own.end());
  while (true) {
    const Said& said = town_.said()[dice_.Below(town_.said().size())];
    const bool guest = town_.rooms()[said.room].is_guest;
    if (guest != town_.accounts()[reporter].is_guest) continue;
    if (known.count(said.room) == 0) return said;
  }
}

std::string ReportWriter::ReasonAbout(size_t accused) {
  const auto reasons = ReportReasons();
  const size_t usual = (accused * 7) % reasons.size();
  const size_t chosen =
      dice_.Chance(kSameReason) ? usual : dice_.Below(reasons.size());
  return Text(reasons[chosen].key);
}

ReportWriter::Draft ReportWriter::Begin(size_t accused,
                                        const std::string& note) {
  Draft draft{{}, {}, {}, town_.review_key()};
  std::string reason = ReasonAbout(accused);
  if (dice_.Chance(1)) reason = kUnknownReason;
  draft.content = client::ReportBuilder(town_.accounts()[accused].uri, reason,
                                        note, SystemClock().Now())
                      .content();
  const ReportReason* known = FindReportReason(reason, kTaxonomyVersion);
  if (known == nullptr) {
    known = FindReportReason(kOtherReason, kTaxonomyVersion);
  }
  draft.expected.accused_uri = draft.content.accused_uri();
  draft.expected.reason = Text(known->key);
  draft.expected.policy_area = Text(known->policy_area);
  return draft;
}

absl::Status ReportWriter::AddProven(const Said& said, Draft* draft) {
  client::ReportBuilder builder("", "", "", 0);
  const bool parts = said.message.scheme() == crypto::Scheme::kParts;
  const bool shows_file = said.file && dice_.Chance(50);
  std::set<uint32_t> withheld;
  if (parts && !said.file && dice_.Chance(70)) withheld.insert(1);
  FRANK_RETURN_IF_ERROR(builder.AddMessage(said.message, withheld));
  if (shows_file) FRANK_RETURN_IF_ERROR(builder.AddChunks(*said.file));
  *draft->content.add_message() = builder.content().message(0);
  draft->clear.push_back(builder.content().message(0).frank());
  draft->expected.verdicts.push_back(v1::VERDICT_PROVEN);
  if (said.message.sender_uri() == draft->content.accused_uri()) {
    draft->expected.proves = true;
  }
  return absl::OkStatus();
}

absl::StatusOr<ReportWriter::Draft> ReportWriter::Prove(ReportKind kind,
                                                        size_t reporter) {
  const bool parts = kind == ReportKind::kWithheld || kind == ReportKind::kFile;
  const Said* said = &Hear(reporter, parts);
  while (kind == ReportKind::kFile && !said->file) said = &Hear(reporter, true);
  Draft draft =
      Begin(said->speaker, dice_.Chance(30) ? "Again and again." : "");
  FRANK_RETURN_IF_ERROR(AddProven(*said, &draft));
  if (kind != ReportKind::kSeveral) return draft;
  std::set<std::string> tags = {draft.clear[0].franking_tag()};
  for (size_t more = 1 + dice_.Below(3); more > 0; --more) {
    const Said& other = Hear(reporter, false);
    if (!tags.insert(ToString(other.message.frank().tag.bytes())).second) {
      continue;
    }
    FRANK_RETURN_IF_ERROR(AddProven(other, &draft));
  }
  return draft;
}

absl::StatusOr<ReportWriter::Draft> ReportWriter::Replay(size_t reporter) {
  const Said& said = Overhear(reporter);
  Draft draft = Begin(said.speaker);
  FRANK_RETURN_IF_ERROR(AddProven(said, &draft));
  // This platform would refuse the frank of a room that they were not in.
  if (!town_.accounts()[reporter].is_guest) {
    draft.clear.clear();
    draft.expected.clear_mismatch = true;
  }
  return draft;
}

// An honest report of one message, with one thing changed.
absl::StatusOr<ReportWriter::Draft> ReportWriter::Spoil(ReportKind kind,
                                                        size_t reporter) {
  const bool stranger = kind == ReportKind::kStranger;
  const Said& said = stranger ? Overhear(reporter) : Hear(reporter, false);
  Draft draft = Begin(said.speaker);
  FRANK_RETURN_IF_ERROR(AddProven(said, &draft));
  ReportedMessage* message = draft.content.mutable_message(0);
  Expected& expected = draft.expected;
  switch (kind) {
    case ReportKind::kForgedContent:
      ForgeContent(message);
      expected.verdicts = {v1::VERDICT_BAD_OPENING};
      expected.proves = false;
      break;
    case ReportKind::kForgedSender: {
      size_t other = dice_.Below(town_.size().accused);
      if (other == said.speaker) other = (other + 1) % town_.size().accused;
      expected.accused_uri = town_.accounts()[other].uri;
      draft.content.set_accused_uri(expected.accused_uri);
      message->mutable_frank()->set_sender_uri(expected.accused_uri);
      expected.verdicts = {v1::VERDICT_FORGED_FRANK};
      expected.clear_mismatch = true;
      expected.proves = false;
      break;
    }
    case ReportKind::kMalformedMessage:
      message->mutable_frank()->mutable_server_frank()->pop_back();
      expected.verdicts = {v1::VERDICT_MALFORMED};
      expected.clear_mismatch = true;
      expected.proves = false;
      break;
    case ReportKind::kMalformedReport:
      draft.content.set_note(std::string(limits::kMaxReportNoteBytes + 1, 'x'));
      expected.verdicts = {v1::VERDICT_MALFORMED};
      expected.proves = false;
      break;
    case ReportKind::kUnopenable: {
      FRANK_ASSIGN_OR_RETURN(
          crypto::HpkePrivateKey nobody,
          crypto::HpkePrivateKey::Create(
              crypto::Secret::Random(random_, crypto::kHpkeKeyBytes)));
      draft.key.record.public_key = nobody.public_key();
      break;
    }
    case ReportKind::kUnknownReviewKey:
      draft.key.id = ReviewKeyId::Random(random_);
      break;
    case ReportKind::kForgedFrank:
      draft.clear[0].set_server_frank(Flipped(draft.clear[0].server_frank()));
      expected.refusal = "NOT_AUTHENTIC";
      break;
    case ReportKind::kTooShort:
      expected.refusal = "FIELD_INVALID";
      break;
    default:
      expected.refusal = "NOT_A_MEMBER";
  }
  return draft;
}

absl::StatusOr<ReportWriter::Draft> ReportWriter::Compose(ReportKind kind,
                                                          size_t reporter) {
  switch (kind) {
    case ReportKind::kWhole:
    case ReportKind::kWithheld:
    case ReportKind::kSeveral:
    case ReportKind::kFile:
      return Prove(kind, reporter);
    case ReportKind::kMassed: {
      Draft draft = Begin(town_.notorious(), "Everybody saw it.");
      FRANK_RETURN_IF_ERROR(
          AddProven(town_.said()[town_.hall().messages[0]], &draft));
      return draft;
    }
    case ReportKind::kReplayed:
      return Replay(reporter);
    case ReportKind::kBare:
      return Begin(Hear(reporter, false).speaker, "Trust me.");
    case ReportKind::kBrigade:
      return Begin(town_.victim(), "Away with them!");
    default:
      return Spoil(kind, reporter);
  }
}

absl::Status ReportWriter::Seal(Draft draft, WrittenReport* report) {
  const Account& reporter = town_.accounts()[report->reporter];
  report->id = ReportId::Random(random_);
  FRANK_ASSIGN_OR_RETURN(
      Bytes sealed,
      crypto::SealReport(draft.key.record.public_key,
                         {draft.key.id, report->id, reporter.uri},
                         AsBytes(draft.content.SerializeAsString()), random_));
  if (report->kind == ReportKind::kTooShort) {
    sealed.resize(limits::kMinSealedReportBytes - 1);
  }
  v1::SubmitReportRequest& request = report->request;
  request.set_report_id(ToString(report->id.bytes()));
  request.set_review_key_id(ToString(draft.key.id.bytes()));
  request.set_sealed_report(ToString(sealed));
  for (v1::Frank& frank : draft.clear) *request.add_frank() = std::move(frank);
  if (reporter.is_guest) request.set_reporter_uri(reporter.uri);
  report->expected = std::move(draft.expected);
  return absl::OkStatus();
}

absl::StatusOr<WrittenReport> ReportWriter::Write(ReportKind kind,
                                                  size_t reporter) {
  FRANK_ASSIGN_OR_RETURN(Draft draft, Compose(kind, reporter));
  WrittenReport report;
  report.kind = kind;
  report.reporter = reporter;
  FRANK_RETURN_IF_ERROR(Seal(std::move(draft), &report));
  if (kind == ReportKind::kUnopenable ||
      kind == ReportKind::kUnknownReviewKey) {
    report.expected = Expected();
    report.expected.condition = v1::REPORT_CONDITION_UNOPENABLE;
  }
  return report;
}

}  // namespace frank::shift
