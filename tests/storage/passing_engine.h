// An engine, and its transactions, that pass everything on to another: for
// tests that change a part of it.
#ifndef FRANK_TESTS_STORAGE_PASSING_ENGINE_H_
#define FRANK_TESTS_STORAGE_PASSING_ENGINE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/engine.h"

namespace frank::storage {

class PassingTransaction : public Transaction {
 public:
  explicit PassingTransaction(std::unique_ptr<Transaction> to)
      : to_(std::move(to)) {}

  absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) override {
    return to_->Get(key);
  }
  absl::StatusOr<std::vector<KeyValue>> Scan(const KeyRange& range,
                                             size_t limit) override {
    return to_->Scan(range, limit);
  }
  absl::StatusOr<absl::optional<std::string>> GetUntracked(
      absl::string_view key) override {
    return to_->GetUntracked(key);
  }
  absl::StatusOr<std::vector<KeyValue>> ScanUntracked(const KeyRange& range,
                                                      size_t limit) override {
    return to_->ScanUntracked(range, limit);
  }
  void Put(std::string key, std::string value) override {
    to_->Put(std::move(key), std::move(value));
  }
  void PutBorrowed(std::string key, absl::string_view value) override {
    to_->PutBorrowed(std::move(key), value);
  }
  void Delete(std::string key) override { to_->Delete(std::move(key)); }
  void PutAtCommit(absl::string_view key, MakeRows make_rows) override {
    to_->PutAtCommit(key, std::move(make_rows));
  }
  void Commit(CommitDone done) override { to_->Commit(std::move(done)); }

 private:
  const std::unique_ptr<Transaction> to_;
};

class PassingEngine : public Engine {
 public:
  // `to` outlives it.
  explicit PassingEngine(Engine& to) : to_(to) {}

  std::unique_ptr<Transaction> Begin() override { return to_.Begin(); }
  absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) override {
    return to_.Get(key);
  }
  absl::StatusOr<std::vector<KeyValue>> Scan(const KeyRange& range,
                                             size_t limit,
                                             ScanOrder order) override {
    return to_.Scan(range, limit, order);
  }
  std::unique_ptr<Watch> SetWatch(
      const KeyRange& range, absl::AnyInvocable<void()> callback) override {
    return to_.SetWatch(range, std::move(callback));
  }
  std::unique_ptr<Watch> Follow(const KeyRange& range,
                                ChangesSeen callback) override {
    return to_.Follow(range, std::move(callback));
  }
  absl::Status Purge(const KeyRange& range) override {
    return to_.Purge(range);
  }

 private:
  Engine& to_;
};

}  // namespace frank::storage

#endif  // FRANK_TESTS_STORAGE_PASSING_ENGINE_H_
