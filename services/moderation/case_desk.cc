#include "services/moderation/case_desk.h"

#include <memory>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/case_merge.h"
#include "services/moderation/case_note.h"
#include "services/moderation/case_upkeep.h"
#include "services/moderation/claim_choice.h"
#include "services/moderation/desk_answer.h"
#include "services/moderation/held_quota.h"
#include "services/moderation/known_moderator.h"
#include "services/moderation/review_proto.h"
#include "storage/case_list_store.h"

namespace frank::moderation {
namespace {

using storage::NoteId;
using storage::v1::CaseRecord;
using storage::v1::CaseTagRecord;

// Requests have been checked.
CaseId CaseIdOf(const std::string& bytes) {
  return CaseId(ToArray<CaseId::kSize>(AsBytes(bytes)));
}

// Where the reason of a hold belongs.
std::string HoldPlace(const CaseId& id) {
  return "hold" + storage::schema::CaseKey(id);
}

int FindTag(const std::string& name, const CaseRecord& record) {
  for (int i = 0; i < record.tag_size(); ++i) {
    if (record.tag(i).name() == name) return i;
  }
  return -1;
}

absl::Status NoSuch(absl::string_view what) {
  return WithReason(absl::NotFoundError(what), "NOT_FOUND");
}

absl::Status QuotaExceeded(absl::string_view what) {
  return WithReason(absl::ResourceExhaustedError(what), "QUOTA_EXCEEDED");
}

absl::Status CheckRoomForLink(storage::Transaction& transaction,
                              const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(
      auto links,
      storage::ListCaseLinks(transaction, id, limits::kMaxLinksOfCase));
  if (links.size() < limits::kMaxLinksOfCase) return absl::OkStatus();
  return QuotaExceeded("the case has as many links as it may");
}

}  // namespace

absl::StatusOr<std::string> OpenHoldReason(const DataKey& case_key,
                                           const CaseId& id,
                                           const CaseRecord& record) {
  if (record.hold_reason_ciphertext().empty()) return std::string();
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret text,
      case_key.Open(HoldPlace(id), record.hold_reason_ciphertext()));
  return ToString(text.bytes());
}

CaseDesk::CaseDesk(const Dependencies& dependencies) : d_(dependencies) {}

template <typename Response>
void CaseDesk::Run(const Moderator& moderator, const std::string& case_id,
                   Make make, services::Done<Response> done) {
  auto response = std::make_shared<Response>();
  storage::RunTransaction(
      d_.engine,
      [this, moderator, id = CaseIdOf(case_id), make = std::move(make),
       response](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCase(transaction, id));
        FRANK_RETURN_IF_ERROR(CheckAccess(transaction, moderator, record));
        FRANK_RETURN_IF_ERROR(CheckKept(record.state()));
        Change change{transaction, id, d_.clock.Now(), record, record, "", {}};
        FRANK_RETURN_IF_ERROR(make(change));
        if (!change.act.empty()) {
          FRANK_RETURN_IF_ERROR(WriteAct(
              transaction, change.now, id, change.before, &change.after,
              ModeratorActor(moderator.id), change.act, change.details));
        }
        *response->mutable_case_summary() = ToProto(id, change.after);
        return absl::OkStatus();
      },
      Answer(response, std::move(done)));
}

template <typename Response, typename Request>
void CaseDesk::RunHeld(const Moderator& moderator, const Request& request,
                       CaseEvent event, Make make,
                       services::Done<Response> done) {
  Run(
      moderator, request.case_id(),
      [holder = moderator.id, epoch = request.epoch(), event,
       make = std::move(make)](Change& change) -> absl::Status {
        FRANK_RETURN_IF_ERROR(CheckHeld(change.before, holder, epoch, event));
        FRANK_ASSIGN_OR_RETURN(uint32_t state,
                               StateAfter(change.before.state(), event));
        change.after.set_state(state);
        change.details.Set("epoch", epoch);
        return make(change);
      },
      std::move(done));
}

