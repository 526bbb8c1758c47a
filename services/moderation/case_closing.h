// What closing a case says about how long it is kept; the class that follows is
// storage/retention_store.h's. For whoever changes a case's state, before it is
// written.
#ifndef FRANK_SERVICES_MODERATION_CASE_CLOSING_H_
#define FRANK_SERVICES_MODERATION_CASE_CLOSING_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "services/moderation/act_log.h"
#include "services/moderation/decision_plan.h"
#include "storage/case_store.h"

namespace frank::moderation {

// A decision with these actions closes the case; none: it is a duplicate.
void NoteClosed(const Actions& actions, UnixMillis now,
                storage::v1::CaseRecord* record);
// That decision is undone: the case is as it was before.
void NoteReopened(storage::v1::CaseRecord* record);
// Somebody has decided the appeal against it. When they overturned it, it is
// taken back.
void NoteAppealDecided(bool overturned, UnixMillis now,
                       storage::v1::CaseRecord* record);
// It is taken back: what it said about deletion falls with it, and its referral
// unless that was handed over. Returns whether that changed the record.
bool NoteTakenBack(UnixMillis now, storage::v1::CaseRecord* record);

// Its referral was handed over to an authority: its time runs from then.
void NoteHandedOver(absl::string_view authority, UnixMillis handed_over_at,
                    storage::v1::CaseRecord* record);
// It is not handed over after all: it is kept as what else it is, from now on.
void NoteNotReferred(UnixMillis now, storage::v1::CaseRecord* record);

// It is not due before then, whatever becomes of its class.
void KeepUntil(UnixMillis time, storage::v1::CaseRecord* record);

// Legal holds go wherever reports and evidence of their case go, each with an
// act, and so does until when that is kept at least.
absl::Status CarryLegalHolds(const CaseId& from_id,
                             const storage::v1::CaseRecord& from,
                             const CaseId& into_id, ActLog& acts,
                             storage::v1::CaseRecord* into);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_CLOSING_H_
