#include "services/moderation/legal_holds.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_closing.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/case_note.h"
#include "services/moderation/case_state.h"
#include "services/moderation/case_upkeep.h"
#include "services/moderation/desk_answer.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;
using storage::v1::LegalHoldRecord;

// Requests have been checked.
CaseId CaseIdOf(const std::string& bytes) {
  return CaseId(ToArray<CaseId::kSize>(AsBytes(bytes)));
}

// The note that a hold is placed with has its id: a repeat is known by it.
storage::NoteId NoteOf(const std::string& hold_id) {
  return storage::NoteId(ToArray<storage::NoteId::kSize>(AsBytes(hold_id)));
}

// Where the reason of a hold belongs.
std::string PlaceOf(const CaseId& id, const std::string& hold_id) {
  return absl::StrCat("legal hold", storage::schema::CaseKey(id), hold_id);
}

int FindHold(const std::string& hold_id, const CaseRecord& record) {
  const auto& holds = record.retention().legal_hold();
  for (int i = 0; i < holds.size(); ++i) {
    if (holds[i].hold_id() == hold_id) return i;
  }
  return -1;
}

// The case, if the moderator may touch it and it is there still.
absl::StatusOr<CaseRecord> GetKept(storage::Transaction& transaction,
                                   const Moderator& moderator,
                                   const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCase(transaction, id));
  FRANK_RETURN_IF_ERROR(CheckAccess(transaction, moderator, record));
  FRANK_RETURN_IF_ERROR(CheckKept(record.state()));
  return record;
}

crypto::AuditDetails DetailsOf(const std::string& hold_id) {
  crypto::AuditDetails details;
  details.SetHex("hold", AsBytes(hold_id));
  return details;
}

template <typename Response, typename Body>
void RunFor(storage::Engine& engine, services::Done<Response> done, Body body) {
  auto response = std::make_shared<Response>();
  storage::RunTransaction(
      engine,
      [response, body = std::move(body)](
          storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(*response, body(transaction));
        return absl::OkStatus();
      },
      Answer(response, std::move(done)));
}

}  // namespace

v1::LegalHold ToProto(const CaseId& id, const LegalHoldRecord& record) {
  v1::LegalHold hold;
  hold.set_hold_id(record.hold_id());
  hold.set_case_id(ToString(id.bytes()));
  hold.set_moderator(record.moderator());
  hold.set_placed_at(record.placed_at());
  hold.set_from_case_id(record.from_case_id());
  return hold;
}

absl::StatusOr<v1::LegalHold> ShowLegalHold(const DataKey& case_key,
                                            const CaseId& id,
                                            const LegalHoldRecord& record) {
  v1::LegalHold hold = ToProto(id, record);
  if (record.reason_ciphertext().empty()) return hold;
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret reason,
      case_key.Open(PlaceOf(id, record.hold_id()), record.reason_ciphertext()));
  hold.set_reason(ToString(reason.bytes()));
  return hold;
}

void LegalHolds::Place(const Moderator& moderator,
                       const v1::PlaceLegalHoldRequest& request,
                       services::Done<v1::PlaceLegalHoldResponse> done) {
  RunFor(d_.engine, std::move(done),
         [this, moderator, request](storage::Transaction& transaction) {
           return Place(transaction, moderator, request);
         });
}

void LegalHolds::Lift(const Moderator& moderator,
                      const v1::LiftLegalHoldRequest& request,
                      services::Done<v1::LiftLegalHoldResponse> done) {
  RunFor(d_.engine, std::move(done),
         [this, moderator, request](storage::Transaction& transaction) {
           return Lift(transaction, moderator, request);
         });
}

