// From the command line to the workload that it names.
#ifndef FRANK_CLIENT_LOAD_WORKLOADS_H_
#define FRANK_CLIENT_LOAD_WORKLOADS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "client/load/options.h"
#include "client/load/workload.h"
#include "core/random.h"

namespace frank::load {

// Reads the files that the options name, connects, registers what is missing of
// the population and saves it, and sends what the workload needs to be there.
// The random source outlives the workload.
absl::StatusOr<std::unique_ptr<Workload>> MakeWorkload(const Options& options,
                                                       RandomSource& random);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_WORKLOADS_H_
