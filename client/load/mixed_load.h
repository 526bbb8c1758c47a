// Several workloads at once, in proportion.
#ifndef FRANK_CLIENT_LOAD_MIXED_LOAD_H_
#define FRANK_CLIENT_LOAD_MIXED_LOAD_H_

#include <memory>
#include <vector>

#include "client/load/workload.h"

namespace frank::load {

struct MixedPart {
  std::unique_ptr<Workload> workload;
  // Of all arrivals; those of all parts add up to 1.
  double share = 0;
};

// Each arrival is one of a part, drawn by the shares; operations are those of
// the parts, one after the other.
std::unique_ptr<Workload> MakeMixedLoad(std::vector<MixedPart> parts);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_MIXED_LOAD_H_
