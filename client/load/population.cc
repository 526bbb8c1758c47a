#include "client/load/population.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/bytes.h"
#include "core/status.h"
#include "crypto/records.h"
#include "crypto/secret.h"
#include "proto/files.h"

namespace frank::load {
namespace {

constexpr size_t kThreads = 16;

absl::StatusOr<v1::Population> ReadSaved(const std::string& path) {
  v1::Population saved;
  absl::StatusOr<crypto::Secret> bytes = wire::ReadSecretFile(path);
  if (absl::IsNotFound(bytes.status())) return saved;
  FRANK_RETURN_IF_ERROR(bytes.status());
  if (!saved.ParseFromString(ToString(bytes->bytes()))) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": this is no population of frank-load"));
  }
  return saved;
}

absl::Status CheckSaved(const std::string& path, const std::string& authority,
                        const PopulationSize& size,
                        const v1::Population& saved) {
  if (saved.authority() != authority) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": this population is of another authority; name another file"));
  }
  for (const v1::Room& room : saved.room()) {
    if (static_cast<size_t>(room.member_size()) != size.room_size) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": --room-size must be ", room.member_size(),
                       " as in this population; name another file"));
    }
  }
  return absl::OkStatus();
}

crypto::Secret KeyBytes(const v1::Device& device) {
  return crypto::Secret::Copy(AsBytes(device.private_key()));
}

absl::Status Register(const std::string& account_uri,
                      client::Transport& platform, RandomSource& random,
                      v1::Device* out) {
  out->set_account_uri(account_uri);
  out->set_device_id(ToString(DeviceId::Random(random).bytes()));
  out->set_private_key(ToString(random.Draw<crypto::kHpkeKeyBytes>()));
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey key,
                         crypto::HpkePrivateKey::Create(KeyBytes(*out)));
  FRANK_ASSIGN_OR_RETURN(
      crypto::Ed25519PrivateKey identity,
      crypto::Ed25519PrivateKey::FromSeed(
          crypto::Secret::Random(random, crypto::kEd25519KeyBytes)));
  FRANK_ASSIGN_OR_RETURN(DeviceId id,
                         DeviceId::Parse("device_id", out->device_id()));
  FRANK_ASSIGN_OR_RETURN(
      crypto::SignedRecord list,
      crypto::Sign(crypto::DeviceList{account_uri, 1, {{id, key.public_key()}}},
                   identity));
  frank::v1::RegisterAccountRequest request;
  request.set_account_uri(account_uri);
  request.set_request_id(ToString(RequestId::Random(random).bytes()));
  frank::v1::SignedDeviceList* signed_list = request.mutable_device_list();
  signed_list->set_device_list(ToString(list.record));
  signed_list->set_signature(ToString(list.signature));
  signed_list->set_identity_public_key(ToString(identity.public_key().bytes()));
  platform.SetToken("");
  FRANK_ASSIGN_OR_RETURN(frank::v1::RegisterAccountResponse response,
                         platform.RegisterAccount(request));
  out->set_token(response.token());
  return absl::OkStatus();
}

// The room's members are set.
absl::Status MakeRoom(const v1::Population& saved, client::Transport& platform,
                      RandomSource& random, v1::Room* room) {
  frank::v1::CreateRoomRequest request;
  request.set_request_id(ToString(RequestId::Random(random).bytes()));
  request.set_kind(frank::v1::ROOM_KIND_GROUP);
  for (int i = 1; i < room->member_size(); ++i) {
    request.add_member_uri(
        saved.device(static_cast<int>(room->member(i))).account_uri());
  }
  platform.SetToken(saved.device(static_cast<int>(room->member(0))).token());
  FRANK_ASSIGN_OR_RETURN(frank::v1::CreateRoomResponse response,
                         platform.CreateRoom(request));
  room->set_room_uri(response.room().room_uri());
  return absl::OkStatus();
}

absl::Status RegisterMissing(size_t count, const TransportMaker& connect,
                             RandomSource& random, v1::Population* saved) {
  const auto begin = static_cast<size_t>(saved->device_size());
  while (static_cast<size_t>(saved->device_size()) < count) {
    saved->add_device();
  }
  return InParallel(
      begin, count, connect, [&](size_t i, client::Transport& platform) {
        return Register(
            absl::StrCat(saved->authority(), "/u/", saved->prefix(), "-", i),
            platform, random, saved->mutable_device(static_cast<int>(i)));
      });
}

