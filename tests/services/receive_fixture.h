// Rooms with people whose devices receive, for tests.
#ifndef FRANK_TESTS_SERVICES_RECEIVE_FIXTURE_H_
#define FRANK_TESTS_SERVICES_RECEIVE_FIXTURE_H_

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/platform/receive_hub.h"
#include "storage/record.h"
#include "tests/services/platform_fixture.h"
#include "tests/services/receive_client.h"
#include "tests/storage/passing_engine.h"

namespace frank::platform {

// Another engine that notes what is read, with hooks; absent ones do nothing.
class RecordingEngine final : public storage::PassingEngine {
 public:
  explicit RecordingEngine(storage::Engine& engine) : PassingEngine(engine) {}

  // Around a scan outside of a transaction, set before there are any.
  std::function<void(const storage::KeyRange&)> before_scan;
  std::function<void(const storage::KeyRange&)> after_scan;
  // Tells followers of changes, but not which.
  bool keeps_changes_secret = false;

  std::unique_ptr<storage::Transaction> Begin() override {
    ++begun_;
    return PassingEngine::Begin();
  }
  absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) override {
    {
      absl::MutexLock lock(&mutex_);
      gets_.emplace_back(key);
    }
    return PassingEngine::Get(key);
  }
  absl::StatusOr<std::vector<storage::KeyValue>> Scan(
      const storage::KeyRange& range, size_t limit,
      storage::ScanOrder order) override {
    {
      absl::MutexLock lock(&mutex_);
      scans_.push_back(range);
    }
    if (before_scan) before_scan(range);
    auto found = PassingEngine::Scan(range, limit, order);
    if (after_scan) after_scan(range);
    return found;
  }
  std::unique_ptr<storage::Watch> Follow(const storage::KeyRange& range,
                                         ChangesSeen callback) override {
    if (!keeps_changes_secret) {
      return PassingEngine::Follow(range, std::move(callback));
    }
    return PassingEngine::Follow(
        range,
        [callback = std::move(callback)](
            absl::Span<const storage::KeyChange>) mutable { callback({}); });
  }
  // Transactions.
  size_t begun() const { return begun_; }
  size_t scans() const {
    absl::MutexLock lock(&mutex_);
    return scans_.size();
  }
  size_t GetsOf(absl::string_view key) const {
    absl::MutexLock lock(&mutex_);
    return std::count(gets_.begin(), gets_.end(), key);
  }
  bool Scanned(absl::string_view key) const {
    absl::MutexLock lock(&mutex_);
    return std::any_of(
        scans_.begin(), scans_.end(),
        [&](const storage::KeyRange& range) { return range.Contains(key); });
  }

 private:
  std::atomic<size_t> begun_{0};
  mutable absl::Mutex mutex_;
  std::vector<storage::KeyRange> scans_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> gets_ ABSL_GUARDED_BY(mutex_);
};

class ReceiveTest : public PlatformFixture {
 protected:
  void SendText(const std::string& room_uri, absl::string_view text) {
    v1::SendRequest request =
        Message(room_uri, alice_.device(), {&alice_, &bob_}, text);
    auto response = Send(alice_.device(), request);
    ASSERT_TRUE(response.ok() && response->has_accepted()) << response.status();
  }
  void SendMany(int count) {
    for (int i = 0; i < count; ++i) {
      SendText(room_.room_uri(), absl::StrCat("message ", i));
    }
  }
  static std::vector<uint64_t> SequencesOf(
      const std::vector<v1::ReceiveResponse::Delivery>& deliveries) {
    std::vector<uint64_t> sequences;
    for (const auto& delivery : deliveries) {
      sequences.push_back(delivery.sequence());
    }
    return sequences;
  }
  // Receives and acknowledges everything, then lets the stream drain.
  void DrainAll(const TestDevice& device) {
    FakeClient client(hub_, authenticator_, device);
    client.Start(0, true);
    for (const auto& delivery : client.UntilCaughtUp()) {
      client.Ack(delivery.room_uri(), delivery.sequence());
    }
    EXPECT_TRUE(client.WaitClosed().ok());
  }
  size_t RowsWith(char prefix) {
    return engine_->Scan(storage::KeyRange::Prefix(std::string(1, prefix)))
        ->size();
  }
  // Of messages that are not forgotten.
  size_t Bodies() {
    size_t count = 0;
    auto rows = engine_->Scan(storage::KeyRange::Prefix("\x20"));
    for (const storage::KeyValue& row : *rows) {
      count += storage::DecodeRecord<storage::v1::MessageRecord>(row.value)
                   ->has_body();
    }
    return count;
  }

  TestAccount alice_ = Register("alice");
  TestAccount bob_ = Register("bob");
  v1::Room room_ = CreateRoom(alice_, {bob_.uri});
  ReceiveHub hub_{*engine_, clock_};
};

}  // namespace frank::platform

#endif  // FRANK_TESTS_SERVICES_RECEIVE_FIXTURE_H_
