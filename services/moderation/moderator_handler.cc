#include "services/moderation/moderator_handler.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/act_view.h"
#include "services/moderation/moderator_proto.h"
#include "services/moderation/permissions.h"
#include "services/moderation/validate_moderators.h"
#include "storage/people_store.h"

namespace frank::moderation {
namespace {

// Answers with the moderator as a change left them.
template <typename Response>
ModeratorDesk::Done AnswerWith(services::Done<Response> done) {
  return [done = std::move(done)](
             absl::StatusOr<v1::Moderator> moderator) mutable {
    if (!moderator.ok()) return done(moderator.status());
    Response response;
    *response.mutable_moderator() = *std::move(moderator);
    done(std::move(response));
  };
}

// Of a provider's moderators only they themselves know.
bool WorksOnCases(const v1::Moderator& moderator) {
  if (moderator.disabled()) return false;
  if (moderator.source() == v1::MODERATOR_SOURCE_PROVIDER) return true;
  return std::any_of(
      moderator.role().begin(), moderator.role().end(), [](int role) {
        return IsAllowed("ReviewService.ClaimCase", static_cast<Role>(role));
      });
}

}  // namespace

ModeratorHandler::ModeratorHandler(const Dependencies& dependencies)
    : d_(dependencies) {}

template <typename Request>
absl::StatusOr<Moderator> ModeratorHandler::Admit(
    const services::Call& call, absl::string_view method,
    const Request& request) const {
  FRANK_RETURN_IF_ERROR(Check(request));
  return d_.moderators.Authorize(call, method);
}

void ModeratorHandler::AddModerator(
    const services::Call& call, const v1::AddModeratorRequest& request,
    services::Done<v1::AddModeratorResponse> done) {
  auto by = Admit(call, "ModeratorService.AddModerator", request);
  if (!by.ok()) return done(by.status());
  d_.desk.Add(*by, request, AnswerWith(std::move(done)));
}

void ModeratorHandler::GetModerator(
    const services::Call& call, const v1::GetModeratorRequest& request,
    services::Done<v1::GetModeratorResponse> done) {
  auto by = Admit(call, "ModeratorService.GetModerator", request);
  if (!by.ok()) return done(by.status());
  done(Get(request.id()));
}

absl::StatusOr<v1::GetModeratorResponse> ModeratorHandler::Get(
    const std::string& id) const {
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindModerator(d_.engine, id));
  const Moderator* configured = d_.configured.Find(id);
  if (!found && configured == nullptr) {
    return WithReason(absl::NotFoundError("no such moderator"), "NOT_FOUND");
  }
  v1::GetModeratorResponse response;
  *response.mutable_moderator() =
      ToProto(id, found ? *found : storage::v1::ModeratorRecord(), configured);
  FRANK_ASSIGN_OR_RETURN(*response.mutable_exposure(),
                         d_.book.Show(d_.engine, id));
  return response;
}

void ModeratorHandler::ListModerators(
    const services::Call& call, const v1::ListModeratorsRequest& request,
    services::Done<v1::ListModeratorsResponse> done) {
  auto by = Admit(call, "ModeratorService.ListModerators", request);
  if (!by.ok()) return done(by.status());
  done(List(request));
}

absl::StatusOr<v1::ListModeratorsResponse> ModeratorHandler::List(
    const v1::ListModeratorsRequest& request) const {
  v1::ListModeratorsResponse response;
  if (request.page_token().empty()) {
    for (const Moderator* configured : d_.configured.list()) {
      FRANK_ASSIGN_OR_RETURN(auto shown, Get(configured->id));
      *response.add_moderator() = std::move(*shown.mutable_moderator());
    }
  }
  size_t limit =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  FRANK_ASSIGN_OR_RETURN(
      auto stored,
      storage::ListModerators(d_.engine, request.page_token(), limit));
  for (const storage::StoredModerator& moderator : stored) {
    if (d_.configured.Find(moderator.id) != nullptr) continue;
    *response.add_moderator() =
        ToProto(moderator.id, moderator.record, /*configured=*/nullptr);
  }
  if (stored.size() == limit) {
    response.set_next_page_token(stored.back().id);
  }
  return response;
}

void ModeratorHandler::SetModeratorRoles(
    const services::Call& call, const v1::SetModeratorRolesRequest& request,
    services::Done<v1::SetModeratorRolesResponse> done) {
  auto by = Admit(call, "ModeratorService.SetModeratorRoles", request);
  if (!by.ok()) return done(by.status());
  d_.desk.SetRoles(*by, request, AnswerWith(std::move(done)));
}

void ModeratorHandler::LinkAccount(
    const services::Call& call, const v1::LinkAccountRequest& request,
    services::Done<v1::LinkAccountResponse> done) {
  auto by = Admit(call, "ModeratorService.LinkAccount", request);
  if (!by.ok()) return done(by.status());
  d_.desk.Link(*by, request, AnswerWith(std::move(done)));
}

void ModeratorHandler::EnableModerator(
    const services::Call& call, const v1::EnableModeratorRequest& request,
    services::Done<v1::EnableModeratorResponse> done) {
  auto by = Admit(call, "ModeratorService.EnableModerator", request);
  if (!by.ok()) return done(by.status());
  d_.desk.Enable(*by, request, AnswerWith(std::move(done)));
}

void ModeratorHandler::ReplaceModeratorToken(
    const services::Call& call, const v1::ReplaceModeratorTokenRequest& request,
    services::Done<v1::ReplaceModeratorTokenResponse> done) {
  auto by = Admit(call, "ModeratorService.ReplaceModeratorToken", request);
  if (!by.ok()) return done(by.status());
  d_.desk.ReplaceToken(*by, request.id(), request.token_sha256(),
                       AnswerWith(std::move(done)));
}

