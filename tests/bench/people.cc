#include "tests/bench/people.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/load/connection.h"
#include "core/bytes.h"
#include "core/status.h"
#include "crypto/records.h"
#include "crypto/signature.h"
#include "frank/v1/account.grpc.pb.h"
#include "frank/v1/room.grpc.pb.h"
#include "tests/bench/calls.h"
#include "tests/bench/message_servers.h"

namespace frank::bench {
namespace {

constexpr size_t kBodyBytes = 1024;
constexpr size_t kAtOnce = 64;

using Accounts = v1::AccountService;

load::Device Draw(size_t number, RandomSource& random) {
  auto key = crypto::HpkePrivateKey::Create(
      crypto::Secret::Random(random, crypto::kHpkeKeyBytes));
  FRANK_CHECK(key.ok());
  return {absl::StrCat(kPlatformAuthority, "/u/bench-", number), "",
          DeviceId::Random(random), *std::move(key)};
}

v1::RegisterAccountRequest Registration(const load::Device& device,
                                        RandomSource& random) {
  auto identity = crypto::Ed25519PrivateKey::FromSeed(
      crypto::Secret::Random(random, crypto::kEd25519KeyBytes));
  FRANK_CHECK(identity.ok());
  auto list = crypto::Sign(
      crypto::DeviceList{
          device.account_uri, 1, {{device.id, device.key.public_key()}}},
      *identity);
  FRANK_CHECK(list.ok());
  v1::RegisterAccountRequest request;
  request.set_account_uri(device.account_uri);
  request.set_request_id(ToString(RequestId::Random(random).bytes()));
  v1::SignedDeviceList* out = request.mutable_device_list();
  out->set_device_list(ToString(list->record));
  out->set_signature(ToString(list->signature));
  out->set_identity_public_key(ToString(identity->public_key().bytes()));
  return request;
}

}  // namespace

void People::Register(size_t count) {
  const size_t begin = devices_.size();
  std::vector<v1::RegisterAccountRequest> requests;
  for (size_t i = begin; i < begin + count; ++i) {
    devices_.push_back(Draw(i, random_));
    requests.push_back(Registration(devices_.back(), random_));
  }
  auto stub = Accounts::NewStub(channel_);
  Drive(count, kAtOnce, [&](size_t i, Answered answered) {
    Call<Accounts::Stub, class Accounts::Stub::async,
         v1::RegisterAccountRequest, v1::RegisterAccountResponse>(
        *stub, &Accounts::Stub::async::RegisterAccount, "", requests[i],
        [this, begin, i](const v1::RegisterAccountResponse& response) {
          devices_[begin + i].token = response.token();
        },
        std::move(answered));
  });
}

load::Room People::MakeRoom(std::vector<size_t> members) {
  v1::CreateRoomRequest request;
  request.set_request_id(ToString(RequestId::Random(random_).bytes()));
  request.set_kind(v1::ROOM_KIND_GROUP);
  for (size_t i = 1; i < members.size(); ++i) {
    request.add_member_uri(devices_[members[i]].account_uri);
  }
  auto stub = v1::RoomService::NewStub(channel_);
  auto response = load::CallAndWait(*stub, &v1::RoomService::Stub::CreateRoom,
                                    devices_[members.front()].token, request);
  FRANK_CHECK(response.ok());
  return {response->room().room_uri(), std::move(members)};
}

v1::SendRequest People::Write(const load::Room& room) {
  v1::SendRequest request;
  request.set_room_uri(room.uri);
  v1::Envelope* envelope = request.mutable_envelope();
  envelope->set_message_id(ToString(MessageId::Random(random_).bytes()));
  envelope->set_protocol(1);
  envelope->set_scheme(1);
  envelope->set_ciphersuite(1);
  envelope->set_franking_tag(ToString(FrankingTag::Random(random_).bytes()));
  envelope->set_body(ToString(random_.Draw<kBodyBytes>()));
  const auto& sender = devices_[room.members.front()].key.public_key();
  envelope->set_sender_key_id(ToString(sender.id().bytes()));
  for (size_t i = 1; i < room.members.size(); ++i) {
    const load::Device& device = devices_[room.members[i]];
    v1::Envelope::Wrap* wrap = envelope->add_wrap();
    wrap->set_device_id(ToString(device.id.bytes()));
    wrap->set_key_id(ToString(device.key.public_key().id().bytes()));
    wrap->set_wrap(ToString(random_.Draw<64>()));
  }
  return request;
}

std::unique_ptr<load::Receivers> Connect(
    const std::vector<load::Device>& devices, const std::string& address,
    load::Deliveries& deliveries) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (size_t i = 0; i < load::ChannelsFor(devices.size()); ++i) {
    channels.push_back(Open(address));
  }
  auto receivers = load::Receivers::Connect(devices, channels, deliveries);
  FRANK_CHECK(receivers.ok());
  return *std::move(receivers);
}

}  // namespace frank::bench
