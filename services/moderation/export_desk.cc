#include "services/moderation/export_desk.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/case_state.h"
#include "services/moderation/desk_answer.h"
#include "services/moderation/export_words.h"
#include "storage/case_store.h"
#include "storage/evidence_package_store.h"

namespace frank::moderation {
namespace {

using storage::v1::ExportRecord;

ExportId IdOf(const std::string& bytes) {
  return ExportId(ToArray<ExportId::kSize>(AsBytes(bytes)));
}

absl::Status BadState(absl::string_view rule) {
  return WithReason(absl::FailedPreconditionError(rule), "EXPORT_STATE");
}

absl::Status NotFound() {
  return WithReason(absl::NotFoundError("no such export"), "NOT_FOUND");
}

std::string FingerprintOf(const DataKey& case_key, const Moderator& by,
                          const v1::RequestExportRequest& request) {
  crypto::Encoder encoder;
  encoder.Vec(absl::string_view(by.id))
      .Vec(absl::string_view(request.case_id()))
      .Vec(absl::string_view(request.recipient_key()))
      .Vec(absl::string_view(request.recipient()))
      .Vec(absl::string_view(request.purpose()))
      .Vec(absl::string_view(request.legal_basis()));
  return ToString(
      case_key.Mac("frank fingerprint of an export", encoder.bytes()));
}

storage::v1::ExportWords WordsOf(const v1::RequestExportRequest& request) {
  storage::v1::ExportWords words;
  words.set_recipient(request.recipient());
  words.set_purpose(request.purpose());
  words.set_legal_basis(request.legal_basis());
  return words;
}

crypto::AuditDetails DetailsOf(const ExportId& id, const ExportRecord& record) {
  crypto::AuditDetails details;
  details.SetHex("export", id.bytes())
      .SetHex("recipient_key", AsBytes(record.recipient_key()));
  return details;
}

// Writes the act; returns its hash.
absl::StatusOr<std::string> AddAct(ActLog& acts, const Moderator& by,
                                   absl::string_view act,
                                   const ExportRecord& record,
                                   const crypto::AuditDetails& details) {
  FRANK_ASSIGN_OR_RETURN(crypto::Sha256Digest hash,
                         acts.Add(CaseSubject(CaseOf(record)),
                                  ModeratorActor(by.id), act, details));
  return ToString(hash);
}

// Answers with what a transaction changed.
template <typename Response, typename Changed>
services::Done<Changed> AnswerWith(services::Done<Response> done) {
  return [done = std::move(done)](absl::StatusOr<Changed> changed) mutable {
    if (!changed.ok()) return done(changed.status());
    Response response;
    *response.mutable_entry() = std::move(changed->entry);
    response.set_act_hash(std::move(changed->act_hash));
    done(std::move(response));
  };
}

}  // namespace

ExportDesk::ExportDesk(const Dependencies& dependencies)
    : d_(dependencies), slots_(d_.clock) {}

template <typename Source>
absl::StatusOr<v1::Export> ExportDesk::Show(Source& source, const ExportId& id,
                                            const Record& record) const {
  v1::Export shown = ToProto(id, record, d_.clock.Now());
  FRANK_ASSIGN_OR_RETURN(auto key,
                         d_.vault.FindCaseKey(source, CaseOf(record)));
  // The words go with the key.
  if (!key) return shown;
  FRANK_ASSIGN_OR_RETURN(auto words, OpenExportWords(*key, id, record));
  shown.set_recipient(words.recipient());
  shown.set_purpose(words.purpose());
  shown.set_legal_basis(words.legal_basis());
  return shown;
}

void ExportDesk::Request(const Moderator& by,
                         const v1::RequestExportRequest& request,
                         services::Done<v1::RequestExportResponse> done) {
  auto changed = std::make_shared<Changed>();
  storage::RunTransaction(
      d_.engine,
      [this, by, request,
       changed](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(*changed, Add(transaction, by, request));
        return absl::OkStatus();
      },
      Answer(changed,
             AnswerWith<v1::RequestExportResponse, Changed>(std::move(done))));
}

absl::StatusOr<ExportDesk::Changed> ExportDesk::Add(
    storage::Transaction& transaction, const Moderator& by,
    const v1::RequestExportRequest& request) const {
  const ExportId id = IdOf(request.export_id());
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindExport(transaction, id));
  if (found) return Repeat(transaction, by, request, *found);
  Changed changed;
  FRANK_ASSIGN_OR_RETURN(Record record, MakeRecord(transaction, by, request));
  ActLog acts(transaction, d_.clock.Now());
  FRANK_ASSIGN_OR_RETURN(
      changed.act_hash,
      AddAct(acts, by, "export.requested", record, DetailsOf(id, record)));
  record.set_requested_act(changed.act_hash);
  storage::AddExport(transaction, id, record);
  FRANK_RETURN_IF_ERROR(acts.Write());
  FRANK_ASSIGN_OR_RETURN(changed.entry, Show(transaction, id, record));
  return changed;
}

