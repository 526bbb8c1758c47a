#include "services/moderation/moderator_desk.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/act_log.h"
#include "services/moderation/moderator_proto.h"

namespace frank::moderation {
namespace {

using storage::TokenHash;
using storage::v1::ModeratorRecord;

TokenHash HashOf(const std::string& bytes) {
  return TokenHash(ToArray<TokenHash::kSize>(AsBytes(bytes)));
}

absl::Status Conflict(absl::string_view what) {
  return WithReason(absl::AlreadyExistsError(what), "ID_CONFLICT");
}

// "reviewer,senior".
std::string RolesText(const ModeratorRecord& record) {
  return absl::StrJoin(record.role(), ",", [](std::string* out, uint32_t role) {
    absl::StrAppend(out, RoleName(static_cast<Role>(role)));
  });
}

template <typename Roles>
void SetRoles(const Roles& roles, bool child_safety, ModeratorRecord* record) {
  std::set<uint32_t> sorted(roles.begin(), roles.end());
  *record->mutable_role() = {sorted.begin(), sorted.end()};
  record->set_child_safety(child_safety);
}

template <typename Accounts>
void SetLinks(const Accounts& accounts, ModeratorRecord* record) {
  std::set<std::string> sorted(accounts.begin(), accounts.end());
  *record->mutable_linked_account() = {sorted.begin(), sorted.end()};
}

// What of a record an AddModerator request says.
bool IsAsAdded(const v1::AddModeratorRequest& request,
               const ModeratorRecord& record) {
  ModeratorRecord asked;
  SetRoles(request.role(), request.child_safety(), &asked);
  SetLinks(request.linked_account(), &asked);
  return record.token_sha256() == request.token_sha256() &&
         RolesText(record) == RolesText(asked) &&
         record.child_safety() == asked.child_safety() &&
         std::equal(
             record.linked_account().begin(), record.linked_account().end(),
             asked.linked_account().begin(), asked.linked_account().end());
}

}  // namespace

std::string ModeratorSubject(absl::string_view id) {
  return absl::StrCat("moderator:", id);
}

ModeratorDesk::ModeratorDesk(const Dependencies& dependencies)
    : d_(dependencies) {}

void ModeratorDesk::Add(const Moderator& by,
                        const v1::AddModeratorRequest& request, Done done) {
  Change change = [this, request](
                      storage::Transaction& transaction,
                      Record* record) -> absl::StatusOr<absl::optional<Act>> {
    if (d_.configured.Find(request.id()) != nullptr) {
      return Conflict("the configuration has this moderator");
    }
    if (record->local()) {
      if (IsAsAdded(request, *record)) return absl::optional<Act>();
      return Conflict("this moderator id has other content");
    }
    record->set_local(true);
    record->clear_disabled();
    moderation::SetRoles(request.role(), request.child_safety(), record);
    SetLinks(request.linked_account(), record);
    record->set_added_at(d_.clock.Now());
    FRANK_RETURN_IF_ERROR(
        SetToken(transaction, request.id(), request.token_sha256(), record));
    Act act{"moderator.added", {}};
    act.details.Set("roles", RolesText(*record))
        .SetBool("child_safety", record->child_safety())
        .Set("links", uint64_t(record->linked_account_size()));
    return absl::make_optional(std::move(act));
  };
  Apply(by, request.id(), std::move(change), std::move(done));
}

void ModeratorDesk::SetRoles(const Moderator& by,
                             const v1::SetModeratorRolesRequest& request,
                             Done done) {
  Change change = [this, request](
                      storage::Transaction&,
                      Record* record) -> absl::StatusOr<absl::optional<Act>> {
    FRANK_RETURN_IF_ERROR(CheckLocal(request.id(), *record));
    const Record before = *record;
    moderation::SetRoles(request.role(), request.child_safety(), record);
    if (RolesText(before) == RolesText(*record) &&
        before.child_safety() == record->child_safety()) {
      return absl::optional<Act>();
    }
    Act act{"moderator.roles_set", {}};
    act.details.Set("roles", RolesText(*record))
        .Set("roles_before", RolesText(before))
        .SetBool("child_safety", record->child_safety())
        .SetBool("child_safety_before", before.child_safety());
    return absl::make_optional(std::move(act));
  };
  Apply(by, request.id(), std::move(change), std::move(done));
}

void ModeratorDesk::ReplaceToken(const Moderator& by, const std::string& id,
                                 const std::string& token_sha256, Done done) {
  Change change = [this, id, token_sha256](
                      storage::Transaction& transaction,
                      Record* record) -> absl::StatusOr<absl::optional<Act>> {
    FRANK_RETURN_IF_ERROR(CheckLocal(id, *record));
    if (record->token_sha256() == token_sha256) return absl::optional<Act>();
    FRANK_RETURN_IF_ERROR(SetToken(transaction, id, token_sha256, record));
    return absl::make_optional(Act{"moderator.token_replaced", {}});
  };
  Apply(by, id, std::move(change), std::move(done));
}

void ModeratorDesk::Link(const Moderator& by,
                         const v1::LinkAccountRequest& request, Done done) {
  Change change = [this, request](
                      storage::Transaction&,
                      Record* record) -> absl::StatusOr<absl::optional<Act>> {
    FRANK_RETURN_IF_ERROR(CheckKnown(request.id(), *record));
    std::set<std::string> links(record->linked_account().begin(),
                                record->linked_account().end());
    bool changed = request.unlink()
                       ? links.erase(request.account_uri()) > 0
                       : links.insert(request.account_uri()).second;
    if (!changed) return absl::optional<Act>();
    if (links.size() > limits::kMaxLinkedAccounts) {
      return FieldError(
          "account_uri",
          absl::StrCat("must be one of at most ", limits::kMaxLinkedAccounts));
    }
    SetLinks(links, record);
    // Whose account it is stays out of a log that is kept for ever.
    Act act{request.unlink() ? "moderator.unlinked" : "moderator.linked", {}};
    act.details.Set("links", uint64_t{links.size()});
    return absl::make_optional(std::move(act));
  };
  Apply(by, request.id(), std::move(change), std::move(done));
}

void ModeratorDesk::Enable(const Moderator& by,
                           const v1::EnableModeratorRequest& request,
                           Done done) {
  Change change = [this, request](
                      storage::Transaction&,
                      Record* record) -> absl::StatusOr<absl::optional<Act>> {
    FRANK_RETURN_IF_ERROR(CheckKnown(request.id(), *record));
    if (record->disabled() != request.enabled()) return absl::optional<Act>();
    record->set_disabled(!request.enabled());
    return absl::make_optional(Act{
        request.enabled() ? "moderator.enabled" : "moderator.disabled", {}});
  };
  Apply(by, request.id(), std::move(change), std::move(done));
}

void ModeratorDesk::SetOptOuts(const Moderator& by,
                               const v1::SetOptOutsRequest& request,
                               Done done) {
  Change change = [request](
                      storage::Transaction&,
                      Record* record) -> absl::StatusOr<absl::optional<Act>> {
    std::set<uint32_t> sorted(request.category().begin(),
                              request.category().end());
    if (std::equal(sorted.begin(), sorted.end(), record->opted_out().begin(),
                   record->opted_out().end())) {
      return absl::optional<Act>();
    }
    *record->mutable_opted_out() = {sorted.begin(), sorted.end()};
    // What somebody cannot bear to see is nobody's to read later.
    return absl::make_optional(Act{"moderator.opt_outs_set", {}});
  };
  Apply(by, by.id, std::move(change), std::move(done));
}

void ModeratorDesk::Apply(const Moderator& by, const std::string& id,
                          Change change, Done done) {
  auto after = std::make_shared<Record>();
  storage::RunTransaction(
      d_.engine,
      [this, by, id, change = std::move(change),
       after](storage::Transaction& transaction) {
        return Run(transaction, by, id, change, after.get());
      },
      [this, id, after, done = std::move(done)](absl::Status status) mutable {
        // Even what failed may have been applied.
        d_.directory.Forget();
        if (!status.ok()) return done(std::move(status));
        done(ToProto(id, *after, d_.configured.Find(id)));
      });
}

// Authorization may be two seconds old: nobody makes them last.
absl::Status ModeratorDesk::CheckStill(storage::Transaction& transaction,
                                       const Moderator& by) {
  FRANK_ASSIGN_OR_RETURN(auto kept, storage::FindModerator(transaction, by.id));
  if (!kept) return absl::OkStatus();
  bool administered = by.roles.count(Role::kAdministrator) > 0;
  bool demoted = kept->local() && administered && !Administers(by.id, *kept);
  if (!kept->disabled() && !demoted) return absl::OkStatus();
  return WithReason(absl::PermissionDeniedError("the moderator may no longer"),
                    "NOT_PERMITTED");
}

absl::Status ModeratorDesk::Run(storage::Transaction& transaction,
                                const Moderator& by, const std::string& id,
                                const Change& change, Record* after) {
  FRANK_RETURN_IF_ERROR(CheckStill(transaction, by));
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindModerator(transaction, id));
  const Record before = found ? *std::move(found) : Record();
  *after = before;
  FRANK_ASSIGN_OR_RETURN(absl::optional<Act> act, change(transaction, after));
  if (!act) return absl::OkStatus();
  if (Administers(id, before) && !Administers(id, *after)) {
    FRANK_ASSIGN_OR_RETURN(bool remains,
                           HasAdministrator(transaction, id, *after));
    if (!remains) {
      return WithReason(absl::FailedPreconditionError(
                            "somebody must remain who can administer"),
                        "LAST_ADMINISTRATOR");
    }
  }
  storage::PutModerator(transaction, id, *after);
  // Who raises themselves is seen.
  if (by.id == id) act->details.SetBool("self", true);
  ActLog acts(transaction, d_.clock.Now());
  FRANK_RETURN_IF_ERROR(acts.Add(ModeratorSubject(id), ModeratorActor(by.id),
                                 act->name, act->details)
                            .status());
  return acts.Write();
}

