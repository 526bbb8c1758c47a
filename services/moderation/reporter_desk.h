// Those who report, for moderators: their record, and muting.
#ifndef FRANK_SERVICES_MODERATION_REPORTER_DESK_H_
#define FRANK_SERVICES_MODERATION_REPORTER_DESK_H_

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "frank/v1/reporters.pb.h"
#include "services/moderation/act_log.h"
#include "services/moderation/moderator.h"
#include "storage/engine.h"
#include "storage/reporter_store.h"

namespace frank::moderation {

// Whether a page of mutes may have ended with such a token.
bool IsMuteToken(const std::string& token);

// Thread-safe; never blocks on a commit. Callers are authorized, requests
// checked. The reports of a muted reporter are kept in a lane of their own by
// ReportFolder; what is said here moves them back into the queue.
class ReporterDesk {
 public:
  // Both outlive the desk and its commits.
  struct Dependencies {
    storage::Engine& engine;
    const Clock& clock;
  };
  explicit ReporterDesk(const Dependencies& dependencies);

  // The record, and the reports that wait in the lane but those whose case the
  // reader might not touch. An account that never reported, or does not exist,
  // has an empty one.
  absl::StatusOr<v1::GetReporterResponse> Show(
      const Moderator& reader, const std::string& reporter_uri) const;

  // Who is muted now, those first whose mute ends first, with how many reports
  // wait that Show would show.
  absl::StatusOr<v1::ListMutesResponse> Mutes(
      const Moderator& reader, const v1::ListMutesRequest& request) const;

  // For all of these: kPermissionDenied NOT_PERMITTED when the moderator is
  // linked to the reporter, or to an account that a report of theirs accuses,
  // whether it waits or is in a case.
  using Done = absl::AnyInvocable<void(absl::StatusOr<v1::Reporter>)>;
  // Mutes until a time in the future, or anew with another; what waits for
  // longer than that waits until then. kInvalidArgument when the time has
  // passed or is too far away.
  void Mute(const Moderator& by, const std::string& reporter_uri,
            UnixMillis until, Done done);
  // Ends the mute and lets the lane go. Answers when all of it is in the queue.
  void Unmute(const Moderator& by, const std::string& reporter_uri, Done done);
  // Lets what waits in the lane go; the mute stays.
  void Release(const Moderator& by, const std::string& reporter_uri, Done done);

 private:
  struct Letting;
  // Writes a change and its act, then goes on.
  using Change =
      absl::AnyInvocable<absl::Status(storage::Transaction&, ActLog&)>;
  void Apply(Change change, absl::AnyInvocable<void(absl::Status)> next);
  absl::Status CheckUnlinked(storage::Transaction& transaction,
                             const Moderator& by,
                             const std::string& reporter_uri) const;
  absl::StatusOr<bool> AccusesInLane(
      const std::string& reporter_uri,
      const std::set<std::string>& accounts) const;
  absl::Status AddMute(const Moderator& reader, const storage::MutePlace& place,
                       v1::ListMutesResponse* response) const;
  // Moves the lane towards the queue, some at a time.
  void LetGo(std::shared_ptr<Letting> letting);
  absl::StatusOr<v1::Reporter> Load(const std::string& reporter_uri) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REPORTER_DESK_H_
