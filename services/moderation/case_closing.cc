#include "services/moderation/case_closing.h"

#include <algorithm>
#include <set>
#include <string>

#include "core/status.h"

namespace frank::moderation {

using storage::v1::CaseRecord;

void NoteClosed(const Actions& actions, UnixMillis now, CaseRecord* record) {
  storage::v1::RetentionRecord* retention = record->mutable_retention();
  retention->set_closed_at(now);
  retention->set_acted(ConcernsAccount(actions));
  retention->set_referred(Has(actions, v1::ACTION_KIND_REFER));
  retention->set_deletion(Has(actions, v1::ACTION_KIND_DELETE_EVIDENCE));
}

void NoteReopened(CaseRecord* record) {
  storage::v1::RetentionRecord* retention = record->mutable_retention();
  retention->clear_closed_at();
  retention->clear_acted();
  retention->clear_referred();
  retention->clear_deletion();
}

void NoteAppealDecided(bool overturned, UnixMillis now, CaseRecord* record) {
  record->mutable_retention()->set_closed_at(now);
  if (overturned) NoteTakenBack(now, record);
}

bool NoteTakenBack(UnixMillis now, CaseRecord* record) {
  storage::v1::RetentionRecord* retention = record->mutable_retention();
  const bool waits = retention->referred() && retention->handed_over_at() == 0;
  if (!retention->deletion() && !waits) return false;
  retention->clear_deletion();
  if (waits) NoteNotReferred(now, record);
  return true;
}

void NoteHandedOver(absl::string_view authority, UnixMillis handed_over_at,
                    CaseRecord* record) {
  storage::v1::RetentionRecord* retention = record->mutable_retention();
  retention->set_handed_over_to(authority.data(), authority.size());
  retention->set_handed_over_at(handed_over_at);
}

void NoteNotReferred(UnixMillis now, CaseRecord* record) {
  record->mutable_retention()->clear_referred();
  record->mutable_retention()->set_closed_at(now);
}

void KeepUntil(UnixMillis time, CaseRecord* record) {
  storage::v1::RetentionRecord* retention = record->mutable_retention();
  retention->set_not_before(std::max(retention->not_before(), time));
}

absl::Status CarryLegalHolds(const CaseId& from_id, const CaseRecord& from,
                             const CaseId& into_id, ActLog& acts,
                             CaseRecord* into) {
  KeepUntil(from.retention().not_before(), into);
  std::set<std::string> known;
  for (const auto& hold : into->retention().legal_hold()) {
    known.insert(hold.hold_id());
  }
  for (const auto& hold : from.retention().legal_hold()) {
    if (!known.insert(hold.hold_id()).second) continue;
    auto* carried = into->mutable_retention()->add_legal_hold();
    *carried = hold;
    carried->clear_reason_ciphertext();
    if (hold.from_case_id().empty()) {
      carried->set_from_case_id(ToString(from_id.bytes()));
    }
    FRANK_RETURN_IF_ERROR(acts.Add(CaseSubject(into_id), ServiceActor(),
                                   "legal_hold.carried",
                                   crypto::AuditDetails()
                                       .SetHex("hold", AsBytes(hold.hold_id()))
                                       .SetHex("from", from_id.bytes()))
                              .status());
  }
  return absl::OkStatus();
}

}  // namespace frank::moderation
