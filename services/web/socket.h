// A connection's descriptor, with one owner.
#ifndef FRANK_SERVICES_WEB_SOCKET_H_
#define FRANK_SERVICES_WEB_SOCKET_H_

#include <unistd.h>

#include <utility>

namespace frank::web {

// Closed when its owner ends, whichever way that is.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Socket(Socket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // Negative: there is none.
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_SOCKET_H_
