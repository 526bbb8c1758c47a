// The people of the story: those who are accused, those who report, the rooms
// that they share, and what was said there. All of it is real: accounts are
// registered, messages are sent and franked by the platform.
#ifndef FRANK_TESTS_E2E_SHIFT_TOWN_H_
#define FRANK_TESTS_E2E_SHIFT_TOWN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "client/report_builder.h"
#include "client/verify.h"
#include "core/ids.h"
#include "core/random.h"
#include "tests/e2e/shift/dice.h"
#include "tests/e2e/shift/servers.h"

namespace frank::shift {

struct Account {
  std::string uri;
  // Of the other messenger, which delivers by itself and has its franks from
  // the stamp credential; it has no device here.
  bool is_guest = false;
  // Of its device, or of the credential.
  std::string token;
  DeviceId device_id;
  KeyId key_id;
  // Where it is alone: what it may send is tried out there.
  std::string own_room_uri;
};

struct Room {
  std::string uri;
  bool is_guest = false;
  // Indices of accounts; those who speak come first.
  std::vector<size_t> speakers;
  std::vector<size_t> listeners;
  // Indices of messages.
  std::vector<size_t> messages;
};

// A message as whoever received it has it: verified, able to be reported.
struct Said {
  size_t speaker = 0;
  size_t room = 0;
  client::VerifiedMessage message;
  // A file that it announces, with a chunk to be shown.
  absl::optional<client::OpenedChunks> file;
};

// How many there are. A tenth of the accused and of the reporters are guests.
struct TownSize {
  size_t accused = 300;
  size_t reporters = 800;
  size_t accused_guests() const { return accused / 10; }
  size_t reporting_guests() const { return reporters / 10; }
};

// Built once, then only read.
class Town {
 public:
  // Registers, makes rooms, sends. The dice decide who meets whom.
  static absl::StatusOr<std::unique_ptr<Town>> Build(const Servers& servers,
                                                     const TownSize& size,
                                                     RandomSource& random,
                                                     Dice* dice);

  // Accused first: the first `size().accused` are.
  const std::vector<Account>& accounts() const { return accounts_; }
  const std::vector<Room>& rooms() const { return rooms_; }
  const std::vector<Said>& said() const { return said_; }
  const TownSize& size() const { return size_; }
  const client::OpenedReviewKey& review_key() const { return *review_key_; }

  // The one whom many report, with proof, and the room where they met; and the
  // one against whom others gang up without any.
  size_t notorious() const { return 0; }
  const Room& hall() const { return rooms_.front(); }
  size_t victim() const { return 1; }
  // The one who reports more than anybody may.
  size_t zealot() const { return size_.accused; }

  // Rooms in which an account listens.
  const std::vector<size_t>& RoomsOf(size_t account) const {
    return rooms_of_[account];
  }
  // Whether there is no room of their messenger in which they do not listen.
  bool IsEverywhere(size_t account) const;
  bool IsAccused(size_t account) const { return account < size_.accused; }

 private:
  // What a speaker says, before the platform has franked it.
  struct Draft;
  Town(const Servers& servers, const TownSize& size, RandomSource& random)
      : servers_(servers), size_(size), random_(random) {}

  absl::Status FetchKeys();
  absl::Status Settle();
  absl::Status Register(client::Transport& platform, Account* account) const;
  void Mix(Dice* dice);
  absl::Status OpenRooms();
  absl::Status OpenRoom(client::Transport& platform, Room* room) const;
  absl::Status OpenOwnRoom(client::Transport& platform, Account* account) const;
  absl::StatusOr<Draft> Compose(size_t speaker, size_t room, size_t turn) const;
  absl::StatusOr<Said> Deliver(client::Transport& platform, Draft draft) const;
  absl::StatusOr<v1::Frank> Send(client::Transport& platform,
                                 const Draft& draft) const;
  absl::StatusOr<v1::Frank> Stamp(const Draft& draft) const;
  absl::Status Speak();

  const Servers& servers_;
  const TownSize size_;
  RandomSource& random_;
  std::vector<Account> accounts_;
  std::vector<Room> rooms_;
  std::vector<Said> said_;
  std::vector<std::vector<size_t>> rooms_of_;
  absl::optional<client::OpenedReviewKey> review_key_;
  absl::optional<crypto::FrankingKeys> hub_keys_;
  absl::optional<crypto::FrankingKeys> guest_keys_;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_TOWN_H_