absl::StatusOr<ExportDesk::Record> ExportDesk::MakeRecord(
    storage::Transaction& transaction, const Moderator& by,
    const v1::RequestExportRequest& request) const {
  FRANK_RETURN_IF_ERROR(d_.composer.CheckKey());
  Record record;
  record.set_case_id(request.case_id());
  const CaseId case_id = CaseOf(record);
  FRANK_ASSIGN_OR_RETURN(auto about, GetCase(transaction, case_id));
  FRANK_RETURN_IF_ERROR(CheckAccess(transaction, by, about));
  FRANK_RETURN_IF_ERROR(CheckKept(about.state()));
  if (about.state() == storage::kCaseDuplicate) {
    return WithReason(
        absl::FailedPreconditionError("the case was closed into another"),
        "CASE_STATE");
  }
  record.set_requested_by(by.id);
  record.set_requested_at(d_.clock.Now());
  record.set_recipient_key(request.recipient_key());
  FRANK_ASSIGN_OR_RETURN(DataKey key, d_.vault.CaseKey(transaction, case_id));
  record.set_fingerprint(FingerprintOf(key, by, request));
  FRANK_ASSIGN_OR_RETURN(
      *record.mutable_words_ciphertext(),
      SealExportWords(d_.vault, key, IdOf(request.export_id()),
                      WordsOf(request)));
  // Whoever is about to shred the case cannot read a request that is not there
  // yet: both write the case.
  storage::v1::CaseRecord after = about;
  FRANK_RETURN_IF_ERROR(storage::PutCase(transaction, case_id, &about, &after));
  return record;
}

absl::StatusOr<ExportDesk::Changed> ExportDesk::Repeat(
    storage::Transaction& transaction, const Moderator& by,
    const v1::RequestExportRequest& request, const Record& first) const {
  FRANK_ASSIGN_OR_RETURN(auto key,
                         d_.vault.FindCaseKey(transaction, CaseOf(first)));
  // Without the key nobody can tell what was asked for then.
  if (key && first.fingerprint() != FingerprintOf(*key, by, request)) {
    return WithReason(
        absl::AlreadyExistsError("this export id has another request"),
        "ID_CONFLICT");
  }
  Changed changed;
  FRANK_ASSIGN_OR_RETURN(changed.entry,
                         Show(transaction, IdOf(request.export_id()), first));
  return changed;
}

absl::StatusOr<ExportDesk::Changed> ExportDesk::Apply(
    storage::Transaction& transaction, const Moderator& by, const ExportId& id,
    Change& change) const {
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindExport(transaction, id));
  if (!record) return NotFound();
  FRANK_RETURN_IF_ERROR(CheckAccess(transaction, by, CaseOf(*record)));
  ActLog acts(transaction, d_.clock.Now());
  Changed changed;
  FRANK_ASSIGN_OR_RETURN(changed.act_hash, change(id, acts, &*record));
  if (!changed.act_hash.empty()) {
    storage::PutExport(transaction, id, *record);
    FRANK_RETURN_IF_ERROR(acts.Write());
  }
  FRANK_ASSIGN_OR_RETURN(changed.entry, Show(transaction, id, *record));
  return changed;
}

void ExportDesk::Release(const Moderator& by,
                         const v1::ReleaseExportRequest& request,
                         services::Done<v1::ReleaseExportResponse> done) {
  Change release = [this, by, recipient = request.recipient_key()](
                       ExportId id, ActLog& acts,
                       Record* record) -> absl::StatusOr<std::string> {
    if (record->requested_by() == by.id) {
      return WithReason(absl::PermissionDeniedError(
                            "somebody else than who asked must release it"),
                        "SECOND_PERSON");
    }
    if (record->recipient_key() != recipient) {
      return FieldError("recipient_key", "must be that of the request");
    }
    const v1::ExportState state = StateOf(*record, d_.clock.Now());
    if (state == v1::EXPORT_STATE_RELEASED && record->released_by() == by.id) {
      return std::string();
    }
    if (state != v1::EXPORT_STATE_WAITING) {
      return BadState("the export does not wait for a release");
    }
    record->set_released_by(by.id);
    record->set_released_at(d_.clock.Now());
    FRANK_ASSIGN_OR_RETURN(
        std::string hash,
        AddAct(acts, by, "export.released", *record, DetailsOf(id, *record)));
    record->set_released_act(hash);
    return hash;
  };
  auto changed = std::make_shared<Changed>();
  storage::RunTransaction(
      d_.engine,
      [this, by, id = IdOf(request.export_id()), release = std::move(release),
       changed](storage::Transaction& transaction) mutable -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(*changed, Apply(transaction, by, id, release));
        return absl::OkStatus();
      },
      Answer(changed,
             AnswerWith<v1::ReleaseExportResponse, Changed>(std::move(done))));
}