absl::StatusOr<v1::PlaceLegalHoldResponse> LegalHolds::Place(
    storage::Transaction& transaction, const Moderator& moderator,
    const v1::PlaceLegalHoldRequest& request) const {
  const CaseId id = CaseIdOf(request.case_id());
  const std::string& hold_id = request.hold_id();
  const UnixMillis now = d_.clock.Now();
  FRANK_ASSIGN_OR_RETURN(CaseRecord before,
                         GetKept(transaction, moderator, id));
  v1::PlaceLegalHoldResponse response;
  if (int known = FindHold(hold_id, before); known >= 0) {
    *response.mutable_legal_hold() =
        ToProto(id, before.retention().legal_hold(known));
    return response;
  }
  FRANK_ASSIGN_OR_RETURN(
      auto placed, storage::FindCaseNote(transaction, id, NoteOf(hold_id)));
  if (placed) {
    return WithReason(absl::AlreadyExistsError("this hold id was used before"),
                      "ID_CONFLICT");
  }
  if (before.state() == storage::kCaseDuplicate) {
    return WithReason(
        absl::FailedPreconditionError(
            "the case was closed into another, which has its evidence"),
        "CASE_STATE");
  }
  CaseRecord after = before;
  auto* holds = after.mutable_retention()->mutable_legal_hold();
  if (holds->size() >= static_cast<int>(limits::kMaxLegalHolds)) {
    return WithReason(absl::ResourceExhaustedError(
                          "the case has as many legal holds as it may"),
                      "QUOTA_EXCEEDED");
  }
  LegalHoldRecord* hold = holds->Add();
  hold->set_hold_id(hold_id);
  hold->set_moderator(moderator.id);
  hold->set_placed_at(now);
  FRANK_ASSIGN_OR_RETURN(DataKey key, d_.vault.CaseKey(transaction, id));
  FRANK_ASSIGN_OR_RETURN(*hold->mutable_reason_ciphertext(),
                         key.Seal(d_.vault.random(), PlaceOf(id, hold_id),
                                  AsBytes(request.reason())));
  *response.mutable_legal_hold() = ToProto(id, *hold);
  FRANK_RETURN_IF_ERROR(AddNote(d_.vault, transaction, id, NoteOf(hold_id),
                                moderator.id, now, request.reason()));
  FRANK_RETURN_IF_ERROR(WriteAct(transaction, now, id, before, &after,
                                 ModeratorActor(moderator.id),
                                 "legal_hold.placed", DetailsOf(hold_id)));
  return response;
}

absl::StatusOr<v1::LiftLegalHoldResponse> LegalHolds::Lift(
    storage::Transaction& transaction, const Moderator& moderator,
    const v1::LiftLegalHoldRequest& request) const {
  const CaseId id = CaseIdOf(request.case_id());
  const std::string& hold_id = request.hold_id();
  FRANK_ASSIGN_OR_RETURN(CaseRecord before,
                         GetKept(transaction, moderator, id));
  CaseRecord after = before;
  const int known = FindHold(hold_id, before);
  if (known < 0) {
    FRANK_ASSIGN_OR_RETURN(
        auto placed, storage::FindCaseNote(transaction, id, NoteOf(hold_id)));
    if (!placed) {
      return WithReason(absl::NotFoundError("no such legal hold"), "NOT_FOUND");
    }
  } else {
    const UnixMillis now = d_.clock.Now();
    after.mutable_retention()->mutable_legal_hold()->DeleteSubrange(known, 1);
    // So that another can place it again who finds that it was lifted, also
    // while the case is not closed yet.
    if (after.retention().legal_hold().empty()) {
      KeepUntil(now + limits::kLegalHoldGrace, &after);
    }
    FRANK_RETURN_IF_ERROR(AddNote(d_.vault, transaction, id,
                                  storage::NoteId::Random(d_.random),
                                  moderator.id, now, request.reason()));
    FRANK_RETURN_IF_ERROR(WriteAct(transaction, now, id, before, &after,
                                   ModeratorActor(moderator.id),
                                   "legal_hold.lifted", DetailsOf(hold_id)));
  }
  v1::LiftLegalHoldResponse response;
  for (const auto& hold : after.retention().legal_hold()) {
    *response.add_legal_hold() = ToProto(id, hold);
  }
  return response;
}

}  // namespace frank::moderation
