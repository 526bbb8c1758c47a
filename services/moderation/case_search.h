// Lists of cases by filter and order, in pages that stay where they are.
#ifndef FRANK_SERVICES_MODERATION_CASE_SEARCH_H_
#define FRANK_SERVICES_MODERATION_CASE_SEARCH_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/ids.h"
#include "core/limits.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "services/moderation/review_proto.h"
#include "storage/case_list_store.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// What is asked for; the request has been checked.
struct CaseQuery {
  v1::CaseFilter filter;
  storage::CaseOrder order = storage::CaseOrder::kPriority;
  size_t page_size = 0;
  std::string page_token;
  // Not empty: a note holds these words, whatever the case of ASCII letters,
  // and the case is one that the reader may touch.
  std::string note_text;
  // Cases about accounts that they are linked to are not among the hits.
  Moderator reader;
};

// A list of ReviewService or a search of QueueService.
template <typename Request>
CaseQuery QueryOf(const Request& request) {
  CaseQuery query;
  query.filter = request.filter();
  // Their numbers are the same.
  if (request.order() != v1::CASE_ORDER_UNSPECIFIED) {
    query.order = static_cast<storage::CaseOrder>(request.order());
  }
  query.page_size =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  query.page_token = request.page_token();
  return query;
}

struct CaseHits {
  std::vector<storage::StoredCase> cases;
  std::string next_page_token;
  bool partial = false;
};

template <typename Response>
Response ToResponse(const CaseHits& hits) {
  Response response;
  for (const storage::StoredCase& stored : hits.cases) {
    *response.add_case_summary() = ToProto(stored.id, stored.record);
  }
  response.set_next_page_token(hits.next_page_token);
  response.set_partial(hits.partial);
  return response;
}

// Answers one query. Without a trait that is looked up (accused, reporter,
// moderator, tag) it walks the list of the order, or of one queue, and the
// token is a place in that list. With one it takes the cases that have it by
// the thousand, sorts each thousand, and the token is the thousand and a place
// in it. Either way it looks at a bounded number of cases a page. Not
// thread-safe.
class CaseSearch {
 public:
  // All outlive it.
  CaseSearch(storage::Engine& engine, const KeyVault& vault,
             const CaseQuery& query);

  // kInvalidArgument "page_token" on one that was not returned.
  absl::StatusOr<CaseHits> Run();

 private:
  struct Trait {
    storage::CaseTrait trait;
    std::string value;
  };
  using Listed = std::vector<storage::ListedCase>;

  absl::StatusOr<CaseHits> WalkList();
  absl::StatusOr<Listed> ScanList(absl::string_view after, size_t limit);
  absl::StatusOr<CaseHits> WalkTrait(const Trait& trait);
  // Adds the case if the filter lets it through.
  absl::Status Look(const CaseId& id, std::vector<storage::StoredCase>* hits);
  absl::StatusOr<bool> Matches(const storage::StoredCase& stored);
  absl::StatusOr<bool> MatchesPeople(const storage::StoredCase& stored);
  absl::StatusOr<bool> HasNote(const storage::StoredCase& stored);
  std::vector<Trait> Traits() const;

  storage::Engine& engine_;
  const KeyVault& vault_;
  const CaseQuery& query_;
  std::vector<uint32_t> states_;
  size_t looks_left_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_SEARCH_H_
