// The signed records that reporters and recipients need.
#ifndef FRANK_SERVICES_PLATFORM_REPORTING_KEYS_H_
#define FRANK_SERVICES_PLATFORM_REPORTING_KEYS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "crypto/key_ring.h"
#include "crypto/records.h"
#include "frank/v1/report.pb.h"

namespace frank::platform {

// ReviewKeyRecords and FrankingKeys as moderation signed them (protocol section
// 5). The platform has no way to check the signatures and no need to: clients
// do. It checks that the records are well formed and agree with its key rings,
// as no client would accept a frank of a window that was not published.
// Immutable, hence thread-safe.
class ReportingKeys {
 public:
  // Reads the files. kFailedPrecondition names the file and the rule.
  static absl::StatusOr<ReportingKeys> Load(
      const std::vector<std::string>& review_key_record_files,
      const std::vector<std::string>& franking_keys_files,
      const crypto::KeyRings& rings);

  // The review key that is in force at `now` and the next one; the FrankingKeys
  // of those authorities that are known.
  v1::GetReportingKeysResponse For(const std::vector<std::string>& authorities,
                                   UnixMillis now) const;

 private:
  using SignedRecord = v1::GetReportingKeysResponse::SignedRecord;
  struct ReviewKey {
    UnixMillis not_before;
    UnixMillis not_after;
    SignedRecord record;
  };

  absl::Status AddReviewKey(const std::string& path);
  absl::Status AddFrankingKeys(const std::string& path,
                               const crypto::KeyRings& rings);

  // By not_before.
  std::vector<ReviewKey> review_keys_;
  std::map<std::string, SignedRecord> franking_keys_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REPORTING_KEYS_H_
