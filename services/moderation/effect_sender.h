// Carries decided effects to the platform: waiting, sending, done, each step a
// transaction. Never drops one; the platform takes repeats without harm.
#ifndef FRANK_SERVICES_MODERATION_EFFECT_SENDER_H_
#define FRANK_SERVICES_MODERATION_EFFECT_SENDER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "frank/v1/enforcement.pb.h"
#include "services/moderation/effect_client.h"
#include "services/moderation/worker_lease.h"
#include "storage/effect_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Used by one thread, a Worker's.
class EffectSender {
 public:
  struct Dependencies {
    storage::Engine& engine;
    EffectClient& client;
    const Clock& clock;
    RandomSource& random;
  };
  explicit EffectSender(const Dependencies& dependencies);

  // What becomes due within so many milliseconds is sent together.
  static constexpr UnixMillis kTogether = 20;

  // Sends what is due. Returns after how many milliseconds to go on: 0 when
  // more was due than one request takes, longer and longer while the platform
  // does not answer.
  UnixMillis SendDue();

  // Gives the work to whoever comes; after the last SendDue.
  void End() { lease_.Release(); }

 private:
  using Effects = std::vector<storage::StoredEffect>;

  absl::StatusOr<UnixMillis> TrySendDue();
  // Takes the first rows that fit one request.
  static Effects FirstBatch(Effects due);
  // waiting → sending: from here on an effect cannot be undone. Makes the
  // states of accounts; returns the rows that are there still.
  absl::StatusOr<Effects> MarkSending(const Effects& effects);
  // Sends a batch; rows that the platform refuses are tried one by one and then
  // put off, so that none stands in the way of the others.
  absl::Status Send(const Effects& effects);
  // Extends the lease, or takes it again: the platform's answer may have taken
  // longer. What others did meanwhile is seen row by row.
  absl::Status KeepLease();
  absl::Status PutOff(const storage::StoredEffect& effect);
  absl::Status MarkDone(const Effects& effects);
  absl::Status NoteTold(storage::Transaction& transaction,
                        const DecisionId& id) const;
  UnixMillis BackOff();

  const Dependencies d_;
  WorkerLease lease_;
  UnixMillis wait_ = 0;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EFFECT_SENDER_H_
