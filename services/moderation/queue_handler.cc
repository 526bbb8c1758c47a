#include "services/moderation/queue_handler.h"

#include <utility>

#include "core/status.h"
#include "services/common/reason_file.h"
#include "services/moderation/case_search.h"
#include "services/moderation/queue_figures.h"
#include "services/moderation/validate_queue.h"

namespace frank::moderation {

using services::Call;
using services::Done;

namespace {

v1::ListQueuesResponse::Queue ToProto(const Routing::Queue& queue,
                                      const QueueFigure& figure) {
  auto cases = [&figure](uint32_t state) {
    auto count = figure.cases.find(state);
    return count == figure.cases.end() ? 0 : count->second;
  };
  v1::ListQueuesResponse::Queue shown;
  shown.set_name(queue.name);
  shown.set_title(queue.title);
  shown.set_seniors_only(queue.seniors_only);
  shown.set_open_count(cases(storage::kCaseOpen));
  shown.set_held_count(figure.held);
  shown.set_on_hold_count(cases(storage::kCaseOnHold));
  shown.set_awaiting_approval_count(cases(storage::kCaseAwaitingApproval));
  shown.set_appealed_count(cases(storage::kCaseAppealed));
  shown.set_oldest_opened_at(figure.oldest_opened_at);
  shown.set_first_deadline(figure.first_deadline);
  shown.set_overdue_count(figure.overdue);
  return shown;
}

}  // namespace

QueueHandler::QueueHandler(const Dependencies& dependencies)
    : d_(dependencies) {}

template <typename Request, typename Response>
void QueueHandler::Act(const Call& call, absl::string_view method,
                       const Request& request,
                       void (CaseDesk::*act)(const Moderator&, const Request&,
                                             Done<Response>),
                       Done<Response> done) {
  absl::Status checked = Check(request);
  if (!checked.ok()) return done(checked);
  auto moderator = d_.moderators.Authorize(call, method);
  if (!moderator.ok()) return done(moderator.status());
  (d_.desk.*act)(*moderator, request, std::move(done));
}

void QueueHandler::ListQueues(const Call& call,
                              const v1::ListQueuesRequest& request,
                              Done<v1::ListQueuesResponse> done) {
  absl::Status checked = Check(request);
  if (!checked.ok()) return done(checked);
  auto moderator = d_.moderators.Authorize(call, "QueueService.ListQueues");
  if (!moderator.ok()) return done(moderator.status());
  auto figures = ReadQueueFigures(d_.engine);
  if (!figures.ok()) return done(figures.status());
  v1::ListQueuesResponse response;
  for (const Routing::Queue& queue : d_.routing.queues()) {
    *response.add_queue() = ToProto(queue, (*figures)[queue.name]);
  }
  done(std::move(response));
}

void QueueHandler::AttendCase(const Call& call,
                              const v1::AttendCaseRequest& request,
                              Done<v1::AttendCaseResponse> done) {
  absl::Status checked = Check(request);
  if (!checked.ok()) return done(checked);
  auto moderator = d_.moderators.Authorize(call, "QueueService.AttendCase");
  if (!moderator.ok()) return done(moderator.status());
  d_.attendance.Attend(*moderator, request, std::move(done));
}

void QueueHandler::HoldCase(const Call& call,
                            const v1::HoldCaseRequest& request,
                            Done<v1::HoldCaseResponse> done) {
  Act(call, "QueueService.HoldCase", request, &CaseDesk::Hold, std::move(done));
}

void QueueHandler::WakeCase(const Call& call,
                            const v1::WakeCaseRequest& request,
                            Done<v1::WakeCaseResponse> done) {
  Act(call, "QueueService.WakeCase", request, &CaseDesk::Wake, std::move(done));
}

void QueueHandler::HandOverCase(const Call& call,
                                const v1::HandOverCaseRequest& request,
                                Done<v1::HandOverCaseResponse> done) {
  Act(call, "QueueService.HandOverCase", request, &CaseDesk::HandOver,
      std::move(done));
}

void QueueHandler::TakeOverCase(const Call& call,
                                const v1::TakeOverCaseRequest& request,
                                Done<v1::TakeOverCaseResponse> done) {
  Act(call, "QueueService.TakeOverCase", request, &CaseDesk::TakeOver,
      std::move(done));
}

void QueueHandler::EscalateCase(const Call& call,
                                const v1::EscalateCaseRequest& request,
                                Done<v1::EscalateCaseResponse> done) {
  Act(call, "QueueService.EscalateCase", request, &CaseDesk::Escalate,
      std::move(done));
}

void QueueHandler::AddNote(const Call& call, const v1::AddNoteRequest& request,
                           Done<v1::AddNoteResponse> done) {
  Act(call, "QueueService.AddNote", request, &CaseDesk::AddNote,
      std::move(done));
}

void QueueHandler::TagCase(const Call& call, const v1::TagCaseRequest& request,
                           Done<v1::TagCaseResponse> done) {
  Act(call, "QueueService.TagCase", request, &CaseDesk::Tag, std::move(done));
}

void QueueHandler::UntagCase(const Call& call,
                             const v1::UntagCaseRequest& request,
                             Done<v1::UntagCaseResponse> done) {
  Act(call, "QueueService.UntagCase", request, &CaseDesk::Untag,
      std::move(done));
}

void QueueHandler::LinkCases(const Call& call,
                             const v1::LinkCasesRequest& request,
                             Done<v1::LinkCasesResponse> done) {
  Act(call, "QueueService.LinkCases", request, &CaseDesk::Link,
      std::move(done));
}

void QueueHandler::UnlinkCases(const Call& call,
                               const v1::UnlinkCasesRequest& request,
                               Done<v1::UnlinkCasesResponse> done) {
  Act(call, "QueueService.UnlinkCases", request, &CaseDesk::Unlink,
      std::move(done));
}

void QueueHandler::MarkDuplicate(const Call& call,
                                 const v1::MarkDuplicateRequest& request,
                                 Done<v1::MarkDuplicateResponse> done) {
  Act(call, "QueueService.MarkDuplicate", request, &CaseDesk::Merge,
      std::move(done));
}

void QueueHandler::SearchNotes(const Call& call,
                               const v1::SearchNotesRequest& request,
                               Done<v1::SearchNotesResponse> done) {
  absl::Status checked = Check(request);
  if (!checked.ok()) return done(checked);
  auto moderator = d_.moderators.Authorize(call, "QueueService.SearchNotes");
  if (!moderator.ok()) return done(moderator.status());
  CaseQuery query = QueryOf(request);
  query.note_text = request.text();
  query.reader = *moderator;
  auto hits = CaseSearch(d_.engine, d_.vault, query).Run();
  if (!hits.ok()) return done(hits.status());
  done(ToResponse<v1::SearchNotesResponse>(*hits));
}

void QueueHandler::ListReasons(const Call& call,
                               const v1::ListReasonsRequest& request,
                               Done<v1::ListReasonsResponse> done) {
  auto moderator = d_.moderators.Authorize(call, "ReasonService.ListReasons");
  if (!moderator.ok()) return done(moderator.status());
  done(services::ListReasons(d_.reasons, request));
}

absl::StatusOr<uint64_t> QueueHandler::WatchCases(
    const Call& call, const v1::WatchCasesRequest& request,
    WatchHub::Wire wire) {
  auto authorize = [this, call] {
    return d_.moderators.Authorize(call, "QueueService.WatchCases");
  };
  FRANK_ASSIGN_OR_RETURN(Moderator moderator, authorize());
  wire.check = [authorize] { return authorize().status(); };
  return d_.watchers.Open(request.token(), moderator.id, std::move(wire));
}

}  // namespace frank::moderation
