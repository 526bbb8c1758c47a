#include "tests/e2e/shift/town.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/clock.h"
#include "core/status.h"
#include "crypto/channel.h"
#include "crypto/file.h"
#include "frank/v1/franking.grpc.pb.h"
#include "tests/e2e/shift/words.h"

namespace frank::shift {
namespace {

constexpr char kHub[] = "mimi://hub.example";
constexpr char kGuestHub[] = "mimi://other.example";
constexpr size_t kThreads = 16;
constexpr size_t kSpeakersOfRoom = 5;
constexpr size_t kListenersOfRoom = 48;
constexpr size_t kListenersOfHall = 200;
constexpr size_t kTurns = 4;

// The first error of several threads.
class FirstError {
 public:
  void Note(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    if (first_.ok()) first_ = status;
  }
  absl::Status first() const { return first_; }

 private:
  absl::Mutex mutex_;
  absl::Status first_;
};

absl::StatusOr<crypto::FrankingKeys> OpenKeys(
    const std::string& authority, client::Transport& platform,
    const crypto::Ed25519PublicKey& moderation, UnixMillis now) {
  v1::GetReportingKeysRequest request;
  request.add_authority(authority);
  FRANK_ASSIGN_OR_RETURN(v1::GetReportingKeysResponse keys,
                         platform.GetReportingKeys(request));
  if (keys.franking_keys_size() != 1) {
    return absl::NotFoundError("the platform knows no such authority");
  }
  return crypto::OpenFrankingKeys(
      authority, AsBytes(keys.franking_keys(0).record()),
      AsBytes(keys.franking_keys(0).signature()), moderation, nullptr, now);
}

std::vector<std::unique_ptr<client::Transport>> Lines(const Servers& servers) {
  std::vector<std::unique_ptr<client::Transport>> lines;
  for (size_t i = 0; i < kThreads; ++i) lines.push_back(servers.Platform());
  return lines;
}

}  // namespace

struct Town::Draft {
  size_t speaker;
  size_t room;
  client::Committed committed;
  absl::optional<client::OpenedChunks> file;
};

absl::StatusOr<std::unique_ptr<Town>> Town::Build(const Servers& servers,
                                                  const TownSize& size,
                                                  RandomSource& random,
                                                  Dice* dice) {
  std::unique_ptr<Town> town(new Town(servers, size, random));
  FRANK_RETURN_IF_ERROR(town->FetchKeys());
  FRANK_RETURN_IF_ERROR(town->Settle());
  town->Mix(dice);
  FRANK_RETURN_IF_ERROR(town->OpenRooms());
  FRANK_RETURN_IF_ERROR(town->Speak());
  return town;
}

absl::Status Town::FetchKeys() {
  const UnixMillis now = SystemClock().Now();
  auto platform = servers_.Platform();
  const crypto::Ed25519PublicKey& moderation = servers_.moderation_key();
  FRANK_ASSIGN_OR_RETURN(hub_keys_, OpenKeys(kHub, *platform, moderation, now));
  FRANK_ASSIGN_OR_RETURN(guest_keys_,
                         OpenKeys(kGuestHub, *platform, moderation, now));
  FRANK_ASSIGN_OR_RETURN(v1::GetReportingKeysResponse keys,
                         platform->GetReportingKeys({}));
  const auto& key = keys.review_key(0);
  FRANK_ASSIGN_OR_RETURN(
      crypto::ReviewKeyRecord record,
      crypto::OpenReviewKeyRecord(AsBytes(key.record()),
                                  AsBytes(key.signature()), moderation, now));
  review_key_ = client::OpenedReviewKey{
      crypto::ReviewKeyIdOf(AsBytes(key.record())), std::move(record)};
  return absl::OkStatus();
}

absl::Status Town::Settle() {
  FRANK_ASSIGN_OR_RETURN(std::string credential,
                         servers_.ReadToken("operator/credential.token"));
  accounts_.resize(size_.accused + size_.reporters);
  for (size_t i = 0; i < accounts_.size(); ++i) {
    Account& account = accounts_[i];
    const bool accused = i < size_.accused;
    const size_t number = accused ? i : i - size_.accused;
    account.is_guest =
        accused ? number >= size_.accused - size_.accused_guests()
                : number >= size_.reporters - size_.reporting_guests();
    account.uri =
        absl::StrCat(account.is_guest ? kGuestHub : kHub,
                     accused ? "/u/accused-" : "/u/reporter-", number);
    if (account.is_guest) account.token = credential;
  }
  auto lines = Lines(servers_);
  FirstError error;
  InParallel(accounts_.size(), kThreads, [&](size_t i, size_t thread) {
    if (accounts_[i].is_guest) return;
    error.Note(Register(*lines[thread], &accounts_[i]));
  });
  return error.first();
}

absl::Status Town::Register(client::Transport& platform,
                            Account* account) const {
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey key,
                         crypto::HpkePrivateKey::Create(crypto::Secret::Random(
                             random_, crypto::kHpkeKeyBytes)));
  FRANK_ASSIGN_OR_RETURN(
      crypto::Ed25519PrivateKey identity,
      crypto::Ed25519PrivateKey::FromSeed(
          crypto::Secret::Random(random_, crypto::kEd25519KeyBytes)));
  account->device_id = DeviceId::Random(random_);
  account->key_id = key.public_key().id();
  FRANK_ASSIGN_OR_RETURN(
      crypto::SignedRecord list,
      crypto::Sign(
          crypto::DeviceList{
              account->uri, 1, {{account->device_id, key.public_key()}}},
          identity));
  v1::RegisterAccountRequest request;
  request.set_account_uri(account->uri);
  request.set_request_id(ToString(RequestId::Random(random_).bytes()));
  v1::SignedDeviceList* out = request.mutable_device_list();
  out->set_device_list(ToString(list.record));
  out->set_signature(ToString(list.signature));
  out->set_identity_public_key(ToString(identity.public_key().bytes()));
  platform.SetToken("");
  FRANK_ASSIGN_OR_RETURN(v1::RegisterAccountResponse response,
                         platform.RegisterAccount(request));
  account->token = response.token();
  return absl::OkStatus();
}

