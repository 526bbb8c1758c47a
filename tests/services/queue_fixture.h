// What the tests of the queue have in common: cases to work on, and calls of
// QueueService.
#ifndef FRANK_TESTS_SERVICES_QUEUE_FIXTURE_H_
#define FRANK_TESTS_SERVICES_QUEUE_FIXTURE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/case_store.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {

class QueueFixture : public ::testing::Test {
 protected:
  // Calls a method of the handler and waits for its answer.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      void (QueueHandler::*method)(const services::Call&, const Request&,
                                   services::Done<Response>),
      const std::string& token, const Request& request) {
    return Await<Response>([&](services::Done<Response> done) {
      (world_.process->queue.*method)(CallOf(token), request, std::move(done));
    });
  }

  static std::string Account(const std::string& name) {
    return "mimi://hub.example/u/" + name;
  }

  // A report of a proven message, folded; returns the case.
  std::string ReportAbout(const std::string& name,
                          const std::string& reason = "harassment.hate",
                          const std::string& reporter = "bob") {
    return ReportMessage(name, reason, reporter,
                         world_.platform.SendText(Account(name), "abuse"));
  }
  std::string ReportMessage(const std::string& name, const std::string& reason,
                            const std::string& reporter,
                            const SentMessage& message) {
    // Two cases of an account are told apart by when they were opened.
    world_.clock.Advance(1);
    world_.Report(world_.Content(Account(name), reason, {message}),
                  Account(reporter));
    world_.Fold();
    return NewestCaseOf(name, reason.substr(0, reason.find('.')));
  }
  std::string NewestCaseOf(const std::string& name, const std::string& area) {
    auto found = storage::FindNewestCase(*world_.engine, Account(name), area);
    EXPECT_TRUE(found.ok() && found->has_value());
    return std::string((*found)->text());
  }

  v1::CaseSummary Summary(const std::string& id) {
    return world_.GetCase(kReviewer, id, false).value().case_summary();
  }
  v1::CaseSummary Claim(const std::string& id,
                        const std::string& token = kReviewer) {
    auto claim = world_.Claim(token, id);
    EXPECT_TRUE(claim.ok()) << claim.status();
    return claim.ok() ? claim->claimed() : v1::CaseSummary();
  }
  void Decide(const v1::CaseSummary& held, const std::string& token = kReviewer,
              char id = 'd') {
    auto decided = world_.Decide(
        token, world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                               std::string(16, id)));
    ASSERT_TRUE(decided.ok()) << decided.status();
  }

  // Writes a case as some other part of the service would have left it.
  void Rewrite(const std::string& id,
               const std::function<void(storage::v1::CaseRecord*)>& change) {
    CaseId case_id(ToArray<CaseId::kSize>(AsBytes(id)));
    absl::Status status = storage::RunTransactionAndWait(
        *world_.engine, [&](storage::Transaction& t) -> absl::Status {
          auto found = storage::FindCase(t, case_id);
          storage::v1::CaseRecord after = **found;
          change(&after);
          return storage::PutCase(t, case_id, &**found, &after);
        });
    ASSERT_TRUE(status.ok()) << status;
  }

  v1::HoldCaseRequest HoldRequest(const v1::CaseSummary& held,
                                  UnixMillis until) {
    v1::HoldCaseRequest request;
    request.set_case_id(held.case_id());
    request.set_epoch(held.lease().epoch());
    request.set_until(until);
    request.set_reason("waiting for a translation");
    request.set_past_deadline(true);
    return request;
  }
  absl::StatusOr<v1::HoldCaseResponse> Hold(const v1::CaseSummary& held,
                                            UnixMillis until) {
    return Call(&QueueHandler::HoldCase, kReviewer, HoldRequest(held, until));
  }
  absl::StatusOr<v1::WakeCaseResponse> Wake(
      const std::string& id, const std::string& token = kReviewer) {
    v1::WakeCaseRequest request;
    request.set_case_id(id);
    return Call(&QueueHandler::WakeCase, token, request);
  }
  v1::HandOverCaseRequest HandOverRequest(const v1::CaseSummary& held) {
    v1::HandOverCaseRequest request;
    request.set_case_id(held.case_id());
    request.set_epoch(held.lease().epoch());
    request.set_note("please look at the second message");
    return request;
  }
  absl::StatusOr<v1::HandOverCaseResponse> HandOverTo(
      const v1::CaseSummary& held, const std::string& moderator) {
    v1::HandOverCaseRequest request = HandOverRequest(held);
    request.set_moderator(moderator);
    return Call(&QueueHandler::HandOverCase, kReviewer, request);
  }
  absl::StatusOr<v1::HandOverCaseResponse> HandOverToQueue(
      const v1::CaseSummary& held, const std::string& queue) {
    v1::HandOverCaseRequest request = HandOverRequest(held);
    request.set_queue(queue);
    return Call(&QueueHandler::HandOverCase, kReviewer, request);
  }
  absl::StatusOr<v1::TakeOverCaseResponse> TakeOver(
      const v1::CaseSummary& held, const std::string& token = kSenior) {
    v1::TakeOverCaseRequest request;
    request.set_case_id(held.case_id());
    request.set_epoch(held.lease().epoch());
    request.set_note("rita is ill");
    return Call(&QueueHandler::TakeOverCase, token, request);
  }
  absl::StatusOr<v1::LinkCasesResponse> Link(
      const std::string& id, const std::string& other,
      const std::string& token = kReviewer) {
    v1::LinkCasesRequest request;
    request.set_case_id(id);
    request.set_other_case_id(other);
    return Call(&QueueHandler::LinkCases, token, request);
  }
  absl::StatusOr<v1::EscalateCaseResponse> Escalate(
      const v1::CaseSummary& held, const std::string& token = kReviewer) {
    v1::EscalateCaseRequest request;
    request.set_case_id(held.case_id());
    request.set_epoch(held.lease().epoch());
    request.set_note("beyond me");
    return Call(&QueueHandler::EscalateCase, token, request);
  }
  absl::StatusOr<v1::AddNoteResponse> AddNote(const std::string& id,
                                              const std::string& text,
                                              char note_id = 'n') {
    v1::AddNoteRequest request;
    request.set_case_id(id);
    request.set_note_id(std::string(16, note_id));
    request.set_text(text);
    return Call(&QueueHandler::AddNote, kReviewer, request);
  }
  absl::StatusOr<v1::TagCaseResponse> Tag(const std::string& id,
                                          const std::string& tag,
                                          UnixMillis expires_at = 0) {
    v1::TagCaseRequest request;
    request.set_case_id(id);
    request.set_tag(tag);
    request.set_expires_at(expires_at);
    return Call(&QueueHandler::TagCase, kReviewer, request);
  }
  absl::StatusOr<v1::MarkDuplicateResponse> Merge(const v1::CaseSummary& held,
                                                  const std::string& into) {
    v1::MarkDuplicateRequest request;
    request.set_case_id(held.case_id());
    request.set_epoch(held.lease().epoch());
    request.set_into_case_id(into);
    return Call(&QueueHandler::MarkDuplicate, kReviewer, request);
  }

  // One pass of the background worker.
  void Tend() { world_.process->keeper.Tend(); }

  std::vector<std::string> ActsOf(const std::string& id) {
    std::vector<std::string> acts;
    auto listed = world_.Acts(kAuditor, id);
    EXPECT_TRUE(listed.ok()) << listed.status();
    for (const auto& act : listed->act()) acts.push_back(act.act());
    return acts;
  }
  static std::string Reason(const absl::Status& status) {
    return FindReason(status).value_or(std::string(status.message()));
  }

  ModerationWorld world_;
};

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_QUEUE_FIXTURE_H_
