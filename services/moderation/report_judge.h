// Opens sealed reports and judges each reported message (protocol section 7).
// Pure: knows keys, no store.
#ifndef FRANK_SERVICES_MODERATION_REPORT_JUDGE_H_
#define FRANK_SERVICES_MODERATION_REPORT_JUDGE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/taxonomy.h"
#include "crypto/hpke.h"
#include "crypto/key_ring.h"
#include "crypto/secret.h"
#include "frank/storage/v1/moderation.pb.h"
#include "frank/v1/frank.pb.h"
#include "frank/v1/intake.pb.h"
#include "proto/files.h"
#include "storage/moderation_schema.h"

namespace frank::moderation {

// On disk; never renumbered.
inline constexpr uint32_t kReportWaiting = 0;
inline constexpr uint32_t kReportOpened = 1;
inline constexpr uint32_t kReportUnopenable = 2;

// The policy area of reports that accuse nobody, because nobody can open them.
inline constexpr char kIntegrityArea[] = "integrity";

// One committed part that a report opened: of the message (file_tag empty) or a
// chunk of a file that the message announces. A view into the report.
struct OpenedItem {
  std::string file_tag;
  uint32_t index = 0;
  ByteSpan bytes;
};

// A PROVEN message with what it disclosed and what was checked.
struct ProvenMessage {
  storage::EvidenceId id;
  const v1::Frank* frank = nullptr;
  uint32_t scheme = 0;
  uint32_t part_count = 0;
  bool mimi_content = false;
  std::vector<OpenedItem> items;
  storage::v1::ProvenFrankRecord checked;
  // What the platform says of the reporter in the room at that time.
  v1::Membership membership = v1::MEMBERSHIP_UNSPECIFIED;
};

// A report after judging. Owns the opened content that the views show, which is
// overwritten when it goes; the shorter it lives, the better.
struct JudgedReport {
  uint32_t condition = kReportUnopenable;
  std::string accused_uri;
  std::string reason;
  // Of the table that the reason is a key of.
  uint32_t taxonomy_version = 0;
  std::string policy_area = kIntegrityArea;
  // Where its reason sends it, and whether that asks for a second person.
  std::string queue;
  bool second_person = false;
  uint32_t severity = static_cast<uint32_t>(ReasonSeverity::kMedium);
  UnixMillis time_to_decide = 24 * kHour;
  // The reason is believed without a proof: both are as it says. Nothing in the
  // report is bad.
  bool trusted_unproven = false;
  uint32_t exposure = static_cast<uint32_t>(Exposure::kNone);
  uint64_t reported_at = 0;
  bool clear_mismatch = false;
  // Sealed for a review key that is not here; it may be brought.
  bool awaits_review_key = false;
  // As in the report.
  std::vector<storage::v1::MessageVerdictRecord> verdicts;
  std::vector<ProvenMessage> proven;
  // Null when there is nothing in it to keep.
  std::shared_ptr<const v1::ReportContent> content;
};

// Whoever made it cannot have received it so: an honest client refuses it.
bool IsBad(const storage::v1::MessageVerdictRecord& message);

// Whether it proves something of whom it accuses.
bool Proves(const JudgedReport& judged);
bool Proves(const storage::v1::MessageVerdictRecord& message,
            const std::string& accused_uri);

// Whether a key may come by which it proves more.
bool AwaitsKey(const JudgedReport& judged);

// Thread-safe. Movable before it is shared.
class ReportJudge {
 public:
  ReportJudge(std::vector<wire::ReviewKey> review_keys, crypto::KeyRings rings,
              std::shared_ptr<const ReasonTable> reasons);

  // Whether the review key that a report names is here.
  bool HasKeyFor(const storage::v1::IntakeReportRecord& record) const;

  // The review key of this id, if it is here.
  absl::optional<crypto::HpkePrivateKey> FindReviewKey(
      const ReviewKeyId& id) const;

  // Forgets the review keys whose time is over, as a process does that starts
  // then, and tells the log of each. What holds one lets go of it when it is
  // done.
  void DropOverdueKeys(UnixMillis now);

  // Returns what the reporter sealed, byte for byte, whatever it is.
  // kUnauthenticated, kInvalidArgument when the key does not open it;
  // kFailedPrecondition when the key is not here, or no longer.
  absl::StatusOr<crypto::Secret> OpenSealed(
      const storage::ReportRef& report,
      const storage::v1::IntakeReportRecord& record, ByteSpan sealed) const;

  // Opens and judges; `sealed` is looked at only if HasKeyFor. A report that no
  // key opens, or that is no ReportContent, is UNOPENABLE and no error; all
  // messages of one that breaks a rule as a whole are MALFORMED. kInternal when
  // a library fails.
  absl::StatusOr<JudgedReport> Judge(
      const storage::ReportRef& report,
      const storage::v1::IntakeReportRecord& record, ByteSpan sealed) const;

 private:
  struct KeptKey {
    crypto::HpkePrivateKey key;
    UnixMillis destroy_at = 0;
  };
  struct Keys {
    absl::Mutex mutex;
    std::map<ReviewKeyId, KeptKey> by_id ABSL_GUARDED_BY(mutex);
  };

  // Any error but kInternal and kFailedPrecondition: UNOPENABLE.
  absl::StatusOr<std::shared_ptr<const v1::ReportContent>> Open(
      const storage::ReportRef& report,
      const storage::v1::IntakeReportRecord& record, ByteSpan sealed) const;

  std::unique_ptr<Keys> review_keys_;
  const crypto::KeyRings rings_;
  const std::shared_ptr<const ReasonTable> reasons_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REPORT_JUDGE_H_
