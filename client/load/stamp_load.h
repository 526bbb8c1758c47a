// Stamping for a messenger that delivers by itself: one at a time, in batches,
// or in batches over streams.
#ifndef FRANK_CLIENT_LOAD_STAMP_LOAD_H_
#define FRANK_CLIENT_LOAD_STAMP_LOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "client/load/connection.h"
#include "client/load/draw.h"
#include "client/load/workload.h"
#include "core/random.h"

namespace frank::load {

enum class StampMode : uint8_t { kUnary, kBatch, kStream };

struct StampOptions {
  StampMode mode = StampMode::kUnary;
  // Stamps in one request of the other two.
  size_t batch = 64;
  // The stamp credential, and a URI authority that it speaks for.
  std::string token;
  std::string authority;
  // Of how many senders and rooms, and how unevenly they are active.
  size_t senders = 1000;
  size_t rooms = 1000;
  double zipf = 1;
};

// One job is one request, so one that answers for `batch` franks where there
// are batches. There is one stream a channel, and no more on their way at a
// time than the streams carry. The random source outlives it.
std::unique_ptr<Workload> MakeStampLoad(
    const StampOptions& options,
    const std::vector<std::shared_ptr<grpc::Channel>>& platform,
    RandomSource& random);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_STAMP_LOAD_H_
