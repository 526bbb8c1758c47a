#include "client/command/audit_verify.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/command/text.h"
#include "core/limits.h"

namespace frank::client {
namespace {

constexpr size_t kMaxProblems = 100;
// How far the service's clock may be ahead of this one, and behind itself.
constexpr UnixMillis kMaxAhead = 10 * kMinute;
constexpr UnixMillis kMaxBack = limits::kMaxClockBehind;

using Kind = LogProblem::Kind;

}  // namespace

LogVerifier::LogVerifier(const std::vector<crypto::Checkpoint>& older,
                         UnixMillis now)
    : now_(now) {
  for (const crypto::Checkpoint& checkpoint : older) {
    older_.emplace(checkpoint.size, checkpoint.root);
  }
  CheckOlder();
}

void LogVerifier::Note(Kind kind, std::string words) {
  ++problem_count_;
  if (kind == Kind::kRoot) authentic_ = false;
  if (problems_.size() == kMaxProblems) return;
  LogProblem problem{kind, absl::nullopt, std::move(words)};
  if (kind != Kind::kRoot) problem.leaf_index = tree_.size();
  problems_.push_back(std::move(problem));
}

void LogVerifier::Add(ByteSpan bytes) {
  absl::StatusOr<crypto::AuditEntry> entry = crypto::ParseAuditEntry(bytes);
  if (entry.ok()) {
    CheckEntry(*entry);
  } else {
    Note(Kind::kEntry, absl::StrCat("entry ", tree_.size(), " is no entry: ",
                                    entry.status().message()));
  }
  tree_.Append(crypto::HashLeaf({bytes}),
               [](const crypto::MerkleNode&, const crypto::MerkleHash&) {});
  CheckOlder();
}

void LogVerifier::CheckEntry(const crypto::AuditEntry& entry) {
  const std::string where =
      absl::StrCat("entry ", tree_.size(), ", ", Printable(entry.subject));
  Subject& subject = subjects_[entry.subject];
  CheckNumber(where, crypto::FindActNumber(entry), &subject);
  CheckTime(where, entry.time, &subject);
  first_time_ =
      first_time_ == 0 ? entry.time : std::min(first_time_, entry.time);
  last_time_ = std::max(last_time_, entry.time);
}

void LogVerifier::CheckNumber(const std::string& where,
                              absl::optional<uint64_t> number,
                              Subject* subject) {
  const uint64_t last =
      std::exchange(subject->number, number.value_or(subject->number + 1));
  if (!number) {
    Note(Kind::kNumber, absl::StrCat(where, ": has no act_number"));
  } else if (*number <= last) {
    Note(Kind::kNumber,
         absl::StrCat(where, ": is act ", *number, " after act ", last));
  } else if (*number == last + 2) {
    Note(Kind::kNumber,
         absl::StrCat(where, ": act ", last + 1, " is missing before it"));
  } else if (*number > last + 2) {
    Note(Kind::kNumber, absl::StrCat(where, ": acts ", last + 1, " to ",
                                     *number - 1, " are missing before it"));
  }
}

void LogVerifier::CheckTime(const std::string& where, UnixMillis time,
                            Subject* subject) {
  const UnixMillis last = std::exchange(subject->time, time);
  if (time == 0 || time > now_ + kMaxAhead) {
    Note(Kind::kTime, absl::StrCat(where, ": is of ", FormatTime(time)));
  } else if (time + kMaxBack < last) {
    Note(Kind::kTime,
         absl::StrCat(where, ": is of ", FormatTime(time),
                      ", the act before it of ", FormatTime(last)));
  }
}

void LogVerifier::CheckOlder() {
  auto [begin, end] = older_.equal_range(tree_.size());
  for (auto it = begin; it != end; ++it) {
    if (it->second == tree_.Root()) continue;
    Note(Kind::kRoot,
         absl::StrCat("the log was rewritten: its first ", tree_.size(),
                      " entries are not those of an older checkpoint"));
  }
}

void LogVerifier::Finish(const crypto::Checkpoint& head) {
  if (head.size != tree_.size()) {
    Note(Kind::kRoot,
         absl::StrCat("the checkpoint is of ", head.size, " entries, and ",
                      tree_.size(), " are there"));
  } else if (head.root != tree_.Root()) {
    Note(Kind::kRoot, "the entries do not have the root that was signed");
  }
  if (!older_.empty() && older_.rbegin()->first > tree_.size()) {
    Note(Kind::kRoot, absl::StrCat("the log became shorter: an older "
                                   "checkpoint is of ",
                                   older_.rbegin()->first, " entries, and ",
                                   tree_.size(), " are there"));
  }
}

}  // namespace frank::client
