#include "services/platform/reporting_keys.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::platform {
namespace {

absl::Status InFile(const std::string& path, absl::string_view rule) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", rule));
}

v1::GetReportingKeysResponse::SignedRecord ToProto(
    const crypto::SignedRecord& signed_record) {
  v1::GetReportingKeysResponse::SignedRecord out;
  out.set_record(ToString(signed_record.record));
  out.set_signature(ToString(signed_record.signature));
  return out;
}

bool IsPublished(const crypto::FrankingWindow& window,
                 const crypto::FrankingKeys& keys) {
  return std::find(keys.windows.begin(), keys.windows.end(), window) !=
         keys.windows.end();
}

}  // namespace

absl::StatusOr<ReportingKeys> ReportingKeys::Load(
    const std::vector<std::string>& review_key_record_files,
    const std::vector<std::string>& franking_keys_files,
    const crypto::KeyRings& rings) {
  ReportingKeys keys;
  for (const std::string& path : review_key_record_files) {
    FRANK_RETURN_IF_ERROR(keys.AddReviewKey(path));
  }
  std::sort(keys.review_keys_.begin(), keys.review_keys_.end(),
            [](const ReviewKey& a, const ReviewKey& b) {
              return a.not_before < b.not_before;
            });
  for (const std::string& path : franking_keys_files) {
    FRANK_RETURN_IF_ERROR(keys.AddFrankingKeys(path, rings));
  }
  for (const auto& [authority, ring] : rings.all()) {
    if (keys.franking_keys_.count(authority) == 0) {
      return absl::FailedPreconditionError(absl::StrCat(
          "no file of franking keys publishes the key ring of ", authority));
    }
  }
  return keys;
}

absl::Status ReportingKeys::AddReviewKey(const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(crypto::SignedRecord file,
                         wire::LoadSignedRecord(path));
  absl::StatusOr<crypto::ReviewKeyRecord> record =
      crypto::ParseReviewKeyRecord(file.record);
  if (!record.ok()) return InFile(path, "must hold a ReviewKeyRecord");
  review_keys_.push_back(
      {record->not_before, record->not_after, ToProto(file)});
  return absl::OkStatus();
}

absl::Status ReportingKeys::AddFrankingKeys(const std::string& path,
                                            const crypto::KeyRings& rings) {
  FRANK_ASSIGN_OR_RETURN(crypto::SignedRecord file,
                         wire::LoadSignedRecord(path));
  absl::StatusOr<crypto::FrankingKeys> keys =
      crypto::ParseFrankingKeys(file.record);
  if (!keys.ok()) return InFile(path, "must hold FrankingKeys");
  if (const crypto::KeyRing* ring = rings.Find(keys->authority)) {
    for (const crypto::FrankingWindow& window : ring->PublicWindows()) {
      if (!IsPublished(window, *keys)) {
        return InFile(path, "must publish every window of the key ring");
      }
    }
  }
  if (!franking_keys_.emplace(keys->authority, ToProto(file)).second) {
    return InFile(path, "must not repeat the authority of another file");
  }
  return absl::OkStatus();
}

v1::GetReportingKeysResponse ReportingKeys::For(
    const std::vector<std::string>& authorities, UnixMillis now) const {
  v1::GetReportingKeysResponse response;
  bool next_is_there = false;
  for (const ReviewKey& key : review_keys_) {
    if (key.not_after <= now || next_is_there) continue;
    *response.add_review_key() = key.record;
    next_is_there = key.not_before > now;
  }
  for (const std::string& authority : authorities) {
    auto found = franking_keys_.find(authority);
    if (found != franking_keys_.end()) {
      *response.add_franking_keys() = found->second;
    }
  }
  response.set_server_time(now);
  return response;
}

}  // namespace frank::platform
