// The outbox of effects: what a decision changes at the platform and what
// reporters are told, row by row: waiting, sending, and deleted when done.
#ifndef FRANK_STORAGE_EFFECT_STORE_H_
#define FRANK_STORAGE_EFFECT_STORE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {

// Phases on disk; never renumbered. An effect can be undone while it waits.
inline constexpr uint32_t kEffectWaiting = 1;
inline constexpr uint32_t kEffectSending = 2;

struct StoredEffect {
  EffectRow at;
  v1::EffectRecord record;
};

void PutEffect(Transaction& transaction, const EffectRow& at,
               const v1::EffectRecord& record);
void DeleteEffect(Transaction& transaction, const EffectRow& at);
// Tracked.
absl::StatusOr<absl::optional<v1::EffectRecord>> FindEffect(
    Transaction& transaction, const EffectRow& at);

// Up to `limit` rows of each bucket that are due now, oldest first within it;
// untracked.
absl::StatusOr<std::vector<StoredEffect>> ScanEffects(Engine& engine,
                                                      UnixMillis now,
                                                      size_t limit);
// When the next row is due; none when there is none.
absl::StatusOr<absl::optional<UnixMillis>> NextEffectDue(Engine& engine);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_EFFECT_STORE_H_
