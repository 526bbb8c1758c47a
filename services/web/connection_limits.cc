#include "services/web/connection_limits.h"

#include <utility>

namespace frank::web {

ConnectionLimits::ConnectionLimits(size_t most, size_t most_of_address)
    : most_(most), most_of_address_(most_of_address) {}

int ConnectionLimits::Enter(const std::string& address) {
  absl::MutexLock lock(&mutex_);
  if (count_ >= most_) return 503;
  size_t& of_address = of_address_[address];
  if (of_address >= most_of_address_) return 429;
  ++count_;
  ++of_address;
  return 0;
}

void ConnectionLimits::Leave(const std::string& address) {
  absl::MutexLock lock(&mutex_);
  --count_;
  auto found = of_address_.find(address);
  if (--found->second == 0) of_address_.erase(found);
}

ConnectionLimits::Ticket::Ticket(ConnectionLimits& limits, std::string address)
    : limits_(limits),
      address_(std::move(address)),
      refusal_(limits.Enter(address_)) {}

ConnectionLimits::Ticket::~Ticket() {
  if (refusal_ == 0) limits_.Leave(address_);
}

}  // namespace frank::web
