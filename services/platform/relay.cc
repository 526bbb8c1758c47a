#include "services/platform/relay.h"

#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
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

// What is taken together, within limits::kMaxRelayBatch and its bytes.
struct Relay::Taking {
  bool full() const { return over || taken.size() == limits::kMaxRelayBatch; }
  // Takes from the front what goes with the rest; whether it took any.
  bool TakeFrom(std::deque<Waiting>& waiting) {
    const size_t before = taken.size();
    while (!waiting.empty() && !full()) {
      const SendItem& next = waiting.front().item;
      bytes += CostOf(*next.request);
      // One alone always goes.
      over = !taken.empty() && bytes > limits::kMaxRelayBatchBytes;
      if (over || !identities.insert(IdentityOf(next)).second) break;
      taken.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    return taken.size() > before;
  }

  std::vector<Waiting> taken;
  absl::flat_hash_set<std::string> identities;
  size_t bytes = 0;
  bool over = false;
};

Relay::Relay(storage::Engine& engine, StampClock& clock,
             const crypto::KeyRings& rings)
    : engine_(engine), clock_(clock), rings_(rings) {
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
  {
    absl::MutexLock lock(&mutex_);
    if (Fits(item.sender.account_uri, bytes)) {
      Load& load = loads_[item.sender.account_uri];
      ++load.sends;
      load.bytes += bytes;
      bytes_ += bytes;
      Room& room = rooms_[request.room_uri()];
      room.waiting.push_back({std::move(item), std::move(done)});
      if (room.waiting.size() == 1 && !room.carried) {
        ready_.push_back(request.room_uri());
      }
      return;
    }
  }
  done(TooMuchWaits());
}

void Relay::Run() {
  for (;;) {
    std::vector<Waiting> taken = Take();
    if (taken.empty()) return;
    std::vector<SendOutcome> outcomes(taken.size());
    std::vector<RelayBatch::Entry> entries;
    entries.reserve(taken.size());
    for (size_t i = 0; i < taken.size(); ++i) {
      entries.push_back({&taken[i].item, &outcomes[i]});
    }
    Carry(std::move(entries));
    Release(taken);
    for (size_t i = 0; i < taken.size(); ++i) {
      taken[i].done(std::move(outcomes[i]));
    }
  }
}

std::vector<Relay::Waiting> Relay::Take() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return ending_ || !ready_.empty();
  };
  absl::MutexLock lock(&mutex_, absl::Condition(&has_work));
  Taking taking;
  taking.taken.reserve(ready_.size());
  for (size_t rooms = ready_.size(); rooms > 0 && !taking.full(); --rooms) {
    std::string room_uri = std::move(ready_.front());
    ready_.pop_front();
    Room& room = rooms_.at(room_uri);
    room.carried = taking.TakeFrom(room.waiting);
    // Else it has its turn with the next.
    if (!room.carried) ready_.push_back(std::move(room_uri));
  }
  return std::move(taking.taken);
}

// What fails because something that was read has changed goes on room by room,
// all at once: who changes his devices again and again stops only his own.
void Relay::Carry(std::vector<RelayBatch::Entry> entries) {
  std::vector<std::vector<RelayBatch::Entry>> groups;
  groups.push_back(std::move(entries));
  for (size_t tries = 0; !groups.empty(); ++tries) {
    std::deque<RelayBatch> batches;
    for (auto& group : groups) {
      batches.emplace_back(clock_, rings_, std::move(group));
    }
    groups.clear();
    const std::vector<absl::Status> statuses = CommitAll(batches);
    for (size_t i = 0; i < batches.size(); ++i) {
      if (absl::IsAborted(statuses[i]) &&
          tries < limits::kMaxTransactionRetries) {
        batches[i].TakeApart(&groups);
      } else if (!statuses[i].ok()) {
        batches[i].Fail(statuses[i]);
      }
    }
  }
}

std::vector<absl::Status> Relay::CommitAll(std::deque<RelayBatch>& batches) {
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
  return statuses;
}

void Relay::Release(const std::vector<Waiting>& taken) {
  absl::MutexLock lock(&mutex_);
  for (const Waiting& waiting : taken) {
    const SendItem& item = waiting.item;
    size_t bytes = CostOf(*item.request);
    auto load = loads_.find(item.sender.account_uri);
    load->second.bytes -= bytes;
    bytes_ -= bytes;
    if (--load->second.sends == 0) loads_.erase(load);
    FreeRoom(item.request->room_uri());
  }
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
