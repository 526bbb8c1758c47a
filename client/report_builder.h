// A report (protocol section 7): what a recipient shows the moderators of what
// it received, and nothing else.
#ifndef FRANK_CLIENT_REPORT_BUILDER_H_
#define FRANK_CLIENT_REPORT_BUILDER_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/verify.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "core/taxonomy.h"
#include "crypto/records.h"
#include "frank/v1/frank.pb.h"

namespace frank::client {

// A review key that clients may seal to now, checked with
// crypto::OpenReviewKeyRecord.
struct OpenedReviewKey {
  ReviewKeyId id;
  crypto::ReviewKeyRecord record;
};

// A report on its way. Store it before it is sent, and send these bytes again
// when in doubt: the same id with other bytes is refused.
struct SealedReport {
  ReportId id;
  ReviewKeyId review_key_id;
  Bytes sealed;
  // The franks that the report is about; they travel in the clear beside it.
  std::vector<v1::Frank> franks;
};

// Chunks of a received file, with what opens them: see FileReader.
struct OpenedChunks {
  FrankingTag file_tag;
  uint32_t size = 0;
  std::vector<crypto::PartProof> proofs;
  std::vector<Bytes> chunks;
};

// Collects a report. Not thread-safe.
class ReportBuilder {
 public:
  // Takes any reason and note; Seal checks them. `reported_at` is this device's
  // clock, `taxonomy_version` that of the table which the reason is a key of.
  ReportBuilder(absl::string_view accused_uri, absl::string_view reason,
                absl::string_view note, UnixMillis reported_at,
                uint32_t taxonomy_version = kTaxonomyVersion);

  // Adds a message and discloses its parts but the `withheld`. Keys of files
  // are never disclosed. A message without anything to withhold is opened in
  // full. Else each part needs a proof, and what would take more than half of a
  // report is left out, from the first part that does not fit: no sender can
  // make a message that cannot be reported. kInvalidArgument when a withheld
  // index does not exist, a WHOLE message is to be withheld in part, or nothing
  // would be left to show.
  absl::Status AddMessage(const VerifiedMessage& message,
                          const std::set<uint32_t>& withheld);
  // Opens chunks of a file that the last added message announces.
  // kFailedPrecondition before any message; kInvalidArgument when that message
  // shows no such file.
  absl::Status AddChunks(const OpenedChunks& chunks);

  const v1::ReportContent& content() const { return content_; }
  // How many parts of the added messages were neither withheld nor shown, for
  // want of room; withholding others makes room for them.
  size_t left_out() const { return left_out_; }

 private:
  v1::ReportContent content_;
  size_t left_out_ = 0;
};

// Seals content under a fresh report id, and lists its franks. kInvalidArgument
// by wire::CheckReportContent, or when it is larger than a sealed report may be
// or has more elements than moderation reads: report fewer messages at once.
absl::StatusOr<SealedReport> Seal(const v1::ReportContent& content,
                                  const OpenedReviewKey& review_key,
                                  absl::string_view reporter_uri,
                                  RandomSource& random);

}  // namespace frank::client

#endif  // FRANK_CLIENT_REPORT_BUILDER_H_
