// What happens to the calls of a server, brought to them by few threads.
//
// Where several threads poll, as those of gRPC's callback API do, whoever gets
// an event first wakes another to poll in its place: at moderate load that is
// five switches a call and half of its CPU. Here one thread polls. Handlers
// that are quick run on it, all others elsewhere. What it finds before it has
// to wait is a Burst.
//
// gRPC keeps what a queue waits for in a list and, where its assertions are
// compiled in, as in Debian's package, searches that for each operation that
// ends. So calls that last, as those by which devices are delivered to, have
// queues of their own: else 10,000 of them would make every other call dearer
// by a quarter.
#ifndef FRANK_SERVICES_COMMON_CALL_QUEUES_H_
#define FRANK_SERVICES_COMMON_CALL_QUEUES_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/grpc.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/server_builder.h"
#include "services/common/handler_threads.h"

namespace frank::services {

// What a queue gives back: something that was asked for has happened.
class QueueEvent {
 public:
  virtual void Happened(bool ok) = 0;

 protected:
  ~QueueEvent() = default;
};

template <typename Owner, void (Owner::*kHandle)(bool)>
class QueueEventOf final : public QueueEvent {
 public:
  explicit QueueEventOf(Owner* owner) : owner_(owner) {}
  void Happened(bool ok) override { (owner_->*kHandle)(ok); }

 private:
  Owner* const owner_;
};

// A queue of QueueEvents with a thread that brings them.
class EventQueue {
 public:
  // kQuiet: its events are found by those who poll elsewhere in the process, as
  // every server does. Not for calls to other processes.
  enum class Polling { kQuiet, kPolled };
  explicit EventQueue(Polling polling);
  ~EventQueue() { End(); }
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  grpc::CompletionQueue* get() { return &queue_; }

  // Waits for all that was asked for; nothing may be asked for any more.
  void End();

 private:
  // It may be the first that needs it.
  struct Library {
    Library() { grpc_init(); }
    ~Library() { grpc_shutdown(); }
  };

  const Library library_;
  grpc::CompletionQueue queue_;
  std::thread thread_;
};

class CallQueues;

// What serves the calls of one method.
class CallSource {
 public:
  virtual ~CallSource() = default;
  // Has gRPC bring the next call to `arrivals`.
  virtual void AskFor(CallQueues& queues,
                      grpc::ServerCompletionQueue& arrivals) = 0;
};

class CallQueues {
 public:
  // Of a server that is being built, for calls of `sources`, which outlive the
  // queues. `polling`: how many threads poll; 0: as many as suit the machine.
  CallQueues(grpc::ServerBuilder& builder, std::vector<CallSource*> sources,
             size_t polling = 0);
  // After the server, which may use them as long as it exists. Ends them if
  // nobody has.
  ~CallQueues();
  CallQueues(const CallQueues&) = delete;
  CallQueues& operator=(const CallQueues&) = delete;

  // Takes calls; once the server is built.
  void Start();
  // Waits for the calls' ends; after the server's Shutdown, which only cancels
  // them.
  void End() ABSL_LOCKS_EXCLUDED(mutex_);

  // For a call that lasts.
  grpc::CompletionQueue* NextQuiet();
  // For calls to other servers, which end before this does.
  grpc::CompletionQueue* polled() { return arrivals_.front().get(); }
  // For handlers that are not quick.
  HandlerThreads& threads() { return handlers_; }

  // One call, from when it is asked for until nothing more happens to it.
  class Hold {
   public:
    explicit Hold(CallQueues& queues) : queues_(queues) { queues_.Add(1); }
    ~Hold() { queues_.Add(-1); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

    CallQueues& queues() const { return queues_; }

   private:
    CallQueues& queues_;
  };

 private:
  void Add(int calls) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::vector<CallSource*> sources_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> arrivals_;
  std::vector<std::unique_ptr<EventQueue>> quiet_;
  std::atomic<size_t> next_quiet_{0};
  HandlerThreads handlers_;
  std::vector<std::thread> threads_;
  absl::Mutex mutex_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_CALL_QUEUES_H_
