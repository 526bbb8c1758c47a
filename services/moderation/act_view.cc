#include "services/moderation/act_view.h"

#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/audit_entry.h"
#include "crypto/hash.h"
#include "storage/act_store.h"

namespace frank::moderation {

absl::StatusOr<v1::ListActsResponse> ShowActs(storage::Engine& engine,
                                              absl::string_view subject,
                                              uint64_t after) {
  FRANK_ASSIGN_OR_RETURN(
      auto acts,
      storage::ListActs(engine, subject, after, limits::kMaxActsShown + 1));
  v1::ListActsResponse response;
  response.set_more(acts.size() > limits::kMaxActsShown);
  if (response.more()) acts.pop_back();
  for (const storage::StoredAct& stored : acts) {
    absl::StatusOr<crypto::AuditEntry> entry =
        crypto::ParseAuditEntry(AsBytes(stored.entry));
    if (!entry.ok()) return absl::DataLossError("an act does not parse");
    v1::ListActsResponse::Act* act = response.add_act();
    act->set_number(stored.number);
    act->set_time(entry->time);
    act->set_actor(entry->actor);
    act->set_act(entry->act);
    act->set_subject(entry->subject);
    act->set_details(entry->details);
    act->set_sha256(ToString(crypto::Sha256({AsBytes(stored.entry)})));
  }
  return response;
}

}  // namespace frank::moderation
