#include "services/platform/relay.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/blocking_counter.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "storage/schema.h"

namespace frank::platform {
namespace {

// Beyond the time for which the refusal is held.
constexpr UnixMillis kRetryAfter = 1;

// The body is hashed once, where the call came in, not in the transaction.
crypto::Sha256Digest FingerprintOf(const v1::SendRequest& request) {
  const v1::Envelope& envelope = request.envelope();
  crypto::Sha256Digest body = crypto::Sha256({AsBytes(envelope.body())});
  crypto::Encoder encoder;
  encoder.Vec(request.room_uri())
      .Raw(AsBytes(envelope.franking_tag()))
      .Raw(body);
  return crypto::Sha256({encoder.bytes()});
}

std::string AnswerKeyOf(const Device& sender, const v1::SendRequest& request) {
  return storage::schema::IdempotencyKey(
      sender.account_uri, sender.device_id, storage::IdempotentMethod::kSend,
      AsBytes(request.envelope().message_id()));
}

// What a send takes in memory and writes to the store, about.
size_t CostOf(const v1::SendRequest& request) {
  const v1::Envelope& envelope = request.envelope();
  return envelope.body().size() +
         limits::kWrapCostBytes * static_cast<size_t>(envelope.wrap_size());
}

using Group = std::vector<Sending*>;

// Sends of one room or of one sender, directly or through others.
class Companies {
 public:
  void Add(Sending* sending) {
    const size_t room = Find(sending->item.request->room_uri());
    const size_t sender = Find(sending->item.sender.account_uri);
    groups_[room].push_back(sending);
    if (room == sender) return;
    for (auto& [name, group] : by_name_) {
      if (group == sender) group = room;
    }
    groups_[room].insert(groups_[room].end(), groups_[sender].begin(),
                         groups_[sender].end());
    groups_[sender].clear();
  }
  std::vector<Group>& groups() { return groups_; }

 private:
  // Of a room or an account, whose URIs are never alike.
  size_t Find(absl::string_view name) {
    auto [group, added] = by_name_.emplace(name, groups_.size());
    if (added) groups_.emplace_back();
    return group->second;
  }

  absl::flat_hash_map<absl::string_view, size_t> by_name_;
  std::vector<Group> groups_;
};

// What goes in one transaction: everything, but for what has failed to with
// others already.
std::vector<Group> GroupsOf(
    const std::vector<std::unique_ptr<Sending>>& flight) {
  const auto has_failed = [](const auto& sending) {
    return sending->aborted > 0;
  };
  std::vector<Group> groups(1);
  if (std::none_of(flight.begin(), flight.end(), has_failed)) {
    for (const auto& sending : flight) groups[0].push_back(sending.get());
    return groups;
  }
  Companies companies;
  for (const auto& sending : flight) companies.Add(sending.get());
  for (Group& group : companies.groups()) {
    if (std::any_of(group.begin(), group.end(), has_failed)) {
      groups.push_back(std::move(group));
    } else {
      groups[0].insert(groups[0].end(), group.begin(), group.end());
    }
  }
  return groups;
}

absl::Status TooMuchWaits() {
  return WithRetryAfter(
      WithReason(absl::ResourceExhaustedError("too many messages wait"),
                 "QUOTA_EXCEEDED"),
      kRetryAfter);
}

}  // namespace

// What is taken together, within limits::kMaxRelayBatch and its bytes.
class Relay::Taking {
 public:
  explicit Taking(absl::flat_hash_map<std::string, Load>& loads)
      : loads_(loads) {}

  bool full() const { return full_ || taken_.size() == limits::kMaxRelayBatch; }
  Flight taken() && { return std::move(taken_); }

  // Takes from the front what goes with the rest; whether it took any.
  bool TakeFrom(std::deque<Waiting>& waiting) {
    const size_t before = taken_.size();
    while (!waiting.empty() && !full() && Take(waiting.front())) {
      waiting.pop_front();
    }
    return taken_.size() > before;
  }

 private:
  bool Take(Waiting& next) {
    const SendItem& item = next->item;
    Load& load = loads_.at(item.sender.account_uri);
    if (load.carried > 0 && accounts_.count(item.sender.account_uri) == 0) {
      return false;
    }
    const size_t cost = CostOf(*item.request);
    // One alone always goes.
    full_ = !taken_.empty() && bytes_ + cost > limits::kMaxRelayBatchBytes;
    // Two of one id must not go in one transaction, which does not see its own
    // writes.
    if (full_ || !answer_keys_.insert(item.answer_key).second) return false;
    bytes_ += cost;
    ++load.carried;
    accounts_.insert(item.sender.account_uri);
    taken_.push_back(std::move(next));
    return true;
  }

