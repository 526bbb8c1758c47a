// What happened in the shift, counted, and what should not have.
#ifndef FRANK_TESTS_E2E_SHIFT_TALLY_H_
#define FRANK_TESTS_E2E_SHIFT_TALLY_H_

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace frank::shift {

// The reason that a service gave, else the name of the code.
std::string ReasonOf(const absl::Status& status);

// Thread-safe.
class Tally {
 public:
  void Count(absl::string_view what, uint64_t by = 1);
  uint64_t Of(absl::string_view what) const;

  // Counts a refusal that an honest client can meet here; any other is
  // complained of.
  void Refused(absl::string_view act, const absl::Status& status,
               std::initializer_list<absl::string_view> expected);
  // Counts a try that must be refused for this reason, and complains unless it
  // was.
  void Forbidden(absl::string_view act, const absl::Status& status,
                 absl::string_view reason);

  // Something that must not be. The first few are printed at once.
  void Complain(absl::string_view what);
  uint64_t complaints() const;

  // Complains unless `holds`.
  bool Insist(bool holds, absl::string_view what);

  void Print() const;

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, uint64_t> counts_ ABSL_GUARDED_BY(mutex_);
  uint64_t complaints_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_TALLY_H_
