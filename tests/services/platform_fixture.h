// People, devices and rooms for tests of frank-platform: handlers over the
// memory engine, a clock that stands still, randomness that repeats.
#ifndef FRANK_TESTS_SERVICES_PLATFORM_FIXTURE_H_
#define FRANK_TESTS_SERVICES_PLATFORM_FIXTURE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/bytes.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/key_ring.h"
#include "crypto/records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/account_handler.h"
#include "services/platform/authenticator.h"
#include "services/platform/message_handler.h"
#include "services/platform/relay.h"
#include "services/platform/room_handler.h"
#include "services/platform/stamp_clock.h"
#include "storage/memory/memory_engine.h"

namespace frank::platform {

inline constexpr char kAuthority[] = "mimi://hub.example";
inline constexpr UnixMillis kStartTime = 1'700'000'000'000;

// Repeats from run to run: SHA-256 of a counter.
class FakeRandom final : public RandomSource {
 public:
  void Fill(absl::Span<uint8_t> out) override {
    absl::MutexLock lock(&mutex_);
    for (uint8_t& byte : out) {
      if (used_ == block_.size()) {
        std::string counter = absl::StrCat("random ", ++blocks_);
        block_ = crypto::Sha256({AsBytes(counter)});
        used_ = 0;
      }
      byte = block_[used_++];
    }
  }

 private:
  absl::Mutex mutex_;
  crypto::Sha256Digest block_{};
  size_t used_ = sizeof(crypto::Sha256Digest);
  uint64_t blocks_ = 0;
};

// What a handler answered. Done() may be called once.
template <typename Response>
class Answer {
 public:
  services::Done<Response> Done() {
    return [state = state_](absl::StatusOr<Response> result) {
      state->result = std::move(result);
      state->ready.Notify();
    };
  }
  absl::StatusOr<Response> Wait() {
    state_->ready.WaitForNotification();
    return std::move(state_->result);
  }
  bool ready() const { return state_->ready.HasBeenNotified(); }

 private:
  struct State {
    absl::Notification ready;
    absl::StatusOr<Response> result = absl::UnknownError("not answered");
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Matches a status of the code, with the reason that a peer is told.
MATCHER_P2(FailsWith, code, reason, "") {
  const absl::Status& status = arg;
  *result_listener << status;
  return status.code() == code && FindReason(status) == std::string(reason);
}
// Matches kInvalidArgument about a field.
MATCHER_P(IsFieldError, field, "") {
  const absl::Status& status = arg;
  *result_listener << status;
  auto violation = FindFieldViolation(status);
  return status.code() == absl::StatusCode::kInvalidArgument && violation &&
         violation->field == field && !violation->rule.empty();
}
MATCHER_P2(IsFieldError, field, rule, "") {
  const absl::Status& status = arg;
  *result_listener << status;
  auto violation = FindFieldViolation(status);
  return status.code() == absl::StatusCode::kInvalidArgument && violation &&
         violation->field == field && violation->rule == rule;
}

// A device as its owner sees it.
struct TestDevice {
  DeviceId id;
  crypto::HpkePublicKey public_key;
  std::string token;

  services::Call call() const {
    services::Call call;
    call.bearer_token = token;
    return call;
  }
};

// An account as its owner sees it.
struct TestAccount {
  std::string uri;
  crypto::Ed25519PrivateKey identity;
  uint64_t version = 0;
  std::vector<TestDevice> devices;

  TestDevice& device(size_t i = 0) { return devices[i]; }
  services::Call call(size_t i = 0) const { return devices[i].call(); }
};

class PlatformFixture : public ::testing::Test {
 protected:
  PlatformFixture() {
    crypto::KeyWindow window;
    window.not_before = 0;
    window.not_after = kStartTime + 1000 * kDay;
    window.hub_key = crypto::Secret::Random(random_, 32);
    window.franking_seed = crypto::Secret::Random(random_, 32);
    std::vector<crypto::KeyWindow> windows;
    windows.push_back(std::move(window));
    auto ring = crypto::KeyRing::Create(kAuthority, std::move(windows));
    EXPECT_TRUE(ring.ok()) << ring.status();
    rings_ = *crypto::KeyRings::Create({*ring});
    relay_ =
        std::make_unique<Relay>(*engine_, *stamp_clock_, rings_, refusals_);
    messages_ = std::make_unique<MessageHandler>(authenticator_, *relay_);
  }

  // Calls a method of a handler and waits for its answer.
  template <typename Handler, typename Request, typename Response>
  absl::StatusOr<Response> Ask(
      Handler& handler,
      void (Handler::*method)(const services::Call&, const Request&,
                              services::Done<Response>),
      const services::Call& call, const Request& request) {
    Answer<Response> answer;
    (handler.*method)(call, request, answer.Done());
    return answer.Wait();
  }

  std::string NewRequestId() {
    return ToString(RequestId::Random(random_).bytes());
  }

  TestDevice NewTestDevice() {
    auto key =
        crypto::HpkePrivateKey::Create(crypto::Secret::Random(random_, 32));
    return {DeviceId::Random(random_), key->public_key(), ""};
  }
  crypto::Ed25519PrivateKey NewIdentity() {
    return *crypto::Ed25519PrivateKey::FromSeed(
        crypto::Secret::Random(random_, 32));
  }

