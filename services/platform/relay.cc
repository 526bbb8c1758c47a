#include "services/platform/relay.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
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

}  // namespace

struct Relay::Flight {
  std::vector<Waiting> items;
  std::unique_ptr<RoomBatch> batch;
};

Relay::~Relay() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](absl::flat_hash_map<std::string, Room>* rooms) {
        return rooms->empty();
      },
      &rooms_));
}

void Relay::Send(Device sender, const v1::SendRequest& request,
                 services::Done<v1::SendResponse> done) {
  SendItem item{std::move(sender), &request, FingerprintOf(request)};
  bool start = false;
  {
    absl::MutexLock lock(&mutex_);
    size_t& count = counts_[item.sender.account_uri];
    if (count < limits::kMaxWaitingSends) {
      ++count;
      Room& room = rooms_[request.room_uri()];
      room.waiting.push_back({std::move(item), std::move(done)});
      start = !std::exchange(room.running, true);
      done = nullptr;
    }
  }
  if (done) {
    return done(
        WithRetryAfter(WithReason(absl::ResourceExhaustedError(
                                      "too many messages of the account wait"),
                                  "QUOTA_EXCEEDED"),
                       kRetryAfter));
  }
  if (start) Fly(request.room_uri());
}

std::vector<Relay::Waiting> Relay::Take(const std::string& room_uri) {
  absl::MutexLock lock(&mutex_);
  std::vector<Waiting> taken;
  auto found = rooms_.find(room_uri);
  std::deque<Waiting>& waiting = found->second.waiting;
  absl::flat_hash_set<std::string> identities;
  size_t bytes = 0;
  while (!waiting.empty() && taken.size() < limits::kMaxRelayBatch &&
         bytes < limits::kMaxRelayBatchBytes &&
         identities.insert(IdentityOf(waiting.front().item)).second) {
    bytes += waiting.front().item.request->envelope().body().size();
    taken.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  if (taken.empty()) rooms_.erase(found);
  return taken;
}

void Relay::Fly(std::string room_uri) {
  auto flight = std::make_shared<Flight>();
  flight->items = Take(room_uri);
  if (flight->items.empty()) return;
  std::vector<const SendItem*> items;
  items.reserve(flight->items.size());
  for (const Waiting& waiting : flight->items) items.push_back(&waiting.item);
  flight->batch =
      std::make_unique<RoomBatch>(clock_, rings_, room_uri, std::move(items));
  storage::RunTransaction(
      engine_,
      [flight](storage::Transaction& transaction) {
        return flight->batch->Run(transaction);
      },
      [this, flight, room_uri](absl::Status status) {
        Land(room_uri, *flight, std::move(status));
      });
}

void Relay::Land(const std::string& room_uri, Flight& flight,
                 absl::Status status) {
  {
    absl::MutexLock lock(&mutex_);
    for (const Waiting& waiting : flight.items) {
      auto count = counts_.find(waiting.item.sender.account_uri);
      if (--count->second == 0) counts_.erase(count);
    }
  }
  std::vector<SendOutcome> outcomes = flight.batch->TakeOutcomes();
  for (size_t i = 0; i < flight.items.size(); ++i) {
    flight.items[i].done(status.ok() ? std::move(outcomes[i])
                                     : SendOutcome(status));
  }
  Fly(room_uri);
}

}  // namespace frank::platform
