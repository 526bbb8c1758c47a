// The cases that claims of this process are about to take.
#ifndef FRANK_SERVICES_MODERATION_CLAIMS_UNDER_WAY_H_
#define FRANK_SERVICES_MODERATION_CLAIMS_UNDER_WAY_H_

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "core/ids.h"

namespace frank::moderation {

// Keeps claims that are made at once apart before they choose: whoever meets
// another in the store begins anew. What other instances take is not known
// here, and found out there. Thread-safe.
class ClaimsUnderWay {
 public:
  // One case, for one claim, until it is dropped. The object above outlives it.
  class Hold {
   public:
    Hold(ClaimsUnderWay& all, const CaseId& id) : all_(&all), id_(id) {}
    Hold(Hold&& other) noexcept
        : all_(std::exchange(other.all_, nullptr)), id_(other.id_) {}
    Hold& operator=(Hold&& other) noexcept {
      std::swap(all_, other.all_);
      std::swap(id_, other.id_);
      return *this;
    }
    ~Hold() {
      if (all_ != nullptr) all_->Drop(id_);
    }

    const CaseId& id() const { return id_; }

   private:
    ClaimsUnderWay* all_;
    CaseId id_;
  };

  // None when another claim has it.
  absl::optional<Hold> TryHold(const CaseId& id) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!cases_.insert(id).second) return absl::nullopt;
    return Hold(*this, id);
  }
  bool Has(const CaseId& id) const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return cases_.contains(id);
  }

 private:
  void Drop(const CaseId& id) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    cases_.erase(id);
  }

  mutable absl::Mutex mutex_;
  absl::flat_hash_set<CaseId> cases_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CLAIMS_UNDER_WAY_H_
