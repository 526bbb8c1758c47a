#include "services/web/connection_limits.h"

#include <utility>

namespace frank::web {

Admission ConnectionLimits::Enter(const std::string& address) {
  absl::MutexLock lock(&mutex_);
  if (served_ >= bounds_.served) return Refuse(Admission::kTooMany);
  auto found = of_address_.find(address);
  if (found != of_address_.end() &&
      found->second >= bounds_.served_of_address) {
    return Refuse(Admission::kTooManyOfAddress);
  }
  ++of_address_[address];
  ++served_;
  return Admission::kServed;
}

Admission ConnectionLimits::Refuse(Admission why) {
  if (refused_ >= bounds_.refused) return Admission::kClosed;
  ++refused_;
  return why;
}

void ConnectionLimits::Leave(const std::string& address, Admission admission) {
  if (admission == Admission::kClosed) return;
  absl::MutexLock lock(&mutex_);
  if (admission != Admission::kServed) {
    --refused_;
    return;
  }
  --served_;
  auto found = of_address_.find(address);
  if (--found->second == 0) of_address_.erase(found);
}

ConnectionLimits::Ticket::Ticket(ConnectionLimits& limits, std::string address)
    : limits_(limits),
      address_(std::move(address)),
      admission_(limits.Enter(address_)) {}

ConnectionLimits::Ticket::~Ticket() { limits_.Leave(address_, admission_); }

}  // namespace frank::web
