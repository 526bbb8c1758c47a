// Checks an evidence package, offline, with published keys alone.
#ifndef FRANK_CLIENT_COMMAND_EVIDENCE_CHECK_H_
#define FRANK_CLIENT_COMMAND_EVIDENCE_CHECK_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "client/command/evidence_custody.h"
#include "client/command/evidence_keys.h"
#include "client/command/evidence_message.h"
#include "core/bytes.h"
#include "crypto/hash.h"
#include "frank/evidence/v1/evidence.pb.h"

namespace frank::client {

// A reported message that no verdict of moderation covers.
struct UnjudgedMessage {
  // Its report, by its place among the findings' reports.
  size_t report = 0;
  // From 1 on, as people count.
  uint32_t number = 0;
};

// A package of which every bit is what moderation signed.
struct EvidenceFindings {
  crypto::Sha256Digest package_sha256{};
  evidence::v1::Manifest manifest;
  evidence::v1::Case about;
  std::vector<evidence::v1::Report> reports;
  std::vector<MessageFinding> messages;
  std::vector<UnjudgedMessage> unjudged;
  evidence::v1::Decisions decisions;
  CustodyFinding custody;
};

// kUnauthenticated, NOT_AUTHENTIC, says what is not as it should be; that a
// message is not proven is a finding, not an error. kFailedPrecondition when
// the package is sealed to another key.
absl::StatusOr<EvidenceFindings> CheckEvidence(ByteSpan package,
                                               const EvidenceKeys& keys);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_EVIDENCE_CHECK_H_
