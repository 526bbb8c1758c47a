#include "services/web/event_signal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace frank::web {

EventSignal::EventSignal() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

EventSignal::~EventSignal() {
  if (is_open()) close(fd_);
}

void EventSignal::Set() {
  uint64_t one = 1;
  // Fails when it is set far beyond what one reset takes back: still set.
  (void)!write(fd_, &one, sizeof(one));
}

void EventSignal::Reset() {
  uint64_t count = 0;
  (void)!read(fd_, &count, sizeof(count));
}

bool EventSignal::IsSet() const {
  pollfd watched = {fd_, POLLIN, 0};
  return poll(&watched, 1, 0) > 0;
}

}  // namespace frank::web
