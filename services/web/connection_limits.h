// How many connections the web port serves, in all and of one address.
#ifndef FRANK_SERVICES_WEB_CONNECTION_LIMITS_H_
#define FRANK_SERVICES_WEB_CONNECTION_LIMITS_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace frank::web {

// What becomes of a connection.
enum class Admission {
  kServed,
  // It is told why its request is refused.
  kTooMany,           // in all
  kTooManyOfAddress,  // of its address
  // It is closed, as too many are being told already.
  kClosed,
};

// Thread-safe.
class ConnectionLimits {
 public:
  struct Bounds {
    size_t served;
    size_t served_of_address;
    size_t refused;
  };
  explicit ConnectionLimits(const Bounds& bounds) : bounds_(bounds) {}

  // The place that a connection holds: among those served, or among the few
  // that are told of their refusal, or none.
  class Ticket {
   public:
    Ticket(ConnectionLimits& limits, std::string address);
    ~Ticket();
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    Admission admission() const { return admission_; }

   private:
    ConnectionLimits& limits_;
    const std::string address_;
    const Admission admission_;
  };

 private:
  Admission Enter(const std::string& address) ABSL_LOCKS_EXCLUDED(mutex_);
  Admission Refuse(Admission why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Leave(const std::string& address, Admission admission)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const Bounds bounds_;
  absl::Mutex mutex_;
  size_t served_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, size_t> of_address_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_CONNECTION_LIMITS_H_
