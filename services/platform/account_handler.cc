#include "services/platform/account_handler.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "services/platform/device_lists.h"
#include "services/platform/transact.h"
#include "services/platform/validate_account.h"
#include "storage/account_store.h"
#include "storage/idempotency_store.h"
#include "storage/rate_store.h"

namespace frank::platform {
namespace {

using storage::IdempotentMethod;
using storage::Transaction;

crypto::Sha256Digest FingerprintOf(const v1::SignedDeviceList& list) {
  // Signature and key have fixed lengths: the concatenation is unambiguous.
  return crypto::Sha256({AsBytes(list.identity_public_key()),
                         AsBytes(list.signature()),
                         AsBytes(list.device_list())});
}

absl::Status WrongVersion() {
  return WithReason(
      absl::FailedPreconditionError("the device list has been replaced since"),
      "DEVICE_LIST_VERSION");
}

absl::Status CheckFirstList(const crypto::DeviceList& list) {
  if (list.version != 1) {
    return FieldError("device_list.version", "must be 1 at registration");
  }
  if (list.devices.size() != 1) {
    return FieldError("device_list.device_list",
                      "must have exactly one device at registration");
  }
  return absl::OkStatus();
}

// One registration; run again for each attempt of its transaction.
class Registration {
 public:
  Registration(const AccountHandler::Dependencies& dependencies,
               const v1::RegisterAccountRequest& request,
               crypto::ListedDevice device)
      : d_(dependencies), request_(request), device_(std::move(device)) {}

  absl::Status operator()(Transaction& transaction,
                          v1::RegisterAccountResponse& response) {
    std::string key = storage::schema::IdempotencyKey(
        uri(), DeviceId(), IdempotentMethod::kRegister, RegistrationName());
    crypto::Sha256Digest fingerprint = FingerprintOf(request_.device_list());
    FRANK_ASSIGN_OR_RETURN(auto answer,
                           storage::FindAnswer(transaction, key, fingerprint));
    FRANK_ASSIGN_OR_RETURN(auto account,
                           storage::FindAccount(transaction, uri()));
    if (!account) {
      FRANK_RETURN_IF_ERROR(
          storage::ClaimDevice(transaction, uri(), device_.id));
      storage::v1::IdempotencyRecord record;
      record.set_fingerprint(ToString(fingerprint));
      storage::PutAnswer(transaction, key, d_.clock.Now(), record);
      account = NewAccount();
      storage::PutAccount(transaction, uri(), *account);
    } else if (!answer) {
      return WithReason(absl::AlreadyExistsError("the account exists"),
                        "ACCOUNT_EXISTS");
    } else if (account->current().version() != 1) {
      return WrongVersion();
    }
    return Answer(transaction, account->device(0), response);
  }

 private:
  const std::string& uri() const { return request_.account_uri(); }

  // Who knows the id is given a token, so it is not stored: whoever reads the
  // store must not be able to ask.
  Bytes RegistrationName() const {
    crypto::Encoder encoder;
    encoder.Label("frank/1 register").Raw(AsBytes(request_.request_id()));
    crypto::Sha256Digest digest = crypto::Sha256({encoder.bytes()});
    return Bytes(digest.begin(), digest.begin() + RequestId::kSize);
  }

  storage::v1::AccountRecord NewAccount() const {
    storage::v1::AccountRecord account;
    account.set_identity_public_key(
        request_.device_list().identity_public_key());
    *account.mutable_current() =
        ToRecord(request_.device_list(), 1, d_.clock.Now());
    *account.add_device() = NewDevice(device_, d_.random);
    return account;
  }

  absl::Status Answer(Transaction& transaction,
                      const storage::v1::DeviceRecord& device,
                      v1::RegisterAccountResponse& response) const {
    response.set_token(NewToken(d_.random));
    response.set_server_time(d_.clock.Now());
    return storage::IssueToken(transaction, uri(), DeviceIdOf(device),
                               MailboxOf(device), HashToken(response.token()));
  }

  const AccountHandler::Dependencies& d_;
  const v1::RegisterAccountRequest& request_;
  const crypto::ListedDevice device_;
};

// One change of a device list.
class ListUpdate {
 public:
  ListUpdate(const AccountHandler::Dependencies& dependencies,
             const v1::UpdateDeviceListRequest& request, Device caller,
             crypto::DeviceList list)
      : d_(dependencies),
        request_(request),
        caller_(std::move(caller)),
        list_(std::move(list)) {}

