#include "services/platform/account_reads.h"

#include <utility>

#include "core/status.h"
#include "storage/account_store.h"
#include "storage/record_table.h"
#include "storage/schema.h"

namespace frank::platform {

// In all of them only what was read is kept: what failed to be read tells
// nothing.

absl::StatusOr<const storage::v1::AccountRecord*> AccountReads::FindMember(
    const std::string& uri) {
  auto known = members_.find(uri);
  if (known == members_.end()) {
    FRANK_ASSIGN_OR_RETURN(auto account,
                           storage::FindAccount(transaction_, uri));
    if (!account) return absl::DataLossError("a member without an account");
    known = members_.emplace(uri, *std::move(account)).first;
  }
  return &known->second;
}

absl::StatusOr<const AccountReads::Limits*> AccountReads::FindLimits(
    const std::string& uri) {
  auto known = limits_.find(uri);
  if (known == limits_.end()) {
    FRANK_ASSIGN_OR_RETURN(Limits limits,
                           storage::FindEnforcement(transaction_, uri));
    known = limits_.emplace(uri, std::move(limits)).first;
  }
  return &known->second;
}

absl::StatusOr<bool> AccountReads::UseAllowance(const std::string& uri,
                                                const Limits& limits,
                                                UnixMillis now) {
  uint32_t limit = limits ? limits->MessagesAnHourAt(now) : 0;
  if (limit == 0) return true;
  auto known = counts_.find(uri);
  if (known == counts_.end()) {
    FRANK_ASSIGN_OR_RETURN(
        auto stored, storage::GetRecordOrEmpty<storage::v1::SendCountRecord>(
                         transaction_, storage::schema::SendCountKey(uri)));
    known = counts_.emplace(uri, Count{std::move(stored)}).first;
  }
  storage::v1::SendCountRecord& count = known->second.record;
  uint64_t hour = now / kHour;
  if (count.hour() != hour) {
    count.set_hour(hour);
    count.set_count(0);
  }
  if (count.count() >= limit) return false;
  count.set_count(count.count() + 1);
  known->second.raised = true;
  return true;
}

void AccountReads::PutCounts() {
  for (const auto& [uri, count] : counts_) {
    if (!count.raised) continue;
    transaction_.Put(storage::schema::SendCountKey(uri),
                     storage::EncodeRecord(count.record));
  }
}

}  // namespace frank::platform
