#include "tests/e2e/shift/tally.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/bytes.h"
#include "core/status.h"

namespace frank::shift {
namespace {

constexpr uint64_t kShown = 40;

std::string Text(absl::string_view text) {
  return std::string(text.data(), text.size());
}

}  // namespace

std::string ReasonOf(const absl::Status& status) {
  return FindReason(status).value_or(absl::StatusCodeToString(status.code()));
}

void Tally::Count(absl::string_view what, uint64_t by) {
  absl::MutexLock lock(&mutex_);
  counts_[Text(what)] += by;
}

uint64_t Tally::Of(absl::string_view what) const {
  absl::MutexLock lock(&mutex_);
  auto found = counts_.find(Text(what));
  return found == counts_.end() ? 0 : found->second;
}

void Tally::Refused(absl::string_view act, const absl::Status& status,
                    std::initializer_list<absl::string_view> expected) {
  const std::string reason = ReasonOf(status);
  for (absl::string_view one : expected) {
    if (reason == one)
      return Count(absl::StrCat("refused: ", act, " ", reason));
  }
  Complain(absl::StrCat(act, ": ", status.ToString()));
}

void Tally::Forbidden(absl::string_view act, const absl::Status& status,
                      absl::string_view reason) {
  if (!status.ok()) return Refused(act, status, {reason});
  Complain(absl::StrCat(act, ": was not refused with ", reason));
}

void Tally::Complain(absl::string_view what) {
  absl::MutexLock lock(&mutex_);
  if (++complaints_ > kShown) return;
  absl::FPrintF(stderr, "WRONG: %s\n", what);
}

uint64_t Tally::complaints() const {
  absl::MutexLock lock(&mutex_);
  return complaints_;
}

bool Tally::Insist(bool holds, absl::string_view what) {
  if (!holds) Complain(what);
  return holds;
}

void Tally::Print() const {
  absl::MutexLock lock(&mutex_);
  for (const auto& [what, count] : counts_) {
    absl::PrintF("   %7d  %s\n", count, what);
  }
}

}  // namespace frank::shift
