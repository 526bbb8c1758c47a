// Verifies a whole audit log offline.
#ifndef FRANK_CLIENT_COMMAND_AUDIT_VERIFY_H_
#define FRANK_CLIENT_COMMAND_AUDIT_VERIFY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "crypto/audit_entry.h"
#include "crypto/checkpoint.h"
#include "crypto/merkle_log.h"

namespace frank::client {

// Something that is wrong with a log.
struct LogProblem {
  enum class Kind {
    // What there is is not what was signed, now or earlier.
    kRoot,
    // It is what was signed, but by itself not in order: an entry that is none,
    // numbers of a subject that do not follow one another, a time that cannot
    // be.
    kEntry,
    kNumber,
    kTime,
  };
  Kind kind = Kind::kRoot;
  // Where; none for kRoot.
  absl::optional<uint64_t> leaf_index;
  // For people.
  std::string words;
};

// Takes the entries one by one, in the order of the tree, and keeps of them
// what it needs for its subjects alone. Not thread-safe.
class LogVerifier {
 public:
  // `older`: checkpoints, opened, that the log must continue.
  LogVerifier(const std::vector<crypto::Checkpoint>& older, UnixMillis now);

  void Add(ByteSpan entry);
  // After the last entry, with the checkpoint of the log.
  void Finish(const crypto::Checkpoint& head);

  uint64_t size() const { return tree_.size(); }
  size_t subject_count() const { return subjects_.size(); }
  UnixMillis first_time() const { return first_time_; }
  UnixMillis last_time() const { return last_time_; }
  // The first 100, and how many there are.
  const std::vector<LogProblem>& problems() const { return problems_; }
  uint64_t problem_count() const { return problem_count_; }
  // Whether the log is what was signed.
  bool is_authentic() const { return authentic_; }

 private:
  struct Subject {
    uint64_t number = 0;
    UnixMillis time = 0;
  };
  void CheckEntry(const crypto::AuditEntry& entry);
  void CheckNumber(const std::string& where, absl::optional<uint64_t> number,
                   Subject* subject);
  void CheckTime(const std::string& where, UnixMillis time, Subject* subject);
  void CheckOlder();
  void Note(LogProblem::Kind kind, std::string words);

  // By size: the roots that the log had.
  std::multimap<uint64_t, crypto::MerkleHash> older_;
  const UnixMillis now_;
  crypto::MerkleFrontier tree_;
  std::map<std::string, Subject> subjects_;
  UnixMillis first_time_ = 0;
  UnixMillis last_time_ = 0;
  std::vector<LogProblem> problems_;
  uint64_t problem_count_ = 0;
  bool authentic_ = true;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_AUDIT_VERIFY_H_
