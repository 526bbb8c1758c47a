// Receipts on their way from moderation to the reporters.
#ifndef FRANK_SERVICES_PLATFORM_RECEIPTS_H_
#define FRANK_SERVICES_PLATFORM_RECEIPTS_H_

#include "absl/status/status.h"
#include "frank/v1/intake.pb.h"
#include "storage/engine.h"

namespace frank::platform {

// Keeps each receipt of an answer with its report. The first stays: a report
// that moderation lost and got again has two, and the reporter may have seen
// one. What is malformed, or about other bytes than were sent, is logged and
// passed over; whether a receipt is authentic the reporter checks, who has
// moderation's key. Errors of the engine.
absl::Status StoreReceipts(const v1::ForwardResponse& answer,
                           storage::Transaction& transaction);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RECEIPTS_H_
