#include "services/moderation/evidence_view.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/commitment.h"
#include "crypto/file.h"
#include "crypto/hash.h"
#include "services/moderation/evidence_merge.h"
#include "services/moderation/sealed_original.h"
#include "storage/case_store.h"
#include "storage/decision_store.h"
#include "storage/evidence_store.h"

namespace frank::moderation {
namespace {

using storage::v1::EvidenceRecord;
using Item = storage::v1::EvidencePiece::Item;

constexpr char kMimiContent[] = "application/mimi-content";
// One account has one open case in each policy area.
constexpr int kCasesLookedAt = 32;

// Calls `each` with every stored item, whole, in the order in which they came.
// One piece and one item are in memory at a time.
absl::Status ForEachItem(storage::Engine& engine, const DataKey& key,
                         const storage::EvidenceId& id, uint32_t piece_count,
                         const std::function<void(const Item&)>& each) {
  Item item;
  bool any = false;
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
    for (Item& next : *piece.mutable_item()) {
      if (any && item.file_tag() == next.file_tag() &&
          item.index() == next.index()) {
        item.mutable_bytes()->append(next.bytes());
        continue;
      }
      if (any) each(item);
      item.Swap(&next);
      any = true;
    }
  }
  if (any) each(item);
  return absl::OkStatus();
}

// Gathers what of one piece of evidence is shown.
class Gatherer {
 public:
  Gatherer(const EvidenceRecord& record, const EvidenceChoice& choice,
           ShowBudget* budget)
      : record_(record), choice_(choice), budget_(budget) {}

  void Add(const Item& item) {
    if (item.file_tag().empty()) AddFile(item);
    if (!IsChosen(item)) return;
    bool mimi = record_.mimi_content() && item.file_tag().empty();
    v1::DisclosedPart part = ShowPart(item, mimi);
    // With what the fields around it take.
    if (!ShowBudget::Take(part.ByteSizeLong() + 8, &budget_->rest)) {
      ++left_out_;
      return;
    }
    crypto::Part view = View(item.bytes(), mimi);
    if (ShowsBody(view) &&
        ShowBudget::Take(view.body.size(), &budget_->bodies)) {
      part.set_body(ToString(view.body));
    }
    parts_[item.file_tag()][item.index()] = std::move(part);
  }

  void Finish(v1::Evidence* evidence) {
    for (auto& [index, part] : parts_[""]) {
      *evidence->add_part() = std::move(part);
    }
    for (auto& [tag, announced] : files_) {
      auto& chunks = parts_[tag];
      v1::DisclosedFile& file = Announcement(chunks, &announced);
      for (auto& [index, chunk] : chunks) *file.add_chunk() = std::move(chunk);
      for (v1::DisclosedFile& shown : announced) {
        *evidence->add_file() = std::move(shown);
      }
    }
    evidence->set_left_out_count(left_out_);
  }

 private:
  using Parts = std::map<uint32_t, v1::DisclosedPart>;

  // Of the announcements of one file_tag the first that the chunks fit.
  static v1::DisclosedFile& Announcement(
      const Parts& chunks, std::vector<v1::DisclosedFile>* announced) {
    auto fits = [&](const v1::DisclosedFile& file) {
      return std::all_of(chunks.begin(), chunks.end(), [&](const auto& chunk) {
        return chunk.first < file.chunk_count() &&
               chunk.second.size() ==
                   crypto::ChunkLength(file.size(), chunk.first);
      });
    };
    auto found = std::find_if(announced->begin(), announced->end(), fits);
    return found == announced->end() ? announced->front() : *found;
  }

  bool IsChosen(const Item& item) const {
    const bool all = choice_.file_tag.empty() && choice_.index_count == 0;
    if (all && !item.file_tag().empty()) return true;
    return item.file_tag() == choice_.file_tag &&
           item.index() >= choice_.first_index &&
           (choice_.index_count == 0 ||
            item.index() - choice_.first_index < choice_.index_count);
  }

