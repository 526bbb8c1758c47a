#include "client/key_book.h"

#include "absl/strings/str_cat.h"
#include "core/status.h"

namespace frank::client {

absl::StatusOr<crypto::Ed25519PublicKey> KeyBook::ModerationKey() const {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  return crypto::Ed25519PublicKey::Create(
      FieldBytes(profile->moderation_identity_key()));
}

absl::StatusOr<v1::GetReportingKeysResponse> KeyBook::Fetch(
    const std::string& authority) {
  v1::GetReportingKeysRequest request;
  if (!authority.empty()) request.add_authority(authority);
  FRANK_ASSIGN_OR_RETURN(v1::GetReportingKeysResponse response,
                         context_.transport.GetReportingKeys(request));
  FRANK_RETURN_IF_ERROR(LearnPlatformTime(context_, response.server_time()));
  return response;
}

absl::StatusOr<crypto::FrankingKeys> KeyBook::GetFrankingKeys(
    const std::string& authority) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<DeviceStore::SignedRecord> known,
                         context_.store.FindFrankingKeys(authority));
  // It was verified before it was stored, and the store is authentic.
  if (known) return crypto::ParseFrankingKeys(FieldBytes(known->record()));
  return FetchFrankingKeys(authority);
}

absl::StatusOr<crypto::FrankingKeys> KeyBook::FetchFrankingKeys(
    const std::string& authority) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<DeviceStore::SignedRecord> known,
                         context_.store.FindFrankingKeys(authority));
  crypto::FrankingKeys previous;
  if (known) {
    FRANK_ASSIGN_OR_RETURN(
        previous, crypto::ParseFrankingKeys(FieldBytes(known->record())));
  }
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PublicKey moderation, ModerationKey());
  FRANK_ASSIGN_OR_RETURN(v1::GetReportingKeysResponse response,
                         Fetch(authority));
  if (response.franking_keys_size() == 0) {
    return absl::NotFoundError(
        absl::StrCat("the platform has no FrankingKeys of ", authority));
  }
  const DeviceStore::SignedRecord& record = response.franking_keys(0);
  FRANK_ASSIGN_OR_RETURN(
      crypto::FrankingKeys keys,
      crypto::OpenFrankingKeys(authority, FieldBytes(record.record()),
                               FieldBytes(record.signature()), moderation,
                               known ? &previous : nullptr,
                               context_.clock.Now()));
  FRANK_RETURN_IF_ERROR(context_.store.PutFrankingKeys(authority, record));
  return keys;
}

absl::StatusOr<OpenedReviewKey> KeyBook::FetchReviewKey() {
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PublicKey moderation, ModerationKey());
  FRANK_ASSIGN_OR_RETURN(v1::GetReportingKeysResponse response, Fetch(""));
  absl::Status last = absl::NotFoundError("the platform has no review key");
  for (const DeviceStore::SignedRecord& key : response.review_key()) {
    absl::StatusOr<crypto::ReviewKeyRecord> record =
        crypto::OpenReviewKeyRecord(FieldBytes(key.record()),
                                    FieldBytes(key.signature()), moderation,
                                    context_.clock.Now());
    if (record.ok()) {
      return OpenedReviewKey{crypto::ReviewKeyIdOf(FieldBytes(key.record())),
                             *std::move(record)};
    }
    last = record.status();
  }
  return last;
}

absl::StatusOr<UnixMillis> KeyBook::PlatformNow() {
  absl::optional<UnixMillis> time = PlatformTime(context_);
  if (!time) {
    FRANK_RETURN_IF_ERROR(Fetch("").status());
    time = PlatformTime(context_);
  }
  if (!time) return absl::UnavailableError("platform time is not known");
  return *time;
}

}  // namespace frank::client
