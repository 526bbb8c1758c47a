// Queues, and which case waits in which: by rules of the configuration, the
// first that matches.
#ifndef FRANK_SERVICES_MODERATION_ROUTING_H_
#define FRANK_SERVICES_MODERATION_ROUTING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/taxonomy.h"
#include "frank/config/v1/queue.pb.h"
#include "frank/storage/v1/moderation.pb.h"
#include "frank/v1/review.pb.h"

namespace frank::moderation {

// Queues that the program itself sends cases to.
inline constexpr char kIntegrityQueue[] = "integrity";
inline constexpr char kSeniorsQueue[] = "seniors";
inline constexpr char kAppealsQueue[] = "appeals";

// Whether text may name a queue or be a tag: 1 to 32 of a-z, 0-9, '-', '_'.
bool IsLabel(absl::string_view text);

// What a case can prove of whom it accuses.
v1::ProofStatus ProofOf(const storage::v1::CaseRecord& record);

// Puts a case into a queue by somebody's will: it is not routed any more.
void SendToQueue(absl::string_view queue, storage::v1::CaseRecord* record);

// Immutable, hence thread-safe.
class Routing {
 public:
  struct Queue {
    std::string name;
    std::string title;
    bool seniors_only = false;
  };

  // Cases of nothing but forged or unopenable reports to the integrity queue,
  // everything else where its gravest reason says.
  static Routing BuiltIn();

  // kInvalidArgument names the field and the rule; every queue that a rule or a
  // reason names must be there.
  static absl::StatusOr<Routing> Create(const config::v1::Routing& config,
                                        const ReasonTable& reasons);

  // The same from a path, empty for the built-in routing. kFailedPrecondition
  // names the file as well.
  static absl::StatusOr<Routing> Load(const std::string& path,
                                      const ReasonTable& reasons);

  // Where a case belongs. `prior_actions` is how many decisions have acted on
  // the accused account.
  std::string QueueFor(const storage::v1::CaseRecord& record,
                       uint64_t prior_actions) const;

  // The same queues with other rules. kInvalidArgument as Create.
  absl::StatusOr<Routing> WithRules(
      const std::vector<config::v1::RoutingRule>& rules) const;

  const std::vector<Queue>& queues() const { return queues_; }
  // In order.
  const std::vector<config::v1::RoutingRule>& rules() const { return rules_; }
  const Queue* Find(absl::string_view name) const;

 private:
  template <typename Rules>
  absl::Status AddRules(const Rules& rules);

  std::vector<Queue> queues_;
  std::vector<config::v1::RoutingRule> rules_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_ROUTING_H_
