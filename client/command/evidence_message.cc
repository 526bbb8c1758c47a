#include "client/command/evidence_message.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/audit_proof.h"
#include "core/status.h"
#include "crypto/commitment.h"
#include "crypto/file.h"
#include "crypto/frank.h"
#include "proto/disclosed_files.h"
#include "proto/wire.h"

namespace frank::client {
namespace {

using evidence::v1::Report;
using evidence::v1::Verdict;
using Message = v1::ReportContent::ReportedMessage;

absl::Status Contradicted(const MessageFinding& finding,
                          absl::string_view words) {
  return NotAuthentic(absl::StrCat("message ", finding.number, " of report ",
                                   finding.report_id, ": ", words));
}

template <size_t N>
absl::StatusOr<std::array<uint8_t, N>> Hex(const std::string& hex) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok() || bytes->size() != N) {
    return absl::InvalidArgumentError("a field has another length");
  }
  return ToArray<N>(*bytes);
}

// The statement that moderation says it signed.
absl::StatusOr<crypto::VerdictStatement> StatementOf(const Report& report,
                                                     int index) {
  const Verdict& verdict = report.verdict(index);
  crypto::VerdictStatement statement;
  FRANK_ASSIGN_OR_RETURN(auto id, Hex<ReportId::kSize>(report.report_id()));
  statement.report_id = ReportId(id);
  FRANK_ASSIGN_OR_RETURN(
      statement.sealed_sha256,
      Hex<sizeof(crypto::Sha256Digest)>(report.sealed_sha256()));
  statement.message = static_cast<uint32_t>(index);
  v1::Verdict value;
  if (!v1::Verdict_Parse("VERDICT_" + verdict.verdict(), &value)) {
    return absl::InvalidArgumentError("no such verdict");
  }
  statement.verdict = static_cast<crypto::Verdict>(value);
  FRANK_ASSIGN_OR_RETURN(statement.franking_tag,
                         FromHex(verdict.franking_tag()));
  if (!statement.franking_tag.empty()) {
    statement.context = crypto::EncodeContext(
        {verdict.sender(), verdict.room(), verdict.accepted_at()});
  }
  statement.form = static_cast<uint8_t>(verdict.form());
  statement.window_not_before = verdict.window_not_before();
  statement.window_not_after = verdict.window_not_after();
  statement.stated_at = verdict.stated_at();
  return statement;
}

absl::Status CheckSigned(const Report& report, int index,
                         const crypto::Ed25519PublicKey& signer,
                         const MessageFinding& finding) {
  absl::StatusOr<crypto::VerdictStatement> statement =
      StatementOf(report, index);
  absl::StatusOr<Bytes> signature = FromHex(finding.verdict.signature());
  if (statement.ok() && signature.ok() &&
      crypto::VerifyVerdict(*statement, *signature, signer).ok()) {
    return absl::OkStatus();
  }
  return Contradicted(finding, "its verdict is not signed");
}

Recomputed RecomputeOpening(const crypto::Frank& frank,
                            const Message& message) {
  if (wire::HasUnknownFields(message) || !wire::CheckFiles(message).ok()) {
    return Recomputed::kMalformed;
  }
  absl::Status opened = crypto::VerifyOpening(frank.tag, wire::ViewOf(message));
  if (absl::IsInvalidArgument(opened)) return Recomputed::kMalformed;
  return opened.ok() && wire::VerifyFiles(message).ok() ? Recomputed::kHolds
                                                        : Recomputed::kFails;
}

Recomputed RecomputeSignature(const crypto::Frank& frank,
                              const EvidenceKeys& keys) {
  const crypto::FrankingWindow* window =
      keys.FindWindow(frank.room_uri, frank.accepted_timestamp);
  if (window == nullptr) return Recomputed::kNoKeys;
  if (window->form == crypto::FrankForm::kNone) {
    return Recomputed::kNoSignature;
  }
  return crypto::VerifyIntegrity(frank, window->form, window->key).ok()
             ? Recomputed::kHolds
             : Recomputed::kFails;
}

// Whether moderation can have said that, given what anybody can compute.
absl::Status CheckAgreement(const absl::StatusOr<crypto::Frank>& frank,
                            const MessageFinding& finding) {
  const Verdict& verdict = finding.verdict;
  if (!verdict.franking_tag().empty() &&
      (!frank.ok() || frank->tag.Hex() != verdict.franking_tag() ||
       frank->sender_uri != verdict.sender() ||
       frank->room_uri != verdict.room() ||
       frank->accepted_timestamp != verdict.accepted_at())) {
    return Contradicted(finding, "its verdict is about another message");
  }
  const bool opening_holds = finding.opening == Recomputed::kHolds;
  if (finding.IsProven() && !opening_holds) {
    return Contradicted(finding,
                        "moderation calls it PROVEN, and its content is not "
                        "what the tag commits to");
  }
  if (finding.IsProven() && finding.signature == Recomputed::kFails) {
    return Contradicted(finding,
                        "moderation calls it PROVEN, and the platform's "
                        "signature does not verify");
  }
  if (verdict.verdict() == "BAD_OPENING" && opening_holds) {
    return Contradicted(finding,
                        "moderation calls it BAD_OPENING, and its content is "
                        "what the tag commits to");
  }
  return absl::OkStatus();
}

