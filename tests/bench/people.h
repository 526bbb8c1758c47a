// Accounts with a device each, and rooms, at the platform that is measured.
#ifndef FRANK_TESTS_BENCH_PEOPLE_H_
#define FRANK_TESTS_BENCH_PEOPLE_H_

#include <memory>
#include <string>
#include <vector>

#include "client/load/population.h"
#include "client/load/receivers.h"
#include "crypto/random.h"
#include "frank/v1/message.pb.h"
#include "grpcpp/grpcpp.h"

namespace frank::bench {

// Not thread-safe.
class People {
 public:
  explicit People(const std::shared_ptr<grpc::Channel>& channel)
      : channel_(channel) {}

  // Registers so many more.
  void Register(size_t count);
  // Makes a room of these.
  load::Room MakeRoom(std::vector<size_t> members);
  // A message of 1 KiB from the first member, with a wrap for each other. What
  // is encrypted is noise: the platform cannot tell.
  v1::SendRequest Write(const load::Room& room);

  const std::vector<load::Device>& devices() const { return devices_; }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  crypto::SystemRandom random_;
  std::vector<load::Device> devices_;
};

// Has these devices receive, and waits until each has what waited for it.
std::unique_ptr<load::Receivers> Connect(
    const std::vector<load::Device>& devices, const std::string& address,
    load::Deliveries& deliveries);

}  // namespace frank::bench

#endif  // FRANK_TESTS_BENCH_PEOPLE_H_
