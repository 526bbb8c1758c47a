// Mismatch notices: a recipient refused a message.
#ifndef FRANK_SERVICES_PLATFORM_MISMATCH_HANDLER_H_
#define FRANK_SERVICES_PLATFORM_MISMATCH_HANDLER_H_

#include "core/clock.h"
#include "frank/v1/report.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "services/platform/platform_metrics.h"
#include "storage/engine.h"
#include "storage/mailbox_store.h"
#include "storage/mismatch_store.h"

namespace frank::platform {

// ReportService.SubmitMismatchNotice: counts, by sender, that a message could
// not be verified. Thread-safe; what it is made of outlives it.
class MismatchHandler {
 public:
  MismatchHandler(storage::Engine& engine, const Clock& clock,
                  Authenticator& authenticator, PlatformMetrics& metrics)
      : engine_(engine),
        clock_(clock),
        authenticator_(authenticator),
        metrics_(metrics) {}

  // Once for each device and message, of devices that the message was for:
  // kPermissionDenied, NOT_A_MEMBER, for others. When everybody has it, for
  // whom it was is forgotten, and the account must have been in the room at its
  // time. A message whose time has ended counts for nobody, with success.
  void Submit(const services::Call& call,
              const v1::SubmitMismatchNoticeRequest& request,
              services::Done<v1::SubmitMismatchNoticeResponse> done);

 private:
  // Returns whether it was counted for a sender just now.
  absl::StatusOr<bool> Store(const storage::MismatchNotice& notice,
                             const storage::MailboxId& mailbox,
                             storage::Transaction& transaction) const;
  // Whether the message was delivered, or is to be, to the notice's device.
  absl::StatusOr<bool> WasFor(const storage::MismatchNotice& notice,
                              const storage::MailboxId& mailbox,
                              const storage::MessageOrigin& origin) const;

  storage::Engine& engine_;
  const Clock& clock_;
  Authenticator& authenticator_;
  PlatformMetrics& metrics_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_MISMATCH_HANDLER_H_
