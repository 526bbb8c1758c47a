#include "services/moderation/audit_batch.h"

#include <algorithm>
#include <utility>

#include "core/status.h"

namespace frank::moderation {

using storage::PendingActs;

absl::Status AuditBatch::Run(const std::vector<PendingActs>& pending) {
  FRANK_RETURN_IF_ERROR(OpenTree());
  std::map<std::string, uint64_t> last;
  for (const PendingActs& waiting : pending) {
    uint64_t& number = last[waiting.last.subject];
    number = std::max(number, waiting.last.number);
  }
  for (const PendingActs& waiting : pending) {
    const std::string& subject = waiting.last.subject;
    if (room_ == 0) break;
    if (progress_.count(subject) > 0) continue;
    FRANK_RETURN_IF_ERROR(TakeSubject(subject, last[subject]));
  }
  for (const PendingActs& waiting : pending) {
    if (IsDone(waiting)) {
      storage::DeletePending(transaction_, waiting);
    } else {
      took_all_ = false;
    }
  }
  // As things happened, each subject's still by number.
  std::stable_sort(
      entries_.begin(), entries_.end(),
      [](const Entry& a, const Entry& b) { return a.order < b.order; });
  for (const Entry& entry : entries_) Append(entry);
  return Close();
}

absl::Status AuditBatch::OpenTree() {
  FRANK_ASSIGN_OR_RETURN(auto head, storage::FindAuditHead(transaction_));
  crypto::Checkpoint last{0, crypto::Sha256({})};
  if (head) {
    head_ = *std::move(head);
    FRANK_ASSIGN_OR_RETURN(last, keys_.Open(head_.checkpoint()));
  }
  FRANK_ASSIGN_OR_RETURN(
      tree_, crypto::MerkleFrontier::Read(last.size, [&](const auto& node) {
        return tiles_.ReadNode(node);
      }));
  // It follows from every hash of the tiles that are added to: what they are
  // written anew with is what was signed.
  if (tree_.Root() != last.root) {
    return LogDamaged("the audit tree does not lead to its checkpoint");
  }
  // With an older head put back, what was appended after it is still there.
  return tiles_.OpenEnd(last.size);
}

absl::Status AuditBatch::TakeSubject(const std::string& subject,
                                     uint64_t last) {
  FRANK_ASSIGN_OR_RETURN(uint64_t done,
                         storage::GetAuditProgress(transaction_, subject));
  if (last <= done) {
    progress_[subject] = done;
    return absl::OkStatus();
  }
  FRANK_ASSIGN_OR_RETURN(
      auto acts, storage::ScanActs(transaction_, subject, done, last, room_));
  // What has no room has its turn in the next batch.
  if (acts.size() == room_) last = acts.back().number;
  room_ -= acts.size();
  UnixMillis order = 0;
  for (const storage::StoredAct& act : acts) {
    if (act.number > done + 1) NoteLoss(subject, done + 1, act.number - 1);
    done = act.number;
    FRANK_ASSIGN_OR_RETURN(absl::optional<Entry> entry, Check(subject, act));
    if (!entry) {
      NoteLoss(subject, done, done);
      continue;
    }
    entry->order = order = std::max(order, entry->order);
    entries_.push_back(*std::move(entry));
  }
  if (done < last) NoteLoss(subject, done + 1, last);
  progress_[subject] = last;
  storage::PutAuditProgress(transaction_, subject, last);
  return absl::OkStatus();
}

bool AuditBatch::IsDone(const PendingActs& pending) const {
  auto done = progress_.find(pending.last.subject);
  return done != progress_.end() && pending.last.number <= done->second;
}

absl::StatusOr<absl::optional<AuditBatch::Entry>> AuditBatch::Check(
    const std::string& subject, const storage::StoredAct& act) {
  Entry entry;
  entry.act = {subject, act.number};
  entry.bytes = act.entry;
  entry.sha256 = crypto::Sha256({AsBytes(act.entry)});
  absl::StatusOr<crypto::AuditEntry> parsed =
      crypto::ParseAuditEntry(AsBytes(act.entry));
  if (!parsed.ok() || parsed->subject != subject ||
      crypto::FindActNumber(*parsed) != act.number) {
    return absl::optional<Entry>();
  }
  // Written with the act: bytes that were changed since lead nowhere.
  FRANK_ASSIGN_OR_RETURN(auto place,
                         storage::FindPlace(transaction_, entry.sha256));
  if (!place || place->subject() != subject || place->number() != act.number) {
    return absl::optional<Entry>();
  }
  entry.order = parsed->time;
  return absl::make_optional(std::move(entry));
}

void AuditBatch::NoteLoss(const std::string& subject, uint64_t first,
                          uint64_t last) {
  storage::AuditLoss loss;
  loss.first = {subject, first};
  loss.record.set_last_number(last);
  loss.record.set_found_at(now_);
  storage::PutLoss(transaction_, loss);
  losses_.push_back(std::move(loss));
}

void AuditBatch::Append(const Entry& entry) {
  storage::v1::AuditPlaceRecord place;
  place.set_subject(entry.act.subject);
  place.set_number(entry.act.number);
  place.mutable_leaf()->set_index(tree_.size());
  storage::PutPlace(transaction_, entry.sha256, place);
  tiles_.AddAct(tree_.size(), entry.act);
  tree_.Append(
      crypto::HashLeaf({AsBytes(entry.bytes)}),
      [&](const crypto::MerkleNode& node, const crypto::MerkleHash& hash) {
        tiles_.AddNode(node, hash);
      });
}

absl::Status AuditBatch::Close() {
  tiles_.Write(transaction_);
  head_.set_loss_count(head_.loss_count() + losses_.size());
  // Signed in here and given to nobody before the commit.
  bool old = now_ >= head_.signed_at() + limits::kCheckpointRefresh;
  if (!entries_.empty() || head_.checkpoint().empty() || old) {
    FRANK_ASSIGN_OR_RETURN(
        *head_.mutable_checkpoint(),
        keys_.signer().Sign({tree_.size(), tree_.Root(), now_}));
    head_.set_signed_at(now_);
  }
  storage::PutAuditHead(transaction_, head_);
  return absl::OkStatus();
}

}  // namespace frank::moderation
