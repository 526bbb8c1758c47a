// Refusals of received messages, by kind: as much as a content-free mismatch
// notice tells the platform.
#ifndef FRANK_CLIENT_MISMATCH_H_
#define FRANK_CLIENT_MISMATCH_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace frank::client {

// Values as in frank.v1.MismatchKind.
enum class MismatchKind {
  kUndecryptable = 1,  // does not decrypt or unwrap
  kBadOpening = 2,     // the opening is malformed or does not give the tag
  kContext = 3,        // sender, room or time disagree with the frank
  kIntegrity = 4,      // the platform's frank is malformed or does not verify
};

absl::string_view MismatchName(MismatchKind kind);

// Makes a status a refusal of that kind; its code and text stay.
absl::Status Refuse(MismatchKind kind, const absl::Status& status);

// Whether a status is a refusal, and of which kind. Anything else (the store
// failed, keys could not be fetched) says nothing of the message: try again.
bool IsRefusal(const absl::Status& status);
MismatchKind MismatchOf(const absl::Status& refusal);

// A refusal because no window of the FrankingKeys holds the time.
absl::Status UnknownWindow();
bool IsUnknownWindow(const absl::Status& status);

}  // namespace frank::client

#endif  // FRANK_CLIENT_MISMATCH_H_
