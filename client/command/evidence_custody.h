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

struct CustodyFinding {
  // In the package's order; each subject's numbers are without gaps.
  std::vector<crypto::AuditEntry> acts;
  // How many of the case's first acts are not here.
  uint64_t left_out = 0;
  // Of the whole log, as the checkpoint states it.
  uint64_t log_size = 0;
  // Who asked for this package and who released it, two different people.
  std::string requested_by;
  std::string released_by;
  // By franking tag, in hex.
  std::map<std::string, std::vector<Viewing>> viewings;
};

// kUnauthenticated, NOT_AUTHENTIC, when an act is not in the log, is out of
// place or missing, or when the log does not show two people behind the export.
absl::StatusOr<CustodyFinding> CheckCustody(
    const evidence::v1::Custody& custody, absl::string_view checkpoint,
    const evidence::v1::Manifest& manifest, const AuditKeyring& keys);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_EVIDENCE_CUSTODY_H_
