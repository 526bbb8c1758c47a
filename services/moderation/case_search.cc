#include "services/moderation/case_search.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_note.h"
#include "services/moderation/routing.h"
#include "storage/decision_store.h"

namespace frank::moderation {
namespace {

using storage::StoredCase;

// Rows of a list that are read at a time.
constexpr size_t kRead = 256;

absl::Status BadToken() {
  return FieldError("page_token", "must be one that was returned");
}

template <typename Values, typename Value>
bool Lets(const Values& values, const Value& value) {
  return values.empty() ||
         std::find(values.begin(), values.end(), value) != values.end();
}

template <typename Values, typename Others>
bool LetsAny(const Values& values, const Others& others) {
  return values.empty() ||
         std::any_of(others.begin(), others.end(), [&](const auto& other) {
           return std::find(values.begin(), values.end(), other) !=
                  values.end();
         });
}

bool HasTag(const StoredCase& stored, const std::string& name) {
  return std::any_of(stored.record.tag().begin(), stored.record.tag().end(),
                     [&name](const auto& tag) { return tag.name() == name; });
}

// What of the filter the record alone answers.
bool MatchesRecord(const v1::CaseFilter& filter,
                   const std::vector<uint32_t>& states,
                   const StoredCase& stored) {
  const storage::v1::CaseRecord& record = stored.record;
  return Lets(states, record.state()) && Lets(filter.queue(), record.queue()) &&
         LetsAny(filter.reason(), record.reason()) &&
         Lets(filter.policy_area(), record.policy_area()) &&
         Lets(filter.severity(), static_cast<int>(record.severity())) &&
         Lets(filter.proof(), static_cast<int>(ProofOf(record))) &&
         record.deadline() >= filter.due_from() &&
         (filter.due_until() == 0 || record.deadline() < filter.due_until()) &&
         (filter.accused_uri().empty() ||
          filter.accused_uri() == record.accused_uri()) &&
         (filter.tag().empty() || HasTag(stored, filter.tag()));
}

// The token of a walk over a trait: where the thousand begins, and how far in
// it one is; each may be empty.
std::string TraitToken(const std::string& row, const std::string& position) {
  std::string token;
  AppendU16(static_cast<uint16_t>(row.size()), &token);
  return token + row + position;
}
absl::StatusOr<std::pair<std::string, std::string>> ParseTraitToken(
    const std::string& token) {
  if (token.empty()) return std::pair<std::string, std::string>();
  ByteSpan bytes = AsBytes(token);
  if (bytes.size() < 2) return BadToken();
  size_t size = static_cast<size_t>(bytes[0]) << 8 | bytes[1];
  if (token.size() < 2 + size) return BadToken();
  return std::make_pair(token.substr(2, size), token.substr(2 + size));
}

}  // namespace

CaseSearch::CaseSearch(storage::Engine& engine, const KeyVault& vault,
                       const CaseQuery& query)
    : engine_(engine),
      vault_(vault),
      query_(query),
      states_(query.filter.state().begin(), query.filter.state().end()),
      looks_left_(query.note_text.empty() ? limits::kMaxListLooks
                                          : limits::kMaxNoteLooks) {
  std::sort(states_.begin(), states_.end());
  states_.erase(std::unique(states_.begin(), states_.end()), states_.end());
  if (states_.empty() && Traits().empty()) states_ = {storage::kCaseOpen};
}

std::vector<CaseSearch::Trait> CaseSearch::Traits() const {
  using T = storage::CaseTrait;
  const v1::CaseFilter& filter = query_.filter;
  std::vector<Trait> traits;
  // The one that tells most first: it is looked up, the others are compared.
  for (Trait trait :
       {Trait{T::kAccused, filter.accused_uri()}, Trait{T::kTag, filter.tag()},
        Trait{T::kReporter, filter.reporter_uri()},
        Trait{T::kModerator, filter.moderator()}}) {
    if (!trait.value.empty()) traits.push_back(std::move(trait));
  }
  return traits;
}

absl::StatusOr<CaseHits> CaseSearch::Run() {
  std::vector<Trait> traits = Traits();
  absl::StatusOr<CaseHits> hits =
      traits.empty() ? WalkList() : WalkTrait(traits.front());
  if (hits.ok()) {
    hits->next_page_token = absl::WebSafeBase64Escape(hits->next_page_token);
  }
  return hits;
}

absl::StatusOr<CaseSearch::Listed> CaseSearch::ScanList(absl::string_view after,
                                                        size_t limit) {
  if (query_.filter.queue_size() == 1 &&
      query_.order == storage::CaseOrder::kPriority) {
    return storage::ScanQueuedCases(engine_, query_.filter.queue(0), states_,
                                    after, limit);
  }
  return storage::ScanOrderedCases(engine_, query_.order, states_, after,
                                   limit);
}

absl::StatusOr<CaseHits> CaseSearch::WalkList() {
  CaseHits hits;
  std::string position;
  if (!absl::WebSafeBase64Unescape(query_.page_token, &position)) {
    return BadToken();
  }
  while (true) {
    FRANK_ASSIGN_OR_RETURN(Listed listed, ScanList(position, kRead));
    for (const storage::ListedCase& row : listed) {
      if (hits.cases.size() == query_.page_size || looks_left_ == 0) {
        hits.partial = hits.cases.size() < query_.page_size;
        hits.next_page_token = position;
        return hits;
      }
      FRANK_RETURN_IF_ERROR(Look(row.id, &hits.cases));
      position = row.position;
    }
    if (listed.size() < kRead) return hits;
  }
}

absl::StatusOr<CaseHits> CaseSearch::WalkTrait(const Trait& trait) {
  std::string token;
  if (!absl::WebSafeBase64Unescape(query_.page_token, &token)) {
    return BadToken();
  }
  FRANK_ASSIGN_OR_RETURN(auto place, ParseTraitToken(token));
  const auto& [begin, after] = place;
  FRANK_ASSIGN_OR_RETURN(
      std::vector<storage::TraitRow> rows,
      storage::ScanCasesWith(engine_, trait.trait, trait.value, begin,
                             looks_left_ + 1));
  bool more = rows.size() > looks_left_;
  if (more) rows.pop_back();
  std::set<CaseId> ids;
  for (const storage::TraitRow& row : rows) ids.insert(row.id);
  std::map<std::string, StoredCase> sorted;
  for (const CaseId& id : ids) {
    std::vector<StoredCase> found;
    FRANK_RETURN_IF_ERROR(Look(id, &found));
    for (StoredCase& stored : found) {
      std::string position =
          storage::ListPositionOf(query_.order, id, stored.record);
      if (position > after) sorted.emplace(position, std::move(stored));
    }
  }
  CaseHits hits;
  // A case in two parts shows up in both: in each where it belongs.
  hits.partial = more || !begin.empty();
  for (auto& [position, stored] : sorted) {
    if (hits.cases.size() == query_.page_size) {
      hits.next_page_token = TraitToken(
          begin, storage::ListPositionOf(query_.order, hits.cases.back().id,
                                         hits.cases.back().record));
      return hits;
    }
    hits.cases.push_back(std::move(stored));
  }
  if (more) hits.next_page_token = TraitToken(rows.back().row, "");
  return hits;
}

absl::Status CaseSearch::Look(const CaseId& id, std::vector<StoredCase>* hits) {
  if (looks_left_ > 0) --looks_left_;
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindCase(engine_, id));
  // Gone between the two reads.
  if (!record) return absl::OkStatus();
  StoredCase stored{id, *std::move(record)};
  FRANK_ASSIGN_OR_RETURN(bool matches, Matches(stored));
  if (matches) hits->push_back(std::move(stored));
  return absl::OkStatus();
}

