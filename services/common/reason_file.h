// The file of report reasons that both servers read.
#ifndef FRANK_SERVICES_COMMON_REASON_FILE_H_
#define FRANK_SERVICES_COMMON_REASON_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/taxonomy.h"
#include "frank/config/v1/queue.pb.h"
#include "frank/v1/reason.pb.h"

namespace frank::services {

// Adds the versions of a file to the built-in one. kInvalidArgument names the
// field and the rule.
absl::StatusOr<ReasonTable> MakeReasonTable(
    const config::v1::ReasonTable& file);

// The same from a path; an empty one: the built-in version alone.
// kFailedPrecondition names the file as well.
absl::StatusOr<ReasonTable> LoadReasonTable(const std::string& path);

// Reads "high" and the like. kInvalidArgument "severity".
absl::StatusOr<ReasonSeverity> ParseSeverity(const std::string& name);

// Answers ReasonService.ListReasons. kNotFound for a version that is not known.
absl::StatusOr<v1::ListReasonsResponse> ListReasons(
    const ReasonTable& table, const v1::ListReasonsRequest& request);

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_REASON_FILE_H_
