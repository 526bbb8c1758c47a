// The servers of the message cases, each to be made in its own process.
#ifndef FRANK_TESTS_BENCH_MESSAGE_SERVERS_H_
#define FRANK_TESTS_BENCH_MESSAGE_SERVERS_H_

#include <string>

#include "tests/bench/server_process.h"

namespace frank::bench {

inline constexpr char kPlatformAuthority[] = "mimi://hub.example";

// frank-platform as the program puts it together, over RocksDB in a new folder,
// but for TLS and moderation, which nobody answers for. Franks are batched.
ServerProcess::Prepare PlatformOver(const std::string& folder);

// Send: what came is committed by a BareCommitter to a new file, and answered
// with the same frank each time. Receive: a stream on which nothing comes.
ServerProcess::Prepare SendEchoOver(const std::string& file);

// Send and Receive, without a store: each message goes to every stream, with
// one of its wraps and the same frank each time, and is read back as an
// acknowledgement.
ServerProcess::Prepare FanOutEcho();

}  // namespace frank::bench

#endif  // FRANK_TESTS_BENCH_MESSAGE_SERVERS_H_