absl::Status ModeratorDesk::CheckKnown(const std::string& id,
                                       const Record& record) const {
  if (record.local() || d_.configured.Find(id) != nullptr ||
      IsProviderModeratorId(id)) {
    return absl::OkStatus();
  }
  return WithReason(absl::NotFoundError("no such moderator"), "NOT_FOUND");
}

absl::Status ModeratorDesk::CheckLocal(const std::string& id,
                                       const Record& record) const {
  FRANK_RETURN_IF_ERROR(CheckKnown(id, record));
  if (record.local() && d_.configured.Find(id) == nullptr) {
    return absl::OkStatus();
  }
  return WithReason(
      absl::FailedPreconditionError("roles and credential come from the "
                                    "configuration or the identity provider"),
      "NOT_LOCAL");
}

absl::Status ModeratorDesk::SetToken(storage::Transaction& transaction,
                                     const std::string& id,
                                     const std::string& token_sha256,
                                     Record* record) const {
  TokenHash hash = HashOf(token_sha256);
  FRANK_ASSIGN_OR_RETURN(std::string owner,
                         storage::FindModeratorByToken(transaction, hash));
  if ((!owner.empty() && owner != id) ||
      d_.configured.FindByToken(hash) != nullptr) {
    return Conflict("the token is in use");
  }
  if (!record->token_sha256().empty()) {
    storage::DeleteModeratorToken(transaction, HashOf(record->token_sha256()));
  }
  storage::PutModeratorToken(transaction, hash, id);
  record->set_token_sha256(token_sha256);
  return absl::OkStatus();
}

bool ModeratorDesk::Administers(const std::string& id,
                                const Record& record) const {
  if (record.disabled()) return false;
  if (const Moderator* configured = d_.configured.Find(id)) {
    return configured->roles.count(Role::kAdministrator) > 0;
  }
  return record.local() &&
         std::find(record.role().begin(), record.role().end(),
                   static_cast<uint32_t>(Role::kAdministrator)) !=
             record.role().end();
}

absl::StatusOr<bool> ModeratorDesk::HasAdministrator(
    storage::Transaction& transaction, const std::string& id,
    const Record& after) const {
  FRANK_ASSIGN_OR_RETURN(auto stored, storage::ListModerators(transaction));
  std::map<std::string, Record> records;
  for (auto& moderator : stored) {
    records[moderator.id] = std::move(moderator.record);
  }
  for (const Moderator* configured : d_.configured.list()) {
    records.emplace(configured->id, Record());
  }
  records[id] = after;
  return std::any_of(records.begin(), records.end(), [this](const auto& entry) {
    return Administers(entry.first, entry.second);
  });
}

}  // namespace frank::moderation
