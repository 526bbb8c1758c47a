// AccountService: registration, device lists, tokens.
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "crypto/encoding.h"
#include "services/platform/platform_jobs.h"
#include "storage/account_store.h"
#include "tests/services/platform_fixture.h"

namespace frank::platform {
namespace {

using ::testing::SizeIs;

class AccountTest : public PlatformFixture {
 protected:
  absl::Status TryRegister(const v1::RegisterAccountRequest& request,
                           const services::Call& call = {}) {
    return Ask(accounts_, &AccountHandler::Register, call, request).status();
  }
  absl::StatusOr<v1::GetDeviceListsResponse> GetLists(const TestAccount& caller,
                                                      const std::string& uri,
                                                      UnixMillis since = 0) {
    v1::GetDeviceListsRequest request;
    request.add_query()->set_account_uri(uri);
    request.mutable_query(0)->set_current_since(since);
    return Ask(accounts_, &AccountHandler::GetLists, caller.call(), request);
  }
  absl::Status UseToken(const std::string& token) {
    services::Call call;
    call.bearer_token = token;
    return authenticator_.AuthenticateDevice(call).status();
  }
  absl::StatusOr<std::string> Rotate(const std::string& token) {
    services::Call call;
    call.bearer_token = token;
    auto response = Ask(accounts_, &AccountHandler::RotateToken, call,
                        v1::RotateTokenRequest());
    if (!response.ok()) return response.status();
    return response->token();
  }
  // Waits for what is committed behind an answer.
  void WaitForCommits() {
    auto transaction = engine_->Begin();
    transaction->Put("\x01 barrier", "");
    ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  }
  // A record of version 1 with one device whose key is `key`.
  Bytes ListWithKey(const TestAccount& account, const std::string& key) {
    crypto::Encoder record;
    record.Vec(account.uri).U64(1).U16(1).Raw(account.devices[0].id.bytes());
    record.U16(crypto::kHpkeKem).U16(crypto::kHpkeKdf).U16(crypto::kHpkeAead);
    return record.Vec(key).Take();
  }
  absl::Status TryRegisterWithKey(const std::string& key) {
    TestAccount alice = Unregistered("alice");
    v1::RegisterAccountRequest request = RegistrationOf(alice);
    *request.mutable_device_list() = SignBytes(alice, ListWithKey(alice, key));
    return TryRegister(request);
  }
};

TEST_F(AccountTest, GivesATokenThatAuthenticatesTheDevice) {
  TestAccount alice = Register("alice");
  auto device = authenticator_.AuthenticateDevice(alice.call());
  ASSERT_TRUE(device.ok()) << device.status();
  EXPECT_EQ(device->account_uri, alice.uri);
  EXPECT_EQ(device->device_id, alice.devices[0].id);
}

TEST_F(AccountTest, StoresNoToken) {
  TestAccount alice = Register("alice");
  auto rows = engine_->Scan({});
  ASSERT_TRUE(rows.ok());
  for (const storage::KeyValue& row : *rows) {
    EXPECT_EQ(row.key.find(alice.devices[0].token), std::string::npos);
    EXPECT_EQ(row.value.find(alice.devices[0].token), std::string::npos);
  }
}

TEST_F(AccountTest, RefusesUrisThatAreNotItsToGive) {
  struct Case {
    const char* uri;
    const char* rule;
  };
  for (const Case& bad : {
           Case{"", "must be 1 to 512 bytes"},
           Case{"mimi://other.example/u/a",
                "must be a path within the platform's authority"},
           Case{"mimi://hub.example",
                "must be a path within the platform's authority"},
           Case{"mimi://hub.example.evil/u/a",
                "must be a path within the platform's authority"},
           Case{"mimi://hub.example/r/00", "must not be the URI of a room"},
           Case{"mimi://hub.example/u/e\xCC\x81",
                "must be in Unicode normal form C"},
       }) {
    TestAccount account = Unregistered("x");
    account.uri = bad.uri;
    EXPECT_THAT(TryRegister(RegistrationOf(account)),
                IsFieldError("account_uri", bad.rule));
  }
  TestAccount account = Unregistered("x\ny");
  EXPECT_THAT(TryRegister(RegistrationOf(account)),
              IsFieldError("account_uri"));
  account = Unregistered(std::string(600, 'x'));
  EXPECT_THAT(TryRegister(RegistrationOf(account)),
              IsFieldError("account_uri"));
}

TEST_F(AccountTest, AcceptsAnAccountInNormalFormC) {
  TestAccount account = Register("\xC3\xA9");
  EXPECT_FALSE(account.devices[0].token.empty());
}

TEST_F(AccountTest, RefusesListsOfWrongLengths) {
  v1::RegisterAccountRequest good = RegistrationOf(Unregistered("alice"));
  v1::RegisterAccountRequest bad = good;
  bad.set_request_id("short");
  EXPECT_THAT(TryRegister(bad), IsFieldError("request_id", "must be 16 bytes"));
  bad = good;
  bad.mutable_device_list()->clear_device_list();
  EXPECT_THAT(TryRegister(bad), IsFieldError("device_list.device_list"));
  bad = good;
  bad.mutable_device_list()->set_device_list(
      std::string(limits::kMaxDeviceListBytes + 1, 'x'));
  EXPECT_THAT(TryRegister(bad), IsFieldError("device_list.device_list"));
  bad = good;
  bad.mutable_device_list()->mutable_signature()->pop_back();
  EXPECT_THAT(TryRegister(bad), IsFieldError("device_list.signature"));
  bad = good;
  bad.mutable_device_list()->mutable_identity_public_key()->push_back('x');
  EXPECT_THAT(TryRegister(bad),
              IsFieldError("device_list.identity_public_key"));
  bad = good;
  bad.mutable_device_list()->set_accepted_at(1);
  EXPECT_THAT(TryRegister(bad), IsFieldError("device_list.accepted_at"));
}

TEST_F(AccountTest, RefusesASignatureWithOneBitFlipped) {
  v1::RegisterAccountRequest request = RegistrationOf(Unregistered("alice"));
  (*request.mutable_device_list()->mutable_signature())[20] ^= 1;
  absl::Status status = TryRegister(request);
  EXPECT_THAT(status, IsFieldError("device_list.signature"));
  EXPECT_EQ(FindReason(status), std::string("NOT_AUTHENTIC"));
}

TEST_F(AccountTest, RefusesAnIdentityKeyOfSmallOrder) {
  v1::RegisterAccountRequest request = RegistrationOf(Unregistered("alice"));
  std::string identity(32, '\0');
  identity[0] = 1;
  request.mutable_device_list()->set_identity_public_key(identity);
  EXPECT_THAT(TryRegister(request),
              IsFieldError("device_list.identity_public_key"));
}

TEST_F(AccountTest, RefusesAnAllZeroDeviceKey) {
  EXPECT_THAT(TryRegisterWithKey(std::string(32, '\0')),
              IsFieldError("device_list.devices[0].public_key"));
}

TEST_F(AccountTest, RefusesADeviceKeyOfAnotherLength) {
  const std::string key =
      ToString(Unregistered("alice").devices[0].public_key.bytes());
  EXPECT_TRUE(TryRegisterWithKey(key).ok());
  EXPECT_THAT(TryRegisterWithKey(key.substr(0, 31)),
              IsFieldError("device_list.devices[0].public_key"));
  EXPECT_THAT(TryRegisterWithKey(key + "x"),
              IsFieldError("device_list.devices[0].public_key"));
}

TEST_F(AccountTest, RefusesATruncatedDeviceList) {
  TestAccount alice = Unregistered("alice");
  v1::RegisterAccountRequest request = RegistrationOf(alice);
  std::string record = request.device_list().device_list();
  record.pop_back();
  *request.mutable_device_list() = SignBytes(alice, ToBytes(record));
  EXPECT_THAT(TryRegister(request),
              IsFieldError("device_list.devices[0].public_key"));
}

TEST_F(AccountTest, RefusesAListOfAnotherAccount) {
  TestAccount alice = Unregistered("alice");
  TestAccount bob = Unregistered("bob");
  v1::RegisterAccountRequest request = RegistrationOf(alice);
  request.set_account_uri(bob.uri);
  EXPECT_EQ(TryRegister(request).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(AccountTest, RefusesToBeginWithTwoDevicesOrAnotherVersion) {
  TestAccount alice = Unregistered("alice");
  v1::RegisterAccountRequest request = RegistrationOf(alice);
  *request.mutable_device_list() = SignList(alice, 2);
  EXPECT_THAT(TryRegister(request), IsFieldError("device_list.version"));
  alice.devices.push_back(NewTestDevice());
  *request.mutable_device_list() = SignList(alice, 1);
  EXPECT_THAT(TryRegister(request), IsFieldError("device_list.device_list"));
}

TEST_F(AccountTest, AsksForTheOperatorsToken) {
  AccountHandler guarded({*engine_, clock_, random_, authenticator_, kAuthority,
                          HashToken("frank_operator")});
  v1::RegisterAccountRequest request = RegistrationOf(Unregistered("alice"));
  services::Call call;
  EXPECT_THAT(
      Ask(guarded, &AccountHandler::Register, call, request).status(),
      FailsWith(absl::StatusCode::kUnauthenticated, "CREDENTIAL_INVALID"));
  call.registration_token = "frank_operator";
  EXPECT_TRUE(Ask(guarded, &AccountHandler::Register, call, request).ok());
}

TEST_F(AccountTest, AnswersARepeatedRegistrationWithAFreshToken) {
  v1::RegisterAccountRequest request = RegistrationOf(Unregistered("alice"));
  auto first = Ask(accounts_, &AccountHandler::Register, {}, request);
  auto second = Ask(accounts_, &AccountHandler::Register, {}, request);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->token(), second->token());
  EXPECT_TRUE(UseToken(second->token()).ok());
  EXPECT_THAT(
      UseToken(first->token()),
      FailsWith(absl::StatusCode::kUnauthenticated, "CREDENTIAL_INVALID"));
}

TEST_F(AccountTest, RefusesToRegisterAnAccountTwice) {
  TestAccount alice = Register("alice");
  TestAccount impostor = Unregistered("alice");
  EXPECT_THAT(TryRegister(RegistrationOf(impostor)),
              FailsWith(absl::StatusCode::kAlreadyExists, "ACCOUNT_EXISTS"));
}

TEST_F(AccountTest, RefusesAnotherAccountsDeviceId) {
  TestAccount alice = Register("alice");
  TestAccount bob = Unregistered("bob");
  bob.devices[0].id = alice.devices[0].id;
  EXPECT_THAT(TryRegister(RegistrationOf(bob)),
              FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
}

TEST_F(AccountTest, LinksUpToEightDevices) {
  TestAccount alice = Register("alice");
  while (alice.devices.size() < limits::kMaxDevices) Link(alice);
  EXPECT_TRUE(UseToken(alice.devices[7].token).ok());
  alice.devices.push_back(NewTestDevice());
  EXPECT_THAT(
      Publish(alice).status(),
      IsFieldError("device_list.device_list", "must have 1 to 8 devices"));
}

TEST_F(AccountTest, RemovedDevicesLoseTheirToken) {
  TestAccount alice = Register("alice");
  Link(alice);
  TestDevice removed = alice.devices[1];
  alice.devices.pop_back();
  auto response = Publish(alice);
  ASSERT_TRUE(response.ok() && response->has_updated());
  EXPECT_THAT(
      UseToken(removed.token),
      FailsWith(absl::StatusCode::kUnauthenticated, "CREDENTIAL_INVALID"));
  EXPECT_TRUE(UseToken(alice.devices[0].token).ok());
}

TEST_F(AccountTest, AnswersALowerVersionWithTheCurrentList) {
  TestAccount alice = Register("alice");
  Link(alice);
  for (uint64_t version : {1, 2, 4}) {
    v1::UpdateDeviceListRequest request;
    *request.mutable_device_list() = SignList(alice, version);
    request.set_request_id(NewRequestId());
    auto response =
        Ask(accounts_, &AccountHandler::Update, alice.call(), request);
    ASSERT_TRUE(response.ok()) << response.status();
    ASSERT_TRUE(response->has_stale());
    EXPECT_EQ(response->stale().device_list(),
              SignList(alice, 2).device_list());
  }
}

TEST_F(AccountTest, RefusesAListUnderAnotherIdentity) {
  TestAccount alice = Register("alice");
  alice.identity = NewIdentity();
  absl::Status status = Publish(alice).status();
  EXPECT_THAT(status, IsFieldError("device_list.identity_public_key"));
  EXPECT_EQ(FindReason(status), std::string("NOT_AUTHENTIC"));
}

TEST_F(AccountTest, AnswersARepeatedUpdateWithFreshTokens) {
  TestAccount alice = Register("alice");
  alice.devices.push_back(NewTestDevice());
  v1::UpdateDeviceListRequest request;
  *request.mutable_device_list() = SignList(alice, 2);
  request.set_request_id(NewRequestId());
  auto first = Ask(accounts_, &AccountHandler::Update, alice.call(), request);
  auto second = Ask(accounts_, &AccountHandler::Update, alice.call(), request);
  ASSERT_TRUE(first.ok() && second.ok()) << second.status();
  ASSERT_THAT(second->updated().new_device(), SizeIs(1));
  EXPECT_NE(first->updated().new_device(0).token(),
            second->updated().new_device(0).token());
  EXPECT_TRUE(UseToken(second->updated().new_device(0).token()).ok());
}

TEST_F(AccountTest, RefusesTheSameRequestIdWithAnotherList) {
  TestAccount alice = Register("alice");
  v1::UpdateDeviceListRequest request;
  *request.mutable_device_list() = SignList(alice, 2);
  request.set_request_id(NewRequestId());
  ASSERT_TRUE(
      Ask(accounts_, &AccountHandler::Update, alice.call(), request).ok());
  *request.mutable_device_list() = SignList(alice, 3);
  EXPECT_THAT(
      Ask(accounts_, &AccountHandler::Update, alice.call(), request).status(),
      FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
}

TEST_F(AccountTest, ServesCurrentAndPastLists) {
  TestAccount alice = Register("alice");
  clock_.Advance(kDay);
  Link(alice);
  auto current = GetLists(alice, alice.uri);
  ASSERT_TRUE(current.ok());
  ASSERT_THAT(current->lists(0).list(), SizeIs(1));
  EXPECT_EQ(current->lists(0).list(0).accepted_at(), kStartTime + kDay);
  auto past = GetLists(alice, alice.uri, kStartTime);
  ASSERT_THAT(past->lists(0).list(), SizeIs(2));
  EXPECT_EQ(past->lists(0).list(0).replaced_at(), kStartTime + kDay);
  EXPECT_EQ(past->lists(0).list(1).replaced_at(), 0);
  EXPECT_THAT(GetLists(alice, alice.uri, kStartTime + kDay)->lists(0).list(),
              SizeIs(1));
}

TEST_F(AccountTest, LimitsHowOftenAListIsReplaced) {
  TestAccount alice = Register("alice");
  for (size_t i = 0; i < limits::kMaxDeviceListsAnHour; ++i) {
    auto response = Publish(alice);
    ASSERT_TRUE(response.ok() && response->has_updated()) << response.status();
  }
  absl::Status refused = Publish(alice).status();
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kResourceExhausted,
                                 "QUOTA_EXCEEDED"));
  EXPECT_TRUE(FindRetryAfter(refused).has_value());
  clock_.Advance(kHour);
  EXPECT_TRUE(Publish(alice)->has_updated());
}

TEST_F(AccountTest, ServesALongHistoryFromTheTimeThatWasAskedFor) {
  TestAccount alice = Register("alice");
  for (int i = 0; i < 150; ++i) {
    clock_.Advance(kHour);
    ASSERT_TRUE(Publish(alice)->has_updated());
  }
  EXPECT_THAT(GetLists(alice, alice.uri, 1)->lists(0).list(), SizeIs(151));
  auto lists = GetLists(alice, alice.uri, kStartTime + 50 * kHour);
  ASSERT_THAT(lists->lists(0).list(), SizeIs(101));
  EXPECT_EQ(lists->lists(0).list(0).replaced_at(), kStartTime + 51 * kHour);
  EXPECT_EQ(lists->lists(0).list(99).replaced_at(), kStartTime + 150 * kHour);
  auto few = storage::ListPastLists(*engine_, alice.uri, 0, /*max_bytes=*/1);
  ASSERT_TRUE(few.ok());
  EXPECT_LT(few->size(), 150u) << "it stops when there is too much";
  EXPECT_EQ(few->back().version(), 150u) << "the newest";
}

TEST_F(AccountTest, KeepsListsInTheOrderOfTimeWhenTheClockIsSetBack) {
  TestAccount alice = Register("alice");
  clock_.Advance(kDay);
  ASSERT_TRUE(Publish(alice)->has_updated());
  clock_.Set(kStartTime);
  ASSERT_TRUE(Publish(alice)->has_updated());
  auto lists = GetLists(alice, alice.uri, kStartTime + kDay - 1);
  ASSERT_THAT(lists->lists(0).list(), SizeIs(3));
  EXPECT_EQ(lists->lists(0).list(1).replaced_at(), kStartTime + kDay);
}

TEST_F(AccountTest, ForgetsAPastListAfterSixtyDays) {
  TestAccount alice = Register("alice");
  ASSERT_TRUE(Publish(alice)->has_updated());
  clock_.Advance(limits::kDeviceListRetention - 1);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_THAT(GetLists(alice, alice.uri, 1)->lists(0).list(), SizeIs(2));
  clock_.Advance(1);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_THAT(GetLists(alice, alice.uri, 1)->lists(0).list(), SizeIs(1));
}

TEST_F(AccountTest, StoresNothingThatGivesATokenBack) {
  TestAccount alice = Unregistered("alice");
  v1::RegisterAccountRequest request = RegistrationOf(alice);
  ASSERT_TRUE(Ask(accounts_, &AccountHandler::Register, {}, request).ok());
  std::vector<storage::KeyValue> rows = engine_->Scan({"", ""}).value();
  for (const storage::KeyValue& row : rows) {
    EXPECT_EQ(row.key.find(request.request_id()), std::string::npos);
    EXPECT_EQ(row.value.find(request.request_id()), std::string::npos);
  }
}

TEST_F(AccountTest, AnswersNothingForAnUnknownAccount) {
  TestAccount alice = Register("alice");
  auto lists = GetLists(alice, "mimi://hub.example/u/nobody");
  ASSERT_TRUE(lists.ok());
  ASSERT_THAT(lists->lists(), SizeIs(1));
  EXPECT_THAT(lists->lists(0).list(), SizeIs(0));
}

TEST_F(AccountTest, RefusesTooManyQueriesAndBadUris) {
  TestAccount alice = Register("alice");
  EXPECT_THAT(GetLists(alice, "mimi://hub.example/u/a b").status(),
              IsFieldError("query[0].account_uri"));
  v1::GetDeviceListsRequest request;
  for (size_t i = 0; i <= limits::kMaxDeviceListQueries; ++i) {
    request.add_query()->set_account_uri(alice.uri);
  }
  EXPECT_THAT(
      Ask(accounts_, &AccountHandler::GetLists, alice.call(), request).status(),
      IsFieldError("query", "must be at most 1000"));
}

TEST_F(AccountTest, TheOldTokenWorksUntilTheNewOneIsUsed) {
  TestAccount alice = Register("alice");
  std::string old_token = alice.devices[0].token;
  auto new_token = Rotate(old_token);
  ASSERT_TRUE(new_token.ok()) << new_token.status();
  EXPECT_TRUE(UseToken(old_token).ok());
  EXPECT_TRUE(UseToken(*new_token).ok());
  WaitForCommits();
  EXPECT_FALSE(UseToken(old_token).ok());
  EXPECT_TRUE(UseToken(*new_token).ok());
}

TEST_F(AccountTest, TheOldTokenEndsAfterADay) {
  TestAccount alice = Register("alice");
  ASSERT_TRUE(Rotate(alice.devices[0].token).ok());
  clock_.Advance(kDay - 1);
  EXPECT_TRUE(UseToken(alice.devices[0].token).ok());
  clock_.Advance(1);
  EXPECT_FALSE(UseToken(alice.devices[0].token).ok());
}

TEST_F(AccountTest, ARepeatedRotationEndsTheTokenThatWasLost) {
  TestAccount alice = Register("alice");
  auto lost = Rotate(alice.devices[0].token);
  auto kept = Rotate(alice.devices[0].token);
  ASSERT_TRUE(lost.ok() && kept.ok());
  EXPECT_FALSE(UseToken(*lost).ok());
  EXPECT_TRUE(UseToken(*kept).ok());
}

TEST_F(AccountTest, RefusesACallWithoutAToken) {
  EXPECT_THAT(UseToken(""), FailsWith(absl::StatusCode::kUnauthenticated,
                                      "CREDENTIAL_INVALID"));
}

TEST_F(AccountTest, TellsStampCredentialsFromDevices) {
  Authenticator authenticator(*engine_, clock_,
                              {{"relay", HashToken("frank_stamp"), {}}});
  services::Call call;
  call.bearer_token = "frank_stamp";
  EXPECT_TRUE(authenticator.AuthenticateStamp(call).ok());
  EXPECT_THAT(authenticator.AuthenticateDevice(call).status(),
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_PERMITTED"));
  TestAccount alice = Register("alice");
  EXPECT_THAT(authenticator.AuthenticateStamp(alice.call()).status(),
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_PERMITTED"));
}

}  // namespace
}  // namespace frank::platform
