// Who takes part in a run: thousands of devices and rooms, registered with the
// platform as any client would.
#ifndef FRANK_CLIENT_LOAD_POPULATION_H_
#define FRANK_CLIENT_LOAD_POPULATION_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/transport.h"
#include "core/ids.h"
#include "core/random.h"
#include "crypto/hpke.h"
#include "frank/load/v1/population.pb.h"

namespace frank::load {

struct Device {
  std::string account_uri;
  std::string token;
  DeviceId id;
  crypto::HpkePrivateKey key;
};

struct Room {
  std::string uri;
  // Indices of devices; the first one made it.
  std::vector<size_t> members;
};

struct PopulationSize {
  size_t devices = 0;
  size_t rooms = 0;
  size_t room_size = 0;
};

// Who looks on while a population is registered.
struct RegisterWatch {
  // Told how far it is.
  std::function<void(const std::string& line)> progress;
  // Becomes true where it should end; nullptr: never.
  const std::atomic<bool>* interrupted = nullptr;
};

// Makes a transport for one thread.
using TransportMaker =
    std::function<absl::StatusOr<std::unique_ptr<client::Transport>>()>;

// Once opened, only read, then thread-safe.
class Population {
 public:
  // Reads the file, if there is one, registers what is missing to be of that
  // size, and saves it. It is never larger: of the file's devices it has the
  // first, and of its rooms those that no other device is a member of. The k-th
  // room is made by the k-th device, beginning again after the last, and its
  // other members are those that follow. kFailedPrecondition when the file is
  // of another platform or has rooms of another size; errors of the platform
  // as they are, and kCancelled, when what was registered is saved.
  static absl::StatusOr<std::unique_ptr<Population>> Open(
      const std::string& path, const std::string& authority,
      const PopulationSize& size, const TransportMaker& connect,
      RandomSource& random, const RegisterWatch& watch = {});

  const std::vector<Device>& devices() const { return devices_; }
  const std::vector<Room>& rooms() const { return rooms_; }

 private:
  Population() = default;
  absl::Status Load(const v1::Population& saved, const PopulationSize& size);

  std::vector<Device> devices_;
  std::vector<Room> rooms_;
};

// Calls `work(index, transport)` for each index from `begin` to below `end`, on
// some threads with a transport each. Returns the first error, after which no
// more is begun.
absl::Status InParallel(size_t begin, size_t end, const TransportMaker& connect,
                        const std::function<absl::Status(
                            size_t index, client::Transport& transport)>& work);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_POPULATION_H_
