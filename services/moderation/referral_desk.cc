#include "services/moderation/referral_desk.h"

#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "services/moderation/act_log.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_closing.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/case_note.h"
#include "services/moderation/case_state.h"
#include "services/moderation/decision_words.h"
#include "services/moderation/desk_answer.h"
#include "storage/decision_store.h"
#include "storage/evidence_package_store.h"

namespace frank::moderation {
namespace {

using storage::ReferralState;
using storage::StoredReferral;
using storage::v1::ReferralRecord;

// Requests have been checked.
DecisionId DecisionIdOf(const std::string& bytes) {
  return DecisionId(ToArray<DecisionId::kSize>(AsBytes(bytes)));
}

absl::Status BadState(absl::string_view rule) {
  return WithReason(absl::FailedPreconditionError(rule), "REFERRAL_STATE");
}

absl::Status NotFound() {
  return WithReason(absl::NotFoundError("the decision has no referral"),
                    "NOT_FOUND");
}

bool IsIn(const ReferralRecord& record, ReferralState state) {
  return record.state() == static_cast<uint32_t>(state);
}

absl::Status CheckOpen(const ReferralRecord& record) {
  if (storage::IsOpen(record)) return absl::OkStatus();
  return BadState(IsIn(record, ReferralState::kHandedOver)
                      ? "it was handed over"
                      : "it was withdrawn");
}

// Whether this handover is what was recorded.
bool Repeats(const ReferralRecord& record,
             const v1::RecordHandoverRequest& request) {
  return IsIn(record, ReferralState::kHandedOver) &&
         record.authority() == request.authority() &&
         record.reference() == request.reference() &&
         record.handed_over_at() == request.handed_over_at() &&
         record.export_id() == request.export_id();
}

void MoveTo(ReferralState state, ReferralRecord* record) {
  record->set_state(static_cast<uint32_t>(state));
}

}  // namespace

v1::Referral ToProto(const StoredReferral& stored) {
  const ReferralRecord& record = stored.record;
  v1::Referral proto;
  proto.set_decision_id(ToString(stored.id.bytes()));
  *proto.mutable_case_id() = record.case_id();
  proto.set_accused_uri(record.accused_uri());
  proto.set_policy(record.policy());
  proto.set_state(static_cast<v1::ReferralState>(record.state()));
  proto.set_decided_at(record.decided_at());
  proto.set_due_at(record.due_at());
  proto.set_authority(record.authority());
  proto.set_assigned_by(record.assigned_by());
  proto.set_assigned_at(record.assigned_at());
  proto.set_handed_over_at(record.handed_over_at());
  proto.set_recorded_by(record.recorded_by());
  proto.set_recorded_at(record.recorded_at());
  proto.set_reference(record.reference());
  proto.set_export_id(record.export_id());
  proto.set_withdrawn_by(record.withdrawn_by());
  proto.set_withdrawn_at(record.withdrawn_at());
  return proto;
}

absl::StatusOr<v1::ListReferralsResponse> ReferralDesk::List(
    const Moderator& by, const v1::ListReferralsRequest& request) const {
  std::string after;
  if (!absl::WebSafeBase64Unescape(request.page_token(), &after)) {
    return FieldError("page_token", "must be one that was returned");
  }
  absl::optional<ReferralState> state;
  if (request.state() != v1::REFERRAL_STATE_UNSPECIFIED) {
    state = static_cast<ReferralState>(request.state());
  }
  const size_t limit =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  // A filter by authority looks at more than it lets through.
  const size_t look =
      request.authority().empty() ? limit : limits::kReferralsLookedAt;
  FRANK_ASSIGN_OR_RETURN(storage::ReferralPage page,
                         storage::ListReferrals(d_.engine, state, after, look));
  v1::ListReferralsResponse response;
  for (const StoredReferral& stored : page.referrals) {
    // One may have moved since its place was read.
    if (state && !IsIn(stored.record, *state)) continue;
    if (!request.authority().empty() &&
        stored.record.authority() != request.authority()) {
      continue;
    }
    FRANK_ASSIGN_OR_RETURN(bool shown, IsShownTo(by, stored.record));
    if (!shown) continue;
    *response.add_referral() = ToProto(stored);
    if (response.referral_size() == static_cast<int>(limit)) {
      page.next = storage::PositionOf(state, stored);
      break;
    }
  }
  response.set_next_page_token(absl::WebSafeBase64Escape(page.next));
  if (!request.page_token().empty()) return response;
  for (const auto& [name, authority] : d_.authorities.all()) {
    v1::Authority* shown = response.add_authority();
    shown->set_name(name);
    shown->set_title(authority.title);
    shown->set_keep_ms(d_.rules.TimeAt(name));
  }
  return response;
}

absl::StatusOr<bool> ReferralDesk::IsShownTo(const Moderator& by,
                                             const Record& referral) const {
  for (const std::string& bytes : referral.case_id()) {
    FRANK_ASSIGN_OR_RETURN(CaseId id, CaseId::Parse("case_id", bytes));
    FRANK_ASSIGN_OR_RETURN(auto about, storage::FindCase(d_.engine, id));
    if (!about) return absl::DataLossError("the case of a referral is missing");
    if (!CheckAccess(by, *about).ok()) return false;
  }
  return true;
}

template <typename Response>
void ReferralDesk::Run(const Moderator& by, const std::string& decision_id,
                       Change change, ChangeCase change_case,
                       services::Done<Response> done) {
  auto stored = std::make_shared<StoredReferral>();
  auto act_hash = std::make_shared<std::string>();
  stored->id = DecisionIdOf(decision_id);
  storage::RunTransaction(
      d_.engine,
      [this, by, stored, act_hash, change = std::move(change),
       change_case = std::move(change_case)](
          storage::Transaction& transaction) mutable -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(*act_hash, Apply(transaction, by, stored.get(),
                                                change, change_case));
        return absl::OkStatus();
      },
      [this, stored, act_hash,
       done = std::move(done)](absl::Status status) mutable {
        if (absl::IsAborted(status) && !FindReason(status)) status = Busy();
        if (!status.ok()) return done(std::move(status));
        if (!act_hash->empty()) {
          d_.metrics.Referral(
              stored->record.authority(),
              static_cast<ReferralState>(stored->record.state()));
        }
        Response response;
        *response.mutable_referral() = ToProto(*stored);
        response.set_act_hash(std::move(*act_hash));
        done(std::move(response));
      });
}

