// Appealing: what the moderators decided about this account, and the account's
// answer, sealed to them as reports are.
#ifndef FRANK_CLIENT_APPELLANT_H_
#define FRANK_CLIENT_APPELLANT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/device_context.h"
#include "client/key_book.h"
#include "frank/v1/appeal.pb.h"

namespace frank::client {

class Appellant {
 public:
  Appellant(const DeviceContext& context, KeyBook& keys)
      : context_(context), keys_(keys) {}

  // Seals `text` to the review key in force, stores the sealed bytes, and sends
  // them. kUnavailable: not known whether it arrived; another call for the
  // decision, whatever its text, and Resume send the same bytes. kAlreadyExists
  // when this device has appealed. Else as AppealService.SubmitAppeal.
  absl::StatusOr<stored::StoredAppeal> Submit(const DecisionId& decision,
                                              const std::string& text);

  // Sends what earlier calls left unacknowledged.
  absl::Status Resume();

  // The decisions about this account and what became of its appeals, newest
  // first.
  absl::StatusOr<std::vector<v1::DecisionAboutAccount>> FetchDecisions();

 private:
  absl::StatusOr<stored::StoredAppeal> Seal(const DecisionId& decision,
                                            const std::string& text);
  absl::StatusOr<stored::StoredAppeal> Send(stored::StoredAppeal appeal);

  DeviceContext context_;
  KeyBook& keys_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_APPELLANT_H_