void AddPart(uint32_t index, const std::string& bytes, bool mimi,
             v1::DisclosedPart* part) {
  part->set_index(index);
  absl::StatusOr<crypto::Part> parsed = crypto::ParsePart(AsBytes(bytes));
  crypto::Part view{"application/mimi-content", AsBytes(bytes)};
  if (!mimi && parsed.ok()) view = *parsed;
  part->set_media_type(ToString(AsBytes(view.media_type)));
  part->set_size(view.body.size());
  part->set_body(ToString(view.body));
}

void AnnounceFile(const std::string& bytes, v1::Evidence* shown) {
  absl::StatusOr<crypto::FilePart> file = crypto::ParseFilePart(AsBytes(bytes));
  if (!file.ok()) return;
  v1::DisclosedFile* added = shown->add_file();
  added->set_file_tag(ToString(file->file_tag.bytes()));
  added->set_size(file->length);
  added->set_media_type(ToString(AsBytes(file->media_type)));
  added->set_name(ToString(AsBytes(file->name)));
  added->set_chunk_count(crypto::ChunkCount(file->length).value_or(0));
}

void AddShownPart(uint32_t index, const std::string& bytes,
                  v1::Evidence* shown) {
  AddPart(index, bytes, /*mimi=*/false, shown->add_part());
  AnnounceFile(bytes, shown);
}

void ShowParts(const Message& message, v1::Evidence* shown) {
  if (message.has_whole()) {
    shown->set_part_count(1);
    AddPart(0, message.whole().content(), message.whole().mimi_content(),
            shown->add_part());
  }
  for (int i = 0; i < message.parts().part_size(); ++i) {
    AddShownPart(static_cast<uint32_t>(i), message.parts().part(i), shown);
  }
  if (message.has_parts()) {
    shown->set_part_count(static_cast<uint32_t>(message.parts().part_size()));
  }
  if (!message.has_some_parts()) return;
  shown->set_part_count(message.some_parts().size());
  for (const auto& part : message.some_parts().part()) {
    AddShownPart(part.index(), part.part(), shown);
  }
}

// Whether the chunks are of the length that the announcement gives them.
bool Fits(const v1::ReportContent::FileChunks& file,
          const v1::DisclosedFile& announced) {
  if (announced.file_tag() != file.file_tag() ||
      announced.chunk_count() != file.chunks().size()) {
    return false;
  }
  const auto& chunks = file.chunks().part();
  return std::all_of(chunks.begin(), chunks.end(), [&](const auto& chunk) {
    v1::DisclosedPart part;
    AddPart(chunk.index(), chunk.part(), /*mimi=*/false, &part);
    return part.size() == crypto::ChunkLength(announced.size(), chunk.index());
  });
}

// A tag may be announced more than once; the chunks are of one of them.
void ShowFiles(const Message& message, v1::Evidence* shown) {
  for (const auto& file : message.file()) {
    for (v1::DisclosedFile& announced : *shown->mutable_file()) {
      if (!Fits(file, announced)) continue;
      for (const auto& chunk : file.chunks().part()) {
        AddPart(chunk.index(), chunk.part(), /*mimi=*/false,
                announced.add_chunk());
      }
      break;
    }
  }
}

void Show(const Message& message, MessageFinding* finding) {
  v1::Evidence* shown = &finding->shown;
  shown->set_franking_tag(message.frank().franking_tag());
  shown->set_sender_uri(message.frank().sender_uri());
  shown->set_room_uri(message.frank().room_uri());
  shown->add_accepted_timestamp(message.frank().accepted_timestamp());
  ShowParts(message, shown);
  ShowFiles(message, shown);
  std::set<uint32_t> seen;
  for (const auto& part : shown->part()) seen.insert(part.index());
  for (uint32_t i = 0; i < shown->part_count(); ++i) {
    if (seen.count(i) == 0) finding->withheld_parts.push_back(i);
  }
}

}  // namespace

absl::StatusOr<MessageFinding> CheckMessage(
    const Report& report, int index, const Message* content,
    const crypto::Ed25519PublicKey& signer, const EvidenceKeys& keys) {
  MessageFinding finding;
  finding.report_id = report.report_id();
  finding.number = static_cast<uint32_t>(index) + 1;
  finding.verdict = report.verdict(index);
  FRANK_RETURN_IF_ERROR(CheckSigned(report, index, signer, finding));
  if (content == nullptr) return finding;
  absl::StatusOr<crypto::Frank> frank = wire::FromProto(content->frank());
  finding.opening = Recomputed::kMalformed;
  finding.signature = Recomputed::kMalformed;
  if (frank.ok()) {
    finding.opening = RecomputeOpening(*frank, *content);
    finding.signature = RecomputeSignature(*frank, keys);
  }
  FRANK_RETURN_IF_ERROR(CheckAgreement(frank, finding));
  // What was committed to by nobody is not shown as if it had been said.
  if (finding.opening == Recomputed::kHolds) Show(*content, &finding);
  return finding;
}

}  // namespace frank::client
