// A transaction that remembers what it read and keeps what it writes, for
// engines whose commits a Committer decides.
#ifndef FRANK_STORAGE_COMMIT_BUFFERED_TRANSACTION_H_
#define FRANK_STORAGE_COMMIT_BUFFERED_TRANSACTION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "storage/commit/committer.h"
#include "storage/engine.h"

namespace frank::storage {

// Reads what is durable. Each call is consistent in itself. Thread-safe.
class KeyReader {
 public:
  virtual ~KeyReader() = default;
  virtual absl::StatusOr<absl::optional<std::string>> Read(
      absl::string_view key) = 0;
  virtual absl::StatusOr<std::vector<KeyValue>> ReadRange(const KeyRange& range,
                                                          size_t limit,
                                                          ScanOrder order) = 0;
};

// One thread at a time. The reader and the committer outlive it.
class BufferedTransaction final : public Transaction {
 public:
  BufferedTransaction(KeyReader& reader, Committer& committer);

  absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) override;
  absl::StatusOr<std::vector<KeyValue>> Scan(const KeyRange& range,
                                             size_t limit) override;
  absl::StatusOr<absl::optional<std::string>> GetUntracked(
      absl::string_view key) override;
  absl::StatusOr<std::vector<KeyValue>> ScanUntracked(const KeyRange& range,
                                                      size_t limit) override;
  void Put(std::string key, std::string value) override;
  void PutBorrowed(std::string key, absl::string_view value) override;
  void Delete(std::string key) override;
  void PutAtCommit(absl::string_view key, MakeRows make_rows) override;
  void Commit(CommitDone done) override;

 private:
  void Write(std::string key, absl::optional<WrittenValue> value);

  KeyReader& reader_;
  Committer& committer_;
  PendingCommit pending_;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_COMMIT_BUFFERED_TRANSACTION_H_
