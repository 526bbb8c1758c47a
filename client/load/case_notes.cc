#include "client/load/case_notes.h"

#include <utility>

namespace frank::load {

void ChangedCases::Add(const std::string& case_id) {
  if (ids_.insert(case_id).second) in_order_.push_back(case_id);
}

absl::optional<std::string> ChangedCases::Take() {
  if (in_order_.empty()) return absl::nullopt;
  std::string first = std::move(in_order_.front());
  in_order_.pop_front();
  ids_.erase(first);
  return first;
}

void AccusedOfCases::Learn(const std::string& case_id,
                           const std::string& accused_uri) {
  if (!accused_.emplace(case_id, accused_uri).second) return;
  in_order_.push_back(case_id);
  if (in_order_.size() <= most_) return;
  accused_.erase(in_order_.front());
  in_order_.pop_front();
}

const std::string* AccusedOfCases::Find(const std::string& case_id) const {
  auto it = accused_.find(case_id);
  return it == accused_.end() ? nullptr : &it->second;
}

}  // namespace frank::load
