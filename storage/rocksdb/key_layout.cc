#include "storage/rocksdb/key_layout.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "core/status.h"

namespace frank::storage {
namespace {

bool IsEmpty(const KeyRange& range) {
  return !range.end.empty() && range.end <= range.begin;
}

// The lower of two ends, of which an empty one is the highest.
const std::string& LowerEnd(const std::string& a, const std::string& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return std::min(a, b);
}

}  // namespace

absl::StatusOr<KeyLayout> KeyLayout::Create(std::vector<std::string> prefixes) {
  std::sort(prefixes.begin(), prefixes.end());
  for (size_t i = 0; i < prefixes.size(); ++i) {
    if (prefixes[i].empty()) {
      return FieldError("isolated_prefixes", "must not hold an empty prefix");
    }
    // Sorted, a prefix comes right before what starts with it.
    if (i > 0 && absl::StartsWith(prefixes[i], prefixes[i - 1])) {
      return FieldError("isolated_prefixes", "must not overlap");
    }
  }
  return KeyLayout(std::move(prefixes));
}

KeyLayout::KeyLayout(std::vector<std::string> sorted_prefixes)
    : prefixes_(std::move(sorted_prefixes)) {
  for (const std::string& prefix : prefixes_) {
    isolated_.push_back(KeyRange::Prefix(prefix));
  }
}

size_t KeyLayout::FamilyOf(absl::string_view key) const {
  for (size_t i = 0; i < isolated_.size(); ++i) {
    if (isolated_[i].Contains(key)) return i + 1;
  }
  return 0;
}

std::vector<KeyLayout::Part> KeyLayout::Split(const KeyRange& range) const {
  std::vector<Part> parts;
  const auto add = [&parts](size_t family, KeyRange part) {
    if (!IsEmpty(part)) parts.push_back({family, std::move(part)});
  };
  // `rest` is what has not been divided yet.
  KeyRange rest = range;
  for (size_t i = 0; i < isolated_.size() && !IsEmpty(rest); ++i) {
    const KeyRange& isolated = isolated_[i];
    if (!isolated.end.empty() && isolated.end <= rest.begin) continue;
    if (!rest.end.empty() && rest.end <= isolated.begin) break;
    add(0, {rest.begin, isolated.begin});
    add(i + 1, {std::max(rest.begin, isolated.begin),
                LowerEnd(rest.end, isolated.end)});
    // An isolated range without an end leaves nothing above it.
    if (isolated.end.empty()) return parts;
    rest.begin = isolated.end;
  }
  add(0, std::move(rest));
  return parts;
}

}  // namespace frank::storage
