#include "services/platform/relay.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"

namespace frank::platform {
namespace {

constexpr UnixMillis kRetryAfter = kSecond;

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

// Who sent what: two of one id must not go in one transaction, which does not
// see its own writes.
std::string IdentityOf(const SendItem& item) {
  return absl::StrCat(item.sender.device_id.text(),
                      item.request->envelope().message_id(),
                      item.sender.account_uri);
}

// What a send takes in memory and writes to the store, about.
size_t CostOf(const v1::SendRequest& request) {
  const v1::Envelope& envelope = request.envelope();
  return envelope.body().size() +
         limits::kWrapCostBytes * static_cast<size_t>(envelope.wrap_size());
}

absl::Status TooMuchWaits() {
  return WithRetryAfter(
      WithReason(absl::ResourceExhaustedError("too many messages wait"),
                 "QUOTA_EXCEEDED"),
      kRetryAfter);
}

}  // namespace

struct Relay::Flight {
  std::string room_uri;
  std::vector<Waiting> items;
  std::unique_ptr<RoomBatch> batch;
  size_t retries = 0;
};

Relay::Relay(storage::Engine& engine, StampClock& clock,
             const crypto::KeyRings& rings)
    : engine_(engine), clock_(clock), rings_(rings) {
  for (size_t thread = 0; thread < kThreads; ++thread) {
    workers_.push_back(
        std::make_unique<services::Worker>("relay", [this, thread] {
          RunTasks(thread);
          return kHour;
        }));
  }
}

Relay::~Relay() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](absl::flat_hash_map<std::string, Room>* rooms) {
        return rooms->empty();
      },
      &rooms_));
}

bool Relay::Fits(const std::string& account_uri, size_t bytes) const {
  if (bytes_ + bytes > limits::kMaxAllWaitingSendBytes) return false;
  auto load = loads_.find(account_uri);
  return load == loads_.end() ||
         (load->second.sends < limits::kMaxWaitingSends &&
          load->second.bytes + bytes <= limits::kMaxWaitingSendBytes);
}

void Relay::Send(Device sender, const v1::SendRequest& request,
                 services::Done<v1::SendResponse> done) {
  SendItem item{std::move(sender), &request, FingerprintOf(request)};
  size_t bytes = CostOf(request);
  bool start = false;
  {
    absl::MutexLock lock(&mutex_);
    if (Fits(item.sender.account_uri, bytes)) {
      Load& load = loads_[item.sender.account_uri];
      ++load.sends;
      load.bytes += bytes;
      bytes_ += bytes;
      Room& room = rooms_[request.room_uri()];
      room.waiting.push_back({std::move(item), std::move(done)});
      start = !std::exchange(room.running, true);
      done = nullptr;
    }
  }
  if (done) return done(TooMuchWaits());
  if (start) FlyNext(request.room_uri());
}

std::vector<Relay::Waiting> Relay::Take(const std::string& room_uri) {
  absl::MutexLock lock(&mutex_);
  std::vector<Waiting> taken;
  auto found = rooms_.find(room_uri);
  std::deque<Waiting>& waiting = found->second.waiting;
  absl::flat_hash_set<std::string> identities;
  size_t bytes = 0;
  while (!waiting.empty() && taken.size() < limits::kMaxRelayBatch) {
    const SendItem& next = waiting.front().item;
    bytes += CostOf(*next.request);
    // One alone always goes.
    bool fits = taken.empty() || bytes <= limits::kMaxRelayBatchBytes;
    if (!fits || !identities.insert(IdentityOf(next)).second) break;
    taken.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  if (taken.empty()) rooms_.erase(found);
  return taken;
}

void Relay::FlyNext(const std::string& room_uri) {
  auto flight = std::make_shared<Flight>();
  flight->items = Take(room_uri);
  if (flight->items.empty()) return;
  flight->room_uri = room_uri;
  std::vector<const SendItem*> items;
  items.reserve(flight->items.size());
  for (const Waiting& waiting : flight->items) items.push_back(&waiting.item);
  flight->batch =
      std::make_unique<RoomBatch>(clock_, rings_, room_uri, std::move(items));
  Fly(std::move(flight));
}

// As RunTransaction does, but for the thread that repeats.
void Relay::Fly(std::shared_ptr<Flight> flight) {
  std::unique_ptr<storage::Transaction> transaction = engine_.Begin();
  absl::Status prepared = flight->batch->Run(*transaction);
  if (!prepared.ok()) return Land(std::move(flight), std::move(prepared));
  transaction->Commit([this, flight](absl::Status status) {
    if (absl::IsAborted(status) &&
        flight->retries++ < limits::kMaxTransactionRetries) {
      Post(flight->room_uri, [this, flight] { Fly(flight); });
    } else {
      Land(flight, std::move(status));
    }
  });
}

void Relay::Land(std::shared_ptr<Flight> flight, absl::Status status) {
  Unload(*flight);
  std::vector<SendOutcome> outcomes = flight->batch->TakeOutcomes();
  for (size_t i = 0; i < flight->items.size(); ++i) {
    flight->items[i].done(status.ok() ? std::move(outcomes[i])
                                      : SendOutcome(status));
  }
  // The last use of the relay: it may be destroyed once the room is forgotten.
  Post(flight->room_uri,
       [this, room_uri = flight->room_uri] { FlyNext(room_uri); });
}

void Relay::Unload(const Flight& flight) {
  absl::MutexLock lock(&mutex_);
  for (const Waiting& waiting : flight.items) {
    size_t bytes = CostOf(*waiting.item.request);
    auto load = loads_.find(waiting.item.sender.account_uri);
    load->second.bytes -= bytes;
    bytes_ -= bytes;
    if (--load->second.sends == 0) loads_.erase(load);
  }
}

void Relay::Post(const std::string& room_uri, Task task) {
  size_t thread = absl::Hash<std::string>()(room_uri) % kThreads;
  absl::MutexLock lock(&mutex_);
  tasks_[thread].push_back(std::move(task));
  workers_[thread]->Wake();
}

void Relay::RunTasks(size_t thread) {
  std::vector<Task> tasks;
  {
    absl::MutexLock lock(&mutex_);
    tasks.swap(tasks_[thread]);
  }
  for (Task& task : tasks) task();
}

}  // namespace frank::platform
