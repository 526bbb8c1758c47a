#include "services/moderation/account_ledger.h"

#include <limits>
#include <utility>

#include "core/status.h"
#include "services/moderation/account_sanctions.h"
#include "storage/moderation_account_store.h"

namespace frank::moderation {
namespace {

using storage::StoredSanction;
using storage::v1::AccountStateRecord;

// The row of a decision's sanction that ends: behind all that the decision has.
constexpr uint32_t kEndRow = std::numeric_limits<uint32_t>::max() - 1;

}  // namespace

absl::StatusOr<AccountLedger::Account*> AccountLedger::Load(
    const std::string& uri) {
  auto known = accounts_.find(uri);
  if (known != accounts_.end()) return &known->second;
  Account account;
  FRANK_ASSIGN_OR_RETURN(account.state,
                         storage::GetAccountState(transaction_, uri));
  FRANK_ASSIGN_OR_RETURN(account.sanctions,
                         storage::ListSanctions(transaction_, uri));
  return &accounts_.emplace(uri, std::move(account)).first->second;
}

absl::StatusOr<AccountStateRecord> AccountLedger::Issue(
    const storage::EffectRow& at, const storage::v1::EffectRecord& row) {
  FRANK_ASSIGN_OR_RETURN(Account * account, Load(row.account_uri()));
  for (StoredSanction& sanction : account->sanctions) {
    if (sanction.id != at.decision || sanction.record.released()) continue;
    sanction.record.set_released(true);
    storage::PutSanction(transaction_, row.account_uri(), sanction.id,
                         sanction.record);
  }
  const DerivedState derived = DeriveState(account->sanctions, now_);
  AccountStateRecord& state = account->state;
  state.set_account_uri(row.account_uri());
  state.set_number(state.number() + 1);
  state.set_suspended(derived.suspended);
  state.set_suspended_until(derived.suspended_until);
  state.set_messages_an_hour(derived.messages_an_hour);
  state.set_limited_until(derived.limited_until);
  state.set_policy(row.policy());
  state.set_notice(row.notice());
  state.set_decision_id(row.decision_id());
  return state;
}

void AccountLedger::Write() {
  for (const auto& [uri, account] : accounts_) {
    storage::PutAccountState(transaction_, account.state);
    ForgetSpent(uri, account);
    ScheduleChange(uri, account);
  }
}

void AccountLedger::ForgetSpent(const std::string& uri,
                                const Account& account) {
  for (const StoredSanction& sanction : account.sanctions) {
    if (!IsSpent(sanction, account.sanctions, now_)) continue;
    storage::DeleteSanction(transaction_, uri, sanction.id);
  }
}

void AccountLedger::ScheduleChange(const std::string& uri,
                                   const Account& account) {
  const DerivedState derived = DeriveState(account.sanctions, now_);
  if (derived.changes_at == 0) return;
  for (const StoredSanction& sanction : account.sanctions) {
    if (sanction.id != *derived.from) continue;
    storage::v1::EffectRecord row;
    row.set_case_id(sanction.record.case_id());
    row.set_phase(storage::kEffectWaiting);
    row.set_decision_id(ToString(sanction.id.bytes()));
    row.set_decided_at(now_);
    row.set_account_uri(uri);
    row.set_policy(sanction.record.policy());
    storage::PutEffect(transaction_, {derived.changes_at, sanction.id, kEndRow},
                       row);
  }
}

}  // namespace frank::moderation
