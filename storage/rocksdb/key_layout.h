// Which column family holds which keys.
#ifndef FRANK_STORAGE_ROCKSDB_KEY_LAYOUT_H_
#define FRANK_STORAGE_ROCKSDB_KEY_LAYOUT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/engine.h"

namespace frank::storage {

// Divides the keys among families: number 0 holds all keys but those under an
// isolated prefix, number i + 1 those under prefix i of the sorted prefixes.
// Immutable.
class KeyLayout {
 public:
  // A part of a range that lies in one family.
  struct Part {
    size_t family;
    KeyRange range;
  };

  // kInvalidArgument when a prefix is empty or starts with another.
  static absl::StatusOr<KeyLayout> Create(std::vector<std::string> prefixes);

  // The sorted prefixes.
  const std::vector<std::string>& prefixes() const { return prefixes_; }
  size_t FamilyOf(absl::string_view key) const;
  // The parts of the range in ascending order; none when it holds no key.
  std::vector<Part> Split(const KeyRange& range) const;

 private:
  explicit KeyLayout(std::vector<std::string> sorted_prefixes);

  std::vector<std::string> prefixes_;
  std::vector<KeyRange> isolated_;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ROCKSDB_KEY_LAYOUT_H_
