// The book of what moderators were shown: a budget for each category in a
// shift, opt-outs, and breaks.
#ifndef FRANK_SERVICES_MODERATION_EXPOSURE_BOOK_H_
#define FRANK_SERVICES_MODERATION_EXPOSURE_BOOK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/taxonomy.h"
#include "frank/storage/v1/people.pb.h"
#include "frank/v1/moderators.pb.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/exposure_rules.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::moderation {

// A piece of evidence counts once in a shift, however often it is shown; of
// the category none as text. A break comes before the piece that would overrun
// it. A shift begins with the first piece that counts after the last shift
// ended; a pause as long as a break is one. Immutable, hence thread-safe.
class ExposureBook {
 public:
  // The clock outlives the book.
  ExposureBook(ExposureRules rules, const Clock& clock);

  const ExposureRules& rules() const { return rules_; }

  // Counts pieces in the transaction that reveals them, all or none; returns
  // what was shown so far. kFailedPrecondition OPTED_OUT; kResourceExhausted
  // EXPOSURE_SPENT, BREAK_DUE with the time until then. What was counted before
  // is refused for an opt-out alone.
  absl::StatusOr<v1::Exposure> Count(
      storage::Transaction& transaction, const std::string& moderator,
      Exposure category, const std::vector<storage::EvidenceId>& pieces) const;

  // What was shown so far.
  absl::StatusOr<v1::Exposure> Show(storage::Engine& engine,
                                    const std::string& moderator) const;
  // What others were shown so far, those whose shift runs, without their
  // opt-outs. The request has been checked.
  absl::StatusOr<v1::ListExposureResponse> List(
      storage::Engine& engine, const v1::ListExposureRequest& request) const;

 private:
  absl::Status CheckLimits(const storage::v1::ExposureRecord& record,
                           Exposure category, size_t pieces,
                           UnixMillis now) const;
  // Whether a break would be due before all of the pieces were seen.
  absl::Status CheckLoad(const storage::v1::ExposureRecord& record,
                         Exposure category, size_t pieces,
                         UnixMillis now) const;
  absl::Status Enter(storage::Transaction& transaction,
                     const std::string& moderator, Exposure category,
                     const std::vector<storage::EvidenceId>& fresh,
                     UnixMillis now, storage::v1::ExposureRecord* record) const;
  bool IsOver(const storage::v1::ExposureRecord& record, UnixMillis now) const;
  // Ends what has ended by now: the shift, the break.
  void BringUpToDate(UnixMillis now, storage::v1::ExposureRecord* record) const;
  v1::Exposure ToProto(const storage::v1::ExposureRecord& record,
                       const storage::v1::ModeratorRecord& kept) const;

  const ExposureRules rules_;
  const Clock& clock_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EXPOSURE_BOOK_H_
