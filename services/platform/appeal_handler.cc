#include "services/platform/appeal_handler.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/hash.h"
#include "services/platform/subject.h"
#include "services/platform/transact.h"
#include "storage/account_decision_store.h"
#include "storage/forwarding_store.h"

namespace frank::platform {
namespace {

absl::StatusOr<absl::optional<DecisionId>> ParseToken(
    const std::string& token) {
  if (token.empty()) return absl::optional<DecisionId>();
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() != DecisionId::kSize) {
    return FieldError("page_token", "must be one that this service gave");
  }
  return absl::make_optional(
      DecisionId(ToArray<DecisionId::kSize>(AsBytes(bytes))));
}

v1::AppealStatus ToProto(const storage::v1::AccountAppealRecord& record,
                         uint64_t acknowledged) {
  v1::AppealStatus status;
  status.set_accepted_at(record.accepted_at());
  status.set_outcome(static_cast<v1::AppealOutcome>(record.outcome()));
  status.set_decided_at(record.decided_at());
  if (record.outcome() != 0) {
    status.set_state(v1::APPEAL_STATE_DECIDED);
  } else if (record.number() <= acknowledged) {
    status.set_state(v1::APPEAL_STATE_FORWARDED);
  } else {
    status.set_state(v1::APPEAL_STATE_ACCEPTED);
  }
  return status;
}

v1::DecisionAboutAccount ToProto(const storage::ListedDecision& listed,
                                 uint64_t acknowledged) {
  v1::DecisionAboutAccount decision;
  decision.set_decision_id(ToString(listed.id.bytes()));
  decision.set_notice_kind(
      static_cast<v1::NoticeKind>(listed.record.notice_kind()));
  decision.set_policy(listed.record.policy());
  decision.set_until(listed.record.until());
  decision.set_told_at(listed.record.told_at());
  decision.set_appeal_until(listed.record.appeal_until());
  if (listed.record.has_appeal()) {
    *decision.mutable_appeal() = ToProto(listed.record.appeal(), acknowledged);
  }
  return decision;
}

absl::Status ValidateAccount(const std::string& account_uri) {
  if (account_uri.empty()) return absl::OkStatus();
  return CheckUri("account_uri", account_uri);
}

}  // namespace

absl::Status Validate(const v1::SubmitAppealRequest& request) {
  FRANK_RETURN_IF_ERROR(
      DecisionId::Parse("decision_id", request.decision_id()).status());
  FRANK_RETURN_IF_ERROR(
      ReviewKeyId::Parse("review_key_id", request.review_key_id()).status());
  if (request.sealed_appeal().size() != limits::kSealedAppealBytes) {
    return FieldError(
        "sealed_appeal",
        absl::StrCat("must be ", limits::kSealedAppealBytes, " bytes"));
  }
  return ValidateAccount(request.account_uri());
}

absl::Status Validate(const v1::ListDecisionsRequest& request) {
  if (request.page_size() > limits::kMaxPageSize) {
    return FieldError("page_size",
                      absl::StrCat("must be at most ", limits::kMaxPageSize));
  }
  FRANK_RETURN_IF_ERROR(ParseToken(request.page_token()).status());
  return ValidateAccount(request.account_uri());
}

absl::StatusOr<OutboxEntry> AppealHandler::Check(
    const services::Call& call, const v1::SubmitAppealRequest& request) {
  FRANK_RETURN_IF_ERROR(Validate(request));
  FRANK_ASSIGN_OR_RETURN(
      Subject account,
      SubjectOf(d_.authenticator, call, "account_uri", request.account_uri()));
  storage::OutgoingAppeal appeal;
  appeal.account_uri = std::move(account.uri);
  FRANK_ASSIGN_OR_RETURN(
      appeal.decision_id,
      DecisionId::Parse("decision_id", request.decision_id()));
  appeal.review_key_id = request.review_key_id();
  appeal.sealed = request.sealed_appeal();
  std::string fingerprint =
      ToString(crypto::Sha256({AsBytes(request.sealed_appeal())}));
  return MakeEntry(std::move(appeal), std::move(fingerprint),
                   std::move(account.credential));
}

void AppealHandler::Submit(const services::Call& call,
                           const v1::SubmitAppealRequest& request,
                           services::Done<v1::SubmitAppealResponse> done) {
  absl::StatusOr<OutboxEntry> entry = Check(call, request);
  FRANK_ANSWER_IF_ERROR(done, entry.status());
  d_.outbox.Submit(
      *std::move(entry),
      [done = std::move(done)](absl::StatusOr<UnixMillis> stored) mutable {
        if (!stored.ok()) return std::move(done)(stored.status());
        v1::SubmitAppealResponse response;
        response.set_accepted_at(*stored);
        std::move(done)(std::move(response));
      });
}

void AppealHandler::List(const services::Call& call,
                         const v1::ListDecisionsRequest& request,
                         services::Done<v1::ListDecisionsResponse> done) {
  std::move(done)(Find(call, request));
}

absl::StatusOr<v1::ListDecisionsResponse> AppealHandler::Find(
    const services::Call& call, const v1::ListDecisionsRequest& request) {
  FRANK_RETURN_IF_ERROR(Validate(request));
  FRANK_ASSIGN_OR_RETURN(
      Subject account,
      SubjectOf(d_.authenticator, call, "account_uri", request.account_uri()));
  FRANK_ASSIGN_OR_RETURN(absl::optional<DecisionId> after,
                         ParseToken(request.page_token()));
  size_t size =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  FRANK_ASSIGN_OR_RETURN(
      std::vector<storage::ListedDecision> decisions,
      storage::ListAccountDecisions(d_.engine, account.uri, after, size + 1));
  FRANK_ASSIGN_OR_RETURN(storage::ForwardingState forwarding,
                         storage::GetForwarding(d_.engine));
  v1::ListDecisionsResponse response;
  if (decisions.size() > size) {
    decisions.resize(size);
    response.set_next_page_token(
        absl::WebSafeBase64Escape(decisions.back().id.text()));
  }
  for (const storage::ListedDecision& decision : decisions) {
    *response.add_decision() = ToProto(decision, forwarding.acknowledged);
  }
  return response;
}

}  // namespace frank::platform
