#include "services/platform/relay_batch.h"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "core/limits.h"
#include "services/platform/account_reads.h"
#include "storage/mailbox_store.h"

namespace frank::platform {

RelayBatch::RelayBatch(StampClock& clock, const crypto::KeyRings& rings,
                       std::vector<Sending*> sendings)
    : clock_(clock), rings_(rings) {
  for (Sending* sending : sendings) {
    sending->again = false;
    rooms_[sending->item.request->room_uri()].push_back(sending);
  }
}

void RelayBatch::Run(storage::Transaction& transaction) {
  const absl::StatusOr<UnixMillis> now = clock_.Now();
  AccountReads accounts(transaction);
  // Where they are, they stay: they hold views of themselves.
  std::deque<Accepted> accepted;
  std::map<const crypto::KeyRing*, std::vector<Accepted*>> by_ring;
  for (const auto& [uri, sendings] : rooms_) {
    Accepted& room = accepted.emplace_back(
        Accepted{RoomBatch(transaction, accounts, rings_.FindForRoom(uri),
                           std::string(uri), now),
                 {}});
    Decide(sendings, room);
    if (!room.sendings.empty()) by_ring[room.batch.ring()].push_back(&room);
  }
  Kept kept;
  for (const auto& [ring, rooms] : by_ring) StampAndStore(*ring, rooms, &kept);
  if (kept.answers.empty()) return;
  accounts.PutCounts();
  storage::PutAnswers(transaction, *now, std::move(kept.answers));
  storage::ExpireMessagesAt(
      transaction, kept.newest + limits::kMailboxRetention, kept.messages);
}

void RelayBatch::Settle(const absl::Status& status) {
  if (status.ok()) return;
  for (const auto& [uri, sendings] : rooms_) {
    for (Sending* sending : sendings) {
      if (sending->again) continue;
      sending->again = absl::IsAborted(status) &&
                       sending->aborted++ < limits::kMaxTransactionRetries;
      if (!sending->again) sending->outcome = status;
    }
  }
}

void RelayBatch::Decide(const std::vector<Sending*>& sendings,
                        Accepted& accepted) {
  const absl::Status read = accepted.batch.Read();
  for (Sending* sending : sendings) {
    if (!read.ok()) {
      sending->outcome = read;
      continue;
    }
    // One alone is always decided. Those behind one that is not keep their
    // order: the members of a room are as many for each.
    const size_t members = accepted.batch.members();
    if (members_ > 0 && members_ + members > limits::kMaxRelayBatchMembers) {
      sending->again = true;
      continue;
    }
    members_ += members;
    auto answer = accepted.batch.Decide(sending->item);
    if (!answer.ok()) {
      sending->outcome = answer.status();
    } else if (answer->has_value()) {
      sending->outcome = **std::move(answer);
    } else {
      accepted.sendings.push_back(sending);
    }
  }
}

void RelayBatch::StampAndStore(const crypto::KeyRing& ring,
                               absl::Span<Accepted* const> rooms, Kept* kept) {
  std::vector<crypto::StampInput> inputs;
  for (const Accepted* room : rooms) room->batch.AddStampInputs(&inputs);
  auto stamps = crypto::Stamp(ring, inputs);
  if (!stamps.ok()) {
    for (Accepted* room : rooms) {
      for (Sending* sending : room->sendings) {
        sending->outcome = stamps.status();
      }
    }
    return;
  }
  absl::Span<const crypto::FrankStamp> rest = *stamps;
  for (Accepted* room : rooms) {
    Store(*room, rest.first(room->sendings.size()), kept);
    rest.remove_prefix(room->sendings.size());
  }
}

void RelayBatch::Store(Accepted& accepted,
                       absl::Span<const crypto::FrankStamp> stamps,
                       Kept* kept) {
  kept->newest = std::max(kept->newest, accepted.batch.accepted_at());
  std::vector<RoomBatch::Stored> stored = accepted.batch.Store(stamps);
  for (size_t i = 0; i < stored.size(); ++i) {
    accepted.sendings[i]->outcome = std::move(stored[i].response);
    kept->answers.push_back(std::move(stored[i].answer));
    if (stored[i].waits) kept->messages.push_back(*std::move(stored[i].waits));
  }
}

}  // namespace frank::platform
