#include "tests/bench/server_process.h"

#include <grpcpp/server.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/status.h"
#include "services/common/wait.h"

namespace frank::bench {
namespace {

void Exchange(int fd, void* bytes, size_t size, bool send) {
  ssize_t done = send ? write(fd, bytes, size) : read(fd, bytes, size);
  FRANK_CHECK(done == static_cast<ssize_t>(size));
}

uint64_t OwnCpuMicros() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto micros = [](const timeval& time) {
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000 +
           static_cast<uint64_t>(time.tv_usec);
  };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

// Of the threads that RocksDB names so, to a clock tick.
uint64_t OwnStoreMicros() {
  uint64_t ticks = 0;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "stat");
    std::string stat;
    std::getline(file, stat);
    // The name, in brackets, may have spaces; user and kernel time are the
    // twelfth and thirteenth word behind it.
    const size_t name_end = stat.rfind(')');
    if (!absl::StrContains(stat, "(rocksdb:") || name_end == stat.npos)
      continue;
    const std::vector<std::string> words =
        absl::StrSplit(stat.substr(name_end + 2), ' ');
    uint64_t user = 0, kernel = 0;
    FRANK_CHECK(absl::SimpleAtoi(words.at(11), &user) &&
                absl::SimpleAtoi(words.at(12), &kernel));
    ticks += user + kernel;
  }
  return ticks * 1'000'000 / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
}

uint64_t OwnResidentKb() {
  std::ifstream file("/proc/self/statm");
  uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

}  // namespace

struct ServerProcess::Usage {
  uint64_t cpu_us = 0;
  uint64_t store_us = 0;
  uint64_t resident_kb = 0;
};

ServerProcess::ServerProcess(const Prepare& prepare) {
  int asks[2], answers[2];
  FRANK_CHECK(pipe(asks) == 0 && pipe(answers) == 0);
  pid_ = fork();
  FRANK_CHECK(pid_ >= 0);
  if (pid_ == 0) {
    close(asks[1]);
    close(answers[0]);
    Serve(prepare, asks[0], answers[1]);
  }
  close(asks[0]);
  close(answers[1]);
  ask_ = asks[1];
  answer_ = answers[0];
  Exchange(answer_, &port_, sizeof port_, false);
}

ServerProcess::~ServerProcess() {
  // Later processes hold its pipes too, so it would wait for them.
  kill(pid_, SIGKILL);
  close(ask_);
  close(answer_);
  waitpid(pid_, nullptr, 0);
}

std::string ServerProcess::address() const {
  return absl::StrCat("127.0.0.1:", port_);
}

uint64_t ServerProcess::CpuMicros() const { return Ask().cpu_us; }
uint64_t ServerProcess::ForegroundMicros() const {
  const Usage usage = Ask();
  return usage.cpu_us - usage.store_us;
}
uint64_t ServerProcess::ResidentKb() const { return Ask().resident_kb; }

ServerProcess::Usage ServerProcess::Ask() const {
  char ask = 0;
  Usage usage;
  Exchange(ask_, &ask, 1, true);
  Exchange(answer_, &usage, sizeof usage, false);
  return usage;
}

void ServerProcess::Serve(const Prepare& prepare, int asks, int answers) {
  services::PrepareProcess();
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  const std::function<void()> begin = prepare(builder);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  FRANK_CHECK(server != nullptr);
  begin();
  Exchange(answers, &port, sizeof port, true);
  char ask = 0;
  while (read(asks, &ask, 1) == 1) {
    Usage usage{OwnCpuMicros(), OwnStoreMicros(), OwnResidentKb()};
    Exchange(answers, &usage, sizeof usage, true);
  }
  _exit(0);
}

}  // namespace frank::bench
