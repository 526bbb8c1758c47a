// What moderators do with a case besides claiming and deciding it: put it off,
// hand it over, write notes, tag it, link it.
#ifndef FRANK_SERVICES_MODERATION_CASE_DESK_H_
#define FRANK_SERVICES_MODERATION_CASE_DESK_H_

#include <functional>
#include <string>

#include "core/clock.h"
#include "core/ids.h"
#include "crypto/audit_entry.h"
#include "frank/v1/queue.pb.h"
#include "services/common/call.h"
#include "services/moderation/case_state.h"
#include "services/moderation/configured_moderators.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "services/moderation/routing.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Why a case is put off; empty when it is not. kDataLoss when it does not open.
absl::StatusOr<std::string> OpenHoldReason(
    const DataKey& case_key, const CaseId& id,
    const storage::v1::CaseRecord& record);

// Thread-safe; never blocks on a commit. Callers are authorized, requests
// checked. Everything it was made of outlives it and its commits. Errors as
// GetHeldCase, and as each method says.
class CaseDesk {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const Routing& routing;
    const Clock& clock;
    RandomSource& random;
    const ConfiguredModerators& configured;
    UnixMillis lease_time;
    // How long a case that is handed to a person waits for them.
    UnixMillis hand_over_time;
    // Whether an identity provider lets moderators in.
    bool has_provider;
    // Cases that one moderator holds at most.
    uint32_t held_limit;
  };
  explicit CaseDesk(const Dependencies& dependencies);

  // kInvalidArgument "until" when that has passed, is too far off, or lies
  // behind the deadline and the request does not say so.
  void Hold(const Moderator& moderator, const v1::HoldCaseRequest& request,
            services::Done<v1::HoldCaseResponse> done);
  void Wake(const Moderator& moderator, const v1::WakeCaseRequest& request,
            services::Done<v1::WakeCaseResponse> done);
  // kInvalidArgument "queue" on one that there is not, "moderator" on the
  // caller; as CheckMayReceive, and CheckHeldQuota of who receives.
  void HandOver(const Moderator& moderator,
                const v1::HandOverCaseRequest& request,
                services::Done<v1::HandOverCaseResponse> done);
  // Who holds the case already is answered so. kAborted LEASE_LOST when the
  // lease is not the named one; as CheckMayHold and CheckHeldQuota.
  void TakeOver(const Moderator& moderator,
                const v1::TakeOverCaseRequest& request,
                services::Done<v1::TakeOverCaseResponse> done);
  void Escalate(const Moderator& moderator,
                const v1::EscalateCaseRequest& request,
                services::Done<v1::EscalateCaseResponse> done);

  // In every state but when it is shredded, by anybody. kAlreadyExists
  // ID_CONFLICT; kResourceExhausted QUOTA_EXCEEDED.
  void AddNote(const Moderator& moderator, const v1::AddNoteRequest& request,
               services::Done<v1::AddNoteResponse> done);
  // kInvalidArgument "expires_at" when that has passed; kResourceExhausted
  // QUOTA_EXCEEDED when the case has as many tags as it may.
  void Tag(const Moderator& moderator, const v1::TagCaseRequest& request,
           services::Done<v1::TagCaseResponse> done);
  // kNotFound when there is no such tag.
  void Untag(const Moderator& moderator, const v1::UntagCaseRequest& request,
             services::Done<v1::UntagCaseResponse> done);
  // Changes both cases; a link that is there stays as it is. kResourceExhausted
  // QUOTA_EXCEEDED.
  void Link(const Moderator& moderator, const v1::LinkCasesRequest& request,
            services::Done<v1::LinkCasesResponse> done);
  // Closes a case into another: errors as CaseMerge.
  void Merge(const Moderator& moderator,
             const v1::MarkDuplicateRequest& request,
             services::Done<v1::MarkDuplicateResponse> done);
  // kNotFound when there is none that a moderator made.
  void Unlink(const Moderator& moderator, const v1::UnlinkCasesRequest& request,
              services::Done<v1::UnlinkCasesResponse> done);

 private:
  // One change of a case, under way.
  struct Change {
    storage::Transaction& transaction;
    CaseId id;
    UnixMillis now = 0;
    storage::v1::CaseRecord before;
    storage::v1::CaseRecord after;
    // What the act says, by whoever makes the change; no act: there is nothing
    // to change.
    std::string act;
    crypto::AuditDetails details;
  };
  using Make = std::function<absl::Status(Change&)>;

  // Runs `make` on a case, writes what it made of it, and answers with the case
  // as it is then.
  template <typename Response>
  void Run(const Moderator& moderator, const std::string& case_id, Make make,
           services::Done<Response> done);
  // The same on a case that the caller holds, for an event that its state must
  // allow, and after which it is in the state that follows.
  template <typename Response, typename Request>
  void RunHeld(const Moderator& moderator, const Request& request,
               CaseEvent event, Make make, services::Done<Response> done);

  // Writes the act of a link on its other side.
  absl::Status WriteOther(const Moderator& moderator, const CaseId& other,
                          storage::v1::CaseRecord record,
                          const Change& change) const;
  absl::Status GiveTo(const v1::HandOverCaseRequest& request,
                      Change& change) const;
  // Whether a note that was written before is the same.
  absl::Status CheckRepeat(const Moderator& moderator, const std::string& text,
                           const storage::StoredNote& known,
                           const Change& change) const;
  absl::Status Note(const Moderator& moderator, const storage::NoteId& id,
                    const std::string& text, const Change& change) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_DESK_H_
