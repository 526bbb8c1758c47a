// The chain of custody in an evidence package, proven with the log's key alone.
#ifndef FRANK_CLIENT_COMMAND_EVIDENCE_CUSTODY_H_
#define FRANK_CLIENT_COMMAND_EVIDENCE_CUSTODY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/command/audit_proof.h"
#include "client/command/evidence_message.h"
#include "crypto/audit_entry.h"
#include "frank/evidence/v1/evidence.pb.h"

namespace frank::client {

// Acts about a subject that are not in the package: those with the numbers from
// the first to the last.
struct LeftOutActs {
  std::string subject;
  uint64_t first = 0;
  uint64_t last = 0;
};

struct CustodyFinding {
  // In the package's order.
  std::vector<crypto::AuditEntry> acts;
  // By subject how many acts there were about it, by moderation's word.
  std::map<std::string, uint64_t> act_counts;
  // Of those the ones that are not here.
  std::vector<LeftOutActs> left_out;
  // Of the whole log, as the checkpoint states it.
  uint64_t log_size = 0;
  // Who asked for this package and who released it, two different people.
  std::string requested_by;
  std::string released_by;
  // By franking tag, in hex; none of text alone that showed no body.
  std::map<std::string, std::vector<Viewing>> viewings;
};

uint64_t LeftOutCount(const CustodyFinding& finding);

// kUnauthenticated, NOT_AUTHENTIC, when an act is not in the log, is out of
// place or of a subject that is not stated, or when the log does not show two
// people behind the export.
absl::StatusOr<CustodyFinding> CheckCustody(
    const evidence::v1::Custody& custody, absl::string_view checkpoint,
    const evidence::v1::Manifest& manifest, const AuditKeyring& keys);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_EVIDENCE_CUSTODY_H_
