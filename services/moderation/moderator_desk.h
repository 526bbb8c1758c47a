// Changes to moderators: in one transaction the record changes and the act that
// tells of it is written, under the subject "moderator:<id>".
#ifndef FRANK_SERVICES_MODERATION_MODERATOR_DESK_H_
#define FRANK_SERVICES_MODERATION_MODERATOR_DESK_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "crypto/audit_entry.h"
#include "frank/v1/moderators.pb.h"
#include "services/common/call.h"
#include "services/moderation/configured_moderators.h"
#include "services/moderation/moderator.h"
#include "services/moderation/moderator_directory.h"
#include "storage/people_store.h"

namespace frank::moderation {

// The subject of the acts about a moderator.
std::string ModeratorSubject(absl::string_view id);

// Callers are authorized, requests checked. What changes nothing is answered
// and is no act, so everything may be repeated. Thread-safe; never blocks on a
// commit.
class ModeratorDesk {
 public:
  // All outlive the desk.
  struct Dependencies {
    storage::Engine& engine;
    const ConfiguredModerators& configured;
    ModeratorDirectory& directory;
    const Clock& clock;
  };
  explicit ModeratorDesk(const Dependencies& dependencies);

  using Done = services::Done<v1::Moderator>;
  // kAlreadyExists ID_CONFLICT when the id or the token is somebody's.
  void Add(const Moderator& by, const v1::AddModeratorRequest& request,
           Done done);
  // Errors of these: kNotFound NOT_FOUND for an unknown id; for one of another
  // source kFailedPrecondition NOT_LOCAL, where an account is needed;
  // kFailedPrecondition LAST_ADMINISTRATOR.
  void SetRoles(const Moderator& by,
                const v1::SetModeratorRolesRequest& request, Done done);
  void ReplaceToken(const Moderator& by, const std::string& id,
                    const std::string& token_sha256, Done done);
  void Link(const Moderator& by, const v1::LinkAccountRequest& request,
            Done done);
  void Enable(const Moderator& by, const v1::EnableModeratorRequest& request,
              Done done);
  void SetOptOuts(const Moderator& by, const v1::SetOptOutsRequest& request,
                  Done done);

 private:
  using Record = storage::v1::ModeratorRecord;
  struct Act {
    std::string name;
    crypto::AuditDetails details;
  };
  // Changes the record and says what act that is; none: nothing changed.
  using Change = std::function<absl::StatusOr<absl::optional<Act>>(
      storage::Transaction&, Record*)>;

  void Apply(const Moderator& by, const std::string& id, Change change,
             Done done);
  // Whether who was authorized may act still, by their record. Tracked.
  absl::Status CheckStill(storage::Transaction& transaction,
                          const Moderator& by);
  absl::Status Run(storage::Transaction& transaction, const Moderator& by,
                   const std::string& id, const Change& change, Record* after);
  // Whether there is such a moderator, or one that has an account here.
  absl::Status CheckKnown(const std::string& id, const Record& record) const;
  absl::Status CheckLocal(const std::string& id, const Record& record) const;
  // Gives the record another token. kAlreadyExists when it is somebody else's.
  absl::Status SetToken(storage::Transaction& transaction,
                        const std::string& id, const std::string& token_sha256,
                        Record* record) const;
  // Whether anybody can administer once `id` has become `after`.
  absl::StatusOr<bool> HasAdministrator(storage::Transaction& transaction,
                                        const std::string& id,
                                        const Record& after) const;
  bool Administers(const std::string& id, const Record& record) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATOR_DESK_H_
