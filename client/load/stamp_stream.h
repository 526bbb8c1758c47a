// One StampStream to the platform.
#ifndef FRANK_CLIENT_LOAD_STAMP_STREAM_H_
#define FRANK_CLIENT_LOAD_STAMP_STREAM_H_

#include <deque>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/load/workload.h"
#include "frank/v1/franking.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace frank::load {

// How many requests a stream carries at a time.
inline constexpr size_t kRequestsOfStream = 4;

// Answers come in the order of the requests. What comes while the stream is
// full waits here. When the stream ends, whoever waits is told why, and so is
// whoever comes later. Thread-safe. Destroying it ends the stream and waits for
// that.
class StampStream {
 public:
  StampStream(const std::shared_ptr<grpc::Channel>& channel,
              const std::string& token);
  ~StampStream();

  // Whether the next request would be sent at once.
  bool HasRoom() const;
  void Stamp(const frank::v1::StampBatchRequest& request, Done done);

 private:
  class Reactor;
  std::unique_ptr<frank::v1::FrankingService::Stub> stub_;
  std::unique_ptr<Reactor> reactor_;
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_STAMP_STREAM_H_
