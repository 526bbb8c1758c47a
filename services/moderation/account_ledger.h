// The enforcement states of accounts within one transaction of the effects'
// outbox.
#ifndef FRANK_SERVICES_MODERATION_ACCOUNT_LEDGER_H_
#define FRANK_SERVICES_MODERATION_ACCOUNT_LEDGER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/decision_store.h"
#include "storage/effect_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// A state is made when the effect that announces it leaves, from what is in
// force by then, so it never holds what may still be undone. One for each run
// of a transaction's body; accounts are read tracked, once.
class AccountLedger {
 public:
  AccountLedger(storage::Transaction& transaction, UnixMillis now)
      : transaction_(transaction), now_(now) {}

  // Puts the sanction of the row's decision in force and returns the account's
  // next state, whose number is one higher than the last.
  absl::StatusOr<storage::v1::AccountStateRecord> Issue(
      const storage::EffectRow& at, const storage::v1::EffectRecord& row);
  // Writes the states, forgets what has ended, and puts into the outbox, for
  // later, what will end with a milder sanction behind it.
  void Write();

 private:
  struct Account {
    storage::v1::AccountStateRecord state;
    std::vector<storage::StoredSanction> sanctions;
  };
  absl::StatusOr<Account*> Load(const std::string& uri);
  void ForgetSpent(const std::string& uri, const Account& account);
  void ScheduleChange(const std::string& uri, const Account& account);

  storage::Transaction& transaction_;
  const UnixMillis now_;
  std::map<std::string, Account> accounts_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_ACCOUNT_LEDGER_H_
