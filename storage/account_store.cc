#include "storage/account_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "storage/expiry_store.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

constexpr size_t kPastListsPage = 64;

// Stored by this program, hence of the right length.
TokenHash HashOf(absl::string_view bytes) {
  return TokenHash(ToArray<TokenHash::kSize>(AsBytes(bytes)));
}

void DeleteToken(Transaction& transaction, absl::string_view hash) {
  if (!hash.empty()) transaction.Delete(schema::TokenKey(HashOf(hash)));
}

}  // namespace

absl::StatusOr<absl::optional<v1::AccountRecord>> FindAccount(
    Transaction& transaction, absl::string_view account_uri) {
  return FindRecord<v1::AccountRecord>(transaction,
                                       schema::AccountKey(account_uri));
}

absl::StatusOr<absl::optional<v1::AccountRecord>> FindAccount(
    Engine& engine, absl::string_view account_uri) {
  return FindRecord<v1::AccountRecord>(engine, schema::AccountKey(account_uri));
}

void PutAccount(Transaction& transaction, absl::string_view account_uri,
                const v1::AccountRecord& account) {
  transaction.Put(schema::AccountKey(account_uri), EncodeRecord(account));
}

const v1::DeviceRecord* FindDevice(const v1::AccountRecord& account,
                                   const DeviceId& device_id) {
  for (const v1::DeviceRecord& device : account.device()) {
    if (device_id.text() == device.device_id()) return &device;
  }
  return nullptr;
}

absl::StatusOr<std::string> FindDeviceOwner(Transaction& transaction,
                                            const DeviceId& device_id) {
  FRANK_ASSIGN_OR_RETURN(auto owner,
                         GetRecordOrEmpty<v1::DeviceOwnerRecord>(
                             transaction, schema::DeviceOwnerKey(device_id)));
  return owner.account_uri();
}

absl::Status ClaimDevice(Transaction& transaction,
                         absl::string_view account_uri,
                         const DeviceId& device_id) {
  FRANK_ASSIGN_OR_RETURN(std::string owner,
                         FindDeviceOwner(transaction, device_id));
  if (owner == account_uri) return absl::OkStatus();
  if (!owner.empty()) {
    return WithReason(
        absl::AlreadyExistsError("the device id is another account's"),
        "ID_CONFLICT");
  }
  v1::DeviceOwnerRecord record;
  record.set_account_uri(ToString(AsBytes(account_uri)));
  transaction.Put(schema::DeviceOwnerKey(device_id), EncodeRecord(record));
  return absl::OkStatus();
}

void AddPastList(Transaction& transaction, absl::string_view account_uri,
                 const v1::DeviceListRecord& list) {
  std::string key = schema::PastListKey(account_uri, list.version());
  transaction.Put(key, EncodeRecord(list));
  ExpireAt(transaction, list.replaced_at() + limits::kDeviceListRetention, key);
}

absl::StatusOr<std::vector<v1::DeviceListRecord>> ListPastLists(
    Engine& engine, absl::string_view account_uri, UnixMillis since,
    size_t max_bytes) {
  std::vector<v1::DeviceListRecord> lists;
  KeyRange range = schema::PastLists(account_uri);
  size_t bytes = 0;
  bool more = true;
  while (more && bytes <= max_bytes) {
    FRANK_ASSIGN_OR_RETURN(
        std::vector<KeyValue> rows,
        engine.Scan(range, kPastListsPage, ScanOrder::kDescending));
    more = rows.size() == kPastListsPage;
    for (const KeyValue& row : rows) {
      FRANK_ASSIGN_OR_RETURN(auto list,
                             DecodeRecord<v1::DeviceListRecord>(row.value));
      if (list.replaced_at() <= since) {
        more = false;
        break;
      }
      bytes += row.value.size();
      lists.push_back(std::move(list));
      range.end = row.key;
    }
  }
  std::reverse(lists.begin(), lists.end());
  return lists;
}

absl::StatusOr<absl::optional<v1::TokenRecord>> FindToken(
    Engine& engine, const TokenHash& hash) {
  return FindRecord<v1::TokenRecord>(engine, schema::TokenKey(hash));
}

