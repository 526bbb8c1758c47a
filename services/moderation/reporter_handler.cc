#include "services/moderation/reporter_handler.h"

#include <utility>

#include "core/status.h"
#include "core/uri.h"
#include "services/moderation/validate.h"

namespace frank::moderation {
namespace {

// Answers with the reporter as a change left them.
template <typename Response>
ReporterDesk::Done AnswerWith(services::Done<Response> done) {
  return
      [done = std::move(done)](absl::StatusOr<v1::Reporter> reporter) mutable {
        if (!reporter.ok()) return done(reporter.status());
        Response response;
        *response.mutable_reporter() = *std::move(reporter);
        done(std::move(response));
      };
}

}  // namespace

absl::Status Check(const v1::GetReporterRequest& request) {
  return CheckUri("reporter_uri", request.reporter_uri());
}
absl::Status Check(const v1::MuteReporterRequest& request) {
  return CheckUri("reporter_uri", request.reporter_uri());
}
absl::Status Check(const v1::UnmuteReporterRequest& request) {
  return CheckUri("reporter_uri", request.reporter_uri());
}
absl::Status Check(const v1::ReleaseReportsRequest& request) {
  return CheckUri("reporter_uri", request.reporter_uri());
}
absl::Status Check(const v1::ListMutesRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckPageSize(request.page_size()));
  if (request.page_token().empty() || IsMuteToken(request.page_token())) {
    return absl::OkStatus();
  }
  return FieldError("page_token", "must be one that was returned");
}

template <typename Request>
absl::StatusOr<Moderator> ReporterHandler::Admit(const services::Call& call,
                                                 absl::string_view method,
                                                 const Request& request) const {
  FRANK_RETURN_IF_ERROR(Check(request));
  return moderators_.Authorize(call, method);
}

void ReporterHandler::GetReporter(
    const services::Call& call, const v1::GetReporterRequest& request,
    services::Done<v1::GetReporterResponse> done) {
  auto by = Admit(call, "ReporterService.GetReporter", request);
  if (!by.ok()) return done(by.status());
  done(desk_.Show(*by, request.reporter_uri()));
}

void ReporterHandler::MuteReporter(
    const services::Call& call, const v1::MuteReporterRequest& request,
    services::Done<v1::MuteReporterResponse> done) {
  auto by = Admit(call, "ReporterService.MuteReporter", request);
  if (!by.ok()) return done(by.status());
  desk_.Mute(*by, request.reporter_uri(), request.until(),
             AnswerWith(std::move(done)));
}

void ReporterHandler::UnmuteReporter(
    const services::Call& call, const v1::UnmuteReporterRequest& request,
    services::Done<v1::UnmuteReporterResponse> done) {
  auto by = Admit(call, "ReporterService.UnmuteReporter", request);
  if (!by.ok()) return done(by.status());
  desk_.Unmute(*by, request.reporter_uri(), AnswerWith(std::move(done)));
}

void ReporterHandler::ReleaseReports(
    const services::Call& call, const v1::ReleaseReportsRequest& request,
    services::Done<v1::ReleaseReportsResponse> done) {
  auto by = Admit(call, "ReporterService.ReleaseReports", request);
  if (!by.ok()) return done(by.status());
  desk_.Release(*by, request.reporter_uri(), AnswerWith(std::move(done)));
}

void ReporterHandler::ListMutes(const services::Call& call,
                                const v1::ListMutesRequest& request,
                                services::Done<v1::ListMutesResponse> done) {
  auto by = Admit(call, "ReporterService.ListMutes", request);
  if (!by.ok()) return done(by.status());
  done(desk_.Mutes(*by, request));
}

}  // namespace frank::moderation
