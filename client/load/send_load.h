// Sending over the reference channel, and following messages to who receives
// them.
#ifndef FRANK_CLIENT_LOAD_SEND_LOAD_H_
#define FRANK_CLIENT_LOAD_SEND_LOAD_H_

#include <memory>
#include <vector>

#include "client/load/connection.h"
#include "client/load/draw.h"
#include "client/load/population.h"
#include "client/load/workload.h"
#include "core/clock.h"
#include "core/random.h"

namespace frank::load {

// How unevenly rooms are active, and how large what is said there is.
struct SendOptions {
  double zipf = 1;
  Sizes sizes;
};

// What both work with; it outlives them.
struct SendParts {
  const Population& population;
  const std::vector<std::shared_ptr<grpc::Channel>>& platform;
  const Clock& clock;
  RandomSource& random;
};

// One job is a Send, done when it is accepted. Any member of the room may be
// the one who says it.
std::unique_ptr<Workload> MakeSendLoad(const SendOptions& options,
                                       const SendParts& parts);

// The same, done when every other member has it: all devices are connected,
// over `receiving` channels (ChannelsFor). Fails as Receivers::Connect.
absl::StatusOr<std::unique_ptr<Workload>> MakeDeliverLoad(
    const SendOptions& options, const SendParts& parts,
    const std::vector<std::shared_ptr<grpc::Channel>>& receiving);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_SEND_LOAD_H_