absl::Status MakeMissingRooms(const PopulationSize& size,
                              const TransportMaker& connect,
                              RandomSource& random, v1::Population* saved) {
  const auto begin = static_cast<size_t>(saved->room_size());
  const auto devices = static_cast<size_t>(saved->device_size());
  for (size_t i = begin; i < size.rooms; ++i) {
    v1::Room* room = saved->add_room();
    for (size_t j = 0; j < size.room_size; ++j) {
      room->add_member(static_cast<uint32_t>((i + j) % devices));
    }
  }
  return InParallel(begin, size.rooms, connect,
                    [&](size_t i, client::Transport& platform) {
                      return MakeRoom(*saved, platform, random,
                                      saved->mutable_room(static_cast<int>(i)));
                    });
}

}  // namespace

absl::Status InParallel(
    size_t begin, size_t end, const TransportMaker& connect,
    const std::function<absl::Status(size_t, client::Transport&)>& work) {
  std::atomic<size_t> next{begin};
  absl::Mutex mutex;
  absl::Status first;
  auto run = [&]() -> absl::Status {
    FRANK_ASSIGN_OR_RETURN(std::unique_ptr<client::Transport> transport,
                           connect());
    for (size_t i = next++; i < end; i = next++) {
      FRANK_RETURN_IF_ERROR(work(i, *transport));
    }
    return absl::OkStatus();
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < std::min(kThreads, end - std::min(begin, end)); ++i) {
    threads.emplace_back([&] {
      const absl::Status status = run();
      if (status.ok()) return;
      next = end;
      absl::MutexLock lock(&mutex);
      if (first.ok()) first = status;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return first;
}

absl::StatusOr<std::unique_ptr<Population>> Population::Open(
    const std::string& path, const std::string& authority,
    const PopulationSize& size, const TransportMaker& connect,
    RandomSource& random) {
  FRANK_ASSIGN_OR_RETURN(v1::Population saved, ReadSaved(path));
  const bool fresh = saved.authority().empty();
  if (fresh) {
    saved.set_authority(authority);
    saved.set_prefix(absl::StrCat("load-", ToHex(random.Draw<4>())));
  }
  FRANK_RETURN_IF_ERROR(CheckSaved(path, authority, size, saved));
  std::unique_ptr<Population> population(new Population);
  if (!fresh) {
    FRANK_RETURN_IF_ERROR(population->Load(saved));
    FRANK_RETURN_IF_ERROR(population->TryOut(connect));
  }
  if (static_cast<size_t>(saved.device_size()) >= size.devices &&
      static_cast<size_t>(saved.room_size()) >= size.rooms) {
    return population;
  }
  FRANK_RETURN_IF_ERROR(RegisterMissing(size.devices, connect, random, &saved));
  FRANK_RETURN_IF_ERROR(MakeMissingRooms(size, connect, random, &saved));
  FRANK_RETURN_IF_ERROR(wire::WriteFile(path, saved.SerializeAsString(),
                                        wire::FileMode::kSecret,
                                        /*replace=*/true));
  FRANK_RETURN_IF_ERROR(population->Load(saved));
  return population;
}

absl::Status Population::Load(const v1::Population& saved) {
  devices_.clear();
  rooms_.clear();
  for (const v1::Device& device : saved.device()) {
    FRANK_ASSIGN_OR_RETURN(DeviceId id,
                           DeviceId::Parse("device_id", device.device_id()));
    FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey key,
                           crypto::HpkePrivateKey::Create(KeyBytes(device)));
    devices_.push_back(
        {device.account_uri(), device.token(), id, std::move(key)});
  }
  for (const v1::Room& room : saved.room()) {
    rooms_.push_back({room.room_uri(), {}});
    for (uint32_t member : room.member()) {
      if (member >= devices_.size()) {
        return absl::DataLossError("a room's member is no device");
      }
      rooms_.back().members.push_back(member);
    }
  }
  return absl::OkStatus();
}

// A platform that was set up anew does not know these devices.
absl::Status Population::TryOut(const TransportMaker& connect) const {
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<client::Transport> platform,
                         connect());
  if (devices_.empty()) return absl::OkStatus();
  platform->SetToken(devices_.front().token);
  const absl::Status status =
      platform->ListRooms(frank::v1::ListRoomsRequest()).status();
  if (absl::IsUnauthenticated(status)) {
    return absl::FailedPreconditionError(
        "the platform does not know this population; name another file");
  }
  return status;
}

}  // namespace frank::load
