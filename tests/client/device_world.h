// Two devices, of Alice and of Bob, in a room on a platform in memory.
#ifndef FRANK_TESTS_CLIENT_DEVICE_WORLD_H_
#define FRANK_TESTS_CLIENT_DEVICE_WORLD_H_

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "client/device.h"
#include "crypto/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_platform.h"

namespace frank::client {

inline constexpr char kAlice[] = "mimi://hub.example/u/alice";
inline constexpr char kBob[] = "mimi://hub.example/u/bob";
inline constexpr UnixMillis kNow = 1'800'000'000'000;

inline ByteSpan Span(const std::string& bytes) {
  return AsBytes(absl::string_view(bytes));
}

struct Seen final : ReceiveObserver {
  int messages = 0;
  int notices = 0;
  std::vector<MismatchKind> refused;
  std::vector<absl::Status> held;
  void OnMessage() override { ++messages; }
  void OnRefused(const v1::ReceiveResponse::Delivery&,
                 const absl::Status& refusal) override {
    refused.push_back(MismatchOf(refusal));
  }
  void OnHeld(const v1::ReceiveResponse::Delivery&,
              const absl::Status& reason) override {
    held.push_back(reason);
  }
  void OnNotice(const v1::ReceiveResponse::Notice&) override { ++notices; }
  void OnCaughtUp() override {}
};

class DeviceTest : public ::testing::Test {
 protected:
  DeviceTest() {
    char name[] = "/tmp/frank-device-XXXXXX";
    folder_ = ::mkdtemp(name);
    alice_ = Register("alice", kAlice);
    bob_ = Register("bob", kBob);
    v1::CreateRoomRequest request;
    request.set_kind(v1::ROOM_KIND_DIRECT);
    request.add_member_uri(kBob);
    room_ = alice_->transport().CreateRoom(request)->room().room_uri();
  }
  ~DeviceTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Device> Open(const std::string& name) {
    auto store = std::make_unique<DeviceStore>(
        *StoreFile::Open(folder_ + "/" + name, random_));
    return *Device::Create(std::move(store), platform_.Connect(), clock_,
                           random_);
  }
  NewDevice Named(const char* account) {
    return {account, "server", "",
            Bytes(platform_.moderation().public_key().bytes().begin(),
                  platform_.moderation().public_key().bytes().end())};
  }
  absl::Status Create(const std::string& name, const NewDevice& device,
                      DeviceKind kind) {
    DeviceStore store(*StoreFile::Open(folder_ + "/" + name, random_));
    return CreateProfile(device, kind, store, random_);
  }
  std::unique_ptr<Device> Make(const std::string& name, const char* account,
                               DeviceKind kind) {
    EXPECT_TRUE(Create(name, Named(account), kind).ok());
    return Open(name);
  }
  std::unique_ptr<Device> Register(const std::string& name,
                                   const char* account) {
    auto device = Make(name, account, DeviceKind::kFirst);
    EXPECT_TRUE(device->membership().Register().ok());
    return device;
  }
  static absl::StatusOr<Bytes> Approve(Device& from, const Bytes& request) {
    return from.membership().ApproveLink(request, LinkFingerprint(request));
  }
  std::unique_ptr<Device> Link(Device& from, const std::string& name,
                               const char* account) {
    auto device = Make(name, account, DeviceKind::kToBeLinked);
    Bytes request = *device->membership().MakeLinkRequest();
    absl::StatusOr<Bytes> package = Approve(from, request);
    EXPECT_TRUE(package.ok()) << package.status();
    absl::Status accepted = device->membership().AcceptLink(*package);
    EXPECT_TRUE(accepted.ok()) << accepted;
    return device;
  }
  absl::StatusOr<SendResult> Send(Device& from, absl::string_view text) {
    return from.sender().Send(room_, {{"text/plain", AsBytes(text)}});
  }
  Seen Receive(Device& device) {
    Seen seen;
    absl::Status status = device.receiver().Receive(true, seen);
    EXPECT_TRUE(status.ok()) << status;
    return seen;
  }
  std::deque<FakePlatform::Mail>& MailOf(Device& device) {
    return platform_.mail[ProfileOf(device)->device_id()];
  }
  static Profile ProfileOf(Device& device) {
    return *device.store().GetProfile();
  }
  static DeviceId IdOf(Device& device) {
    return *DeviceId::Parse("id", Span(ProfileOf(device)->device_id()));
  }
  // The identity key of an account as a device has it pinned.
  static std::string KeyOf(Device& device, const char* account) {
    return (*device.store().FindPin(account))->identity_public_key();
  }
  std::string TextOf(Device& device, uint64_t number) {
    return ToString(device.GetMessage(number)->parts()[0].body);
  }

  FakeClock clock_{kNow};
  crypto::SystemRandom random_;
  FakePlatform platform_{clock_, random_};
  std::string folder_;
  std::unique_ptr<Device> alice_;
  std::unique_ptr<Device> bob_;
  std::string room_;
};

}  // namespace frank::client

#endif  // FRANK_TESTS_CLIENT_DEVICE_WORLD_H_
