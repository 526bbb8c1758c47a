// What moderators were shown, of all of them; of one it is in people_store.h.
#ifndef FRANK_STORAGE_EXPOSURE_STORE_H_
#define FRANK_STORAGE_EXPOSURE_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "frank/storage/v1/people.pb.h"
#include "storage/engine.h"

namespace frank::storage {

struct StoredExposure {
  std::string moderator;
  v1::ExposureRecord record;
};
// The first `limit` behind `after`; untracked.
absl::StatusOr<std::vector<StoredExposure>> ListExposures(
    Engine& engine, absl::string_view after, size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_EXPOSURE_STORE_H_
