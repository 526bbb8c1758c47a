// Every field of the requests about reports and appeals against its limit,
// before anything is looked up. What only a store can tell is in the tests of
// the services.
#include "absl/strings/escaping.h"
#include "services/platform/appeal_handler.h"
#include "services/platform/report_validate.h"
#include "tests/services/field_rules.h"

namespace frank::platform {
namespace {

constexpr char kAuthority[] = "mimi://hub.example";
constexpr char kAlice[] = "mimi://hub.example/u/alice";
constexpr char kRoom[] = "mimi://hub.example/r/1";

// Rules of a request that is checked without anything beside it.
template <typename Request>
FieldRules<Request> Rules(Request good) {
  return FieldRules<Request>(std::move(good),
                             [](const Request& r) { return Validate(r); });
}

TEST(ReportFieldsTest, GetReportingKeys) {
  const auto authorities = [](size_t count) {
    return [count](v1::GetReportingKeysRequest& r) {
      while (r.authority_size() < static_cast<int>(count)) {
        r.add_authority(kAuthority);
      }
    };
  };
  auto rules = Rules(v1::GetReportingKeysRequest());
  rules
      .Takes("as many as may be",
             authorities(limits::kMaxReportingKeyAuthorities))
      .Refuses("authority", "too many",
               authorities(limits::kMaxReportingKeyAuthorities + 1));
  std::vector<std::string> bad = BadUris();
  bad.insert(bad.end(), {kAlice, "hub.example", "mimi://Hub.example"});
  for (const std::string& authority : bad) {
    rules.Refuses("authority[1]", authority, [&](auto& r) {
      r.add_authority(kAuthority);
      r.add_authority(authority);
    });
  }
}

TEST(ReportFieldsTest, SubmitReport) {
  v1::SubmitReportRequest good;
  good.set_report_id(OfBytes(16));
  good.set_review_key_id(OfBytes(8));
  good.set_sealed_report(OfBytes(limits::kMinSealedReportBytes));
  const auto sealed = [](size_t size) {
    return [size](auto& r) { r.set_sealed_report(OfBytes(size)); };
  };
  const auto franks = [](size_t count) {
    return [count](v1::SubmitReportRequest& r) {
      while (r.frank_size() < static_cast<int>(count)) r.add_frank();
    };
  };
  Rules(good)
      .HasBytes("report_id", 16,
                [](auto& r, const auto& id) { r.set_report_id(id); })
      .HasBytes("review_key_id", 8,
                [](auto& r, const auto& id) { r.set_review_key_id(id); })
      .Refuses("sealed_report", "absent", sealed(0))
      .Refuses("sealed_report", "short",
               sealed(limits::kMinSealedReportBytes - 1))
      .Takes("the largest report", sealed(limits::kMaxSealedReportBytes))
      .Refuses("sealed_report", "long",
               sealed(limits::kMaxSealedReportBytes + 1))
      .Takes("as many as may be", franks(limits::kMaxReportedMessages))
      .Refuses("frank", "too many", franks(limits::kMaxReportedMessages + 1))
      .MayHaveUri("reporter_uri",
                  [](auto& r, const auto& uri) { r.set_reporter_uri(uri); });
}

TEST(ReportFieldsTest, OwnReports) {
  v1::GetReportRequest get;
  get.set_report_id(OfBytes(16));
  Rules(get)
      .HasBytes("report_id", 16,
                [](auto& r, const auto& id) { r.set_report_id(id); })
      .MayHaveUri("reporter_uri",
                  [](auto& r, const auto& uri) { r.set_reporter_uri(uri); });
  v1::ListReportsRequest list;
  list.set_page_token(ToPageToken({1, ReportId()}));
  Rules(list)
      .HasPages({"zz", "\xff", list.page_token() + "AAAA",
                 absl::WebSafeBase64Escape(OfBytes(23))})
      .MayHaveUri("reporter_uri",
                  [](auto& r, const auto& uri) { r.set_reporter_uri(uri); });
  v1::SetReportNoticesRequest notices;
  notices.set_report_id(OfBytes(16));
  Rules(notices)
      .Takes("all reports", [](auto& r) { r.clear_report_id(); })
      .Refuses("report_id", "short",
               [](auto& r) { r.set_report_id(OfBytes(15)); })
      .Refuses("report_id", "long",
               [](auto& r) { r.set_report_id(OfBytes(17)); })
      .MayHaveUri("reporter_uri",
                  [](auto& r, const auto& uri) { r.set_reporter_uri(uri); });
}

TEST(ReportFieldsTest, SubmitMismatchNotice) {
  v1::SubmitMismatchNoticeRequest good;
  good.set_request_id(OfBytes(16));
  good.set_room_uri(kRoom);
  good.set_sequence(1);
  good.set_kind(v1::MISMATCH_KIND_INTEGRITY);
  Rules(good)
      .HasBytes("request_id", 16,
                [](auto& r, const auto& id) { r.set_request_id(id); })
      .HasUri("room_uri", [](auto& r, const auto& uri) { r.set_room_uri(uri); })
      .Refuses("sequence", "none", [](auto& r) { r.clear_sequence(); })
      .Refuses("kind", "absent", [](auto& r) { r.clear_kind(); })
      .Refuses("kind", "unknown",
               [](auto& r) { r.set_kind(static_cast<v1::MismatchKind>(5)); });
}

TEST(AppealFieldsTest, SubmitAppealAndListDecisions) {
  v1::SubmitAppealRequest submit;
  submit.set_decision_id(OfBytes(16));
  submit.set_review_key_id(OfBytes(8));
  submit.set_sealed_appeal(OfBytes(limits::kSealedAppealBytes));
  Rules(submit)
      .HasBytes("decision_id", 16,
                [](auto& r, const auto& id) { r.set_decision_id(id); })
      .HasBytes("review_key_id", 8,
                [](auto& r, const auto& id) { r.set_review_key_id(id); })
      .HasBytes("sealed_appeal", limits::kSealedAppealBytes,
                [](auto& r, const auto& bytes) { r.set_sealed_appeal(bytes); })
      .MayHaveUri("account_uri",
                  [](auto& r, const auto& uri) { r.set_account_uri(uri); });
  v1::ListDecisionsRequest list;
  list.set_page_token(absl::WebSafeBase64Escape(OfBytes(16)));
  Rules(list)
      .HasPages({"zz", "\xff", absl::WebSafeBase64Escape(OfBytes(15)),
                 absl::WebSafeBase64Escape(OfBytes(17))})
      .MayHaveUri("account_uri",
                  [](auto& r, const auto& uri) { r.set_account_uri(uri); });
}

}  // namespace
}  // namespace frank::platform