void CaseDesk::Hold(const Moderator& moderator,
                    const v1::HoldCaseRequest& request,
                    services::Done<v1::HoldCaseResponse> done) {
  auto make = [this, until = request.until(),
               past_deadline = request.past_deadline(),
               reason = request.reason()](Change& change) -> absl::Status {
    if (until <= change.now || until > change.now + limits::kMaxHold) {
      return FieldError("until", "must be within the next 90 days");
    }
    bool past = until > change.before.deadline();
    if (past && !past_deadline) {
      return FieldError("until",
                        "must not be after the deadline, unless past_deadline "
                        "says so");
    }
    FRANK_ASSIGN_OR_RETURN(DataKey key,
                           d_.vault.CaseKey(change.transaction, change.id));
    FRANK_ASSIGN_OR_RETURN(
        *change.after.mutable_hold_reason_ciphertext(),
        key.Seal(d_.vault.random(), HoldPlace(change.id), AsBytes(reason)));
    DropLease(&change.after);
    change.after.set_hold_until(until);
    change.act = "case.held";
    change.details.Set("until", until).SetBool("past_deadline", past);
    return absl::OkStatus();
  };
  RunHeld(moderator, request, CaseEvent::kHold, std::move(make),
          std::move(done));
}

void CaseDesk::Wake(const Moderator& moderator,
                    const v1::WakeCaseRequest& request,
                    services::Done<v1::WakeCaseResponse> done) {
  auto make = [](Change& change) -> absl::Status {
    change.act = "case.woken";
    return moderation::Wake(&change.after);
  };
  Run(moderator, request.case_id(), make, std::move(done));
}

absl::Status CaseDesk::GiveTo(const v1::HandOverCaseRequest& request,
                              Change& change) const {
  if (request.has_queue()) {
    if (d_.routing.Find(request.queue()) == nullptr) {
      return FieldError("queue", "must be one of the queues");
    }
    DropLease(&change.after);
    SendToQueue(request.queue(), &change.after);
    change.details.Set("queue", request.queue());
    return absl::OkStatus();
  }
  if (request.moderator() == change.before.lease().holder()) {
    return FieldError("moderator", "must be somebody else");
  }
  FRANK_RETURN_IF_ERROR(CheckMayReceive(
      {change.transaction, d_.configured, d_.routing, d_.has_provider},
      request.moderator(), change.before));
  FRANK_RETURN_IF_ERROR(
      CheckHeldQuota(change.transaction, request.moderator(), d_.held_limit));
  TakeLease(request.moderator(), change.now + d_.hand_over_time, &change.after);
  change.details.Set("to", request.moderator());
  return absl::OkStatus();
}

absl::Status CaseDesk::CheckRepeat(const Moderator& moderator,
                                   const std::string& text,
                                   const storage::StoredNote& known,
                                   const Change& change) const {
  FRANK_ASSIGN_OR_RETURN(DataKey key,
                         d_.vault.CaseKey(change.transaction, change.id));
  FRANK_ASSIGN_OR_RETURN(std::string before,
                         OpenCaseNote(key, change.id, known));
  if (before == text && known.record.moderator() == moderator.id) {
    return absl::OkStatus();
  }
  return WithReason(absl::AlreadyExistsError("this note id has other content"),
                    "ID_CONFLICT");
}

absl::Status CaseDesk::Note(const Moderator& moderator, const NoteId& id,
                            const std::string& text,
                            const Change& change) const {
  return moderation::AddNote(d_.vault, change.transaction, change.id, id,
                             moderator.id, change.now, text);
}

void CaseDesk::HandOver(const Moderator& moderator,
                        const v1::HandOverCaseRequest& request,
                        services::Done<v1::HandOverCaseResponse> done) {
  auto make = [this, moderator, request, note = NoteId::Random(d_.random)](
                  Change& change) -> absl::Status {
    FRANK_RETURN_IF_ERROR(GiveTo(request, change));
    change.act = "case.handed_over";
    return Note(moderator, note, request.note(), change);
  };
  RunHeld(moderator, request, CaseEvent::kHandOver, std::move(make),
          std::move(done));
}

