#include "client/load/workloads.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "client/load/connection.h"
#include "client/load/stamp_load.h"
#include "core/bytes.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::load {
namespace {

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(crypto::Secret token, wire::ReadSecretFile(path));
  std::string text = ToString(token.bytes());
  absl::StripAsciiWhitespace(&text);
  return text;
}

StampMode ModeOf(WorkloadKind kind) {
  switch (kind) {
    case WorkloadKind::kStampBatch:
      return StampMode::kBatch;
    case WorkloadKind::kStampStream:
      return StampMode::kStream;
    default:
      return StampMode::kUnary;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Workload>> MakeWorkload(const Options& options,
                                                       RandomSource& random) {
  FRANK_ASSIGN_OR_RETURN(std::string authority,
                         wire::ReadFile(options.ca_file));
  const auto platform =
      OpenChannels(options.platform, authority, options.channels);
  StampOptions stamp;
  stamp.mode = ModeOf(options.workload);
  stamp.batch = options.batch;
  FRANK_ASSIGN_OR_RETURN(stamp.token, ReadToken(options.stamp_token_file));
  stamp.authority = options.stamp_authority;
  stamp.senders = options.devices;
  stamp.rooms = options.rooms;
  stamp.zipf = options.zipf;
  return MakeStampLoad(stamp, platform, random);
}

}  // namespace frank::load