  absl::Status operator()(Transaction& transaction,
                          v1::UpdateDeviceListResponse& response) {
    std::string key = storage::schema::IdempotencyKey(
        uri(), caller_.device_id, IdempotentMethod::kUpdateDevices,
        AsBytes(request_.request_id()));
    crypto::Sha256Digest fingerprint = FingerprintOf(request_.device_list());
    FRANK_ASSIGN_OR_RETURN(auto answer,
                           storage::FindAnswer(transaction, key, fingerprint));
    FRANK_ASSIGN_OR_RETURN(auto account,
                           storage::FindAccount(transaction, uri()));
    if (!account) return absl::DataLossError("a device without an account");
    FRANK_RETURN_IF_ERROR(CheckIdentity(*account));
    if (answer && answer->linked().version() == account->current().version()) {
      return AnswerAgain(transaction, *account, answer->linked(), response);
    }
    if (list_.version != account->current().version() + 1) {
      *response.mutable_stale() = ToProto(*account, account->current());
      return absl::OkStatus();
    }
    FRANK_RETURN_IF_ERROR(storage::CountInHour(
        transaction, storage::RateKind::kDeviceLists, uri(), d_.clock.Now(),
        limits::kMaxDeviceListsAnHour));
    storage::v1::IdempotencyRecord record;
    record.set_fingerprint(ToString(fingerprint));
    FRANK_RETURN_IF_ERROR(
        Replace(transaction, *account, *record.mutable_linked(), response));
    storage::PutAnswer(transaction, key, d_.clock.Now(), record);
    return absl::OkStatus();
  }

 private:
  const std::string& uri() const { return caller_.account_uri; }

  absl::Status CheckIdentity(const storage::v1::AccountRecord& account) const {
    if (storage::FindDevice(account, caller_.device_id) == nullptr) {
      return WithReason(absl::UnauthenticatedError("the device was removed"),
                        "CREDENTIAL_INVALID");
    }
    if (account.identity_public_key() !=
        request_.device_list().identity_public_key()) {
      return WithReason(FieldError("device_list.identity_public_key",
                                   "must be the account's identity key"),
                        "NOT_AUTHENTIC");
    }
    return absl::OkStatus();
  }

  absl::Status Replace(Transaction& transaction,
                       storage::v1::AccountRecord& account,
                       storage::v1::IdempotencyRecord::LinkedReply& linked,
                       v1::UpdateDeviceListResponse& response) const {
    storage::v1::AccountRecord next;
    next.set_identity_public_key(account.identity_public_key());
    // Lists follow one another in time, whatever the clock does.
    UnixMillis now =
        std::max<UnixMillis>(d_.clock.Now(), account.current().accepted_at());
    *next.mutable_current() =
        ToRecord(request_.device_list(), list_.version, now);
    linked.set_version(list_.version);
    response.mutable_updated();
    for (const crypto::ListedDevice& device : list_.devices) {
      storage::v1::DeviceRecord* record = next.add_device();
      *record = NewDevice(device, d_.random);
      if (const auto* known = storage::FindDevice(account, device.id)) {
        record->set_mailbox_id(known->mailbox_id());
        continue;
      }
      FRANK_RETURN_IF_ERROR(
          storage::ClaimDevice(transaction, uri(), device.id));
      linked.add_device_id(record->device_id());
      FRANK_RETURN_IF_ERROR(AddToken(transaction, *record, response));
    }
    FRANK_RETURN_IF_ERROR(RemoveMissing(transaction, account, next));
    account.mutable_current()->set_replaced_at(now);
    storage::AddPastList(transaction, uri(), account.current());
    storage::PutAccount(transaction, uri(), next);
    return absl::OkStatus();
  }

  absl::Status RemoveMissing(Transaction& transaction,
                             const storage::v1::AccountRecord& account,
                             const storage::v1::AccountRecord& next) const {
    for (const storage::v1::DeviceRecord& device : account.device()) {
      if (storage::FindDevice(next, DeviceIdOf(device)) != nullptr) continue;
      FRANK_RETURN_IF_ERROR(storage::RemoveDevice(transaction, uri(), device));
    }
    return absl::OkStatus();
  }

  absl::Status AnswerAgain(
      Transaction& transaction, const storage::v1::AccountRecord& account,
      const storage::v1::IdempotencyRecord::LinkedReply& linked,
      v1::UpdateDeviceListResponse& response) const {
    response.mutable_updated();
    for (const std::string& id : linked.device_id()) {
      const auto* device = storage::FindDevice(
          account, DeviceId(ToArray<DeviceId::kSize>(AsBytes(id))));
      if (device == nullptr) continue;
      FRANK_RETURN_IF_ERROR(AddToken(transaction, *device, response));
    }
    return absl::OkStatus();
  }

