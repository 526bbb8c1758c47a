// Every field of the requests about retention, referrals, targets and evidence
// packages against its limit, before anything is looked up.
#include <string>

#include "services/moderation/export_handler.h"
#include "services/moderation/validate_referral.h"
#include "services/moderation/validate_retention.h"
#include "services/moderation/validate_target.h"
#include "tests/services/field_rules.h"

namespace frank::moderation {
namespace {

template <typename Request>
FieldRules<Request> Rules(Request good) {
  return FieldRules<Request>(std::move(good),
                             [](const Request& r) { return Check(r); });
}

// What placing a hold and lifting it have in common.
template <typename Request>
void HasHold() {
  Request good;
  good.set_case_id(OfBytes(16));
  good.set_hold_id(OfBytes(16));
  good.set_reason("court order 7");
  Rules(good)
      .HasBytes("case_id", 16, [](auto& r, const auto& v) { r.set_case_id(v); })
      .HasBytes("hold_id", 16, [](auto& r, const auto& v) { r.set_hold_id(v); })
      .HasText("reason", 1, limits::kMaxLegalHoldReasonBytes,
               [](auto& r, const auto& v) { r.set_reason(v); });
}

TEST(RetentionFieldsTest, OfWhatIsDue) {
  Rules(v1::ListDueRequest())
      .HasPages({})
      .Takes("the last time",
             [](auto& r) { r.set_due_until(limits::kMaxRetentionTime); })
      .Refuses("due_until", "too late",
               [](auto& r) { r.set_due_until(limits::kMaxRetentionTime + 1); });
}

TEST(RetentionFieldsTest, OfLegalHolds) {
  HasHold<v1::PlaceLegalHoldRequest>();
  HasHold<v1::LiftLegalHoldRequest>();
  Rules(v1::ListLegalHoldsRequest()).HasPages({});
}

// A name of an authority, under "authority".
template <typename Request>
void HasAuthority(FieldRules<Request>& rules) {
  const auto name = [](const std::string& value) {
    return [value](Request& r) { r.set_authority(value); };
  };
  rules.Takes("the longest", name(OfBytes(limits::kMaxAuthorityNameBytes)))
      .Takes("every character", name("az-09_"))
      .Refuses("authority", "too long",
               name(OfBytes(limits::kMaxAuthorityNameBytes + 1)));
  for (const char* bad : {"Police", "the police", "p\n", "p.x", "\xff"}) {
    rules.Refuses("authority", bad, name(bad));
  }
}

TEST(ReferralFieldsTest, OfLists) {
  auto rules = Rules(v1::ListReferralsRequest());
  rules.HasPages({})
      .Takes("each state",
             [](auto& r) { r.set_state(v1::REFERRAL_STATE_HANDED_OVER); })
      .Refuses("state", "unknown", [](auto& r) {
        r.set_state(static_cast<v1::ReferralState>(99));
      });
  HasAuthority(rules);
}

TEST(ReferralFieldsTest, OfChanges) {
  const auto decision = [](auto& r, const auto& v) { r.set_decision_id(v); };
  v1::AssignReferralRequest assign;
  assign.set_decision_id(OfBytes(16));
  assign.set_authority("police");
  auto assigning = Rules(assign);
  assigning.HasBytes("decision_id", 16, decision)
      .Refuses("authority", "empty", [](auto& r) { r.clear_authority(); });
  HasAuthority(assigning);

  v1::RecordHandoverRequest handover;
  handover.set_decision_id(OfBytes(16));
  handover.set_authority("police");
  handover.set_reference("2026/17");
  handover.set_handed_over_at(1);
  auto recording = Rules(handover);
  recording.HasBytes("decision_id", 16, decision)
      .HasText("reference", 1, limits::kMaxReferenceBytes,
               [](auto& r, const auto& v) { r.set_reference(v); })
      .Refuses("handed_over_at", "unset",
               [](auto& r) { r.clear_handed_over_at(); })
      .Takes("an export", [](auto& r) { r.set_export_id(OfBytes(16)); })
      .Refuses("export_id", "short",
               [](auto& r) { r.set_export_id(OfBytes(15)); });
  HasAuthority(recording);

  v1::WithdrawReferralRequest withdraw;
  withdraw.set_decision_id(OfBytes(16));
  withdraw.set_reason("a mistake");
  Rules(withdraw)
      .HasBytes("decision_id", 16, decision)
      .HasText("reason", 1, limits::kMaxReferralReasonBytes,
               [](auto& r, const auto& v) { r.set_reason(v); });
}

TEST(TargetFieldsTest, OfWhatWasReached) {
  v1::GetReachedRequest good;
  good.set_from(1 * kDay);
  good.set_until(2 * kDay);
  good.set_period(v1::REACHED_PERIOD_DAY);
  auto rules = Rules(good);
  rules
      .Takes("the longest span",
             [](auto& r) { r.set_until(r.from() + limits::kMaxReachedSpan); })
      .Refuses("until", "not later", [](auto& r) { r.set_until(r.from()); })
      .Refuses(
          "until", "too long",
          [](auto& r) { r.set_until(r.from() + limits::kMaxReachedSpan + 1); })
      .Refuses("until", "too late",
               [](auto& r) {
                 r.set_from(uint64_t{UINT32_MAX} * kDay - 1);
                 r.set_until(r.from() + 1);
               })
      .Refuses("period", "unspecified", [](auto& r) { r.clear_period(); })
      .Refuses("period", "unknown",
               [](auto& r) { r.set_period(static_cast<v1::ReachedPeriod>(9)); })
      .Takes("a token", [](auto& r) { r.set_page_token(OfBytes(4)); })
      .Refuses("page_token", "of another length",
               [](auto& r) { r.set_page_token(OfBytes(5)); });
  const auto names = [](v1::GetReachedRequest& r, const std::string& field) {
    return field == "queue" ? r.mutable_queue() : r.mutable_reason();
  };
  for (const std::string field : {"queue", "reason"}) {
    const auto fill = [=](size_t count, const std::string& name) {
      return [=](v1::GetReachedRequest& r) {
        for (size_t i = 0; i < count; ++i) *names(r, field)->Add() = name;
      };
    };
    rules
        .Takes("most " + field,
               fill(limits::kMaxFilterValues, OfBytes(limits::kMaxReasonBytes)))
        .Refuses(field, "too many", fill(limits::kMaxFilterValues + 1, "x"))
        .Refuses(field, "too long",
                 fill(1, OfBytes(limits::kMaxReasonBytes + 1)))
        .Refuses(field, "no UTF-8", fill(1, "\xff"));
  }
}

// Of a request about one export.
template <typename Request>
FieldRules<Request> ExportRules(Request good) {
  good.set_export_id(OfBytes(16));
  return Rules(std::move(good))
      .HasBytes("export_id", 16,
                [](auto& r, const auto& v) { r.set_export_id(v); });
}

TEST(ExportFieldsTest, OfRequests) {
  v1::RequestExportRequest good;
  good.set_case_id(OfBytes(16));
  good.set_recipient_key(OfBytes(32));
  good.set_recipient("The court");
  good.set_purpose("The trial");
  good.set_legal_basis("An order");
  const auto key = [](auto& r, const auto& v) { r.set_recipient_key(v); };
  ExportRules(good)
      .HasBytes("case_id", 16, [](auto& r, const auto& v) { r.set_case_id(v); })
      .HasBytes("recipient_key", 32, key)
      .Refuses("recipient_key", "of small order",
               [](auto& r) { r.set_recipient_key(std::string(32, '\0')); })
      .HasText("recipient", 1, limits::kMaxRecipientBytes,
               [](auto& r, const auto& v) { r.set_recipient(v); })
      .HasText("purpose", 1, limits::kMaxPurposeBytes,
               [](auto& r, const auto& v) { r.set_purpose(v); })
      .HasText("legal_basis", 1, limits::kMaxLegalBasisBytes,
               [](auto& r, const auto& v) { r.set_legal_basis(v); });
  v1::ReleaseExportRequest release;
  release.set_recipient_key(OfBytes(32));
  ExportRules(release).HasBytes("recipient_key", 32, key);
}

TEST(ExportFieldsTest, OfTheRest) {
  ExportRules(v1::CancelExportRequest());
  ExportRules(v1::FetchExportRequest());
  Rules(v1::ListExportsRequest())
      .HasPages({})
      .Takes("a case", [](auto& r) { r.set_case_id(OfBytes(16)); })
      .Refuses("case_id", "long", [](auto& r) { r.set_case_id(OfBytes(17)); });
}

}  // namespace
}  // namespace frank::moderation
