// Connected devices that take what they are sent, and who waits for that.
#ifndef FRANK_CLIENT_LOAD_RECEIVERS_H_
#define FRANK_CLIENT_LOAD_RECEIVERS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "client/load/population.h"
#include "client/load/workload.h"
#include "frank/v1/message.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace frank::load {

// Messages on their way to their recipients. Thread-safe.
class Deliveries {
 public:
  // Waits for so many recipients of a message, and tells `done` when the last
  // one has it.
  void Expect(const std::string& message_id, size_t recipients, Done done);
  // A recipient has it. A message that nobody expects is passed over.
  void Arrived(const std::string& message_id);
  // It was not sent after all: tells so, unless all have it.
  void GiveUp(const std::string& message_id, const absl::Status& status);

 private:
  struct Waiting {
    size_t left;
    Done done;
  };
  absl::Mutex mutex_;
  std::map<std::string, Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
};

// One Receive stream for each device, which acknowledges whatever comes.
// Decrypting is left to others: what is measured here is how it gets there.
// Everything outlives it. Destroying it ends the streams and waits for that.
class Receivers {
 public:
  // Connects all of them, spread over the channels, and waits until each has
  // taken what waited for it: kDeadlineExceeded after a minute, or how the
  // first stream ended that did.
  static absl::StatusOr<std::unique_ptr<Receivers>> Connect(
      const std::vector<Device>& devices,
      const std::vector<std::shared_ptr<grpc::Channel>>& channels,
      Deliveries& deliveries);
  ~Receivers();

  // How the first stream ended that did: from then on, what is sent to that
  // device does not arrive.
  absl::Status status() const;

 private:
  class Stream;
  explicit Receivers(Deliveries& deliveries);
  void CaughtUp();
  void Ended(const absl::Status& status);

  Deliveries& deliveries_;
  mutable absl::Mutex mutex_;
  size_t behind_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status first_end_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<frank::v1::MessageService::Stub>> stubs_;
  std::vector<std::unique_ptr<Stream>> streams_;
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_RECEIVERS_H_