// Each reporter meets the people of some rooms, of their own messenger.
void Town::Mix(Dice* dice) {
  auto mix = [&](bool guests) {
    std::vector<size_t> speakers, listeners;
    for (size_t i = 0; i < accounts_.size(); ++i) {
      if (accounts_[i].is_guest != guests) continue;
      (IsAccused(i) ? speakers : listeners).push_back(i);
    }
    if (!guests) {
      std::vector<size_t> crowd = listeners;
      crowd.resize(std::min(kListenersOfHall, crowd.size()));
      rooms_.push_back({"", false, {notorious()}, std::move(crowd), {}});
    }
    const size_t begin = rooms_.size();
    for (size_t i = 0; i < speakers.size(); i += kSpeakersOfRoom) {
      Room room{"", guests, {}, {}, {}};
      for (size_t s = i; s < std::min(i + kSpeakersOfRoom, speakers.size());
           ++s) {
        room.speakers.push_back(speakers[s]);
      }
      dice->Shuffle(&listeners);
      room.listeners.assign(
          listeners.begin(),
          listeners.begin() + static_cast<ptrdiff_t>(std::min(
                                  kListenersOfRoom, listeners.size())));
      rooms_.push_back(std::move(room));
    }
    // Nobody is left alone.
    for (size_t i = 0; i < listeners.size(); ++i) {
      Room& room = rooms_[begin + i % (rooms_.size() - begin)];
      auto& there = room.listeners;
      if (std::find(there.begin(), there.end(), listeners[i]) == there.end()) {
        there.push_back(listeners[i]);
      }
    }
  };
  mix(false);
  mix(true);
  rooms_of_.resize(accounts_.size());
  for (size_t i = 0; i < rooms_.size(); ++i) {
    for (size_t listener : rooms_[i].listeners) {
      rooms_of_[listener].push_back(i);
    }
  }
}

