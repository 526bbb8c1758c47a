// One message of an evidence package: what anybody can recompute, beside
// moderation's signed word.
#ifndef FRANK_CLIENT_COMMAND_EVIDENCE_MESSAGE_H_
#define FRANK_CLIENT_COMMAND_EVIDENCE_MESSAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/command/evidence_keys.h"
#include "crypto/evidence.h"
#include "frank/evidence/v1/evidence.pb.h"
#include "frank/v1/frank.pb.h"
#include "frank/v1/review.pb.h"

namespace frank::client {

// What came of a check that needs nobody's word.
enum class Recomputed {
  kHolds,
  kFails,
  kMalformed,   // a field breaks a rule, so there is nothing to recompute
  kNoContent,   // the package does not have the message
  kNoKeys,      // no published key of that time was given
  kNoSignature  // the window asks for none
};

// A moderator was shown the message, or of it the text alone.
struct Viewing {
  std::string actor;
  UnixMillis time = 0;
  bool text_only = false;
};

struct MessageFinding {
  std::string report_id;
  // From 1 on, as people count.
  uint32_t number = 0;
  // Signed, and not contradicted by what was recomputed.
  evidence::v1::Verdict verdict;
  // Whether the content shown opens the tag, and whether the platform's
  // signature is over this frank.
  Recomputed opening = Recomputed::kNoContent;
  Recomputed signature = Recomputed::kNoContent;
  // What was disclosed, as a moderator sees it, and what was not.
  v1::Evidence shown;
  std::vector<uint64_t> withheld_parts;
  std::vector<Viewing> viewings;

  bool IsProven() const { return verdict.verdict() == "PROVEN"; }
};

// Checks one message. `content` is null where the package does not have it.
// kUnauthenticated, NOT_AUTHENTIC, when moderation did not sign the verdict or
// what it signed cannot be so.
absl::StatusOr<MessageFinding> CheckMessage(
    const evidence::v1::Report& report, int index,
    const v1::ReportContent::ReportedMessage* content,
    const crypto::Ed25519PublicKey& signer, const EvidenceKeys& keys);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_EVIDENCE_MESSAGE_H_