void CaseDesk::TakeOver(const Moderator& moderator,
                        const v1::TakeOverCaseRequest& request,
                        services::Done<v1::TakeOverCaseResponse> done) {
  auto make = [this, moderator, epoch = request.epoch(), text = request.note(),
               note =
                   NoteId::Random(d_.random)](Change& change) -> absl::Status {
    const storage::v1::LeaseRecord& lease = change.before.lease();
    FRANK_RETURN_IF_ERROR(
        StateAfter(change.before.state(), CaseEvent::kTakeOver).status());
    if (lease.holder() == moderator.id) return absl::OkStatus();
    if (lease.holder().empty() || lease.epoch() != epoch) {
      return WithReason(absl::AbortedError("the lease has ended since"),
                        "LEASE_LOST");
    }
    FRANK_RETURN_IF_ERROR(CheckMayHold(d_.routing, moderator, change.before));
    FRANK_RETURN_IF_ERROR(
        CheckHeldQuota(change.transaction, moderator.id, d_.held_limit));
    change.act = "case.taken_over";
    change.details.Set("epoch", epoch).Set("from", lease.holder());
    TakeLease(moderator.id, change.now + d_.lease_time, &change.after);
    return Note(moderator, note, text, change);
  };
  Run(moderator, request.case_id(), std::move(make), std::move(done));
}

void CaseDesk::Escalate(const Moderator& moderator,
                        const v1::EscalateCaseRequest& request,
                        services::Done<v1::EscalateCaseResponse> done) {
  auto make = [this, moderator, text = request.note(),
               note =
                   NoteId::Random(d_.random)](Change& change) -> absl::Status {
    DropLease(&change.after);
    SendToQueue(kSeniorsQueue, &change.after);
    change.act = "case.escalated";
    return Note(moderator, note, text, change);
  };
  RunHeld(moderator, request, CaseEvent::kEscalate, std::move(make),
          std::move(done));
}

void CaseDesk::AddNote(const Moderator& moderator,
                       const v1::AddNoteRequest& request,
                       services::Done<v1::AddNoteResponse> done) {
  NoteId note(ToArray<NoteId::kSize>(AsBytes(request.note_id())));
  auto make = [this, moderator, note,
               text = request.text()](Change& change) -> absl::Status {
    FRANK_ASSIGN_OR_RETURN(
        auto known, storage::FindCaseNote(change.transaction, change.id, note));
    if (known) return CheckRepeat(moderator, text, *known, change);
    if (change.before.note_count() >= limits::kMaxNotesOfCase) {
      return QuotaExceeded("the case has as many notes as it may");
    }
    change.after.set_note_count(change.before.note_count() + 1);
    change.act = "case.noted";
    change.details.SetHex("note", note.bytes());
    return Note(moderator, note, text, change);
  };
  Run(moderator, request.case_id(), std::move(make), std::move(done));
}

void CaseDesk::Tag(const Moderator& moderator,
                   const v1::TagCaseRequest& request,
                   services::Done<v1::TagCaseResponse> done) {
  CaseTagRecord tag;
  tag.set_name(request.tag());
  tag.set_moderator(moderator.id);
  tag.set_expires_at(request.expires_at());
  auto make = [tag](Change& change) -> absl::Status {
    if (tag.expires_at() != 0 && tag.expires_at() <= change.now) {
      return FieldError("expires_at", "must be in the future");
    }
    int known = FindTag(tag.name(), change.before);
    if (known >= 0 &&
        change.before.tag(known).expires_at() == tag.expires_at()) {
      return absl::OkStatus();
    }
    if (known < 0 &&
        change.before.tag_size() >= static_cast<int>(limits::kMaxTagsOfCase)) {
      return QuotaExceeded("the case has as many tags as it may");
    }
    (known < 0 ? *change.after.add_tag() : *change.after.mutable_tag(known)) =
        tag;
    change.act = "case.tagged";
    change.details.Set("tag", tag.name());
    return absl::OkStatus();
  };
  Run(moderator, request.case_id(), std::move(make), std::move(done));
}

