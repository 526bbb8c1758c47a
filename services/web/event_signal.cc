#include "services/web/event_signal.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "core/status.h"

namespace frank::web {

EventSignal::EventSignal() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (fd_ < 0) Die("no file descriptor is left for an event");
}

EventSignal::~EventSignal() { close(fd_); }

void EventSignal::Set() {
  uint64_t one = 1;
  // Fails when it is set far beyond what one reset takes back: still set.
  (void)!write(fd_, &one, sizeof(one));
}

void EventSignal::Reset() {
  uint64_t count = 0;
  (void)!read(fd_, &count, sizeof(count));
}

}  // namespace frank::web