  absl::flat_hash_map<std::string, Load>& loads_;
  Flight taken_;
  // Views of what was taken.
  absl::flat_hash_set<absl::string_view> answer_keys_;
  absl::flat_hash_set<absl::string_view> accounts_;
  size_t bytes_ = 0;
  bool full_ = false;
};

Relay::Relay(storage::Engine& engine, StampClock& clock,
             const crypto::KeyRings& rings, services::HeldRefusals& refusals)
    : engine_(engine), clock_(clock), rings_(rings), refusals_(refusals) {
  for (size_t i = 0; i < kThreads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

Relay::~Relay() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool Relay::Fits(const std::string& account_uri, size_t bytes) const {
  if (queued_.bytes + bytes > limits::kMaxAllWaitingSendBytes) return false;
  auto load = loads_.find(account_uri);
  return load == loads_.end() ||
         (load->second.sends < limits::kMaxWaitingSends &&
          load->second.bytes + bytes <= limits::kMaxWaitingSendBytes);
}

void Relay::Send(Device sender, const v1::SendRequest& request,
                 services::Done<v1::SendResponse> done) {
  auto sending = std::make_unique<Sending>();
  std::string answer_key = AnswerKeyOf(sender, request);
  sending->item = {std::move(sender), &request, std::move(answer_key),
                   FingerprintOf(request)};
  sending->done = std::move(done);
  const std::string& account_uri = sending->item.sender.account_uri;
  const size_t bytes = CostOf(request);
  {
    absl::MutexLock lock(&mutex_);
    if (Fits(account_uri, bytes)) {
      Load& load = loads_[account_uri];
      ++load.sends;
      load.bytes += bytes;
      ++queued_.sends;
      queued_.bytes += bytes;
      Room& room = rooms_[request.room_uri()];
      room.waiting.push_back(std::move(sending));
      if (room.waiting.size() == 1 && !room.carried) {
        ready_.push_back(request.room_uri());
      }
      return;
    }
  }
  refusals_.Hold(bytes, [done = std::move(sending->done)]() mutable {
    done(TooMuchWaits());
  });
}

Relay::Queued Relay::queued() const {
  absl::MutexLock lock(&mutex_);
  return queued_;
}

void Relay::Run() {
  for (;;) {
    Flight flight = Take();
    if (flight.empty()) return;
    Carry(flight);
    Release(flight);
    for (Waiting& sending : flight) {
      if (sending != nullptr) sending->done(std::move(sending->outcome));
    }
  }
}

Relay::Flight Relay::Take() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !ready_.empty() || (ending_ && blocked_.empty());
  };
  absl::MutexLock lock(&mutex_);
  for (;;) {
    mutex_.Await(absl::Condition(&has_work));
    if (ready_.empty()) return {};
    Flight taken = TakeReady();
    if (!taken.empty()) return taken;
  }
}

Relay::Flight Relay::TakeReady() {
  Taking taking(loads_);
  while (!ready_.empty() && !taking.full()) {
    Room& room = rooms_.at(ready_.front());
    room.carried = taking.TakeFrom(room.waiting);
    // A room that did not fit any more is the first of the next.
    if (!room.carried && taking.full()) break;
    if (!room.carried) blocked_.push_back(std::move(ready_.front()));
    ready_.pop_front();
  }
  return std::move(taking).taken();
}

void Relay::Carry(const Flight& flight) {
  std::deque<RelayBatch> batches;
  for (std::vector<Sending*>& group : GroupsOf(flight)) {
    if (!group.empty()) batches.emplace_back(clock_, rings_, std::move(group));
  }
  std::vector<absl::Status> statuses(batches.size());
  absl::BlockingCounter missing(static_cast<int>(batches.size()));
  for (size_t i = 0; i < batches.size(); ++i) {
    std::unique_ptr<storage::Transaction> transaction = engine_.Begin();
    batches[i].Run(*transaction);
    transaction->Commit([&statuses, &missing, i](absl::Status status) {
      statuses[i] = std::move(status);
      missing.DecrementCount();
    });
  }
  missing.Wait();
  for (size_t i = 0; i < batches.size(); ++i) batches[i].Settle(statuses[i]);
}

void Relay::Release(Flight& flight) {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> rooms;
  // From the last, so that what is put back stands in its old order.
  for (auto sending = flight.rbegin(); sending != flight.rend(); ++sending) {
    const SendItem& item = (*sending)->item;
    auto load = loads_.find(item.sender.account_uri);
    --load->second.carried;
    rooms.push_back(item.request->room_uri());
    if ((*sending)->again) {
      rooms_.at(rooms.back()).waiting.push_front(std::move(*sending));
      continue;
    }
    const size_t bytes = CostOf(*item.request);
    load->second.bytes -= bytes;
    --queued_.sends;
    queued_.bytes -= bytes;
    if (--load->second.sends == 0) loads_.erase(load);
  }
  for (const std::string& room_uri : rooms) FreeRoom(room_uri);
  ready_.insert(ready_.begin(), std::make_move_iterator(blocked_.begin()),
                std::make_move_iterator(blocked_.end()));
  blocked_.clear();
}

void Relay::FreeRoom(const std::string& room_uri) {
  auto room = rooms_.find(room_uri);
  // Freed already, by another message of it.
  if (room == rooms_.end() || !std::exchange(room->second.carried, false)) {
    return;
  }
  if (room->second.waiting.empty()) {
    rooms_.erase(room);
  } else {
    ready_.push_back(room_uri);
  }
}

}  // namespace frank::platform