void CaseDesk::Untag(const Moderator& moderator,
                     const v1::UntagCaseRequest& request,
                     services::Done<v1::UntagCaseResponse> done) {
  auto make = [name = request.tag()](Change& change) -> absl::Status {
    int known = FindTag(name, change.before);
    if (known < 0) return NoSuch("no such tag");
    change.after.mutable_tag()->DeleteSubrange(known, 1);
    change.act = "case.untagged";
    change.details.Set("tag", name);
    return absl::OkStatus();
  };
  Run(moderator, request.case_id(), std::move(make), std::move(done));
}

absl::Status CaseDesk::WriteOther(const Moderator& moderator,
                                  const CaseId& other, CaseRecord record,
                                  const Change& change) const {
  const CaseRecord before = record;
  crypto::AuditDetails details;
  details.SetHex("other", change.id.bytes());
  return WriteAct(change.transaction, change.now, other, before, &record,
                  ModeratorActor(moderator.id), change.act, details);
}

void CaseDesk::Link(const Moderator& moderator,
                    const v1::LinkCasesRequest& request,
                    services::Done<v1::LinkCasesResponse> done) {
  auto make = [this, moderator, other = CaseIdOf(request.other_case_id())](
                  Change& change) -> absl::Status {
    FRANK_ASSIGN_OR_RETURN(CaseRecord record,
                           GetCase(change.transaction, other));
    FRANK_RETURN_IF_ERROR(CheckAccess(change.transaction, moderator, record));
    FRANK_ASSIGN_OR_RETURN(auto known, storage::FindCaseLink(change.transaction,
                                                             change.id, other));
    if (known) return absl::OkStatus();
    for (const CaseId& id : {change.id, other}) {
      FRANK_RETURN_IF_ERROR(CheckRoomForLink(change.transaction, id));
    }
    storage::v1::CaseLinkRecord link;
    link.set_kind(v1::CASE_LINK_KIND_RELATED);
    link.set_moderator(moderator.id);
    link.set_linked_at(change.now);
    storage::PutCaseLink(change.transaction, change.id, other, link);
    change.act = "case.linked";
    change.details.SetHex("other", other.bytes()).Set("kind", "related");
    return WriteOther(moderator, other, std::move(record), change);
  };
  Run(moderator, request.case_id(), std::move(make), std::move(done));
}

void CaseDesk::Unlink(const Moderator& moderator,
                      const v1::UnlinkCasesRequest& request,
                      services::Done<v1::UnlinkCasesResponse> done) {
  auto make = [this, moderator, other = CaseIdOf(request.other_case_id())](
                  Change& change) -> absl::Status {
    FRANK_ASSIGN_OR_RETURN(CaseRecord record,
                           GetCase(change.transaction, other));
    FRANK_RETURN_IF_ERROR(CheckAccess(change.transaction, moderator, record));
    FRANK_ASSIGN_OR_RETURN(auto known, storage::FindCaseLink(change.transaction,
                                                             change.id, other));
    if (!known || known->kind() != v1::CASE_LINK_KIND_RELATED) {
      return NoSuch("no such link");
    }
    storage::DeleteCaseLink(change.transaction, change.id, other);
    change.act = "case.unlinked";
    change.details.SetHex("other", other.bytes());
    return WriteOther(moderator, other, std::move(record), change);
  };
  Run(moderator, request.case_id(), std::move(make), std::move(done));
}

void CaseDesk::Merge(const Moderator& moderator,
                     const v1::MarkDuplicateRequest& request,
                     services::Done<v1::MarkDuplicateResponse> done) {
  CaseMerge::Input input;
  input.moderator = moderator;
  input.from = CaseIdOf(request.case_id());
  input.epoch = request.epoch();
  input.into = CaseIdOf(request.into_case_id());
  auto response = std::make_shared<v1::MarkDuplicateResponse>();
  storage::RunTransaction(
      d_.engine,
      [this, input,
       response](storage::Transaction& transaction) mutable -> absl::Status {
        input.now = d_.clock.Now();
        CaseMerge merge(d_.engine, d_.vault, d_.routing, transaction, input);
        FRANK_ASSIGN_OR_RETURN(*response, merge.Run());
        return absl::OkStatus();
      },
      Answer(response, std::move(done)));
}

}  // namespace frank::moderation
