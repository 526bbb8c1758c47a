// What a decision comes to: the pure part of deciding, which previews share.
#ifndef FRANK_SERVICES_MODERATION_DECISION_PLAN_H_
#define FRANK_SERVICES_MODERATION_DECISION_PLAN_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/storage/v1/decision.pb.h"
#include "frank/v1/decision.pb.h"
#include "frank/v1/message.pb.h"
#include "frank/v1/report.pb.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "storage/decision_store.h"

namespace frank::moderation {

using Actions = google::protobuf::RepeatedPtrField<v1::Action>;

// Whether it does anything, to the account or with an authority. Such decisions
// name a reason for acting.
bool Acts(const Actions& actions);
// Whether it is against the account, which then gets a strike; one that also
// restores is not.
bool AddsStrike(const Actions& actions);
// Whether it changes what the account may do or is told.
bool ConcernsAccount(const Actions& actions);
bool Has(const Actions& actions, v1::ActionKind kind);

// The weight of the strikes that neither have expired nor were reversed.
uint32_t CountStrikes(const std::vector<storage::StoredStrike>& strikes,
                      UnixMillis now);

// What so many strikes lead to: the highest step that they reach, with their
// number in it.
storage::v1::LadderStepRecord StepFor(
    const std::vector<storage::v1::LadderStepRecord>& ladder, uint32_t count);

// The LIMIT and SUSPEND of a decision made at `now`: those chosen, and that of
// the ladder.
std::vector<storage::v1::ActionRecord> SanctionsOf(
    const Actions& actions,
    const absl::optional<storage::v1::LadderStepRecord>& step, UnixMillis now);

// What the account is told: the gravest of what is done to it.
v1::NoticeKind NoticeFor(
    const Actions& actions,
    const absl::optional<storage::v1::LadderStepRecord>& step);

// What the reporter of a report is told; `proves`: the report proves a message
// of the accused.
v1::ReportOutcome OutcomeFor(const Actions& actions, bool proves);

// Why a decision needs a second person; empty: it does not. `report_asks`: the
// reason of a report of its cases does.
std::vector<v1::ApprovalCause> ApprovalCausesOf(
    const Actions& actions,
    const absl::optional<storage::v1::LadderStepRecord>& step,
    const storage::v1::PolicyRecord& policy,
    const storage::v1::ReasonRecord& reason, bool report_asks);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_PLAN_H_
