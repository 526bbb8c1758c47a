// What moderation gets to do: reports, until a case shows them, and cases that
// are claimed and decided.
#ifndef FRANK_CLIENT_LOAD_MODERATION_LOAD_H_
#define FRANK_CLIENT_LOAD_MODERATION_LOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/load/case_watcher.h"
#include "client/load/connection.h"
#include "client/load/reports.h"
#include "client/load/workload.h"
#include "core/random.h"

namespace frank::load {

// One job is a SubmitReport, "report", done when it is accepted. Some are
// followed to their case, in bursts of 16 twice a second: "report-to-case", due
// once the report is accepted, from when that was due. 64 at a time at most:
// one of a burst that finds no place counts there as not sent. Both outlive it.
std::unique_ptr<Workload> MakeReportLoad(Reports& reports,
                                         CaseWatcher& watcher);

// Has so many cases opened, by reports of their own, and waits until they are.
// kInvalidArgument when there are fewer accounts to accuse; kDeadlineExceeded
// when a case takes longer than a minute.
absl::Status OpenCases(size_t count, Reports& reports, CaseWatcher& watcher);

// One job is ClaimCase, and DecideCase of what was claimed, without action:
// "claim-decide". Moderators take turns. Fetches what decisions may name. The
// random source outlives it.
absl::StatusOr<std::unique_ptr<Workload>> MakeClaimLoad(
    const std::vector<std::shared_ptr<grpc::Channel>>& moderation,
    std::vector<std::string> moderator_tokens, RandomSource& random);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_MODERATION_LOAD_H_
