#include "services/moderation/claim_desk.h"

#include <algorithm>
#include <utility>

#include "core/status.h"
#include "services/moderation/act_log.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/case_note.h"
#include "services/moderation/review_proto.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

// How much of the head of the queue a claim looks at.
constexpr size_t kHead = 32;
// Lapsed cases that one claim returns, of each bucket.
constexpr size_t kLapsed = 2;

using storage::v1::CaseRecord;

absl::Status Busy() {
  return WithReason(absl::AbortedError("others claim at the same time"),
                    "CONTENTION");
}

// After its last retry a transaction is still kAborted.
absl::Status Explain(absl::Status status) {
  if (absl::IsAborted(status) && !FindReason(status)) return Busy();
  return status;
}

template <typename Response>
storage::CommitDone Answer(std::shared_ptr<Response> response,
                           services::Done<Response> done) {
  return [response, done = std::move(done)](absl::Status status) mutable {
    if (!status.ok()) return done(Explain(std::move(status)));
    done(std::move(*response));
  };
}

}  // namespace

ClaimDesk::ClaimDesk(const Dependencies& dependencies) : d_(dependencies) {}

void ClaimDesk::ReturnLapsed(absl::AnyInvocable<void()> next) {
  UnixMillis now = d_.clock.Now();
  absl::StatusOr<std::vector<CaseId>> lapsed =
      storage::ScanLapsedCases(d_.engine, now, kLapsed);
  if (!lapsed.ok() || lapsed->empty()) return next();
  storage::RunTransaction(
      d_.engine,
      [now, lapsed = *std::move(lapsed)](
          storage::Transaction& transaction) -> absl::Status {
        ActLog acts(transaction, now);
        for (const CaseId& id : lapsed) {
          FRANK_ASSIGN_OR_RETURN(CaseRecord before, GetCase(transaction, id));
          if (!HasLapsed(before, now)) continue;
          CaseRecord after = before;
          DropLease(&after);
          storage::PutCase(transaction, id, &before, after);
          FRANK_RETURN_IF_ERROR(acts.Add(CaseSubject(id), ServiceActor(),
                                         "case.returned",
                                         crypto::AuditDetails().Set(
                                             "epoch", before.lease().epoch()))
                                    .status());
        }
        return acts.Write();
      },
      // Whoever was faster has returned them; a claim goes on either way.
      [next = std::move(next)](absl::Status) mutable { next(); });
}

absl::StatusOr<absl::optional<CaseId>> ClaimDesk::Choose(size_t attempt) const {
  FRANK_ASSIGN_OR_RETURN(storage::FreeCases free,
                         storage::ScanFreeCases(d_.engine, kHead));
  if (free.id.empty()) return absl::optional<CaseId>();
  // Who lost to others looks further down, so that a crowd spreads out.
  size_t pool = std::min(free.id.size(), std::max(free.tied, 8 * attempt));
  uint64_t drawn = ReadU64(d_.random.Draw<8>());
  return absl::make_optional(free.id[drawn % pool]);
}

absl::Status ClaimDesk::Take(storage::Transaction& transaction,
                             const std::string& moderator, const CaseId& id,
                             CaseRecord record,
                             v1::ClaimCaseResponse* response) const {
  UnixMillis now = d_.clock.Now();
  CaseRecord before = record;
  TakeLease(moderator, now + d_.lease_time, &record);
  storage::PutCase(transaction, id, &before, record);
  ActLog acts(transaction, now);
  FRANK_RETURN_IF_ERROR(
      acts.Add(CaseSubject(id), ModeratorActor(moderator), "case.claimed",
               crypto::AuditDetails().Set("epoch", record.lease().epoch()))
          .status());
  *response->mutable_claimed() = ToProto(id, record);
  return acts.Write();
}

void ClaimDesk::ClaimNext(const Moderator& moderator,
                          services::Done<v1::ClaimCaseResponse> done) {
  ReturnLapsed([this, moderator, done = std::move(done)]() mutable {
    TakeNext(moderator, std::move(done));
  });
}

void ClaimDesk::TakeNext(const Moderator& moderator,
                         services::Done<v1::ClaimCaseResponse> done) {
  auto response = std::make_shared<v1::ClaimCaseResponse>();
  storage::RunTransaction(
      d_.engine,
      [this, moderator, response, attempt = size_t{0}](
          storage::Transaction& transaction) mutable -> absl::Status {
        response->Clear();
        UnixMillis now = d_.clock.Now();
        size_t not_offered = 0;
        for (size_t tries = 0; tries < kHead; ++tries) {
          FRANK_ASSIGN_OR_RETURN(auto id, Choose(attempt++));
          if (!id) {
            response->mutable_nothing_waiting();
            return absl::OkStatus();
          }
          // The index was read untracked: look before tracking the case.
          FRANK_ASSIGN_OR_RETURN(auto seen, storage::FindCase(d_.engine, *id));
          if (!seen || !IsFree(*seen, now)) continue;
          if (!IsOfferedTo(moderator, *seen)) {
            if (++not_offered == kHead) response->mutable_nothing_waiting();
            continue;
          }
          FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCase(transaction, *id));
          if (!IsFree(record, now)) continue;
          if (!CheckAccess(transaction, moderator, record).ok()) continue;
          return Take(transaction, moderator.id, *id, std::move(record),
                      response.get());
        }
        return not_offered == kHead ? absl::OkStatus() : Busy();
      },
      Answer(response, std::move(done)));
}

void ClaimDesk::ClaimNamed(const Moderator& moderator, const CaseId& id,
                           services::Done<v1::ClaimCaseResponse> done) {
  auto response = std::make_shared<v1::ClaimCaseResponse>();
  storage::RunTransaction(
      d_.engine,
      [this, moderator, id,
       response](storage::Transaction& transaction) -> absl::Status {
        response->Clear();
        FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCase(transaction, id));
        FRANK_RETURN_IF_ERROR(
            StateAfter(record.state(), CaseEvent::kClaim).status());
        FRANK_RETURN_IF_ERROR(CheckAccess(transaction, moderator, record));
        if (record.lease().holder() != moderator.id &&
            !IsFree(record, d_.clock.Now())) {
          *response->mutable_held() = ToProto(record.lease());
          return absl::OkStatus();
        }
        return Take(transaction, moderator.id, id, std::move(record),
                    response.get());
      },
      Answer(response, std::move(done)));
}

void ClaimDesk::Renew(const std::string& moderator, const CaseId& id,
                      uint64_t epoch,
                      services::Done<v1::RenewLeaseResponse> done) {
  auto response = std::make_shared<v1::RenewLeaseResponse>();
  storage::RunTransaction(
      d_.engine,
      [this, moderator, id, epoch,
       response](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(
            CaseRecord before,
            GetHeldCase(transaction, id, moderator, epoch, CaseEvent::kRenew));
        CaseRecord after = before;
        after.mutable_lease()->set_expires_at(d_.clock.Now() + d_.lease_time);
        storage::PutCase(transaction, id, &before, after);
        *response->mutable_lease() = ToProto(after.lease());
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
        storage::PutCase(transaction, id, &before, after);
        FRANK_RETURN_IF_ERROR(
            AddNote(d_.vault, transaction, id, note_id, moderator, now, note));
        ActLog acts(transaction, now);
        FRANK_RETURN_IF_ERROR(
            acts.Add(CaseSubject(id), ModeratorActor(moderator),
                     "case.released",
                     crypto::AuditDetails().Set("epoch", epoch))
                .status());
        return acts.Write();
      },
      Answer(std::make_shared<v1::ReleaseCaseResponse>(), std::move(done)));
}

}  // namespace frank::moderation
