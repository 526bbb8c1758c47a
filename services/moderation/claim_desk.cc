#include "services/moderation/claim_desk.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/act_log.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/case_note.h"
#include "services/moderation/case_upkeep.h"
#include "services/moderation/desk_answer.h"
#include "services/moderation/held_quota.h"
#include "services/moderation/review_proto.h"
#include "services/moderation/target_events.h"
#include "storage/case_index.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

// Of the cases whose lease has ended, one claim returns so many of each bucket:
// the background worker (queue_keeper.h) may be another instance's, and late.
constexpr size_t kLapsed = 2;
// So long after a look that found none claims look again.
constexpr UnixMillis kLapsedLook = 1 * kSecond;
// How often a claim chooses again because what it chose had gone.
constexpr size_t kChoices = 32;

using storage::v1::CaseRecord;

absl::StatusOr<std::vector<CaseId>> ScanLapsed(storage::Engine& engine,
                                               UnixMillis now) {
  FRANK_ASSIGN_OR_RETURN(UnixMillis from, storage::GetSweepStart(engine, now));
  return storage::ScanLapsedCases(engine, from, now, kLapsed);
}

// Whether what was disclosed of a piece is letters, and all of it is listed.
bool IsTextAlone(const v1::Evidence& evidence) {
  return evidence.file().empty() && evidence.left_out_count() == 0 &&
         std::all_of(evidence.part().begin(), evidence.part().end(),
                     [](const v1::DisclosedPart& part) {
                       return absl::StartsWithIgnoreCase(part.media_type(),
                                                         "text/");
                     });
}

// What a claim asks to see of the case that it took, as a request of GetCase.
v1::GetCaseRequest RevealOf(const v1::ClaimCaseRequest& claim,
                            const v1::GetCaseResponse& shown) {
  v1::GetCaseRequest request;
  request.set_case_id(shown.case_summary().case_id());
  request.set_reveal_notes(claim.reveal_notes());
  const v1::ExposureCategory category = shown.case_summary().exposure();
  if (!claim.reveal_texts() || (category != v1::EXPOSURE_CATEGORY_TEXT &&
                                category != v1::EXPOSURE_CATEGORY_NONE)) {
    return request;
  }
  for (const auto* list : {&shown.evidence(), &shown.context()}) {
    for (const v1::Evidence& evidence : *list) {
      const bool full = request.reveal_tag_size() ==
                        static_cast<int>(limits::kMaxRevealedPieces);
      if (full || !IsTextAlone(evidence)) continue;
      request.add_reveal_tag(evidence.franking_tag());
      request.set_text_only(true);
    }
  }
  return request;
}

}  // namespace

struct ClaimDesk::NextClaim {
  ClaimWish wish;
  Done done;
  v1::ClaimCaseResponse response;
  // What was chosen, until the claim is over.
  absl::optional<ClaimsUnderWay::Hold> chosen;
  // How often a case was chosen, and how often others were faster.
  size_t choices = 0;
  size_t retries = 0;
};

ClaimDesk::ClaimDesk(const Dependencies& dependencies) : d_(dependencies) {}

void ClaimDesk::ReturnLapsed(absl::AnyInvocable<void()> next) {
  UnixMillis now = d_.clock.Now();
  const UnixMillis last = looked_at_.load();
  if (now >= last && now < last + kLapsedLook) return next();
  absl::StatusOr<std::vector<CaseId>> lapsed = ScanLapsed(d_.engine, now);
  if (lapsed.ok() && lapsed->empty()) looked_at_ = now;
  if (!lapsed.ok() || lapsed->empty()) return next();
  auto returned = std::make_shared<size_t>(0);
  storage::RunTransaction(
      d_.engine,
      [this, now, lapsed = *std::move(lapsed),
       returned](storage::Transaction& transaction) -> absl::Status {
        *returned = 0;
        for (const CaseId& id : lapsed) {
          FRANK_ASSIGN_OR_RETURN(bool was_held,
                                 TendCase(transaction, d_.routing, id, now));
          if (was_held) ++*returned;
        }
        return absl::OkStatus();
      },
      // Whoever was faster has returned them; a claim goes on either way.
      [this, returned, next = std::move(next)](absl::Status status) mutable {
        for (size_t i = 0; status.ok() && i < *returned; ++i) {
          d_.metrics.LeaseExpired();
        }
        work_.Post(std::move(next));
      });
}

