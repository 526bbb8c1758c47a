// Something that a thread waits for together with a socket.
#ifndef FRANK_SERVICES_WEB_EVENT_SIGNAL_H_
#define FRANK_SERVICES_WEB_EVENT_SIGNAL_H_

namespace frank::web {

// An eventfd: readable from Set to Reset. Thread-safe.
class EventSignal {
 public:
  EventSignal();
  ~EventSignal();
  EventSignal(const EventSignal&) = delete;
  EventSignal& operator=(const EventSignal&) = delete;

  // False when the process had no descriptor left for it: nobody may wait for
  // it then.
  bool is_open() const { return fd_ >= 0; }

  void Set();
  void Reset();
  bool IsSet() const;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_EVENT_SIGNAL_H_
