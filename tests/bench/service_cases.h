// What the service benchmark compares. Each set starts its servers when it is
// made, which has to be before gRPC has threads in this process.
#ifndef FRANK_TESTS_BENCH_SERVICE_CASES_H_
#define FRANK_TESTS_BENCH_SERVICE_CASES_H_

#include <memory>
#include <string>

namespace frank::bench {

class ServiceCases {
 public:
  virtual ~ServiceCases() = default;
  // Runs those whose names hold `filter`, with so many turns of each.
  virtual void Run(const std::string& filter, size_t turns) = 0;
};

// Stamps, unary alone and 64 at a time, and in streams of 64, beside an echo of
// messages of the same sizes over the same API, which answers with the same
// bytes each time.
std::unique_ptr<ServiceCases> MakeStampCases();

// The platform over RocksDB in `folder`: sends to one device beside the same
// echo behind a bare committer, batches of 64 beside bare batches of RocksDB,
// what a connected device takes in memory beside an idle stream, and ten
// thousand of them at once.
std::unique_ptr<ServiceCases> MakeMessageCases(const std::string& folder);

// The platform over RocksDB in `folder`: what an accepted send costs when
// ten times as many ask as may wait, beside as many as are all taken; and how
// many are accepted a second in both.
std::unique_ptr<ServiceCases> MakeOverloadCases(const std::string& folder);

// The platform over RocksDB in `folder`: a message to 100 connected devices,
// beyond its write, beside bare streams that carry the same; and how long one
// message takes to get there beside the durable echo.
std::unique_ptr<ServiceCases> MakeDeliveryCases(const std::string& folder);

}  // namespace frank::bench

#endif  // FRANK_TESTS_BENCH_SERVICE_CASES_H_