  bool ShowsBody(const crypto::Part& view) const {
    return choice_.reveal && (!choice_.text_only || IsText(view));
  }

  // The sender wrote the media type: the body must read as text, too.
  static bool IsText(const crypto::Part& view) {
    return absl::StartsWithIgnoreCase(view.media_type, "text/") &&
           IsWellFormedUtf8(AsText(view.body));
  }

  static crypto::Part View(const std::string& bytes, bool mimi) {
    crypto::Part view{kMimiContent, AsBytes(bytes)};
    if (mimi) return view;
    absl::StatusOr<crypto::Part> parsed = crypto::ParsePart(AsBytes(bytes));
    // Proven parts parse: the verdict says so.
    return parsed.ok() ? *parsed : crypto::Part{"", AsBytes(bytes)};
  }

  v1::DisclosedPart ShowPart(const Item& item, bool mimi) const {
    crypto::Part view = View(item.bytes(), mimi);
    v1::DisclosedPart part;
    part.set_index(item.index());
    part.set_media_type(ToString(AsBytes(view.media_type)));
    part.set_size(view.body.size());
    if (choice_.reveal) {
      part.set_sha256(ToString(crypto::Sha256({AsBytes(item.bytes())})));
    }
    return part;
  }

  // Whoever looks at one part does not look at names beside it.
  bool ShowsName(const Item& item) const {
    return choice_.reveal && (choice_.index_count == 0 ||
                              !choice_.file_tag.empty() || IsChosen(item));
  }

  // Part of the message that announces a file.
  void AddFile(const Item& item) {
    absl::StatusOr<crypto::FilePart> file =
        crypto::ParseFilePart(AsBytes(item.bytes()));
    if (!file.ok()) return;
    v1::DisclosedFile shown;
    shown.set_file_tag(ToString(file->file_tag.bytes()));
    if (!choice_.file_tag.empty() && shown.file_tag() != choice_.file_tag) {
      return;
    }
    shown.set_size(file->length);
    shown.set_media_type(ToString(AsBytes(file->media_type)));
    if (ShowsName(item)) shown.set_name(ToString(AsBytes(file->name)));
    shown.set_chunk_count(crypto::ChunkCount(file->length).value_or(0));
    if (!ShowBudget::Take(shown.ByteSizeLong() + 8, &budget_->rest)) return;
    files_[shown.file_tag()].push_back(std::move(shown));
  }