void ModeratorHandler::ListModeratorActs(
    const services::Call& call, const v1::ListModeratorActsRequest& request,
    services::Done<v1::ListModeratorActsResponse> done) {
  auto by = Admit(call, "ModeratorService.ListModeratorActs", request);
  if (!by.ok()) return done(by.status());
  absl::StatusOr<v1::ListActsResponse> acts =
      ShowActs(d_.engine, ModeratorSubject(request.id()), request.after());
  if (!acts.ok()) return done(acts.status());
  v1::ListModeratorActsResponse response;
  response.mutable_act()->Swap(acts->mutable_act());
  response.set_more(acts->more());
  done(std::move(response));
}

void ModeratorHandler::ListExposure(
    const services::Call& call, const v1::ListExposureRequest& request,
    services::Done<v1::ListExposureResponse> done) {
  auto by = Admit(call, "ModeratorService.ListExposure", request);
  if (!by.ok()) return done(by.status());
  done(d_.book.List(d_.engine, request));
}

void ModeratorHandler::GetSelf(const services::Call& call,
                               const v1::GetSelfRequest& request,
                               services::Done<v1::GetSelfResponse> done) {
  auto self = Admit(call, "ModeratorService.GetSelf", request);
  if (!self.ok()) return done(self.status());
  done(ShowSelf(*self));
}

absl::StatusOr<v1::GetSelfResponse> ModeratorHandler::ShowSelf(
    const Moderator& self) const {
  FRANK_ASSIGN_OR_RETURN(auto kept, storage::FindModerator(d_.engine, self.id));
  v1::GetSelfResponse response;
  *response.mutable_moderator() =
      ToProto(self.id, kept ? *kept : storage::v1::ModeratorRecord(),
              d_.configured.Find(self.id));
  SetAuthority(self, response.mutable_moderator());
  FRANK_ASSIGN_OR_RETURN(*response.mutable_exposure(),
                         d_.book.Show(d_.engine, self.id));
  return response;
}

void ModeratorHandler::GetExposure(
    const services::Call& call, const v1::GetExposureRequest& request,
    services::Done<v1::GetExposureResponse> done) {
  auto by = Admit(call, "ModeratorService.GetExposure", request);
  if (!by.ok()) return done(by.status());
  absl::StatusOr<v1::Exposure> exposure = d_.book.Show(d_.engine, by->id);
  if (!exposure.ok()) return done(exposure.status());
  v1::GetExposureResponse response;
  *response.mutable_exposure() = *std::move(exposure);
  done(std::move(response));
}

void ModeratorHandler::ListColleagues(
    const services::Call& call, const v1::ListColleaguesRequest& request,
    services::Done<v1::ListColleaguesResponse> done) {
  auto by = Admit(call, "ModeratorService.ListColleagues", request);
  if (!by.ok()) return done(by.status());
  done(Colleagues(by->id));
}

absl::StatusOr<v1::ListColleaguesResponse> ModeratorHandler::Colleagues(
    const std::string& of) const {
  v1::ListColleaguesResponse response;
  v1::ListModeratorsRequest page;
  page.set_page_size(limits::kMaxPageSize);
  do {
    FRANK_ASSIGN_OR_RETURN(v1::ListModeratorsResponse list, List(page));
    for (v1::Moderator& moderator : *list.mutable_moderator()) {
      if (moderator.id() == of || !WorksOnCases(moderator)) continue;
      v1::Colleague* colleague = response.add_colleague();
      colleague->set_id(std::move(*moderator.mutable_id()));
      *colleague->mutable_role() = moderator.role();
      colleague->set_child_safety(moderator.child_safety());
    }
    page.set_page_token(list.next_page_token());
  } while (!page.page_token().empty() &&
           response.colleague_size() < limits::kMaxColleaguesShown);
  std::sort(response.mutable_colleague()->begin(),
            response.mutable_colleague()->end(),
            [](const auto& a, const auto& b) { return a.id() < b.id(); });
  return response;
}

void ModeratorHandler::SetOptOuts(const services::Call& call,
                                  const v1::SetOptOutsRequest& request,
                                  services::Done<v1::SetOptOutsResponse> done) {
  auto by = Admit(call, "ModeratorService.SetOptOuts", request);
  if (!by.ok()) return done(by.status());
  d_.desk.SetOptOuts(*by, request,
                     [this, id = by->id, done = std::move(done)](
                         absl::StatusOr<v1::Moderator> set) mutable {
                       if (!set.ok()) return done(set.status());
                       absl::StatusOr<v1::Exposure> exposure =
                           d_.book.Show(d_.engine, id);
                       if (!exposure.ok()) return done(exposure.status());
                       v1::SetOptOutsResponse response;
                       *response.mutable_exposure() = *std::move(exposure);
                       done(std::move(response));
                     });
}

void ModeratorHandler::ReplaceOwnToken(
    const services::Call& call, const v1::ReplaceOwnTokenRequest& request,
    services::Done<v1::ReplaceOwnTokenResponse> done) {
  auto by = Admit(call, "ModeratorService.ReplaceOwnToken", request);
  if (!by.ok()) return done(by.status());
  d_.desk.ReplaceToken(
      *by, by->id, request.token_sha256(),
      [done = std::move(done)](absl::StatusOr<v1::Moderator> set) mutable {
        if (!set.ok()) return done(set.status());
        done(v1::ReplaceOwnTokenResponse());
      });
}

}  // namespace frank::moderation
