// What the platform forgets of reports, and when.
#ifndef FRANK_SERVICES_PLATFORM_REPORT_RETENTION_H_
#define FRANK_SERVICES_PLATFORM_REPORT_RETENTION_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::platform {

// Removes reports from the outbox seven days after moderation acknowledged
// them, and whatever else of reports and notices has expired. Work for a
// Worker; instances that do it at once do each other no harm.
class ReportRetention {
 public:
  ReportRetention(storage::Engine& engine, const Clock& clock)
      : engine_(engine), clock_(clock) {}

  // Removes everything that is due. Returns when to come again.
  UnixMillis Run();

 private:
  // Whether there may be more; `position` as RemoveExpired's.
  absl::StatusOr<bool> RemoveSome(std::string* position);

  storage::Engine& engine_;
  const Clock& clock_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REPORT_RETENTION_H_
