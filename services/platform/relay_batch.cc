#include "services/platform/relay_batch.h"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "services/platform/account_reads.h"
#include "services/platform/stamp_clock.h"
#include "storage/mailbox_store.h"

namespace frank::platform {
namespace {

absl::StatusOr<std::vector<crypto::FrankStamp>> Stamp(
    const crypto::KeyRing* ring,
    const std::vector<crypto::StampInput>& inputs) {
  if (ring == nullptr) {
    return CannotStamp("the platform holds no keys for the room's authority");
  }
  auto stamps = crypto::Stamp(*ring, inputs);
  if (absl::IsFailedPrecondition(stamps.status())) {
    return CannotStamp("the platform holds no key for this time");
  }
  return stamps;
}

}  // namespace

RelayBatch::RelayBatch(StampClock& clock, const crypto::KeyRings& rings,
                       std::vector<Entry> entries)
    : clock_(clock), rings_(rings) {
  for (const Entry& entry : entries) {
    rooms_[entry.item->request->room_uri()].push_back(entry);
  }
}

void RelayBatch::Run(storage::Transaction& transaction) {
  const absl::StatusOr<UnixMillis> now = clock_.Now();
  AccountReads accounts(transaction);
  // Where they are, they stay: they hold views of themselves.
  std::deque<Accepted> accepted;
  std::map<const crypto::KeyRing*, std::vector<Accepted*>> by_ring;
  for (const auto& [uri, entries] : rooms_) {
    Accepted& room = accepted.emplace_back(
        Accepted{RoomBatch(transaction, accounts, std::string(uri), now), {}});
    Decide(entries, room);
    if (room.outcomes.empty()) continue;
    by_ring[rings_.FindForRoom(uri)].push_back(&room);
  }
  Kept kept;
  for (const auto& [ring, rooms] : by_ring) StampAndStore(ring, rooms, &kept);
  if (kept.answers.empty()) return;
  accounts.PutCounts();
  storage::PutAnswers(transaction, *now, kept.answers);
  storage::ExpireMessagesAt(
      transaction, kept.newest + limits::kMailboxRetention, kept.messages);
}

void RelayBatch::Fail(const absl::Status& why) {
  for (const auto& [uri, entries] : rooms_) {
    for (const Entry& entry : entries) *entry.outcome = why;
  }
}

void RelayBatch::TakeApart(std::vector<std::vector<Entry>>* groups) {
  for (auto& [uri, entries] : rooms_) groups->push_back(std::move(entries));
}

void RelayBatch::Decide(const std::vector<Entry>& entries, Accepted& accepted) {
  const absl::Status read = accepted.batch.Read();
  for (const Entry& entry : entries) {
    if (!read.ok()) {
      *entry.outcome = read;
      continue;
    }
    auto answer = accepted.batch.Decide(*entry.item);
    if (!answer.ok()) {
      *entry.outcome = answer.status();
    } else if (answer->has_value()) {
      *entry.outcome = **std::move(answer);
    } else {
      accepted.outcomes.push_back(entry.outcome);
    }
  }
}

void RelayBatch::StampAndStore(const crypto::KeyRing* ring,
                               absl::Span<Accepted* const> rooms, Kept* kept) {
  std::vector<crypto::StampInput> inputs;
  for (const Accepted* room : rooms) room->batch.AddStampInputs(&inputs);
  auto stamps = Stamp(ring, inputs);
  if (!stamps.ok() && rooms.size() > 1) {
    for (Accepted* const& room : rooms) StampAndStore(ring, {&room, 1}, kept);
    return;
  }
  if (!stamps.ok()) {
    for (SendOutcome* outcome : rooms[0]->outcomes) *outcome = stamps.status();
    return;
  }
  absl::Span<const crypto::FrankStamp> rest = *stamps;
  for (Accepted* room : rooms) {
    Store(*room, rest.first(room->outcomes.size()), kept);
    rest.remove_prefix(room->outcomes.size());
  }
}

void RelayBatch::Store(Accepted& accepted,
                       absl::Span<const crypto::FrankStamp> stamps,
                       Kept* kept) {
  kept->newest = std::max(kept->newest, accepted.batch.accepted_at());
  std::vector<RoomBatch::Stored> stored = accepted.batch.Store(stamps);
  for (size_t i = 0; i < stored.size(); ++i) {
    *accepted.outcomes[i] = std::move(stored[i].response);
    kept->answers.push_back(std::move(stored[i].answer));
    if (stored[i].waits) kept->messages.push_back(*std::move(stored[i].waits));
  }
}

}  // namespace frank::platform