absl::Status ClaimDesk::Take(storage::Transaction& transaction,
                             const std::string& moderator, const CaseId& id,
                             CaseRecord* record) const {
  UnixMillis now = d_.clock.Now();
  CaseRecord before = *record;
  TakeLease(moderator, now + d_.lease_time, record);
  NoteClaim(transaction, id, now, record);
  return WriteAct(transaction, now, id, before, record,
                  ModeratorActor(moderator), "case.claimed",
                  crypto::AuditDetails().Set("epoch", record->lease().epoch()));
}

ClaimDesk::Done ClaimDesk::ThenShow(const Moderator& moderator,
                                    const v1::ClaimCaseRequest& request,
                                    Done done) {
  if (!request.show()) return done;
  return [this, moderator, request, done = std::move(done)](
             absl::StatusOr<v1::ClaimCaseResponse> answer) mutable {
    if (!answer.ok() || !answer->has_claimed()) return done(std::move(answer));
    work_.Post([this, moderator = std::move(moderator),
                request = std::move(request), answer = *std::move(answer),
                done = std::move(done)]() mutable {
      Show(moderator, request, std::move(answer), std::move(done));
    });
  };
}

void ClaimDesk::Show(const Moderator& moderator,
                     const v1::ClaimCaseRequest& request,
                     v1::ClaimCaseResponse answer, Done done) const {
  v1::GetCaseRequest taken;
  taken.set_case_id(answer.claimed().case_id());
  absl::StatusOr<v1::GetCaseResponse> shown = d_.view.Show(moderator, taken);
  if (!shown.ok()) return done(std::move(answer));
  const v1::GetCaseRequest reveal = RevealOf(request, *shown);
  *answer.mutable_shown() = *std::move(shown);
  if (!Reveals(reveal)) return done(std::move(answer));
  d_.reveals.Reveal(moderator, reveal,
                    [answer = std::move(answer), done = std::move(done)](
                        absl::StatusOr<v1::GetCaseResponse> revealed) mutable {
                      if (revealed.ok())
                        *answer.mutable_shown() = *std::move(revealed);
                      done(std::move(answer));
                    });
}

void ClaimDesk::ClaimNext(const Moderator& moderator,
                          const v1::ClaimCaseRequest& request, Done done) {
  absl::StatusOr<ClaimWish> wish =
      MakeClaimWish(d_.routing, moderator, request);
  if (!wish.ok()) return done(wish.status());
  auto claim = std::make_unique<NextClaim>(NextClaim{
      *std::move(wish), ThenShow(moderator, request, std::move(done))});
  ReturnLapsed([this, claim = std::move(claim)]() mutable {
    TakeNext(std::move(claim));
  });
}

void ClaimDesk::TakeNext(std::unique_ptr<NextClaim> claim) {
  std::unique_ptr<storage::Transaction> transaction = d_.engine.Begin();
  absl::Status taken = TryNext(*transaction, claim.get());
  if (!taken.ok()) {
    claim->chosen.reset();
    return claim->done(std::move(taken));
  }
  transaction->Commit(
      [this, claim = std::move(claim)](absl::Status outcome) mutable {
        if (absl::IsAborted(outcome)) {
          if (claim->retries++ < limits::kMaxTransactionRetries) {
            return work_.Post([this, claim = std::move(claim)]() mutable {
              TakeNext(std::move(claim));
            });
          }
          outcome = Busy();
        }
        claim->chosen.reset();
        if (!outcome.ok()) return claim->done(std::move(outcome));
        claim->done(std::move(claim->response));
      });
}

absl::StatusOr<bool> ClaimDesk::Choose(NextClaim* claim) {
  claim->chosen.reset();
  FRANK_ASSIGN_OR_RETURN(
      ClaimChoice choice,
      ChooseCase(d_.engine, d_.routing, claim->wish, d_.clock.Now(),
                 claim->choices++, d_.random, under_way_));
  claim->chosen = std::move(choice.chosen);
  if (claim->chosen) return true;
  auto* nothing = claim->response.mutable_nothing_waiting();
  nothing->set_partial(choice.rest.has_value());
  if (choice.rest) nothing->set_next_page_token(choice.rest->ToToken());
  return false;
}

absl::Status ClaimDesk::TryNext(storage::Transaction& transaction,
                                NextClaim* claim) {
  claim->response.Clear();
  UnixMillis now = d_.clock.Now();
  // Before anything is kept from others.
  FRANK_RETURN_IF_ERROR(
      CheckHeldQuota(transaction, claim->wish.moderator.id, d_.held_limit));
  for (size_t choices = 0; choices < kChoices; ++choices) {
    // What was chosen for an attempt that met others is still this claim's.
    if (!claim->chosen) {
      FRANK_ASSIGN_OR_RETURN(bool has_chosen, Choose(claim));
      if (!has_chosen) return absl::OkStatus();
    }
    const CaseId& id = claim->chosen->id();
    FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCase(transaction, id));
    const Moderator& moderator = claim->wish.moderator;
    if (!IsFree(record, now) || !Wants(claim->wish, d_.routing, record) ||
        !CheckAccess(transaction, moderator, record).ok()) {
      claim->chosen.reset();
      continue;
    }
    FRANK_RETURN_IF_ERROR(Take(transaction, moderator.id, id, &record));
    *claim->response.mutable_claimed() = ToProto(id, record);
    return absl::OkStatus();
  }
  return Busy();
}

