// Acts as moderators see them.
#ifndef FRANK_SERVICES_MODERATION_ACT_VIEW_H_
#define FRANK_SERVICES_MODERATION_ACT_VIEW_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "frank/v1/review.pb.h"
#include "storage/engine.h"

namespace frank::moderation {

// The acts about a subject that follow a number, at most limits::kMaxActsShown.
// kDataLoss when one is missing or does not parse.
absl::StatusOr<v1::ListActsResponse> ShowActs(storage::Engine& engine,
                                              absl::string_view subject,
                                              uint64_t after);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_ACT_VIEW_H_
