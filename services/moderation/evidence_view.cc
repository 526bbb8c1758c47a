#include "services/moderation/evidence_view.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/commitment.h"
#include "crypto/file.h"
#include "crypto/hash.h"
#include "services/moderation/evidence_merge.h"
#include "storage/evidence_store.h"

namespace frank::moderation {
namespace {

using storage::v1::EvidenceRecord;

constexpr char kMimiContent[] = "application/mimi-content";

// Committed parts by index; those of the message under the empty file_tag.
using Items = std::map<std::string, std::map<uint32_t, std::string>>;

absl::StatusOr<Items> ReadItems(storage::Engine& engine, const DataKey& key,
                                const storage::EvidenceId& id,
                                uint32_t piece_count) {
  Items items;
  for (uint32_t i = 0; i < piece_count; ++i) {
    FRANK_ASSIGN_OR_RETURN(std::string sealed,
                           storage::GetEvidencePiece(engine, id, i));
    FRANK_ASSIGN_OR_RETURN(
        crypto::Secret plain,
        key.Open(storage::schema::EvidencePieceKey(id, i), sealed));
    storage::v1::EvidencePiece piece;
    if (!piece.ParseFromArray(plain.bytes().data(),
                              static_cast<int>(plain.size()))) {
      return absl::DataLossError("a piece of evidence does not parse");
    }
    for (const auto& item : piece.item()) {
      items[item.file_tag()][item.index()] += item.bytes();
    }
  }
  return items;
}

v1::DisclosedPart ShowPart(uint32_t index, const std::string& bytes, bool mimi,
                           RevealBudget* budget) {
  v1::DisclosedPart part;
  part.set_index(index);
  part.set_sha256(ToString(crypto::Sha256({AsBytes(bytes)})));
  crypto::Part view{kMimiContent, AsBytes(bytes)};
  if (!mimi) {
    absl::StatusOr<crypto::Part> parsed = crypto::ParsePart(AsBytes(bytes));
    // Proven parts parse: the verdict says so.
    view = parsed.ok() ? *parsed : crypto::Part{"", AsBytes(bytes)};
  }
  part.set_media_type(ToString(AsBytes(view.media_type)));
  part.set_size(view.body.size());
  if (budget->reveal && view.body.size() <= budget->bytes) {
    budget->bytes -= view.body.size();
    part.set_body(ToString(view.body));
  }
  return part;
}

void ShowWithheld(const EvidenceRecord& record, v1::Evidence* evidence) {
  std::set<uint32_t> shown = ToIndices(record.part());
  for (uint32_t i = 0; i < record.part_count(); ++i) {
    if (evidence->withheld_part_size() >=
        static_cast<int>(limits::kMaxWithheldPartsShown)) {
      return;
    }
    if (shown.count(i) == 0) evidence->add_withheld_part(i);
  }
}

void ShowFiles(const Items& items, RevealBudget* budget,
               v1::Evidence* evidence) {
  auto parts = items.find("");
  if (parts == items.end()) return;
  for (const auto& [index, bytes] : parts->second) {
    absl::StatusOr<crypto::FilePart> file =
        crypto::ParseFilePart(AsBytes(bytes));
    if (!file.ok()) continue;
    v1::DisclosedFile* shown = evidence->add_file();
    shown->set_file_tag(ToString(file->file_tag.bytes()));
    shown->set_size(file->length);
    shown->set_media_type(ToString(AsBytes(file->media_type)));
    if (budget->reveal) shown->set_name(ToString(AsBytes(file->name)));
    shown->set_chunk_count(crypto::ChunkCount(file->length).value_or(0));
    auto chunks = items.find(shown->file_tag());
    if (chunks == items.end()) continue;
    for (const auto& [chunk, chunk_bytes] : chunks->second) {
      *shown->add_chunk() = ShowPart(chunk, chunk_bytes, false, budget);
    }
  }
}

void ShowRecord(const EvidenceRecord& record, v1::Evidence* evidence) {
  evidence->set_franking_tag(record.franking_tag());
  evidence->set_sender_uri(record.sender_uri());
  evidence->set_room_uri(record.room_uri());
  *evidence->mutable_accepted_timestamp() = record.accepted_timestamp();
  evidence->set_scheme(record.scheme());
  evidence->set_part_count(record.part_count());
  evidence->set_reporter_count(record.reporter_count());
  for (const auto& proven : record.frank()) {
    evidence->add_frank()->ParseFromString(proven.frank());
  }
}

}  // namespace

absl::StatusOr<v1::Evidence> ShowEvidence(storage::Engine& engine,
                                          const KeyVault& vault,
                                          const DataKey& case_key,
                                          const CaseId& case_id,
                                          const storage::EvidenceId& id,
                                          RevealBudget* budget) {
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindEvidence(engine, id));
  if (!record) return absl::DataLossError("evidence of a case is missing");
  FRANK_ASSIGN_OR_RETURN(DataKey key,
                         vault.EvidenceKey(engine, id, case_id, case_key));
  FRANK_ASSIGN_OR_RETURN(Items items,
                         ReadItems(engine, key, id, record->piece_count()));
  v1::Evidence evidence;
  ShowRecord(*record, &evidence);
  for (const auto& [index, bytes] : items[""]) {
    *evidence.add_part() =
        ShowPart(index, bytes, record->mimi_content(), budget);
  }
  ShowFiles(items, budget, &evidence);
  ShowWithheld(*record, &evidence);
  FRANK_ASSIGN_OR_RETURN(
      auto reports,
      storage::ListEvidenceReports(engine, id, limits::kMaxReportsShown));
  for (const auto& report : reports) {
    evidence.add_report_id(ToString(report.id.bytes()));
  }
  return evidence;
}

}  // namespace frank::moderation
