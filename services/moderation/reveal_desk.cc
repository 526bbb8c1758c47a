#include "services/moderation/reveal_desk.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/status.h"
#include "crypto/audit_entry.h"
#include "services/moderation/act_log.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/permissions.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

// How many bodies of its parts and files a piece of evidence is shown with.
uint64_t CountBodies(const v1::Evidence& evidence) {
  auto shows = [](const v1::DisclosedPart& part) {
    return !part.body().empty();
  };
  auto count =
      std::count_if(evidence.part().begin(), evidence.part().end(), shows);
  for (const v1::DisclosedFile& file : evidence.file()) {
    count += std::count_if(file.chunk().begin(), file.chunk().end(), shows);
  }
  return static_cast<uint64_t>(count);
}

// By franking tag.
std::map<std::string, uint64_t> BodiesIn(const v1::GetCaseResponse& response) {
  std::map<std::string, uint64_t> bodies;
  for (const auto* shown : {&response.evidence(), &response.context()}) {
    for (const v1::Evidence& evidence : *shown) {
      bodies[evidence.franking_tag()] += CountBodies(evidence);
    }
  }
  return bodies;
}

absl::Status AddActs(const Moderator& moderator, const CaseId& id,
                     const CaseRecord& record, const ShownCase& shown,
                     ActLog* acts) {
  std::map<std::string, uint64_t> bodies = BodiesIn(shown.response);
  for (const RevealedEvidence& evidence : shown.revealed) {
    crypto::AuditDetails details;
    details.Set("epoch", record.lease().epoch())
        .SetHex("franking_tag", AsBytes(evidence.franking_tag))
        .SetBool("context", evidence.context)
        .SetBool("text_only", evidence.text_only)
        .Set("bodies", bodies[evidence.franking_tag])
        .Set("exposure", ExposureName(ExposureOf(record)));
    FRANK_RETURN_IF_ERROR(acts->Add(CaseSubject(id),
                                    ModeratorActor(moderator.id),
                                    "evidence.revealed", details)
                              .status());
  }
  if (shown.revealed_notes == 0) return absl::OkStatus();
  crypto::AuditDetails details;
  details.Set("epoch", record.lease().epoch())
      .Set("notes", uint64_t{shown.revealed_notes});
  return acts
      ->Add(CaseSubject(id), ModeratorActor(moderator.id), "notes.revealed",
            details)
      .status();
}

// Who holds the lease; of a case that waits for a second person, which nobody
// holds, also whoever could be that: nobody should approve unseen.
absl::Status CheckMayLook(const Moderator& moderator,
                          const CaseRecord& record) {
  bool approves = std::any_of(
      moderator.roles.begin(), moderator.roles.end(), [](Role role) {
        return IsAllowed("DecisionService.ApproveDecision", role);
      });
  if (record.state() == storage::kCaseAwaitingApproval && approves) {
    return absl::OkStatus();
  }
  return CheckHeld(record, moderator.id, CaseEvent::kReveal);
}

}  // namespace

bool Reveals(const v1::GetCaseRequest& request) {
  return request.reveal() || request.reveal_notes() ||
         request.reveal_tag_size() > 0;
}

RevealDesk::RevealDesk(const Dependencies& dependencies) : d_(dependencies) {}

void RevealDesk::Reveal(const Moderator& moderator,
                        const v1::GetCaseRequest& request,
                        services::Done<v1::GetCaseResponse> done) const {
  // Composed before the transaction, which must be short; it finds out whether
  // the lease was the caller's all the time.
  CaseId id(ToArray<CaseId::kSize>(AsBytes(request.case_id())));
  absl::StatusOr<CaseRecord> record = d_.view.Find(id);
  if (!record.ok()) return done(record.status());
  absl::Status may = CheckMayLook(moderator, *record);
  if (may.ok()) may = CheckAccess(moderator, *record);
  if (!may.ok()) return done(may);
  absl::StatusOr<ShownCase> composed = d_.view.Compose(id, *record, request);
  if (!composed.ok()) return done(composed.status());

  auto shown = std::make_shared<ShownCase>(*std::move(composed));
  storage::RunTransaction(
      d_.engine,
      [this, moderator, id, epoch = record->lease().epoch(),
       shown](storage::Transaction& transaction) {
        return Record(transaction, moderator, id, epoch, shown.get());
      },
      [this, category = ExposureOf(*record), shown,
       done = std::move(done)](absl::Status status) mutable {
        if (!status.ok()) {
          if (FindReason(status) == "EXPOSURE_SPENT") {
            d_.metrics.BudgetExhausted();
          }
          return done(std::move(status));
        }
        d_.metrics.Revealed(category, shown->revealed.size());
        done(std::move(shown->response));
      });
}

absl::Status RevealDesk::Record(storage::Transaction& transaction,
                                const Moderator& moderator, const CaseId& id,
                                uint64_t epoch, ShownCase* shown) const {
  FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCase(transaction, id));
  FRANK_RETURN_IF_ERROR(CheckMayLook(moderator, record));
  FRANK_RETURN_IF_ERROR(CheckEpoch(record, epoch));
  FRANK_RETURN_IF_ERROR(CheckAccess(transaction, moderator, record));
  std::vector<storage::EvidenceId> pieces;
  for (const RevealedEvidence& evidence : shown->revealed) {
    pieces.push_back(evidence.id);
  }
  FRANK_ASSIGN_OR_RETURN(
      *shown->response.mutable_exposure(),
      d_.book.Count(transaction, moderator.id, ExposureOf(record), pieces));
  ActLog acts(transaction, d_.clock.Now());
  FRANK_RETURN_IF_ERROR(AddActs(moderator, id, record, *shown, &acts));
  return acts.Write();
}

}  // namespace frank::moderation
