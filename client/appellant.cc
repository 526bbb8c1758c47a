#include "client/appellant.h"

#include <algorithm>
#include <utility>

#include "core/status.h"
#include "crypto/appeal.h"
#include "proto/appeals.h"

namespace frank::client {
namespace {

constexpr uint32_t kPageSize = 200;

}  // namespace

absl::StatusOr<stored::StoredAppeal> Appellant::Submit(
    const DecisionId& decision, const std::string& text) {
  FRANK_ASSIGN_OR_RETURN(auto before, context_.store.FindAppeal(decision));
  // There is one appeal: what may have arrived goes on as it was written.
  if (before && before->accepted_at() == 0) return Send(*std::move(before));
  if (before) {
    return absl::AlreadyExistsError("this decision was appealed before");
  }
  FRANK_ASSIGN_OR_RETURN(stored::StoredAppeal appeal, Seal(decision, text));
  FRANK_RETURN_IF_ERROR(context_.store.PutAppeal(appeal));
  return Send(std::move(appeal));
}

absl::StatusOr<stored::StoredAppeal> Appellant::Seal(const DecisionId& decision,
                                                     const std::string& text) {
  v1::AppealContent content;
  content.set_text(text);
  content.set_written_at(context_.clock.Now());
  FRANK_RETURN_IF_ERROR(wire::CheckAppealContent(content));
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(OpenedReviewKey review_key, keys_.FetchReviewKey());
  FRANK_ASSIGN_OR_RETURN(
      Bytes sealed, crypto::SealAppeal(
                        review_key.record.public_key,
                        {review_key.id, decision, profile->account_uri()},
                        AsBytes(content.SerializeAsString()), context_.random));
  stored::StoredAppeal appeal;
  appeal.set_decision_id(ToString(decision.bytes()));
  appeal.set_review_key_id(ToString(review_key.id.bytes()));
  appeal.set_sealed_appeal(ToString(sealed));
  return appeal;
}

absl::Status Appellant::Resume() {
  FRANK_ASSIGN_OR_RETURN(std::vector<stored::StoredAppeal> appeals,
                         context_.store.Appeals());
  for (stored::StoredAppeal& appeal : appeals) {
    if (appeal.accepted_at() != 0) continue;
    FRANK_RETURN_IF_ERROR(Send(std::move(appeal)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<stored::StoredAppeal> Appellant::Send(
    stored::StoredAppeal appeal) {
  v1::SubmitAppealRequest request;
  request.set_decision_id(appeal.decision_id());
  request.set_review_key_id(appeal.review_key_id());
  request.set_sealed_appeal(appeal.sealed_appeal());
  absl::StatusOr<v1::SubmitAppealResponse> response =
      context_.transport.SubmitAppeal(request);
  if (!response.ok()) {
    // What was refused is forgotten: it may be written anew.
    if (IsFinal(response.status())) {
      FRANK_ASSIGN_OR_RETURN(
          DecisionId decision,
          DecisionId::Parse("decision_id", appeal.decision_id()));
      FRANK_RETURN_IF_ERROR(context_.store.RemoveAppeal(decision));
    }
    return response.status();
  }
  appeal.set_accepted_at(response->accepted_at());
  // The platform has it: the sealed bytes are not needed again.
  appeal.clear_sealed_appeal();
  FRANK_RETURN_IF_ERROR(context_.store.PutAppeal(appeal));
  return appeal;
}

absl::StatusOr<std::vector<v1::DecisionAboutAccount>>
Appellant::FetchDecisions() {
  std::vector<v1::DecisionAboutAccount> decisions;
  v1::ListDecisionsRequest request;
  request.set_page_size(kPageSize);
  size_t pages = 0;
  do {
    FRANK_RETURN_IF_ERROR(FollowPage(&pages));
    FRANK_ASSIGN_OR_RETURN(v1::ListDecisionsResponse page,
                           context_.transport.ListDecisions(request));
    decisions.insert(decisions.end(), page.decision().begin(),
                     page.decision().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::stable_sort(
      decisions.begin(), decisions.end(),
      [](const auto& a, const auto& b) { return a.told_at() > b.told_at(); });
  return decisions;
}

}  // namespace frank::client