absl::StatusOr<std::string> ReferralDesk::Apply(
    storage::Transaction& transaction, const Moderator& by,
    StoredReferral* stored, Change& change, ChangeCase& change_case) const {
  FRANK_ASSIGN_OR_RETURN(auto before,
                         storage::FindReferral(transaction, stored->id));
  if (!before) return NotFound();
  std::vector<storage::StoredCase> cases;
  for (const std::string& bytes : before->case_id()) {
    storage::StoredCase about;
    FRANK_ASSIGN_OR_RETURN(about.id, CaseId::Parse("case_id", bytes));
    FRANK_ASSIGN_OR_RETURN(about.record, GetCase(transaction, about.id));
    FRANK_RETURN_IF_ERROR(CheckAccess(transaction, by, about.record));
    cases.push_back(std::move(about));
  }
  stored->record = *before;
  const Context context{transaction, by,      d_.clock.Now(),
                        stored->id,  *before, &stored->record};
  FRANK_ASSIGN_OR_RETURN(Act act, change(context));
  if (act.name.empty()) return std::string();
  ActLog acts(transaction, context.now);
  act.details.SetHex("decision", stored->id.bytes())
      .Set("authority", stored->record.authority());
  std::string hash_of_first;
  for (storage::StoredCase& about : cases) {
    const storage::v1::CaseRecord as_it_was = about.record;
    FRANK_RETURN_IF_ERROR(CheckKept(about.record.state()));
    FRANK_RETURN_IF_ERROR(change_case(context, &about));
    FRANK_RETURN_IF_ERROR(
        storage::PutCase(transaction, about.id, &as_it_was, &about.record));
    FRANK_ASSIGN_OR_RETURN(
        crypto::Sha256Digest hash,
        acts.Add(CaseSubject(about.id), ModeratorActor(by.id), act.name,
                 act.details));
    if (hash_of_first.empty()) hash_of_first = ToString(hash);
  }
  storage::PutReferral(transaction, stored->id, &*before, stored->record);
  FRANK_RETURN_IF_ERROR(acts.Write());
  return hash_of_first;
}

absl::Status ReferralDesk::CheckAuthority(const std::string& name) const {
  if (d_.authorities.all().count(name) > 0) return absl::OkStatus();
  return FieldError("authority", "must be one of the configuration");
}

void ReferralDesk::Assign(const Moderator& by,
                          const v1::AssignReferralRequest& request,
                          services::Done<v1::AssignReferralResponse> done) {
  Change change = [this, authority = request.authority()](
                      const Context& context) -> absl::StatusOr<Act> {
    FRANK_RETURN_IF_ERROR(CheckAuthority(authority));
    FRANK_RETURN_IF_ERROR(CheckOpen(context.before));
    if (context.before.authority() == authority) return Act{};
    MoveTo(ReferralState::kAssigned, context.after);
    context.after->set_authority(authority);
    context.after->set_assigned_by(context.by.id);
    context.after->set_assigned_at(context.now);
    return Act{"referral.assigned", {}};
  };
  Run(
      by, request.decision_id(), std::move(change),
      [](const Context&, storage::StoredCase*) { return absl::OkStatus(); },
      std::move(done));
}

