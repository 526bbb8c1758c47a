#include "storage/enforcement_store.h"

#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/record.h"
#include "storage/report_schema.h"

namespace frank::storage {
namespace {

using Found = absl::StatusOr<absl::optional<std::string>>;

absl::StatusOr<absl::optional<Enforcement>> Read(Found found) {
  FRANK_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return absl::optional<Enforcement>();
  FRANK_ASSIGN_OR_RETURN(auto record,
                         DecodeRecord<v1::EnforcementRecord>(**found));
  Enforcement enforcement;
  enforcement.number = record.number();
  enforcement.suspended = record.suspended();
  enforcement.suspended_until = record.suspended_until();
  enforcement.messages_an_hour = record.messages_an_hour();
  enforcement.limited_until = record.limited_until();
  enforcement.policy = record.policy();
  return absl::make_optional(std::move(enforcement));
}

}  // namespace

absl::StatusOr<absl::optional<Enforcement>> FindEnforcement(
    Transaction& transaction, absl::string_view account_uri) {
  return Read(transaction.Get(schema::EnforcementKey(account_uri)));
}

absl::StatusOr<absl::optional<Enforcement>> FindEnforcement(
    Engine& engine, absl::string_view account_uri) {
  return Read(engine.Get(schema::EnforcementKey(account_uri)));
}

void PutEnforcement(Transaction& transaction, absl::string_view account_uri,
                    const Enforcement& enforcement) {
  v1::EnforcementRecord record;
  record.set_number(enforcement.number);
  record.set_suspended(enforcement.suspended);
  record.set_suspended_until(enforcement.suspended_until);
  record.set_messages_an_hour(enforcement.messages_an_hour);
  record.set_limited_until(enforcement.limited_until);
  record.set_policy(enforcement.policy);
  transaction.Put(schema::EnforcementKey(account_uri), EncodeRecord(record));
}

}  // namespace frank::storage