void ClaimDesk::ClaimNamed(const Moderator& moderator,
                           const v1::ClaimCaseRequest& request, Done done) {
  CaseId id(ToArray<CaseId::kSize>(AsBytes(request.case_id())));
  auto response = std::make_shared<v1::ClaimCaseResponse>();
  auto expired = std::make_shared<bool>(false);
  storage::RunTransaction(
      d_.engine,
      [this, moderator, id, response,
       expired](storage::Transaction& transaction) -> absl::Status {
        response->Clear();
        FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCase(transaction, id));
        *expired = HasLapsed(record, d_.clock.Now()) &&
                   record.lease().holder() != moderator.id;
        FRANK_RETURN_IF_ERROR(
            StateAfter(record.state(), CaseEvent::kClaim).status());
        FRANK_RETURN_IF_ERROR(CheckAccess(transaction, moderator, record));
        if (!IsFree(record, d_.clock.Now())) {
          if (record.lease().holder() == moderator.id) {
            *response->mutable_claimed() = ToProto(id, record);
            return absl::OkStatus();
          }
          *response->mutable_held() = ToProto(record.lease());
          return absl::OkStatus();
        }
        FRANK_RETURN_IF_ERROR(CheckMayHold(d_.routing, moderator, record));
        // Who takes their own again holds no more than before.
        if (record.lease().holder() != moderator.id) {
          FRANK_RETURN_IF_ERROR(
              CheckHeldQuota(transaction, moderator.id, d_.held_limit));
        }
        FRANK_RETURN_IF_ERROR(Take(transaction, moderator.id, id, &record));
        *response->mutable_claimed() = ToProto(id, record);
        return absl::OkStatus();
      },
      Answer<v1::ClaimCaseResponse>(
          response,
          [this, expired, done = ThenShow(moderator, request, std::move(done))](
              auto answer) mutable {
            if (answer.ok() && *expired) d_.metrics.LeaseExpired();
            done(std::move(answer));
          }));
}

void ClaimDesk::Renew(const Moderator& moderator, const CaseId& id,
                      uint64_t epoch,
                      services::Done<v1::RenewLeaseResponse> done) {
  auto response = std::make_shared<v1::RenewLeaseResponse>();
  storage::RunTransaction(
      d_.engine,
      [this, moderator, id, epoch,
       response](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(CaseRecord before,
                               GetHeldCase(transaction, id, moderator.id, epoch,
                                           CaseEvent::kRenew));
        FRANK_RETURN_IF_ERROR(CheckAccess(transaction, moderator, before));
        CaseRecord after = before;
        after.mutable_lease()->set_expires_at(d_.clock.Now() + d_.lease_time);
        storage::PutLease(transaction, id, before, after);
        *response->mutable_lease() = ToProto(after.lease());
        *response->mutable_case_summary() = ToProto(id, after);
        return absl::OkStatus();
      },
      Answer(response, std::move(done)));
}

void ClaimDesk::Release(const std::string& moderator, const CaseId& id,
                        uint64_t epoch, const std::string& note,
                        services::Done<v1::ReleaseCaseResponse> done) {
  storage::NoteId note_id = storage::NoteId::Random(d_.random);
  storage::RunTransaction(
      d_.engine,
      [this, moderator, id, epoch, note,
       note_id](storage::Transaction& transaction) -> absl::Status {
        UnixMillis now = d_.clock.Now();
        FRANK_ASSIGN_OR_RETURN(CaseRecord before,
                               GetHeldCase(transaction, id, moderator, epoch,
                                           CaseEvent::kRelease));
        CaseRecord after = before;
        DropLease(&after);
        FRANK_RETURN_IF_ERROR(
            AddNote(d_.vault, transaction, id, note_id, moderator, now, note));
        return WriteAct(transaction, now, id, before, &after,
                        ModeratorActor(moderator), "case.released",
                        crypto::AuditDetails().Set("epoch", epoch));
      },
      Answer(std::make_shared<v1::ReleaseCaseResponse>(), std::move(done)));
}

}  // namespace frank::moderation
