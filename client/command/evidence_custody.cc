#include "client/command/evidence_custody.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/merkle_tree.h"

namespace frank::client {
namespace {

using evidence::v1::Act;

// Whether details, which are canonical and flat, have this hex.
bool Has(const crypto::AuditEntry& entry, absl::string_view key,
         absl::string_view hex) {
  return absl::StrContains(entry.details,
                           absl::StrCat("\"", key, "\":\"", hex, "\""));
}

// The hex that details have under a key of 32 bytes; empty without it.
std::string HexOf(const crypto::AuditEntry& entry, absl::string_view key) {
  const std::string name = absl::StrCat("\"", key, "\":\"");
  const size_t at = entry.details.find(name);
  if (at == std::string::npos) return "";
  const size_t begin = at + name.size();
  return entry.details.substr(begin, entry.details.find('"', begin) - begin);
}

// The entry that a checkpoint covers at the stated place.
absl::StatusOr<crypto::AuditEntry> CheckAct(const Act& act,
                                            const crypto::Checkpoint& head) {
  const auto refused = [&act] {
    return NotAuthentic(absl::StrCat("act ", act.number(), " of ",
                                     act.subject(),
                                     " is not in the audit log"));
  };
  absl::StatusOr<Bytes> bytes = FromHex(act.entry());
  if (!bytes.ok()) return refused();
  std::vector<Bytes> nodes;
  for (const std::string& hex : act.proof()) {
    absl::StatusOr<Bytes> node = FromHex(hex);
    if (!node.ok()) return refused();
    nodes.push_back(*std::move(node));
  }
  absl::StatusOr<crypto::MerkleProof> proof = crypto::ParseMerkleProof(
      "proof", std::vector<ByteSpan>(nodes.begin(), nodes.end()));
  if (!proof.ok() || !crypto::VerifyInclusion(*bytes, act.leaf_index(),
                                              head.size, head.root, *proof)
                          .ok()) {
    return refused();
  }
  absl::StatusOr<crypto::AuditEntry> entry = crypto::ParseAuditEntry(*bytes);
  if (!entry.ok() || entry->subject != act.subject() ||
      crypto::FindActNumber(*entry) != act.number()) {
    return refused();
  }
  return entry;
}

// Who asked for a message's text alone, and was shown no body of it, has not
// seen it. Acts from before bodies were counted do not say so.
void NoteViewing(const crypto::AuditEntry& entry, CustodyFinding* finding) {
  const bool text_only = absl::StrContains(entry.details, "\"text_only\":true");
  if (text_only && absl::StrContains(entry.details, "\"bodies\":0,")) return;
  finding->viewings[HexOf(entry, "franking_tag")].push_back(
      {entry.actor, entry.time, text_only});
}

// Takes note of what the act says about this package.
void Note(const crypto::AuditEntry& entry,
          const evidence::v1::Manifest& manifest, CustodyFinding* finding) {
  const bool ours = Has(entry, "export", manifest.export_id()) &&
                    Has(entry, "recipient_key", manifest.recipient_key());
  if (ours && entry.act == "export.requested") {
    finding->requested_by = entry.actor;
  }
  if (ours && entry.act == "export.released")
    finding->released_by = entry.actor;
  if (entry.act == "evidence.revealed") NoteViewing(entry, finding);
}

// Goes through the acts of each subject by number, and takes note of those that
// are passed over.
class Sequence {
 public:
  explicit Sequence(CustodyFinding* finding) : finding_(*finding) {}

  absl::Status State(const evidence::v1::Custody& custody) {
    for (const evidence::v1::Subject& about : custody.subject()) {
      if (!finding_.act_counts.emplace(about.subject(), about.act_count())
               .second) {
        return NotAuthentic(absl::StrCat("the acts about ", about.subject(),
                                         " are counted twice"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status Take(const Act& act) {
    auto count = finding_.act_counts.find(act.subject());
    uint64_t& last = last_[act.subject()];
    if (count == finding_.act_counts.end() || act.number() <= last ||
        act.number() > count->second) {
      return NotAuthentic(absl::StrCat("act ", act.number(), " of ",
                                       act.subject(), " is out of place"));
    }
    PassOver(act.subject(), last, act.number());
    last = act.number();
    return absl::OkStatus();
  }

  void End() {
    for (const auto& [subject, count] : finding_.act_counts) {
      PassOver(subject, last_[subject], count + 1);
    }
  }

 private:
  void PassOver(const std::string& subject, uint64_t last, uint64_t next) {
    if (next > last + 1) {
      finding_.left_out.push_back({subject, last + 1, next - 1});
    }
  }

  CustodyFinding& finding_;
  std::map<std::string, uint64_t> last_;
};

}  // namespace

uint64_t LeftOutCount(const CustodyFinding& finding) {
  uint64_t count = 0;
  for (const LeftOutActs& acts : finding.left_out) {
    count += acts.last - acts.first + 1;
  }
  return count;
}

absl::StatusOr<CustodyFinding> CheckCustody(
    const evidence::v1::Custody& custody, absl::string_view checkpoint,
    const evidence::v1::Manifest& manifest, const AuditKeyring& keys) {
  FRANK_ASSIGN_OR_RETURN(crypto::Checkpoint head, keys.Open(checkpoint));
  const std::string subject = "case:" + manifest.case_id();
  CustodyFinding finding;
  finding.log_size = head.size;
  Sequence sequence(&finding);
  FRANK_RETURN_IF_ERROR(sequence.State(custody));
  for (const Act& act : custody.act()) {
    FRANK_ASSIGN_OR_RETURN(crypto::AuditEntry entry, CheckAct(act, head));
    FRANK_RETURN_IF_ERROR(sequence.Take(act));
    if (act.subject() == subject) Note(entry, manifest, &finding);
    finding.acts.push_back(std::move(entry));
  }
  sequence.End();
  if (finding.requested_by.empty() || finding.released_by.empty() ||
      finding.requested_by == finding.released_by) {
    return NotAuthentic(
        "the audit log does not show that one person asked for this package "
        "and another released it");
  }
  return finding;
}

}  // namespace frank::client
