// What a watcher of cases keeps in mind.
#ifndef FRANK_CLIENT_LOAD_CASE_NOTES_H_
#define FRANK_CLIENT_LOAD_CASE_NOTES_H_

#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "absl/types/optional.h"

namespace frank::load {

// Cases that are to be looked at, each once. Not thread-safe.
class ChangedCases {
 public:
  void Add(const std::string& case_id);
  // Takes out the one that has waited longest; nullopt: there is none.
  absl::optional<std::string> Take();

 private:
  std::deque<std::string> in_order_;
  std::set<std::string> ids_;
};

// Whom a case accuses, of so many cases: the first ones are forgotten for new
// ones. Not thread-safe.
class AccusedOfCases {
 public:
  explicit AccusedOfCases(size_t most) : most_(most) {}

  void Learn(const std::string& case_id, const std::string& accused_uri);
  // nullptr: it is not known.
  const std::string* Find(const std::string& case_id) const;

 private:
  const size_t most_;
  std::deque<std::string> in_order_;
  std::map<std::string, std::string> accused_;
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_CASE_NOTES_H_
