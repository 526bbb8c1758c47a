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
#include "tests/storage/passing_engine.h"

namespace frank::moderation {

// Another engine with hooks; absent ones do nothing.
class HookedEngine final : public storage::PassingEngine {
 public:
  // `engine` outlives this one.
  explicit HookedEngine(storage::Engine& engine) : PassingEngine(engine) {}

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
    return std::make_unique<Hooked>(*this, PassingEngine::Begin());
  }
  absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) override {
    auto found = PassingEngine::Get(key);
    if (after_look) after_look();
    return found;
  }
  absl::StatusOr<std::vector<storage::KeyValue>> Scan(
      const storage::KeyRange& range, size_t limit,
      storage::ScanOrder order) override {
    if (on_scan) on_scan(in_callback_);
    return PassingEngine::Scan(range, limit, order);
  }

 private:
  class Hooked final : public storage::PassingTransaction {
   public:
    Hooked(HookedEngine& of, std::unique_ptr<storage::Transaction> transaction)
        : PassingTransaction(std::move(transaction)), of_(of) {}
    absl::StatusOr<absl::optional<std::string>> Get(
        absl::string_view key) override {
      auto found = PassingTransaction::Get(key);
      if (of_.after_get) of_.after_get();
      return found;
    }
    void Commit(storage::CommitDone done) override {
      PassingTransaction::Commit(
          [done = std::move(done)](absl::Status status) mutable {
            in_callback_ = true;
            auto end = absl::MakeCleanup([] { in_callback_ = false; });
            done(std::move(status));
          });
    }

   private:
    HookedEngine& of_;
  };

  static inline thread_local bool in_callback_ = false;
};

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_HOOKED_ENGINE_H_
