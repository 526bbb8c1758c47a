#include "client/load/watch.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/status.h"

namespace frank::load {
namespace {

// Fields of /proc/PID/stat behind the command's name, which may hold anything.
constexpr size_t kUserTime = 11;
constexpr size_t kSystemTime = 12;
constexpr size_t kResidentPages = 21;

absl::Status NobodyAnswers(const std::string& address) {
  return absl::UnavailableError(
      absl::StrCat("no metrics are told at http://", address, "/metrics"));
}

absl::StatusOr<int> Connect(const std::string& address) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(address, absl::MaxSplits(':', 1));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(parts.first.c_str(), parts.second.c_str(), &hints, &found) !=
      0) {
    return NobodyAnswers(address);
  }
  auto free_found = absl::MakeCleanup([found] { freeaddrinfo(found); });
  const int fd = socket(found->ai_family, found->ai_socktype, 0);
  const timeval timeout{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
    close(fd);
    return NobodyAnswers(address);
  }
  return fd;
}

}  // namespace

absl::StatusOr<ProcessFigures> ParseProcessStat(absl::string_view text) {
  const size_t name_end = text.rfind(')');
  if (name_end == absl::string_view::npos) {
    return absl::DataLossError("this is no /proc/PID/stat");
  }
  const std::vector<absl::string_view> fields = absl::StrSplit(
      text.substr(name_end + 1), absl::ByAnyChar(" \n"), absl::SkipEmpty());
  uint64_t user = 0, system = 0, pages = 0;
  if (fields.size() <= kResidentPages ||
      !absl::SimpleAtoi(fields[kUserTime], &user) ||
      !absl::SimpleAtoi(fields[kSystemTime], &system) ||
      !absl::SimpleAtoi(fields[kResidentPages], &pages)) {
    return absl::DataLossError("this is no /proc/PID/stat");
  }
  const uint64_t tick_us =
      1'000'000 / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  const uint64_t page_kb = static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
  return ProcessFigures{(user + system) * tick_us, pages * page_kb};
}

absl::StatusOr<ProcessFigures> ReadProcess(uint64_t pid) {
  // The kernel's files have no size, so they are read until they end.
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("there is no process ", pid));
  }
  return ParseProcessStat(text.str());
}

Gauges ParseGauges(absl::string_view text) {
  Gauges gauges;
  std::set<std::string> names;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() == 4 && words[0] == "#" && words[1] == "TYPE") {
      if (words[3] == "gauge") names.insert(std::string(words[2]));
      continue;
    }
    const std::string name(line.substr(0, line.find_first_of("{ ")));
    double value = 0;
    if (names.count(name) == 0 ||
        !absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &value)) {
      continue;
    }
    gauges[name] += value;
  }
  return gauges;
}

absl::StatusOr<Gauges> FetchGauges(const std::string& address) {
  FRANK_ASSIGN_OR_RETURN(const int fd, Connect(address));
  auto close_fd = absl::MakeCleanup([fd] { close(fd); });
  const std::string request =
      absl::StrCat("GET /metrics HTTP/1.0\r\nHost: ", address, "\r\n\r\n");
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return NobodyAnswers(address);
  }
  std::string answer;
  char piece[4096];
  for (ssize_t got; (got = recv(fd, piece, sizeof piece, 0)) > 0;) {
    answer.append(piece, static_cast<size_t>(got));
  }
  if (!absl::StrContains(answer.substr(0, answer.find('\n')), " 200 ")) {
    return NobodyAnswers(address);
  }
  return ParseGauges(answer);
}

}  // namespace frank::load