absl::Status IssueToken(Transaction& transaction, absl::string_view account_uri,
                        const DeviceId& device_id, const MailboxId& mailbox,
                        const TokenHash& hash) {
  std::string tokens_key = schema::DeviceTokensKey(account_uri, device_id);
  FRANK_ASSIGN_OR_RETURN(auto tokens, GetRecordOrEmpty<v1::DeviceTokensRecord>(
                                          transaction, tokens_key));
  DeleteToken(transaction, tokens.newest());
  DeleteToken(transaction, tokens.previous());

  v1::TokenRecord token;
  token.set_account_uri(ToString(AsBytes(account_uri)));
  token.set_device_id(ToString(device_id.bytes()));
  token.set_mailbox_id(ToString(mailbox.bytes()));
  transaction.Put(schema::TokenKey(hash), EncodeRecord(token));

  tokens.Clear();
  tokens.set_newest(ToString(hash.bytes()));
  transaction.Put(tokens_key, EncodeRecord(tokens));
  return absl::OkStatus();
}

absl::Status RotateToken(Transaction& transaction, const TokenHash& current,
                         const TokenHash& next, UnixMillis current_until) {
  FRANK_ASSIGN_OR_RETURN(
      auto token,
      FindRecord<v1::TokenRecord>(transaction, schema::TokenKey(current)));
  if (!token) return absl::NotFoundError("the token has ended");
  std::string tokens_key = schema::DeviceTokensKey(
      token->account_uri(),
      DeviceId(ToArray<DeviceId::kSize>(AsBytes(token->device_id()))));
  FRANK_ASSIGN_OR_RETURN(auto tokens, GetRecordOrEmpty<v1::DeviceTokensRecord>(
                                          transaction, tokens_key));

  // The caller may have lost the answer to an earlier rotation: what came of
  // that one was never used and ends.
  bool again = current.text() == tokens.previous();
  DeleteToken(transaction, again ? tokens.newest() : tokens.previous());

  v1::TokenRecord fresh = *token;
  fresh.set_valid_until(0);
  fresh.set_replaces(ToString(current.bytes()));
  transaction.Put(schema::TokenKey(next), EncodeRecord(fresh));
  if (!again) token->set_valid_until(current_until);
  token->clear_replaces();
  transaction.Put(schema::TokenKey(current), EncodeRecord(*token));

  tokens.set_newest(ToString(next.bytes()));
  tokens.set_previous(ToString(current.bytes()));
  transaction.Put(tokens_key, EncodeRecord(tokens));
  return absl::OkStatus();
}

absl::Status EndReplacedToken(Transaction& transaction, const TokenHash& hash) {
  FRANK_ASSIGN_OR_RETURN(auto token, FindRecord<v1::TokenRecord>(
                                         transaction, schema::TokenKey(hash)));
  if (!token || token->replaces().empty()) return absl::OkStatus();
  std::string tokens_key = schema::DeviceTokensKey(
      token->account_uri(),
      DeviceId(ToArray<DeviceId::kSize>(AsBytes(token->device_id()))));
  FRANK_ASSIGN_OR_RETURN(auto tokens, GetRecordOrEmpty<v1::DeviceTokensRecord>(
                                          transaction, tokens_key));
  DeleteToken(transaction, token->replaces());
  token->clear_replaces();
  transaction.Put(schema::TokenKey(hash), EncodeRecord(*token));
  tokens.clear_previous();
  transaction.Put(tokens_key, EncodeRecord(tokens));
  return absl::OkStatus();
}

absl::Status RemoveDevice(Transaction& transaction,
                          absl::string_view account_uri,
                          const v1::DeviceRecord& device) {
  std::string tokens_key = schema::DeviceTokensKey(
      account_uri,
      DeviceId(ToArray<DeviceId::kSize>(AsBytes(device.device_id()))));
  FRANK_ASSIGN_OR_RETURN(auto tokens, GetRecordOrEmpty<v1::DeviceTokensRecord>(
                                          transaction, tokens_key));
  DeleteToken(transaction, tokens.newest());
  DeleteToken(transaction, tokens.previous());
  transaction.Delete(tokens_key);
  transaction.Put(schema::RemovedMailboxKey(MailboxId(
                      ToArray<MailboxId::kSize>(AsBytes(device.mailbox_id())))),
                  "");
  return absl::OkStatus();
}

}  // namespace frank::storage
