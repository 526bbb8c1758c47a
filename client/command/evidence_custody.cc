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
  if (entry.act == "evidence.revealed") {
    finding->viewings[HexOf(entry, "franking_tag")].push_back(
        {entry.actor, entry.time,
         absl::StrContains(entry.details, "\"text_only\":true")});
  }
}

}  // namespace

absl::StatusOr<CustodyFinding> CheckCustody(
    const evidence::v1::Custody& custody, absl::string_view checkpoint,
    const evidence::v1::Manifest& manifest, const AuditKeyring& keys) {
  FRANK_ASSIGN_OR_RETURN(crypto::Checkpoint head, keys.Open(checkpoint));
  const std::string subject = "case:" + manifest.case_id();
  CustodyFinding finding;
  finding.log_size = head.size;
  std::map<std::string, uint64_t> last;
  for (const Act& act : custody.act()) {
    FRANK_ASSIGN_OR_RETURN(crypto::AuditEntry entry, CheckAct(act, head));
    auto [seen, fresh] = last.emplace(act.subject(), act.number());
    if (!fresh && act.number() != ++seen->second) {
      return NotAuthentic(
          absl::StrCat("the acts about ", act.subject(), " have a gap"));
    }
    if (fresh && act.subject() == subject) finding.left_out = act.number() - 1;
    if (act.subject() == subject) Note(entry, manifest, &finding);
    finding.acts.push_back(std::move(entry));
  }
  if (finding.requested_by.empty() || finding.released_by.empty() ||
      finding.requested_by == finding.released_by) {
    return NotAuthentic(
        "the audit log does not show that one person asked for this package "
        "and another released it");
  }
  return finding;
}

}  // namespace frank::client