absl::StatusOr<storage::v1::DecisionRecord> ReferralDesk::GetDecision(
    const Context& context) const {
  FRANK_ASSIGN_OR_RETURN(
      auto decision, storage::FindDecision(context.transaction, context.id));
  if (!decision) return absl::DataLossError("a decision is missing");
  return *std::move(decision);
}

absl::Status ReferralDesk::CheckHandover(
    const Context& context, const v1::RecordHandoverRequest& request) const {
  FRANK_RETURN_IF_ERROR(CheckOpen(context.before));
  if (context.now < context.before.due_at()) {
    return BadState("the decision can be undone still");
  }
  FRANK_ASSIGN_OR_RETURN(auto decision, GetDecision(context));
  if (decision.moderator() == context.by.id) {
    return WithReason(
        absl::PermissionDeniedError(
            "it takes somebody else than who made or proposed the decision"),
        "SECOND_PERSON");
  }
  if (request.handed_over_at() < context.before.decided_at() ||
      request.handed_over_at() > context.now) {
    return FieldError("handed_over_at",
                      "must be after the decision and not in the future");
  }
  if (request.export_id().empty()) return absl::OkStatus();
  return CheckExport(context, request.export_id());
}

absl::Status ReferralDesk::CheckExport(const Context& context,
                                       const std::string& export_id) const {
  FRANK_ASSIGN_OR_RETURN(ExportId id, ExportId::Parse("export_id", export_id));
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindExport(context.transaction, id));
  if (record && record->fetch_count() > 0) {
    for (const std::string& case_id : context.before.case_id()) {
      if (record->case_id() == case_id) return absl::OkStatus();
    }
  }
  return FieldError("export_id",
                    "must be of a package of one of the cases, which was "
                    "fetched");
}

void ReferralDesk::RecordHandover(
    const Moderator& by, const v1::RecordHandoverRequest& request,
    services::Done<v1::RecordHandoverResponse> done) {
  Change change = [this,
                   request](const Context& context) -> absl::StatusOr<Act> {
    if (Repeats(context.before, request)) return Act{};
    FRANK_RETURN_IF_ERROR(CheckAuthority(request.authority()));
    FRANK_RETURN_IF_ERROR(CheckHandover(context, request));
    MoveTo(ReferralState::kHandedOver, context.after);
    context.after->set_authority(request.authority());
    context.after->set_handed_over_at(request.handed_over_at());
    context.after->set_recorded_by(context.by.id);
    context.after->set_recorded_at(context.now);
    context.after->set_reference(request.reference());
    context.after->set_export_id(request.export_id());
    Act act{"referral.handed_over", {}};
    act.details.Set("handed_over_at", request.handed_over_at());
    if (!request.export_id().empty()) {
      act.details.SetHex("export", AsBytes(request.export_id()));
    }
    return act;
  };
  Run(
      by, request.decision_id(), std::move(change),
      [](const Context& context, storage::StoredCase* about) {
        const Record& referral = *context.after;
        NoteHandedOver(referral.authority(), referral.handed_over_at(),
                       &about->record);
        // So that nobody has it erased by the time that they say.
        KeepUntil(context.now + limits::kLegalHoldGrace, &about->record);
        return absl::OkStatus();
      },
      std::move(done));
}

void ReferralDesk::Withdraw(const Moderator& by,
                            const v1::WithdrawReferralRequest& request,
                            services::Done<v1::WithdrawReferralResponse> done) {
  Change change = [this, reason = request.reason()](
                      const Context& context) -> absl::StatusOr<Act> {
    FRANK_ASSIGN_OR_RETURN(auto decision, GetDecision(context));
    FRANK_ASSIGN_OR_RETURN(
        std::string fingerprint,
        FingerprintWords(d_.vault, context.transaction, decision,
                         crypto::Sha256({AsBytes(reason)})));
    if (IsIn(context.before, ReferralState::kWithdrawn) &&
        context.before.withdrawn_by() == context.by.id &&
        context.before.withdrawn_fingerprint() == fingerprint) {
      return Act{};
    }
    FRANK_RETURN_IF_ERROR(CheckOpen(context.before));
    MoveTo(ReferralState::kWithdrawn, context.after);
    context.after->set_withdrawn_fingerprint(std::move(fingerprint));
    context.after->set_withdrawn_by(context.by.id);
    context.after->set_withdrawn_at(context.now);
    return Act{"referral.withdrawn", {}};
  };
  Run(
      by, request.decision_id(), std::move(change),
      [this, reason = request.reason()](const Context& context,
                                        storage::StoredCase* about) {
        NoteNotReferred(context.now, &about->record);
        return AddNote(d_.vault, context.transaction, about->id,
                       storage::NoteId::Random(d_.random), context.by.id,
                       context.now, reason);
      },
      std::move(done));
}

}  // namespace frank::moderation