bool Town::IsEverywhere(size_t account) const {
  const bool guest = accounts_[account].is_guest;
  const auto count =
      std::count_if(rooms_.begin(), rooms_.end(),
                    [&](const Room& room) { return room.is_guest == guest; });
  return rooms_of_[account].size() == static_cast<size_t>(count);
}

absl::Status Town::OpenRooms() {
  auto lines = Lines(servers_);
  FirstError error;
  InParallel(rooms_.size(), kThreads, [&](size_t i, size_t thread) {
    if (rooms_[i].is_guest) {
      rooms_[i].uri = absl::StrCat(kGuestHub, "/r/room-", i);
    } else {
      error.Note(OpenRoom(*lines[thread], &rooms_[i]));
    }
  });
  InParallel(size_.accused, kThreads, [&](size_t i, size_t thread) {
    if (accounts_[i].is_guest) return;
    error.Note(OpenOwnRoom(*lines[thread], &accounts_[i]));
  });
  return error.first();
}

absl::Status Town::OpenRoom(client::Transport& platform, Room* room) const {
  v1::CreateRoomRequest request;
  request.set_request_id(ToString(RequestId::Random(random_).bytes()));
  request.set_kind(v1::ROOM_KIND_GROUP);
  for (size_t i = 1; i < room->speakers.size(); ++i) {
    request.add_member_uri(accounts_[room->speakers[i]].uri);
  }
  for (size_t listener : room->listeners) {
    request.add_member_uri(accounts_[listener].uri);
  }
  platform.SetToken(accounts_[room->speakers.front()].token);
  FRANK_ASSIGN_OR_RETURN(v1::CreateRoomResponse response,
                         platform.CreateRoom(request));
  room->uri = response.room().room_uri();
  return absl::OkStatus();
}

absl::Status Town::OpenOwnRoom(client::Transport& platform,
                               Account* account) const {
  v1::CreateRoomRequest request;
  request.set_request_id(ToString(RequestId::Random(random_).bytes()));
  request.set_kind(v1::ROOM_KIND_GROUP);
  platform.SetToken(account->token);
  FRANK_ASSIGN_OR_RETURN(v1::CreateRoomResponse response,
                         platform.CreateRoom(request));
  account->own_room_uri = response.room().room_uri();
  return absl::OkStatus();
}

absl::StatusOr<Town::Draft> Town::Compose(size_t speaker, size_t room,
                                          size_t turn) const {
  const client::MessageContext context{accounts_[speaker].uri, rooms_[room].uri,
                                       SystemClock().Now()};
  FRANK_ASSIGN_OR_RETURN(Words words,
                         WordsOf(context, speaker + room, turn, random_));
  return Draft{speaker, room, std::move(words.committed),
               std::move(words.file)};
}

absl::StatusOr<v1::Frank> Town::Stamp(const Draft& draft) const {
  auto stub = v1::FrankingService::NewStub(servers_.PlatformChannel());
  v1::StampBatchRequest request;
  v1::StampRequest* stamp = request.add_stamp();
  stamp->set_franking_tag(ToString(draft.committed.tag.bytes()));
  stamp->set_sender_uri(accounts_[draft.speaker].uri);
  stamp->set_room_uri(rooms_[draft.room].uri);
  grpc::ClientContext context;
  context.AddMetadata("authorization",
                      absl::StrCat("Bearer ", accounts_[draft.speaker].token));
  v1::StampBatchResponse response;
  const grpc::Status answer = stub->StampBatch(&context, request, &response);
  if (!answer.ok()) {
    return wire::FromRpc(answer.error_code(), answer.error_message(),
                         answer.error_details());
  }
  return response.frank(0);
}