  // Signs the account's devices as they stand, at `version`.
  static v1::SignedDeviceList SignList(const TestAccount& account,
                                       uint64_t version) {
    crypto::DeviceList list{account.uri, version, {}};
    for (const TestDevice& device : account.devices) {
      list.devices.push_back({device.id, device.public_key});
    }
    return SignBytes(account, crypto::Serialize(list));
  }
  static v1::SignedDeviceList SignBytes(const TestAccount& account,
                                        const Bytes& record) {
    v1::SignedDeviceList list;
    list.set_device_list(ToString(record));
    list.set_signature(ToString(
        *account.identity.SignWithLabel("FrankDeviceListTBS", record)));
    list.set_identity_public_key(
        ToString(account.identity.public_key().bytes()));
    return list;
  }

  // An account that is not registered yet, with one device.
  TestAccount Unregistered(absl::string_view name) {
    TestAccount account{
        absl::StrCat(kAuthority, "/u/", name), NewIdentity(), 1, {}};
    account.devices.push_back(NewTestDevice());
    return account;
  }
  v1::RegisterAccountRequest RegistrationOf(const TestAccount& account) {
    v1::RegisterAccountRequest request;
    request.set_account_uri(account.uri);
    *request.mutable_device_list() = SignList(account, 1);
    request.set_request_id(NewRequestId());
    return request;
  }
  TestAccount Register(absl::string_view name) {
    TestAccount account = Unregistered(name);
    auto response =
        Ask(accounts_, &AccountHandler::Register, {}, RegistrationOf(account));
    EXPECT_TRUE(response.ok()) << response.status();
    if (response.ok()) account.devices[0].token = response->token();
    return account;
  }

  // Publishes the account's devices as they stand; keeps the new ones' tokens.
  absl::StatusOr<v1::UpdateDeviceListResponse> Publish(TestAccount& account,
                                                       size_t caller = 0) {
    v1::UpdateDeviceListRequest request;
    *request.mutable_device_list() = SignList(account, account.version + 1);
    request.set_request_id(NewRequestId());
    auto response =
        Ask(accounts_, &AccountHandler::Update, account.call(caller), request);
    if (!response.ok() || !response->has_updated()) return response;
    ++account.version;
    for (const auto& added : response->updated().new_device()) {
      for (TestDevice& device : account.devices) {
        if (device.id.text() == added.device_id()) {
          device.token = added.token();
        }
      }
    }
    return response;
  }
  // Links one more device.
  void Link(TestAccount& account) {
    account.devices.push_back(NewTestDevice());
    auto response = Publish(account);
    ASSERT_TRUE(response.ok() && response->has_updated()) << response.status();
  }

  v1::Room CreateRoom(const TestAccount& creator,
                      const std::vector<std::string>& members,
                      v1::RoomKind kind = v1::ROOM_KIND_GROUP) {
    v1::CreateRoomRequest request;
    request.set_request_id(NewRequestId());
    request.set_kind(kind);
    for (const std::string& uri : members) request.add_member_uri(uri);
    auto response =
        Ask(room_handler_, &RoomHandler::Create, creator.call(), request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->room() : v1::Room();
  }

  // A message from the sender's device with a wrap for every other device of
  // `members`. What is encrypted in it the platform cannot tell.
  v1::SendRequest Message(const std::string& room_uri, const TestDevice& from,
                          const std::vector<const TestAccount*>& members,
                          absl::string_view text) {
    v1::SendRequest request;
    request.set_room_uri(room_uri);
    v1::Envelope& envelope = *request.mutable_envelope();
    envelope.set_message_id(ToString(MessageId::Random(random_).bytes()));
    envelope.set_protocol(1);
    envelope.set_scheme(1);
    envelope.set_ciphersuite(1);
    envelope.set_franking_tag(ToString(crypto::Sha256({AsBytes(text)})));
    envelope.set_body(absl::StrCat("ciphertext of 17 bytes or more: ", text));
    envelope.set_sender_key_id(ToString(from.public_key.id().bytes()));
    for (const TestAccount* member : members) {
      for (const TestDevice& device : member->devices) {
        if (device.id != from.id) AddWrap(device, envelope);
      }
    }
    return request;
  }
  static void AddWrap(const TestDevice& device, v1::Envelope& envelope) {
    v1::Envelope::Wrap& wrap = *envelope.add_wrap();
    wrap.set_device_id(ToString(device.id.bytes()));
    wrap.set_key_id(ToString(device.public_key.id().bytes()));
    wrap.set_wrap(std::string(64, 'w'));
  }
  absl::StatusOr<v1::SendResponse> Send(const TestDevice& from,
                                        const v1::SendRequest& request) {
    return Ask(*messages_, &MessageHandler::Send, from.call(), request);
  }

  FakeClock clock_{kStartTime};
  FakeRandom random_;
  // Whoever holds it holds up every commit with writes.
  absl::Mutex hold_commits_;
  std::unique_ptr<storage::MemoryEngine> engine_ = storage::MemoryEngine::Make(
      clock_, [this] { absl::MutexLock lock(&hold_commits_); });
  std::unique_ptr<StampClock> stamp_clock_ =
      *StampClock::Open(*engine_, clock_);
  crypto::KeyRings rings_;
  Authenticator authenticator_{*engine_, clock_};
  AccountHandler accounts_{
      {*engine_, clock_, random_, authenticator_, kAuthority, absl::nullopt}};
  RoomHandler room_handler_{{*engine_, clock_, authenticator_, kAuthority}};
  services::HeldRefusals refusals_{clock_};
  std::unique_ptr<Relay> relay_;
  std::unique_ptr<MessageHandler> messages_;
};

}  // namespace frank::platform

#endif  // FRANK_TESTS_SERVICES_PLATFORM_FIXTURE_H_
