// How many connections the web port serves, in all and of one address.
#ifndef FRANK_SERVICES_WEB_CONNECTION_LIMITS_H_
#define FRANK_SERVICES_WEB_CONNECTION_LIMITS_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace frank::web {

// Thread-safe.
class ConnectionLimits {
 public:
  ConnectionLimits(size_t most, size_t most_of_address);

  // A connection that is there; one that is refused counts towards no limit.
  class Ticket {
   public:
    Ticket(ConnectionLimits& limits, std::string address);
    ~Ticket();
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    // 0, or the HTTP status that its requests are refused with: 503 when there
    // are too many in all, 429 of its address.
    int refusal() const { return refusal_; }

   private:
    ConnectionLimits& limits_;
    const std::string address_;
    int refusal_ = 0;
  };

 private:
  int Enter(const std::string& address) ABSL_LOCKS_EXCLUDED(mutex_);
  void Leave(const std::string& address) ABSL_LOCKS_EXCLUDED(mutex_);

  const size_t most_;
  const size_t most_of_address_;
  absl::Mutex mutex_;
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, size_t> of_address_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_CONNECTION_LIMITS_H_