// The platform reads neither body nor wraps, and nobody here does.
absl::StatusOr<v1::Frank> Town::Send(client::Transport& platform,
                                     const Draft& draft) const {
  const Account& speaker = accounts_[draft.speaker];
  v1::SendRequest request;
  request.set_room_uri(rooms_[draft.room].uri);
  v1::Envelope* envelope = request.mutable_envelope();
  envelope->set_message_id(ToString(MessageId::Random(random_).bytes()));
  envelope->set_protocol(1);
  envelope->set_scheme(static_cast<uint32_t>(draft.committed.scheme));
  envelope->set_ciphersuite(crypto::kCiphersuite);
  envelope->set_franking_tag(ToString(draft.committed.tag.bytes()));
  envelope->set_body(ToString(random_.Draw<64>()));
  envelope->set_sender_key_id(ToString(speaker.key_id.bytes()));
  for (const auto* group :
       {&rooms_[draft.room].speakers, &rooms_[draft.room].listeners}) {
    for (size_t member : *group) {
      if (member == draft.speaker) continue;
      v1::Envelope::Wrap* wrap = envelope->add_wrap();
      wrap->set_device_id(ToString(accounts_[member].device_id.bytes()));
      wrap->set_key_id(ToString(accounts_[member].key_id.bytes()));
      wrap->set_wrap(ToString(random_.Draw<64>()));
    }
  }
  platform.SetToken(speaker.token);
  FRANK_ASSIGN_OR_RETURN(v1::SendResponse response, platform.Send(request));
  if (!response.has_accepted()) {
    return absl::InternalError("a message was not accepted");
  }
  return response.accepted().frank();
}

absl::StatusOr<Said> Town::Deliver(client::Transport& platform,
                                   Draft draft) const {
  const bool guest = rooms_[draft.room].is_guest;
  FRANK_ASSIGN_OR_RETURN(v1::Frank frank,
                         guest ? Stamp(draft) : Send(platform, draft));
  FRANK_ASSIGN_OR_RETURN(
      client::VerifiedMessage message,
      client::VerifyReceived(
          client::ChannelIdentity(accounts_[draft.speaker].uri,
                                  rooms_[draft.room].uri),
          {static_cast<uint32_t>(draft.committed.scheme),
           draft.committed.tag.bytes(), draft.committed.payload.bytes()},
          frank, guest ? *guest_keys_ : *hub_keys_,
          client::RequiredIntegrity::kAsStated, SystemClock().Now()));
  return Said{draft.speaker, draft.room, std::move(message),
              std::move(draft.file)};
}

absl::Status Town::Speak() {
  struct Turn {
    size_t room, speaker, turn;
  };
  std::vector<Turn> turns;
  for (size_t room = 0; room < rooms_.size(); ++room) {
    for (size_t speaker : rooms_[room].speakers) {
      for (size_t turn = 0; turn < kTurns; ++turn) {
        turns.push_back({room, speaker, turn});
      }
    }
  }
  auto lines = Lines(servers_);
  FirstError error;
  std::vector<absl::optional<Said>> said(turns.size());
  InParallel(turns.size(), kThreads, [&](size_t i, size_t thread) {
    const Turn& turn = turns[i];
    absl::StatusOr<Draft> draft = Compose(turn.speaker, turn.room, turn.turn);
    if (!draft.ok()) return error.Note(draft.status());
    absl::StatusOr<Said> delivered = Deliver(*lines[thread], *std::move(draft));
    if (!delivered.ok()) return error.Note(delivered.status());
    said[i].emplace(*std::move(delivered));
  });
  FRANK_RETURN_IF_ERROR(error.first());
  for (size_t i = 0; i < said.size(); ++i) {
    rooms_[turns[i].room].messages.push_back(i);
    said_.push_back(*std::move(said[i]));
  }
  return absl::OkStatus();
}

}  // namespace frank::shift
