// Requests for evidence packages: one person asks, another releases, the first
// fetches.
#ifndef FRANK_SERVICES_MODERATION_EXPORT_DESK_H_
#define FRANK_SERVICES_MODERATION_EXPORT_DESK_H_

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/evidence.pb.h"
#include "services/common/call.h"
#include "services/moderation/act_log.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "services/moderation/package_composer.h"
#include "services/moderation/package_slots.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe; never blocks on a commit. Callers are authorized, requests
// checked. Each but List writes an act about the case.
class ExportDesk {
 public:
  // All outlive the desk and its commits.
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const PackageComposer& composer;
    const Clock& clock;
  };
  explicit ExportDesk(const Dependencies& dependencies);

  // As CheckAccess and PackageComposer::CheckKey; kAlreadyExists ID_CONFLICT;
  // kFailedPrecondition CASE_STATE.
  void Request(const Moderator& by, const v1::RequestExportRequest& request,
               services::Done<v1::RequestExportResponse> done);
  // As CheckAccess; kNotFound; kPermissionDenied SECOND_PERSON;
  // kFailedPrecondition EXPORT_STATE.
  void Release(const Moderator& by, const v1::ReleaseExportRequest& request,
               services::Done<v1::ReleaseExportResponse> done);
  void Cancel(const Moderator& by, const v1::CancelExportRequest& request,
              services::Done<v1::CancelExportResponse> done);
  // kInvalidArgument "page_token".
  absl::StatusOr<v1::ListExportsResponse> List(
      const Moderator& by, const v1::ListExportsRequest& request) const;

  // Makes the package; answers when the act is durable. As CheckAccess and
  // PackageComposer::Compose; kPermissionDenied NOT_PERMITTED for somebody else
  // than who asked; EXPORT_STATE; as PackageSlots::Take.
  using FetchDone =
      absl::AnyInvocable<void(absl::StatusOr<std::shared_ptr<HeldPackage>>)>;
  void Fetch(const Moderator& by, const ExportId& id, FetchDone done);

 private:
  using Record = storage::v1::ExportRecord;
  // A request as an act left it, and the act's hash if there was one.
  struct Changed {
    v1::Export entry;
    std::string act_hash;
  };
  // What a change may do to a request: returns the act, empty for a repeat.
  using Change = absl::AnyInvocable<absl::StatusOr<std::string>(
      ExportId, ActLog&, Record*)>;

  absl::StatusOr<Changed> Add(storage::Transaction& transaction,
                              const Moderator& by,
                              const v1::RequestExportRequest& request) const;
  absl::StatusOr<Record> MakeRecord(
      storage::Transaction& transaction, const Moderator& by,
      const v1::RequestExportRequest& request) const;
  absl::StatusOr<Changed> Repeat(storage::Transaction& transaction,
                                 const Moderator& by,
                                 const v1::RequestExportRequest& request,
                                 const Record& first) const;
  absl::StatusOr<Changed> Apply(storage::Transaction& transaction,
                                const Moderator& by, const ExportId& id,
                                Change& change) const;
  absl::Status CheckFetch(const Moderator& by, const Record& record) const;
  absl::Status RecordFetch(storage::Transaction& transaction,
                           const Moderator& by, const ExportId& id,
                           const Package& package) const;
  // With its words, if the case's key is still there.
  template <typename Source>
  absl::StatusOr<v1::Export> Show(Source& source, const ExportId& id,
                                  const Record& record) const;

  const Dependencies d_;
  PackageSlots slots_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EXPORT_DESK_H_
