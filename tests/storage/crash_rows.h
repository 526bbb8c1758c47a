// What crash_child writes and crash_test looks for: transaction `number` of a
// round puts rows of its own into both column families and deletes one row of
// the transaction before it.
#ifndef FRANK_TESTS_STORAGE_CRASH_ROWS_H_
#define FRANK_TESTS_STORAGE_CRASH_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "storage/engine.h"

namespace frank::storage {

inline constexpr char kCrashIsolatedPrefix[] = "iso/";
inline constexpr uint32_t kCrashRows = 4;

inline std::string CrashKey(uint32_t round, uint32_t number, uint32_t row) {
  return absl::StrCat(row % 2 == 0 ? "row/" : kCrashIsolatedPrefix, round, "/",
                      number, "/", row);
}
// Deleted by the next transaction.
inline std::string CrashMark(uint32_t round, uint32_t number) {
  return absl::StrCat("mark/", round, "/", number);
}
// Long enough for a batch to fill several pages of the log.
inline std::string CrashValue(uint32_t round, uint32_t number) {
  std::string value(700, static_cast<char>('a' + number % 26));
  return absl::StrCat(round, ":", number, ":", value);
}

inline void WriteCrashRows(uint32_t round, uint32_t number,
                           Transaction& transaction) {
  for (uint32_t row = 0; row < kCrashRows; ++row) {
    transaction.Put(CrashKey(round, number, row), CrashValue(round, number));
  }
  transaction.Put(CrashMark(round, number), "");
  if (number > 0) transaction.Delete(CrashMark(round, number - 1));
}

}  // namespace frank::storage

#endif  // FRANK_TESTS_STORAGE_CRASH_ROWS_H_
