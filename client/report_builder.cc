#include "client/report_builder.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/file.h"
#include "crypto/report.h"
#include "proto/wire.h"

namespace frank::client {
namespace {

using ReportedMessage = v1::ReportContent::ReportedMessage;

// What stays hidden: what the reporter withholds, and every file's key.
absl::StatusOr<std::set<uint32_t>> Hidden(const VerifiedMessage& message,
                                          const std::set<uint32_t>& withheld) {
  std::set<uint32_t> hidden = withheld;
  uint32_t count = static_cast<uint32_t>(message.parts().size());
  if (!hidden.empty() && *hidden.rbegin() >= count) {
    return FieldError("withhold", absl::StrCat("must be below ", count));
  }
  if (message.scheme() == crypto::Scheme::kWhole) {
    if (withheld.empty()) return std::set<uint32_t>();
    return FieldError(
        "withhold", "this message was sent whole and can only be shown whole");
  }
  // A key belongs to the file before it. One that stands elsewhere opens
  // nothing, and must not leave a message without a part to show.
  for (uint32_t i = 1; i < count; ++i) {
    if (message.parts()[i].media_type == crypto::kFileKeyMediaType &&
        message.parts()[i - 1].media_type == crypto::kFileMediaType) {
      hidden.insert(i);
    }
  }
  if (hidden.size() == count) {
    return FieldError("withhold", "at least one part must be shown");
  }
  return hidden;
}

// How much room one opened part takes.
size_t BytesOf(const v1::ReportContent::Part& part) {
  constexpr size_t kFieldHeader = 5;
  return part.ByteSizeLong() + kFieldHeader;
}
size_t ElementsOf(const v1::ReportContent::Part& part) {
  return 1 + static_cast<size_t>(part.inclusion_proof_size());
}

// Returns how many parts are left out for want of room.
absl::StatusOr<size_t> OpenSomeParts(const VerifiedMessage& message,
                                     const std::set<uint32_t>& hidden,
                                     v1::ReportContent::SomeParts* out) {
  crypto::Opening opening = wire::ViewOf(message.payload());
  const auto& parts = absl::get<crypto::PartsOpening>(opening);
  FRANK_ASSIGN_OR_RETURN(crypto::PartsCommitment commitment,
                         crypto::PartsCommitment::Create(parts));
  out->set_size(commitment.size());
  size_t bytes = limits::kMaxOpenedPartsBytes;
  size_t elements = limits::kMaxOpenedPartsElements;
  for (uint32_t i = 0; i < commitment.size(); ++i) {
    if (hidden.count(i) != 0) continue;
    FRANK_ASSIGN_OR_RETURN(crypto::PartProof proof, commitment.Prove(i));
    v1::ReportContent::Part part = wire::ToProto(proof, parts.parts[i]);
    if (BytesOf(part) > bytes || ElementsOf(part) > elements) break;
    bytes -= BytesOf(part);
    elements -= ElementsOf(part);
    *out->add_part() = std::move(part);
  }
  return commitment.size() - hidden.size() -
         static_cast<size_t>(out->part_size());
}

bool Announces(const ReportedMessage& message, const FrankingTag& file_tag) {
  for (const v1::ReportContent::Part& part : message.some_parts().part()) {
    absl::StatusOr<crypto::FilePart> file =
        crypto::ParseFilePart(AsBytes(absl::string_view(part.part())));
    if (file.ok() && file->file_tag == file_tag) return true;
  }
  return false;
}

}  // namespace

ReportBuilder::ReportBuilder(absl::string_view accused_uri,
                             absl::string_view reason, absl::string_view note,
                             UnixMillis reported_at,
                             uint32_t taxonomy_version) {
  content_.set_accused_uri(std::string(accused_uri));
  content_.set_reason(std::string(reason));
  content_.set_taxonomy_version(taxonomy_version);
  content_.set_note(std::string(note));
  content_.set_reported_at(reported_at);
}

absl::Status ReportBuilder::AddMessage(const VerifiedMessage& message,
                                       const std::set<uint32_t>& withheld) {
  FRANK_ASSIGN_OR_RETURN(std::set<uint32_t> hidden, Hidden(message, withheld));
  ReportedMessage reported;
  *reported.mutable_frank() = wire::ToProto(message.frank());
  if (message.scheme() == crypto::Scheme::kWhole) {
    *reported.mutable_whole() = message.payload().whole();
  } else if (hidden.empty()) {
    *reported.mutable_parts() = message.payload().parts();
  } else {
    FRANK_ASSIGN_OR_RETURN(
        size_t left_out,
        OpenSomeParts(message, hidden, reported.mutable_some_parts()));
    left_out_ += left_out;
  }
  *content_.add_message() = std::move(reported);
  return absl::OkStatus();
}

absl::Status ReportBuilder::AddChunks(const OpenedChunks& chunks) {
  if (content_.message_size() == 0) {
    return absl::FailedPreconditionError("add the message first");
  }
  ReportedMessage* message =
      content_.mutable_message(content_.message_size() - 1);
  if (!Announces(*message, chunks.file_tag)) {
    return FieldError("chunks", "no part that is shown announces this file");
  }
  v1::ReportContent::FileChunks* file = message->add_file();
  file->set_file_tag(ToString(chunks.file_tag.bytes()));
  file->mutable_chunks()->set_size(chunks.size);
  for (size_t i = 0; i < chunks.proofs.size(); ++i) {
    FRANK_ASSIGN_OR_RETURN(Bytes part,
                           crypto::EncodePart("", chunks.chunks[i]));
    *file->mutable_chunks()->add_part() = wire::ToProto(chunks.proofs[i], part);
  }
  return absl::OkStatus();
}

absl::StatusOr<SealedReport> Seal(const v1::ReportContent& content,
                                  const OpenedReviewKey& review_key,
                                  absl::string_view reporter_uri,
                                  RandomSource& random) {
  FRANK_RETURN_IF_ERROR(wire::CheckReportContent(content));
  SealedReport report;
  report.id = ReportId::Random(random);
  report.review_key_id = review_key.id;
  for (const ReportedMessage& message : content.message()) {
    report.franks.push_back(message.frank());
  }
  crypto::Secret bytes = crypto::Secret::OfSize(content.ByteSizeLong());
  content.SerializeToArray(bytes.mutable_bytes().data(),
                           static_cast<int>(bytes.size()));
  FRANK_RETURN_IF_ERROR(wire::CheckReportElements(bytes.bytes()));
  FRANK_ASSIGN_OR_RETURN(
      report.sealed,
      crypto::SealReport(review_key.record.public_key,
                         {review_key.id, report.id, reporter_uri},
                         bytes.bytes(), random));
  return report;
}

}  // namespace frank::client
