// Takes over reports and appeals from the platform's outbox. It judges nothing:
// it stores what came, encrypted, and says up to which number it is durable.
#ifndef FRANK_SERVICES_MODERATION_INTAKE_H_
#define FRANK_SERVICES_MODERATION_INTAKE_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "frank/v1/intake.pb.h"
#include "services/common/wait.h"
#include "services/moderation/appeal_intake.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/receipt_signer.h"
#include "storage/engine.h"

namespace frank::moderation {

// Seals and signs on a thread of its own, never the engine's, which tells
// everybody's outcomes. Thread-safe. The engine, vault and clock outlive it.
class Intake {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const ReceiptSigner& receipts;
    const AppealIntake& appeals;
    const Clock& clock;
  };
  explicit Intake(const Dependencies& dependencies);
  // Waits for the transactions that it began: a stream may end before its last.
  ~Intake();

  // Up to which number the platform's reports are durable here.
  absl::StatusOr<uint64_t> HighWaterMark(absl::string_view platform) const;

  // Checks what a report, or an appeal, must have to be stored at all. A
  // platform that keeps its own rules sends nothing else.
  static absl::Status Check(const v1::ForwardRequest& request);

  // What is durable, as the platform is told.
  struct Taken {
    // The highest number of what was given: everything up to it is durable.
    uint64_t acknowledged = 0;
    std::vector<v1::Receipt> receipts;
  };
  // Stores reports that passed Check, with their receipts and the high-water
  // mark, in one transaction, and calls `done`. A report that is stored already
  // changes nothing and has the receipt that it had; one with a known id and
  // other bytes is counted, logged as an alarm and acknowledged, for the
  // platform can do nothing about it; so is an appeal that AppealIntake does
  // not take. Errors are the engine's.
  using Stored = absl::AnyInvocable<void(absl::StatusOr<Taken>)>;
  void Store(absl::string_view platform,
             std::vector<v1::ForwardRequest> requests, Stored done);

  // How many id conflicts were seen since the start.
  uint64_t conflicts() const { return conflicts_.load(); }

 private:
  using Task = absl::AnyInvocable<void()>;
  UnixMillis RunTasks() ABSL_LOCKS_EXCLUDED(mutex_);
  void PrepareAndStore(const std::string& platform,
                       const std::vector<v1::ForwardRequest>& requests,
                       Stored done);
  void Ended() ABSL_LOCKS_EXCLUDED(mutex_);

  const Dependencies d_;
  std::atomic<uint64_t> conflicts_{0};
  absl::Mutex mutex_;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  // Made last, ended first.
  std::unique_ptr<services::Worker> worker_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_INTAKE_H_
