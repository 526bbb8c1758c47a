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
// Progress is told whenever so many more were registered.
constexpr size_t kTellEvery = 500;

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

// Counts what was registered, from any thread.
class Counted {
 public:
  Counted(const RegisterWatch& watch, const char* what, size_t count)
      : watch_(watch), what_(what), count_(count) {}

  absl::Status CheckNotInterrupted() const {
    if (watch_.interrupted == nullptr || !*watch_.interrupted) {
      return absl::OkStatus();
    }
    return absl::CancelledError("the registration was interrupted");
  }
  void Add() {
    const size_t done = ++done_;
    if (!watch_.progress || (done % kTellEvery != 0 && done != count_)) return;
    watch_.progress(
        absl::StrCat(done, " of ", count_, " ", what_, " registered"));
  }

 private:
  const RegisterWatch& watch_;
  const char* const what_;
  const size_t count_;
  std::atomic<size_t> done_{0};
};

absl::Status RegisterMissing(size_t count, const TransportMaker& connect,
                             RandomSource& random, const RegisterWatch& watch,
                             v1::Population* saved) {
  const auto begin = static_cast<size_t>(saved->device_size());
  if (begin >= count) return absl::OkStatus();
  while (static_cast<size_t>(saved->device_size()) < count) {
    saved->add_device();
  }
  Counted counted(watch, "devices", count - begin);
  const absl::Status status = InParallel(
      begin, count, connect,
      [&](size_t i, client::Transport& platform) -> absl::Status {
        FRANK_RETURN_IF_ERROR(counted.CheckNotInterrupted());
        // Names are never used again, whatever became of the answer.
        FRANK_RETURN_IF_ERROR(Register(
            absl::StrCat(saved->authority(), "/u/", saved->prefix(), "-",
                         ToHex(random.Draw<8>())),
            platform, random, saved->mutable_device(static_cast<int>(i))));
        counted.Add();
        return absl::OkStatus();
      });
  auto* devices = saved->mutable_device();
  devices->erase(std::remove_if(devices->begin(), devices->end(),
                                [](const v1::Device& device) {
                                  return device.token().empty();
                                }),
                 devices->end());
  return status;
}

// Whether all its members are among the first devices.
bool IsAmong(size_t devices, const v1::Room& room) {
  return std::all_of(room.member().begin(), room.member().end(),
                     [devices](uint32_t member) { return member < devices; });
}

absl::Status MakeMissingRooms(const PopulationSize& size,
                              const TransportMaker& connect,
                              RandomSource& random, const RegisterWatch& watch,
                              v1::Population* saved) {
  const auto begin = static_cast<size_t>(saved->room_size());
  const auto there = static_cast<size_t>(std::count_if(
      saved->room().begin(), saved->room().end(),
      [&](const v1::Room& room) { return IsAmong(size.devices, room); }));
  if (there >= size.rooms) return absl::OkStatus();
  for (size_t i = there; i < size.rooms; ++i) {
    v1::Room* room = saved->add_room();
    for (size_t j = 0; j < size.room_size; ++j) {
      room->add_member(static_cast<uint32_t>((i + j) % size.devices));
    }
  }
  Counted counted(watch, "rooms", size.rooms - there);
  const absl::Status status =
      InParallel(begin, begin + size.rooms - there, connect,
                 [&](size_t i, client::Transport& platform) -> absl::Status {
                   FRANK_RETURN_IF_ERROR(counted.CheckNotInterrupted());
                   FRANK_RETURN_IF_ERROR(
                       MakeRoom(*saved, platform, random,
                                saved->mutable_room(static_cast<int>(i))));
                   counted.Add();
                   return absl::OkStatus();
                 });
  auto* rooms = saved->mutable_room();
  rooms->erase(std::remove_if(rooms->begin(), rooms->end(),
                              [](const v1::Room& room) {
                                return room.room_uri().empty();
                              }),
               rooms->end());
  return status;
}

// A platform that was set up anew does not know these devices.
absl::Status TryOut(const v1::Population& saved,
                    const TransportMaker& connect) {
  if (saved.device().empty()) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<client::Transport> platform,
                         connect());
  platform->SetToken(saved.device(0).token());
  const absl::Status status =
      platform->ListRooms(frank::v1::ListRoomsRequest()).status();
  if (absl::IsUnauthenticated(status)) {
    return absl::FailedPreconditionError(
        "the platform does not know this population; name another file");
  }
  return status;
}

absl::Status RegisterAll(const PopulationSize& size,
                         const TransportMaker& connect, RandomSource& random,
                         const RegisterWatch& watch, v1::Population* saved) {
  FRANK_RETURN_IF_ERROR(
      RegisterMissing(size.devices, connect, random, watch, saved));
  return MakeMissingRooms(size, connect, random, watch, saved);
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
    RandomSource& random, const RegisterWatch& watch) {
  FRANK_ASSIGN_OR_RETURN(v1::Population saved, ReadSaved(path));
  if (saved.authority().empty()) {
    saved.set_authority(authority);
    saved.set_prefix(absl::StrCat("load-", ToHex(random.Draw<4>())));
  }
  FRANK_RETURN_IF_ERROR(CheckSaved(path, authority, size, saved));
  FRANK_RETURN_IF_ERROR(TryOut(saved, connect));
  const int devices = saved.device_size(), rooms = saved.room_size();
  const absl::Status registered =
      RegisterAll(size, connect, random, watch, &saved);
  if (saved.device_size() > devices || saved.room_size() > rooms) {
    FRANK_RETURN_IF_ERROR(wire::WriteFile(path, saved.SerializeAsString(),
                                          wire::FileMode::kSecret,
                                          /*replace=*/true));
  }
  FRANK_RETURN_IF_ERROR(registered);
  std::unique_ptr<Population> population(new Population);
  FRANK_RETURN_IF_ERROR(population->Load(saved, size));
  return population;
}

absl::Status Population::Load(const v1::Population& saved,
                              const PopulationSize& size) {
  for (size_t i = 0; i < size.devices; ++i) {
    const v1::Device& device = saved.device(static_cast<int>(i));
    FRANK_ASSIGN_OR_RETURN(DeviceId id,
                           DeviceId::Parse("device_id", device.device_id()));
    FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey key,
                           crypto::HpkePrivateKey::Create(KeyBytes(device)));
    devices_.push_back(
        {device.account_uri(), device.token(), id, std::move(key)});
  }
  for (const v1::Room& room : saved.room()) {
    if (rooms_.size() == size.rooms) break;
    if (!IsAmong(size.devices, room)) continue;
    rooms_.push_back(
        {room.room_uri(), {room.member().begin(), room.member().end()}});
  }
  return absl::OkStatus();
}

}  // namespace frank::load