absl::StatusOr<bool> CaseSearch::Matches(const StoredCase& stored) {
  if (!MatchesRecord(query_.filter, states_, stored)) return false;
  // Not even that there is something about whom the reader is linked to.
  if (query_.reader.linked_accounts.count(stored.record.accused_uri()) > 0) {
    return false;
  }
  FRANK_ASSIGN_OR_RETURN(bool people, MatchesPeople(stored));
  if (!people) return false;
  return query_.note_text.empty() ? true : HasNote(stored);
}

absl::StatusOr<bool> CaseSearch::MatchesPeople(const StoredCase& stored) {
  const v1::CaseFilter& filter = query_.filter;
  if (!filter.reporter_uri().empty()) {
    FRANK_ASSIGN_OR_RETURN(
        bool reported,
        storage::IsReporterOfCase(engine_, filter.reporter_uri(),
                                  stored.record.opened_at(), stored.id));
    if (!reported) return false;
  }
  if (filter.moderator().empty() ||
      stored.record.lease().holder() == filter.moderator()) {
    return true;
  }
  FRANK_ASSIGN_OR_RETURN(auto decisions,
                         storage::ListDecisions(engine_, stored.id));
  return std::any_of(decisions.begin(), decisions.end(),
                     [&filter](const storage::StoredDecision& decision) {
                       return decision.record.moderator() == filter.moderator();
                     });
}

absl::StatusOr<bool> CaseSearch::HasNote(const StoredCase& stored) {
  if (!CheckAccess(query_.reader, stored.record).ok()) return false;
  FRANK_ASSIGN_OR_RETURN(auto notes,
                         storage::ListNewestCaseNotes(engine_, stored.id, "",
                                                      limits::kMaxNotesOfCase));
  if (notes.empty()) return false;
  FRANK_ASSIGN_OR_RETURN(auto key, vault_.FindCaseKey(engine_, stored.id));
  // Shredded since the notes were read.
  if (!key) return false;
  const std::string wanted = absl::AsciiStrToLower(query_.note_text);
  for (const storage::StoredNote& note : notes) {
    FRANK_ASSIGN_OR_RETURN(std::string text,
                           OpenCaseNote(*key, stored.id, note));
    absl::AsciiStrToLower(&text);
    if (absl::StrContains(text, wanted)) return true;
  }
  return false;
}

}  // namespace frank::moderation