void ExportDesk::Cancel(const Moderator& by,
                        const v1::CancelExportRequest& request,
                        services::Done<v1::CancelExportResponse> done) {
  Change cancel = [this, by](ExportId id, ActLog& acts,
                             Record* record) -> absl::StatusOr<std::string> {
    const v1::ExportState state = StateOf(*record, d_.clock.Now());
    if (state == v1::EXPORT_STATE_CANCELLED &&
        record->cancelled_by() == by.id) {
      return std::string();
    }
    if (state != v1::EXPORT_STATE_WAITING &&
        state != v1::EXPORT_STATE_RELEASED) {
      return BadState("the export is over");
    }
    record->set_cancelled_by(by.id);
    record->set_cancelled_at(d_.clock.Now());
    return AddAct(acts, by, "export.cancelled", *record,
                  DetailsOf(id, *record));
  };
  auto changed = std::make_shared<Changed>();
  storage::RunTransaction(
      d_.engine,
      [this, by, id = IdOf(request.export_id()), cancel = std::move(cancel),
       changed](storage::Transaction& transaction) mutable -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(*changed, Apply(transaction, by, id, cancel));
        return absl::OkStatus();
      },
      Answer(changed,
             AnswerWith<v1::CancelExportResponse, Changed>(std::move(done))));
}

absl::StatusOr<v1::ListExportsResponse> ExportDesk::List(
    const Moderator& by, const v1::ListExportsRequest& request) const {
  std::string after;
  if (!absl::WebSafeBase64Unescape(request.page_token(), &after)) {
    return FieldError("page_token", "must be one that was returned");
  }
  absl::optional<CaseId> case_id;
  if (!request.case_id().empty()) {
    FRANK_ASSIGN_OR_RETURN(case_id,
                           CaseId::Parse("case_id", request.case_id()));
  }
  const size_t limit =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  FRANK_ASSIGN_OR_RETURN(
      storage::ExportPage page,
      storage::ListExports(d_.engine, case_id, after, limit));
  v1::ListExportsResponse response;
  for (const storage::StoredExport& stored : page.exports) {
    FRANK_ASSIGN_OR_RETURN(auto about,
                           storage::FindCase(d_.engine, CaseOf(stored.record)));
    if (!about) return absl::DataLossError("the case of an export is missing");
    if (!CheckAccess(by, *about).ok()) {
      *response.add_entry() = ToProto(stored.id, stored.record, d_.clock.Now());
      continue;
    }
    FRANK_ASSIGN_OR_RETURN(*response.add_entry(),
                           Show(d_.engine, stored.id, stored.record));
  }
  response.set_next_page_token(absl::WebSafeBase64Escape(page.next));
  return response;
}

absl::Status ExportDesk::CheckFetch(const Moderator& by,
                                    const Record& record) const {
  if (record.requested_by() != by.id) {
    return WithReason(
        absl::PermissionDeniedError("whoever asked for it fetches it"),
        "NOT_PERMITTED");
  }
  if (StateOf(record, d_.clock.Now()) == v1::EXPORT_STATE_RELEASED) {
    return absl::OkStatus();
  }
  return BadState("the export is not released, or no longer");
}

void ExportDesk::Fetch(const Moderator& by, const ExportId& id,
                       FetchDone done) {
  auto record = storage::FindExport(d_.engine, id);
  if (!record.ok()) return done(record.status());
  if (!record->has_value()) return done(NotFound());
  absl::Status allowed = CheckFetch(by, **record);
  if (!allowed.ok()) return done(allowed);

  auto slot = slots_.Take(by.id);
  if (!slot.ok()) return done(slot.status());
  std::shared_ptr<HeldPackage> held = *std::move(slot);
  // Composed before the transaction, which must be short; that finds out
  // whether the release still stands.
  absl::StatusOr<Package> composed = d_.composer.Compose(id, **record);
  if (!composed.ok()) return done(composed.status());
  held->package = *std::move(composed);
  storage::RunTransaction(
      d_.engine,
      [this, by, id, held](storage::Transaction& transaction) {
        return RecordFetch(transaction, by, id, held->package);
      },
      [held, done = std::move(done)](absl::Status status) mutable {
        if (absl::IsAborted(status) && !FindReason(status)) status = Busy();
        if (!status.ok()) return done(std::move(status));
        done(std::move(held));
      });
}

absl::Status ExportDesk::RecordFetch(storage::Transaction& transaction,
                                     const Moderator& by, const ExportId& id,
                                     const Package& package) const {
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindExport(transaction, id));
  if (!record) return NotFound();
  FRANK_ASSIGN_OR_RETURN(auto about, GetCase(transaction, CaseOf(*record)));
  FRANK_RETURN_IF_ERROR(CheckAccess(transaction, by, about));
  // It may have been shredded while the package was composed.
  FRANK_RETURN_IF_ERROR(CheckKept(about.state()));
  FRANK_RETURN_IF_ERROR(CheckFetch(by, *record));
  record->set_fetch_count(record->fetch_count() + 1);
  record->set_fetched_at(d_.clock.Now());
  record->set_package_sha256(ToString(package.sha256));
  storage::PutExport(transaction, id, *record);
  ActLog acts(transaction, d_.clock.Now());
  crypto::AuditDetails details;
  details.SetHex("export", id.bytes())
      .SetHex("package_sha256", package.sha256)
      .Set("size", uint64_t{package.bytes.size()});
  FRANK_RETURN_IF_ERROR(
      AddAct(acts, by, "export.fetched", *record, details).status());
  return acts.Write();
}

}  // namespace frank::moderation
