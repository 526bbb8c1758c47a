// QueueService and ReasonService without gRPC: checks a request, authorizes the
// caller, hands over to the desk.
#ifndef FRANK_SERVICES_MODERATION_QUEUE_HANDLER_H_
#define FRANK_SERVICES_MODERATION_QUEUE_HANDLER_H_

#include <string>

#include "core/taxonomy.h"
#include "frank/v1/queue.pb.h"
#include "frank/v1/reason.pb.h"
#include "services/common/call.h"
#include "services/moderation/attendance_desk.h"
#include "services/moderation/case_desk.h"
#include "services/moderation/moderators.h"
#include "services/moderation/routing.h"
#include "services/moderation/watch_hub.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe. Requests live until the answer is given.
class QueueHandler {
 public:
  // All outlive the handler.
  struct Dependencies {
    storage::Engine& engine;
    const Moderators& moderators;
    const KeyVault& vault;
    const Routing& routing;
    const ReasonTable& reasons;
    const Clock& clock;
    CaseDesk& desk;
    AttendanceDesk& attendance;
    WatchHub& watchers;
  };
  explicit QueueHandler(const Dependencies& dependencies);

  void ListQueues(const services::Call& call,
                  const v1::ListQueuesRequest& request,
                  services::Done<v1::ListQueuesResponse> done);
  void AttendCase(const services::Call& call,
                  const v1::AttendCaseRequest& request,
                  services::Done<v1::AttendCaseResponse> done);
  void HoldCase(const services::Call& call, const v1::HoldCaseRequest& request,
                services::Done<v1::HoldCaseResponse> done);
  void WakeCase(const services::Call& call, const v1::WakeCaseRequest& request,
                services::Done<v1::WakeCaseResponse> done);
  void HandOverCase(const services::Call& call,
                    const v1::HandOverCaseRequest& request,
                    services::Done<v1::HandOverCaseResponse> done);
  void TakeOverCase(const services::Call& call,
                    const v1::TakeOverCaseRequest& request,
                    services::Done<v1::TakeOverCaseResponse> done);
  void EscalateCase(const services::Call& call,
                    const v1::EscalateCaseRequest& request,
                    services::Done<v1::EscalateCaseResponse> done);
  void AddNote(const services::Call& call, const v1::AddNoteRequest& request,
               services::Done<v1::AddNoteResponse> done);
  void TagCase(const services::Call& call, const v1::TagCaseRequest& request,
               services::Done<v1::TagCaseResponse> done);
  void UntagCase(const services::Call& call,
                 const v1::UntagCaseRequest& request,
                 services::Done<v1::UntagCaseResponse> done);
  void LinkCases(const services::Call& call,
                 const v1::LinkCasesRequest& request,
                 services::Done<v1::LinkCasesResponse> done);
  void UnlinkCases(const services::Call& call,
                   const v1::UnlinkCasesRequest& request,
                   services::Done<v1::UnlinkCasesResponse> done);
  void MarkDuplicate(const services::Call& call,
                     const v1::MarkDuplicateRequest& request,
                     services::Done<v1::MarkDuplicateResponse> done);
  void SearchNotes(const services::Call& call,
                   const v1::SearchNotesRequest& request,
                   services::Done<v1::SearchNotesResponse> done);
  void ListReasons(const services::Call& call,
                   const v1::ListReasonsRequest& request,
                   services::Done<v1::ListReasonsResponse> done);

  // Starts a watcher, whose wire's `check` the handler sets; errors also as
  // WatchHub::Open.
  absl::StatusOr<uint64_t> WatchCases(const services::Call& call,
                                      const v1::WatchCasesRequest& request,
                                      WatchHub::Wire wire);
  WatchHub& watchers() { return d_.watchers; }

 private:
  // Checks, authorizes, and runs a method of the desk.
  template <typename Request, typename Response>
  void Act(const services::Call& call, absl::string_view method,
           const Request& request,
           void (CaseDesk::*act)(const Moderator&, const Request&,
                                 services::Done<Response>),
           services::Done<Response> done);

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_QUEUE_HANDLER_H_
