// Showing content: to the holder of the lease, as far as they may see it and
// have room for it, and never without a trace.
#ifndef FRANK_SERVICES_MODERATION_REVEAL_DESK_H_
#define FRANK_SERVICES_MODERATION_REVEAL_DESK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/review.pb.h"
#include "services/common/call.h"
#include "services/moderation/case_view.h"
#include "services/moderation/exposure_book.h"
#include "services/moderation/moderation_metrics.h"
#include "services/moderation/moderator.h"
#include "storage/engine.h"

namespace frank::moderation {

// Whether a request asks for any content.
bool Reveals(const v1::GetCaseRequest& request);

// Thread-safe; never blocks on a commit.
class RevealDesk {
 public:
  // All outlive the desk.
  struct Dependencies {
    storage::Engine& engine;
    const CaseView& view;
    const ExposureBook& book;
    const Clock& clock;
    ModerationMetrics& metrics;
  };
  explicit RevealDesk(const Dependencies& dependencies);

  // Shows a case with the content that the request names. Each piece of
  // evidence is counted and is an act of its own; the answer is given when they
  // are durable. To the holder of the lease, and while a case waits for
  // approval to who could give that. Errors as GetHeldCase, CheckAccess and
  // ExposureBook::Count.
  // The request has been checked.
  void Reveal(const Moderator& moderator, const v1::GetCaseRequest& request,
              services::Done<v1::GetCaseResponse> done) const;

 private:
  absl::Status Record(storage::Transaction& transaction,
                      const Moderator& moderator, const CaseId& id,
                      uint64_t epoch, ShownCase* shown) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REVEAL_DESK_H_