  const EvidenceRecord& record_;
  const EvidenceChoice& choice_;
  ShowBudget* const budget_;
  // By index; those of the message under the empty file_tag.
  std::map<std::string, Parts> parts_;
  // By tag; most senders announce one once.
  std::map<std::string, std::vector<v1::DisclosedFile>> files_;
  uint32_t left_out_ = 0;
};

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

v1::Evidence ShowRecord(const EvidenceRecord& record) {
  v1::Evidence evidence;
  evidence.set_franking_tag(record.franking_tag());
  evidence.set_sender_uri(record.sender_uri());
  evidence.set_room_uri(record.room_uri());
  *evidence.mutable_accepted_timestamp() = record.accepted_timestamp();
  evidence.set_scheme(record.scheme());
  evidence.set_part_count(record.part_count());
  evidence.set_reporter_count(record.reporter_count());
  evidence.set_replay_count(record.replay_count());
  ShowWithheld(record, &evidence);
  return evidence;
}

void AddFranks(const EvidenceRecord& record, ShowBudget* budget,
               v1::Evidence* evidence) {
  for (const auto& proven : record.frank()) {
    if (!ShowBudget::Take(proven.frank().size() + 8, &budget->rest)) return;
    evidence->add_frank()->ParseFromString(proven.frank());
  }
}

v1::PriorDecision ToPrior(const CaseId& case_id,
                          const storage::StoredDecision& decision) {
  v1::PriorDecision prior;
  prior.set_case_id(ToString(case_id.bytes()));
  prior.set_decision_id(ToString(decision.id.bytes()));
  prior.set_policy(decision.record.policy());
  for (const auto& action : decision.record.action()) {
    prior.add_action(static_cast<v1::ActionKind>(action.kind()));
  }
  prior.set_decided_at(decision.record.decided_at());
  return prior;
}

// What was decided on the same message elsewhere. Of the cases that hold it the
// newest are looked at: they stand last.
absl::Status AddPriorDecisions(storage::Engine& engine,
                               const EvidenceRecord& record, const CaseId& here,
                               v1::Evidence* evidence) {
  std::vector<v1::PriorDecision> priors;
  int cases = record.case_id_size();
  for (int i = std::max(0, cases - kCasesLookedAt); i < cases; ++i) {
    FRANK_ASSIGN_OR_RETURN(CaseId id,
                           CaseId::Parse("case_id", record.case_id(i)));
    if (id == here) continue;
    FRANK_ASSIGN_OR_RETURN(auto found, storage::FindCase(engine, id));
    if (!found || found->state() != storage::kCaseDecided) continue;
    FRANK_ASSIGN_OR_RETURN(auto decisions, storage::ListDecisions(engine, id));
    // The one that holds; others were refused, undone or reversed.
    auto holds = std::find_if(decisions.rbegin(), decisions.rend(),
                              [](const storage::StoredDecision& decision) {
                                return decision.record.state() ==
                                       v1::DECISION_STATE_MADE;
                              });
    if (holds != decisions.rend()) priors.push_back(ToPrior(id, *holds));
  }
  std::stable_sort(priors.begin(), priors.end(),
                   [](const v1::PriorDecision& a, const v1::PriorDecision& b) {
                     return a.decided_at() > b.decided_at();
                   });
  priors.resize(std::min(priors.size(), limits::kMaxPriorDecisionsShown));
  for (v1::PriorDecision& prior : priors) {
    *evidence->add_prior_decision() = std::move(prior);
  }
  return absl::OkStatus();
}

}  // namespace

bool ShowBudget::Take(size_t bytes, size_t* from) {
  if (bytes > *from) return false;
  *from -= bytes;
  return true;
}

absl::StatusOr<v1::Evidence> ShowEvidence(
    storage::Engine& engine, const KeyVault& vault, const DataKey& case_key,
    const CaseId& case_id, const storage::EvidenceId& id,
    const EvidenceChoice& choice, ShowBudget* budget) {
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindEvidence(engine, id));
  if (!record) return absl::DataLossError("evidence of a case is missing");
  FRANK_ASSIGN_OR_RETURN(DataKey key,
                         vault.EvidenceKey(engine, id, case_id, case_key));
  v1::Evidence evidence = ShowRecord(*record);
  FRANK_ASSIGN_OR_RETURN(
      auto reports,
      storage::ListEvidenceReports(engine, id, limits::kMaxReportsShown));
  for (const auto& report : reports) {
    evidence.add_report_id(ToString(report.id.bytes()));
  }
  FRANK_RETURN_IF_ERROR(AddPriorDecisions(engine, *record, case_id, &evidence));
  // At most some 26 KB, and shown in any case.
  size_t bytes = evidence.ByteSizeLong();
  budget->rest -= std::min(bytes, budget->rest);
  size_t opened = record->piece_count() * kPieceBytes;
  budget->opened -= std::min(opened, budget->opened);
  Gatherer gatherer(*record, choice, budget);
  FRANK_RETURN_IF_ERROR(
      ForEachItem(engine, key, id, record->piece_count(),
                  [&](const Item& item) { gatherer.Add(item); }));
  gatherer.Finish(&evidence);
  AddFranks(*record, budget, &evidence);
  return evidence;
}

}  // namespace frank::moderation
