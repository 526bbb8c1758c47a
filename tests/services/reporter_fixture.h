// What the tests of reporters have in common: reports of theirs, and calls of
// ReporterService.
#ifndef FRANK_TESTS_SERVICES_REPORTER_FIXTURE_H_
#define FRANK_TESTS_SERVICES_REPORTER_FIXTURE_H_

#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/reporter_handler.h"
#include "tests/services/decision_world.h"

namespace frank::moderation {

inline constexpr char kCarol[] = "mimi://hub.example/u/carol";

class ReporterFixture : public ::testing::Test {
 protected:
  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(
      void (ReporterHandler::*method)(const services::Call&, const Request&,
                                      services::Done<Response>),
      const Request& request, const std::string& token = kSenior) {
    ReporterDesk desk({*world_.engine, world_.clock});
    ReporterHandler handler(world_.process->moderators, desk);
    services::Call call;
    call.bearer_token = token;
    absl::Notification answered;
    absl::StatusOr<Response> result = absl::UnknownError("not answered");
    (handler.*method)(call, request, [&](absl::StatusOr<Response> answer) {
      result = std::move(answer);
      answered.Notify();
    });
    answered.WaitForNotification();
    return result;
  }
  v1::GetReporterResponse Show(const std::string& uri) {
    v1::GetReporterRequest request;
    request.set_reporter_uri(uri);
    return Ask(&ReporterHandler::GetReporter, request).value();
  }
  v1::Reporter Of(const std::string& uri) {
    world_.CountOutcomes();
    return Show(uri).reporter();
  }
  absl::Status Mute(const std::string& uri, UnixMillis until) {
    v1::MuteReporterRequest request;
    request.set_reporter_uri(uri);
    request.set_until(until);
    return Ask(&ReporterHandler::MuteReporter, request).status();
  }
  absl::Status Unmute(const std::string& uri) {
    v1::UnmuteReporterRequest request;
    request.set_reporter_uri(uri);
    return Ask(&ReporterHandler::UnmuteReporter, request).status();
  }
  absl::Status Release(const std::string& uri) {
    v1::ReleaseReportsRequest request;
    request.set_reporter_uri(uri);
    return Ask(&ReporterHandler::ReleaseReports, request).status();
  }

  void Link(const std::string& moderator, const std::string& account) {
    v1::LinkAccountRequest request;
    request.set_id(moderator);
    request.set_account_uri(account);
    ASSERT_TRUE(
        world_.People(&ModeratorHandler::LinkAccount, kAdministrator, request)
            .ok());
  }

  SentMessage Text(const std::string& text) {
    return world_.platform.SendText(kMallory, text);
  }
  // One whose key is gone.
  SentMessage Unproven(const std::string& text) {
    return world_.platform.SendText(kMallory, text, StampingPlatform::kDead);
  }
  void Report(const std::string& reporter,
              const std::vector<SentMessage>& messages,
              const std::string& reason = "harassment.hate") {
    world_.Report(world_.Content(kMallory, reason, messages), reporter);
    world_.Fold();
  }
  // The same with the platform's word that the reporter was not in the room.
  void Replay(const std::string& reporter, const SentMessage& message,
              const std::string& reason = "harassment.hate",
              v1::Membership membership = v1::MEMBERSHIP_NOT_A_MEMBER) {
    v1::ForwardRequest request =
        world_.Seal(world_.Content(kMallory, reason, {message}), reporter);
    request.set_member(0, membership);
    ASSERT_TRUE(world_.Forward({request}).ok());
    world_.Fold();
  }
  int OpenCases() { return world_.ListCases(kSenior)->case_summary_size(); }
  void Decide(v1::ActionKind action) {
    v1::CaseSummary held = world_.Claim(kReviewer)->claimed();
    auto decided = world_.DecideOne(held, {MakeAction(action)}, ++id_);
    ASSERT_TRUE(decided.ok()) << decided.status();
  }

  DecisionWorld world_;
  char id_ = 'a';
};

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_REPORTER_FIXTURE_H_