  absl::Status AddToken(Transaction& transaction,
                        const storage::v1::DeviceRecord& device,
                        v1::UpdateDeviceListResponse& response) const {
    auto* added = response.mutable_updated()->add_new_device();
    added->set_device_id(device.device_id());
    added->set_token(NewToken(d_.random));
    return storage::IssueToken(transaction, uri(), DeviceIdOf(device),
                               MailboxOf(device), HashToken(added->token()));
  }

  const AccountHandler::Dependencies& d_;
  const v1::UpdateDeviceListRequest& request_;
  const Device caller_;
  const crypto::DeviceList list_;
};

absl::Status FillLists(storage::Engine& engine,
                       const v1::GetDeviceListsRequest::Query& query,
                       size_t max_bytes,
                       v1::GetDeviceListsResponse::Lists& out) {
  FRANK_ASSIGN_OR_RETURN(auto account,
                         storage::FindAccount(engine, query.account_uri()));
  if (!account) return absl::OkStatus();
  if (query.current_since() != 0) {
    FRANK_ASSIGN_OR_RETURN(
        auto past, storage::ListPastLists(engine, query.account_uri(),
                                          query.current_since(), max_bytes));
    for (const storage::v1::DeviceListRecord& list : past) {
      // The list read first may have been replaced meanwhile; it is current
      // here, and once is enough.
      if (list.version() < account->current().version()) {
        *out.add_list() = ToProto(*account, list);
      }
    }
  }
  *out.add_list() = ToProto(*account, account->current());
  return absl::OkStatus();
}

}  // namespace

void AccountHandler::Register(
    const services::Call& call, const v1::RegisterAccountRequest& request,
    services::Done<v1::RegisterAccountResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request, d_.authority));
  if (d_.registration_token &&
      HashToken(call.registration_token) != *d_.registration_token) {
    return done(WithReason(
        absl::UnauthenticatedError("registration needs the operator's token"),
        "CREDENTIAL_INVALID"));
  }
  absl::StatusOr<crypto::DeviceList> list =
      OpenDeviceList(request.account_uri(), request.device_list());
  FRANK_ANSWER_IF_ERROR(done, list.status());
  FRANK_ANSWER_IF_ERROR(done, CheckFirstList(*list));
  Transact<v1::RegisterAccountResponse>(
      d_.engine, Registration(d_, request, list->devices[0]), std::move(done));
}

void AccountHandler::Update(const services::Call& call,
                            const v1::UpdateDeviceListRequest& request,
                            services::Done<v1::UpdateDeviceListResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  absl::StatusOr<Device> caller = d_.authenticator.AuthenticateDevice(call);
  FRANK_ANSWER_IF_ERROR(done, caller.status());
  absl::StatusOr<crypto::DeviceList> list =
      OpenDeviceList(caller->account_uri, request.device_list());
  FRANK_ANSWER_IF_ERROR(done, list.status());
  Transact<v1::UpdateDeviceListResponse>(
      d_.engine, ListUpdate(d_, request, *std::move(caller), *std::move(list)),
      std::move(done));
}

void AccountHandler::GetLists(const services::Call& call,
                              const v1::GetDeviceListsRequest& request,
                              services::Done<v1::GetDeviceListsResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  FRANK_ANSWER_IF_ERROR(done,
                        d_.authenticator.AuthenticateDevice(call).status());
  v1::GetDeviceListsResponse response;
  size_t bytes = 0;
  for (const auto& query : request.query()) {
    auto* lists = response.add_lists();
    FRANK_ANSWER_IF_ERROR(
        done,
        FillLists(d_.engine, query, limits::kMaxRequestBytes - bytes, *lists));
    bytes += lists->ByteSizeLong();
    if (bytes > limits::kMaxRequestBytes) {
      return done(WithReason(
          FieldError("query", "must ask for less than 16 MiB of lists"),
          "TOO_LARGE"));
    }
  }
  done(std::move(response));
}

void AccountHandler::RotateToken(const services::Call& call,
                                 const v1::RotateTokenRequest&,
                                 services::Done<v1::RotateTokenResponse> done) {
  FRANK_ANSWER_IF_ERROR(done,
                        d_.authenticator.AuthenticateDevice(call).status());
  storage::TokenHash current = HashToken(call.bearer_token);
  Transact<v1::RotateTokenResponse>(
      d_.engine,
      [this, current](Transaction& transaction,
                      v1::RotateTokenResponse& response) {
        response.set_token(NewToken(d_.random));
        absl::Status rotated = storage::RotateToken(
            transaction, current, HashToken(response.token()),
            d_.clock.Now() + limits::kReplacedTokenGrace);
        if (!absl::IsNotFound(rotated)) return rotated;
        return WithReason(absl::UnauthenticatedError("the token has ended"),
                          "CREDENTIAL_INVALID");
      },
      std::move(done));
}

}  // namespace frank::platform
