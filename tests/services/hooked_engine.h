// An engine that lets a test do something where a service cannot see it.
#ifndef FRANK_TESTS_SERVICES_HOOKED_ENGINE_H_
#define FRANK_TESTS_SERVICES_HOOKED_ENGINE_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "storage/engine.h"

namespace frank::moderation {

// Another engine with hooks; absent ones do nothing.
class HookedEngine final : public storage::Engine {
 public:
  // `engine` outlives this one.
  explicit HookedEngine(storage::Engine& engine) : engine_(engine) {}

  // As a transaction begins.
  std::function<void()> on_begin;
  // After each read of a key outside of a transaction.
  std::function<void()> after_look;
  // After each tracked read of one key.
  std::function<void()> after_get;
  // Before each scan outside of a transaction; whether a commit's callback is
  // what runs it.
  std::function<void(bool in_callback)> on_scan;

  std::unique_ptr<storage::Transaction> Begin() override {
    if (on_begin) on_begin();
    return std::make_unique<Hooked>(*this, engine_.Begin());
  }
  absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) override {
    auto found = engine_.Get(key);
    if (after_look) after_look();
    return found;
  }
  absl::StatusOr<std::vector<storage::KeyValue>> Scan(
      const storage::KeyRange& range, size_t limit,
      storage::ScanOrder order) override {
    if (on_scan) on_scan(in_callback_);
    return engine_.Scan(range, limit, order);
  }
  std::unique_ptr<storage::Watch> SetWatch(
      const storage::KeyRange& range,
      absl::AnyInvocable<void()> callback) override {
    return engine_.SetWatch(range, std::move(callback));
  }
  std::unique_ptr<storage::Watch> Follow(const storage::KeyRange& range,
                                         ChangesSeen callback) override {
    return engine_.Follow(range, std::move(callback));
  }
  absl::Status Purge(const storage::KeyRange& range) override {
    return engine_.Purge(range);
  }

 private:
  class Hooked final : public storage::Transaction {
   public:
    Hooked(HookedEngine& of, std::unique_ptr<storage::Transaction> transaction)
        : of_(of), transaction_(std::move(transaction)) {}
    absl::StatusOr<absl::optional<std::string>> Get(
        absl::string_view key) override {
      auto found = transaction_->Get(key);
      if (of_.after_get) of_.after_get();
      return found;
    }
    absl::StatusOr<std::vector<storage::KeyValue>> Scan(
        const storage::KeyRange& range, size_t limit) override {
      return transaction_->Scan(range, limit);
    }
    absl::StatusOr<absl::optional<std::string>> GetUntracked(
        absl::string_view key) override {
      return transaction_->GetUntracked(key);
    }
    absl::StatusOr<std::vector<storage::KeyValue>> ScanUntracked(
        const storage::KeyRange& range, size_t limit) override {
      return transaction_->ScanUntracked(range, limit);
    }
    void Put(std::string key, std::string value) override {
      transaction_->Put(std::move(key), std::move(value));
    }
    void PutBorrowed(std::string key, absl::string_view value) override {
      transaction_->PutBorrowed(std::move(key), value);
    }
    void Delete(std::string key) override {
      transaction_->Delete(std::move(key));
    }
    void PutAtCommit(absl::string_view key,
                     storage::MakeRows make_rows) override {
      transaction_->PutAtCommit(key, std::move(make_rows));
    }
    void Commit(storage::CommitDone done) override {
      transaction_->Commit(
          [done = std::move(done)](absl::Status status) mutable {
            in_callback_ = true;
            auto end = absl::MakeCleanup([] { in_callback_ = false; });
            done(std::move(status));
          });
    }

   private:
    HookedEngine& of_;
    std::unique_ptr<storage::Transaction> transaction_;
  };

  static inline thread_local bool in_callback_ = false;
  storage::Engine& engine_;
};

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_HOOKED_ENGINE_H_
