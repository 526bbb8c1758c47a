#include "services/moderation/review_proto.h"

#include "core/bytes.h"
#include "services/moderation/case_access.h"
#include "services/moderation/legal_holds.h"
#include "services/moderation/routing.h"
#include "storage/retention_store.h"

namespace frank::moderation {

v1::Lease ToProto(const storage::v1::LeaseRecord& lease) {
  v1::Lease proto;
  proto.set_holder(lease.holder());
  proto.set_epoch(lease.epoch());
  proto.set_expires_at(lease.expires_at());
  return proto;
}

v1::CaseTag ToProto(const storage::v1::CaseTagRecord& tag) {
  v1::CaseTag proto;
  proto.set_name(tag.name());
  proto.set_moderator(tag.moderator());
  proto.set_expires_at(tag.expires_at());
  return proto;
}

v1::CaseSummary ToProto(const CaseId& id,
                        const storage::v1::CaseRecord& record) {
  v1::CaseSummary proto;
  proto.set_case_id(ToString(id.bytes()));
  proto.set_accused_uri(record.accused_uri());
  proto.set_policy_area(record.policy_area());
  proto.set_severity(static_cast<v1::Severity>(record.severity()));
  proto.set_deadline(record.deadline());
  proto.set_opened_at(record.opened_at());
  proto.set_state(static_cast<v1::CaseState>(record.state()));
  if (!record.lease().holder().empty()) {
    *proto.mutable_lease() = ToProto(record.lease());
  }
  proto.set_report_count(record.report_count());
  proto.set_proven_count(record.proven_count());
  proto.set_proven_reporter_count(record.proven_reporter_count());
  proto.set_unproven_count(record.unproven_count());
  proto.set_clear_mismatch(record.clear_mismatch());
  proto.set_reporter_weight(record.reporter_weight());
  proto.set_replay_count(record.replay_count());
  proto.set_exposure(static_cast<v1::ExposureCategory>(ExposureOf(record)));
  proto.set_queue(record.queue());
  proto.set_revision(record.revision());
  proto.set_joined_revision(record.joined_revision());
  proto.set_hold_until(record.hold_until());
  for (const auto& tag : record.tag()) *proto.add_tag() = ToProto(tag);
  *proto.mutable_reason() = record.reason();
  proto.set_proof(ProofOf(record));
  proto.set_forged_count(record.forged_count());
  proto.set_language_hint(record.language_hint());
  proto.set_needs_second_person(record.needs_second_person());
  proto.set_duplicate_of(record.duplicate_of());
  *proto.mutable_excluded_moderator() = record.excluded_moderator();
  proto.set_retention_class(
      static_cast<v1::RetentionClass>(storage::RetentionClassOf(record)));
  proto.set_closed_at(record.retention().closed_at());
  proto.set_shredded_at(record.retention().shredded_at());
  proto.set_appealed_at(record.appealed_at());
  for (const auto& hold : record.retention().legal_hold()) {
    *proto.add_legal_hold() = ToProto(id, hold);
  }
  return proto;
}

v1::MessageVerdict ToProto(const storage::v1::MessageVerdictRecord& record) {
  v1::MessageVerdict proto;
  proto.set_verdict(static_cast<v1::Verdict>(record.verdict()));
  proto.set_franking_tag(record.franking_tag());
  proto.set_sender_uri(record.sender_uri());
  proto.set_room_uri(record.room_uri());
  proto.set_accepted_timestamp(record.accepted_timestamp());
  proto.set_form(record.form());
  proto.set_window_not_before(record.window_not_before());
  proto.set_window_not_after(record.window_not_after());
  proto.set_detail(record.detail());
  return proto;
}

v1::EnforcementState ToProto(const storage::v1::AccountStateRecord& record) {
  v1::EnforcementState proto;
  proto.set_account_uri(record.account_uri());
  proto.set_number(record.number());
  proto.set_suspended(record.suspended());
  proto.set_suspended_until(record.suspended_until());
  proto.set_messages_an_hour(record.messages_an_hour());
  proto.set_limited_until(record.limited_until());
  proto.set_policy(record.policy());
  proto.set_notice(static_cast<v1::NoticeKind>(record.notice()));
  proto.set_decision_id(record.decision_id());
  return proto;
}

}  // namespace frank::moderation
