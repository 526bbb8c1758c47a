#include "services/moderation/evidence_merge.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/secret.h"
#include "services/moderation/sealed_original.h"

namespace frank::moderation {
namespace {

using storage::EvidenceId;
using storage::v1::EvidenceRecord;

EvidenceRecord NewRecord(const ProvenMessage& message) {
  EvidenceRecord record;
  record.set_franking_tag(message.frank->franking_tag());
  record.set_sender_uri(message.frank->sender_uri());
  record.set_room_uri(message.frank->room_uri());
  record.set_scheme(message.scheme);
  record.set_part_count(message.part_count);
  record.set_mimi_content(message.mimi_content);
  return record;
}

// A sender can have one message franked any number of times; so many of the
// franks are kept.
void AddFrank(const ProvenMessage& message, EvidenceRecord* record) {
  for (const auto& known : record->frank()) {
    if (known.frank() == message.checked.frank()) return;
  }
  if (record->frank_size() >= static_cast<int>(limits::kMaxFranksOfEvidence)) {
    return;
  }
  *record->add_frank() = message.checked;
  auto* times = record->mutable_accepted_timestamp();
  uint64_t time = message.frank->accepted_timestamp();
  auto at = std::lower_bound(times->begin(), times->end(), time);
  if (at != times->end() && *at == time) return;
  times->Add(time);
  std::sort(times->begin(), times->end());
}

void Cleanse(storage::v1::EvidencePiece* content) {
  for (auto& item : *content->mutable_item()) {
    std::string* bytes = item.mutable_bytes();
    crypto::Cleanse(absl::Span<uint8_t>(
        reinterpret_cast<uint8_t*>(&(*bytes)[0]), bytes->size()));
  }
  content->Clear();
}

}  // namespace

std::set<uint32_t> ToIndices(const storage::v1::IndexRanges& ranges) {
  std::set<uint32_t> indices;
  for (int i = 0; i + 1 < ranges.bound_size(); i += 2) {
    for (uint32_t n = ranges.bound(i); n < ranges.bound(i + 1); ++n) {
      indices.insert(indices.end(), n);
    }
  }
  return indices;
}

storage::v1::IndexRanges ToRanges(const std::set<uint32_t>& indices) {
  storage::v1::IndexRanges ranges;
  for (uint32_t index : indices) {
    int last = ranges.bound_size() - 1;
    if (last > 0 && ranges.bound(last) == index) {
      ranges.set_bound(last, index + 1);
    } else {
      ranges.add_bound(index);
      ranges.add_bound(index + 1);
    }
  }
  return ranges;
}

EvidenceMerge::EvidenceMerge(const KeyVault& vault,
                             storage::Transaction& transaction,
                             const CaseId& case_id, const DataKey& case_key)
    : vault_(vault),
      transaction_(transaction),
      case_id_(case_id),
      case_key_(case_key) {}

absl::StatusOr<EvidenceMerge::Piece> EvidenceMerge::LoadStored(
    const EvidenceId& id, EvidenceRecord record) {
  FRANK_ASSIGN_OR_RETURN(CaseId holder,
                         CaseId::Parse("case_id", record.case_id(0)));
  FRANK_ASSIGN_OR_RETURN(DataKey key,
                         vault_.EvidenceKey(transaction_, id, holder));
  Piece piece(std::move(key));
  piece.parts = ToIndices(record.part());
  for (const auto& file : record.file()) {
    piece.chunks[file.file_tag()] = ToIndices(file.chunk());
  }
  piece.record = std::move(record);
  return piece;
}

absl::StatusOr<EvidenceMerge::Piece*> EvidenceMerge::Load(
    const ProvenMessage& message) {
  auto loaded = pieces_.find(message.id);
  if (loaded != pieces_.end()) return &loaded->second;
  FRANK_ASSIGN_OR_RETURN(auto found,
                         storage::FindEvidence(transaction_, message.id));
  FRANK_ASSIGN_OR_RETURN(
      auto link, storage::FindCaseEvidence(transaction_, case_id_, message.id));
  Piece piece(vault_.NewKey());
  if (found) {
    FRANK_ASSIGN_OR_RETURN(piece, LoadStored(message.id, *std::move(found)));
  } else {
    piece.record = NewRecord(message);
  }
  piece.held = link.has_value();
  return &pieces_.emplace(message.id, std::move(piece)).first->second;
}

absl::Status EvidenceMerge::Flush(const EvidenceId& id, Piece* piece) {
  if (piece->content.item_size() == 0) return absl::OkStatus();
  uint32_t number = piece->record.piece_count();
  crypto::Secret plain = crypto::Secret::OfSize(piece->content.ByteSizeLong());
  piece->content.SerializeToArray(plain.mutable_bytes().data(),
                                  static_cast<int>(plain.size()));
  FRANK_ASSIGN_OR_RETURN(
      std::string sealed,
      piece->key.Seal(vault_.random(),
                      storage::schema::EvidencePieceKey(id, number),
                      plain.bytes()));
  storage::PutEvidencePiece(transaction_, id, number, sealed);
  piece->record.set_piece_count(number + 1);
  piece->content_bytes = 0;
  Cleanse(&piece->content);
  return absl::OkStatus();
}

absl::Status EvidenceMerge::AddItem(const EvidenceId& id,
                                    const OpenedItem& item, Piece* piece) {
  std::set<uint32_t>& known =
      item.file_tag.empty() ? piece->parts : piece->chunks[item.file_tag];
  if (!known.insert(item.index).second) return absl::OkStatus();
  ByteSpan rest = item.bytes;
  do {
    ByteSpan slice = rest.subspan(0, std::min(rest.size(), kPieceBytes));
    rest.remove_prefix(slice.size());
    auto* stored = piece->content.add_item();
    stored->set_file_tag(item.file_tag);
    stored->set_index(item.index);
    stored->set_bytes(slice.data(), slice.size());
    piece->content_bytes += slice.size() + 48;
    if (piece->content_bytes >= kPieceBytes) {
      FRANK_RETURN_IF_ERROR(Flush(id, piece));
    }
  } while (!rest.empty());
  return absl::OkStatus();
}

absl::Status EvidenceMerge::AddReporter(const ProvenMessage& message,
                                        const storage::ReportRef& report,
                                        Piece* piece, Added* added) {
  bool is_member = message.membership == v1::MEMBERSHIP_MEMBER;
  auto known = piece->reporters.find(report.reporter_uri);
  if (known == piece->reporters.end()) {
    const bool first = piece->record.reporter_count() == 0;
    absl::optional<storage::v1::EvidenceReportRecord> before;
    if (!first) {
      FRANK_ASSIGN_OR_RETURN(
          before, storage::FindEvidenceReportBy(transaction_, message.id,
                                                report.reporter_uri));
    }
    bool counts = before ? !before->uncounted() : first || is_member;
    known = piece->reporters.emplace(report.reporter_uri, counts).first;
    if (!before) {
      piece->record.set_reporter_count(piece->record.reporter_count() + 1);
      added->replayed =
          !counts && message.membership == v1::MEMBERSHIP_NOT_A_MEMBER;
      piece->record.set_replay_count(piece->record.replay_count() +
                                     (added->replayed ? 1 : 0));
    }
  }
  added->entitled = is_member || known->second;
  storage::v1::EvidenceReportRecord record;
  record.set_case_id(ToString(case_id_.bytes()));
  record.set_uncounted(!added->entitled);
  storage::AddEvidenceReport(transaction_, message.id, report, record);
  return absl::OkStatus();
}

absl::StatusOr<EvidenceMerge::Added> EvidenceMerge::Add(
    const ProvenMessage& message, const storage::ReportRef& report,
    bool context) {
  FRANK_ASSIGN_OR_RETURN(Piece * piece, Load(message));
  Added added;
  FRANK_RETURN_IF_ERROR(AddReporter(message, report, piece, &added));
  AddFrank(message, &piece->record);
  for (const OpenedItem& item : message.items) {
    FRANK_RETURN_IF_ERROR(AddItem(message.id, item, piece));
  }
  if (piece->held) return added;
  piece->held = true;
  added.is_new = true;
  piece->record.add_case_id(ToString(case_id_.bytes()));
  FRANK_RETURN_IF_ERROR(vault_.ShareEvidenceKey(
      transaction_, message.id, case_id_, case_key_, piece->key));
  storage::v1::CaseEvidenceRecord link;
  link.set_context(context);
  storage::PutCaseEvidence(transaction_, case_id_, message.id, link);
  return added;
}

absl::Status EvidenceMerge::Write() {
  for (auto& [id, piece] : pieces_) {
    FRANK_RETURN_IF_ERROR(Flush(id, &piece));
    *piece.record.mutable_part() = ToRanges(piece.parts);
    piece.record.clear_file();
    for (const auto& [tag, chunks] : piece.chunks) {
      auto* file = piece.record.add_file();
      file->set_file_tag(tag);
      *file->mutable_chunk() = ToRanges(chunks);
    }
    storage::PutEvidence(transaction_, id, piece.record);
  }
  return absl::OkStatus();
}

}  // namespace frank::moderation
