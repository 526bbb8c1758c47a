// A gRPC server in a process of its own, so that its CPU time and memory are
// nobody else's.
#ifndef FRANK_TESTS_BENCH_SERVER_PROCESS_H_
#define FRANK_TESTS_BENCH_SERVER_PROCESS_H_

#include <grpcpp/server_builder.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace frank::bench {

// Listens on a free port of the loopback, without TLS. Make all of them before
// gRPC has threads in this process: it is forked.
class ServerProcess {
 public:
  // Called in the new process: makes the services, registers them, and returns
  // what is to be done once they are served. What it captures is kept until the
  // process ends.
  using Prepare =
      std::function<std::function<void()>(grpc::ServerBuilder& builder)>;
  explicit ServerProcess(const Prepare& prepare);
  // Ends the process.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::string address() const;
  // In user and kernel mode, so far.
  uint64_t CpuMicros() const;
  // The same without RocksDB's own threads, whose work comes in lumps.
  uint64_t ForegroundMicros() const;
  uint64_t ResidentKb() const;

 private:
  struct Usage;
  [[noreturn]] static void Serve(const Prepare& prepare, int asks, int answers);
  Usage Ask() const;

  pid_t pid_ = 0;
  int port_ = 0;
  int ask_ = -1;
  int answer_ = -1;
};

}  // namespace frank::bench

#endif  // FRANK_TESTS_BENCH_SERVER_PROCESS_H_
