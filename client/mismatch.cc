#include "client/mismatch.h"

#include "absl/strings/cord.h"
#include "core/status.h"

namespace frank::client {
namespace {

constexpr char kKindPayload[] = "frank/mismatch";
constexpr char kWindowPayload[] = "frank/unknown-window";

constexpr MismatchKind kKinds[] = {
    MismatchKind::kUndecryptable, MismatchKind::kBadOpening,
    MismatchKind::kContext, MismatchKind::kIntegrity};

}  // namespace

absl::string_view MismatchName(MismatchKind kind) {
  switch (kind) {
    case MismatchKind::kUndecryptable:
      return "undecryptable";
    case MismatchKind::kBadOpening:
      return "bad_opening";
    case MismatchKind::kContext:
      return "context";
    case MismatchKind::kIntegrity:
      return "integrity";
  }
  return "unknown";
}

absl::Status Refuse(MismatchKind kind, const absl::Status& status) {
  absl::Status refusal = status;
  refusal.SetPayload(kKindPayload, absl::Cord(MismatchName(kind)));
  return refusal;
}

bool IsRefusal(const absl::Status& status) {
  return status.GetPayload(kKindPayload).has_value();
}

MismatchKind MismatchOf(const absl::Status& refusal) {
  absl::optional<absl::Cord> name = refusal.GetPayload(kKindPayload);
  FRANK_CHECK(name.has_value());
  for (MismatchKind kind : kKinds) {
    if (*name == MismatchName(kind)) return kind;
  }
  Die("a refusal without a kind");
}

absl::Status UnknownWindow() {
  absl::Status refusal = Refuse(
      MismatchKind::kIntegrity,
      absl::FailedPreconditionError(
          "no window of the room's FrankingKeys holds accepted_timestamp"));
  refusal.SetPayload(kWindowPayload, absl::Cord());
  return refusal;
}

bool IsUnknownWindow(const absl::Status& status) {
  return status.GetPayload(kWindowPayload).has_value();
}

}  // namespace frank::client
