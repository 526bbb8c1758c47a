#include "storage/commit/buffered_transaction.h"

#include <utility>

#include "core/status.h"

namespace frank::storage {
namespace {

// What a transaction costs beside its keys and values.
constexpr size_t kBytesPerTransaction = 256;
constexpr size_t kBytesPerEntry = 64;

// The lowest key above `key`.
std::string After(absl::string_view key) {
  std::string after(key);
  after.push_back('\0');
  return after;
}

size_t Cost(const PendingCommit& commit) {
  size_t bytes = kBytesPerTransaction;
  bytes += commit.keys.size() * sizeof(TrackedKey);
  for (const TrackedRange& read : commit.ranges) {
    bytes += read.range.begin.size() + read.range.end.size() + kBytesPerEntry;
  }
  for (const auto& [key, value] : commit.writes) {
    bytes += key.size() + (value ? value->bytes().size() : 0) + kBytesPerEntry;
  }
  return bytes;
}

}  // namespace

BufferedTransaction::BufferedTransaction(KeyReader& reader,
                                         Committer& committer)
    : reader_(reader), committer_(committer) {
  pending_.begun = committer.Now();
}

// In both tracked reads the number comes before the read: see Committer.

absl::StatusOr<absl::optional<std::string>> BufferedTransaction::Get(
    absl::string_view key) {
  const CommitNumber version = committer_.applied();
  pending_.keys.push_back(TrackedKey::Of(key, version));
  return reader_.Read(key);
}

absl::StatusOr<std::vector<KeyValue>> BufferedTransaction::Scan(
    const KeyRange& range, size_t limit) {
  const CommitNumber version = committer_.applied();
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> found,
      reader_.ReadRange(range, limit, ScanOrder::kAscending));
  if (limit == 0) return found;
  const bool cut_short = found.size() == limit;
  pending_.ranges.push_back(
      {{range.begin, cut_short ? After(found.back().key) : range.end},
       version});
  return found;
}

absl::StatusOr<absl::optional<std::string>> BufferedTransaction::GetUntracked(
    absl::string_view key) {
  return reader_.Read(key);
}

absl::StatusOr<std::vector<KeyValue>> BufferedTransaction::ScanUntracked(
    const KeyRange& range, size_t limit) {
  return reader_.ReadRange(range, limit, ScanOrder::kAscending);
}

void BufferedTransaction::Put(std::string key, std::string value) {
  Write(std::move(key), WrittenValue(std::move(value)));
}

void BufferedTransaction::PutBorrowed(std::string key,
                                      absl::string_view value) {
  Write(std::move(key), WrittenValue::Borrow(value));
}

void BufferedTransaction::Delete(std::string key) {
  Write(std::move(key), absl::nullopt);
}

void BufferedTransaction::PutAtCommit(absl::string_view key,
                                      MakeRows make_rows) {
  pending_.at_commit.push_back({std::string(key), std::move(make_rows)});
}

void BufferedTransaction::Commit(CommitDone done) {
  pending_.done = std::move(done);
  pending_.bytes = Cost(pending_);
  committer_.Submit(std::move(pending_));
}

void BufferedTransaction::Write(std::string key,
                                absl::optional<WrittenValue> value) {
  pending_.writes.insert_or_assign(std::move(key), std::move(value));
}

}  // namespace frank::storage
