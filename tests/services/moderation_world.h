// A moderation service over the memory engine, with a platform and reporters
// that make real franks and real sealed reports.
#ifndef FRANK_TESTS_SERVICES_MODERATION_WORLD_H_
#define FRANK_TESTS_SERVICES_MODERATION_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/random.h"
#include "crypto/commitment.h"
#include "crypto/frank.h"
#include "crypto/hpke.h"
#include "crypto/key_ring.h"
#include "frank/v1/intake.pb.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/case_desk.h"
#include "services/moderation/case_view.h"
#include "services/moderation/claim_desk.h"
#include "services/moderation/decision_desk.h"
#include "services/moderation/decision_handler.h"
#include "services/moderation/decision_view.h"
#include "services/moderation/effect_sender.h"
#include "services/moderation/intake.h"
#include "services/moderation/moderation_metrics.h"
#include "services/moderation/moderator_handler.h"
#include "services/moderation/moderators.h"
#include "services/moderation/outcome_fold.h"
#include "services/moderation/policy_book.h"
#include "services/moderation/queue_figures.h"
#include "services/moderation/queue_handler.h"
#include "services/moderation/queue_keeper.h"
#include "services/moderation/referral_handler.h"
#include "services/moderation/report_folder.h"
#include "services/moderation/retention_handler.h"
#include "services/moderation/retention_keeper.h"
#include "services/moderation/review_handler.h"
#include "services/moderation/routing.h"
#include "services/moderation/target_fold.h"
#include "services/moderation/target_handler.h"
#include "services/moderation/watch_hub.h"
#include "storage/memory/memory_engine.h"

namespace frank::moderation {

inline constexpr UnixMillis kNow = 1'700'000'000'000;
inline constexpr char kRoom[] = "mimi://hub.example/r/garden";
inline constexpr char kMallory[] = "mimi://hub.example/u/mallory";
inline constexpr char kAlice[] = "mimi://hub.example/u/alice";
inline constexpr char kBob[] = "mimi://hub.example/u/bob";

// The same bytes in every run. Thread-safe.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  void Fill(absl::Span<uint8_t> out) override;

 private:
  std::atomic<uint64_t> state_;
};

// A call as a moderator, by token.
services::Call CallOf(const std::string& token);

// Starts a call and waits for its answer.
template <typename Response, typename Start>
absl::StatusOr<Response> Await(Start start) {
  absl::Notification answered;
  absl::StatusOr<Response> result = absl::UnknownError("not answered");
  start(services::Done<Response>([&](absl::StatusOr<Response> answer) {
    result = std::move(answer);
    answered.Notify();
  }));
  answered.WaitForNotification();
  return result;
}

// A message with everything that its recipient has of it.
struct SentMessage {
  v1::Frank frank;
  // The opening that a report would carry.
  v1::ReportContent::ReportedMessage reported;
};

// The platform's side: the keys that stamp, and the ring that moderation has.
class StampingPlatform {
 public:
  explicit StampingPlatform(RandomSource& random);

  // A WHOLE message of text.
  SentMessage SendText(absl::string_view sender, absl::string_view text,
                       UnixMillis time = kNow);
  // A PARTS message; a report opens the parts of `opened`.
  SentMessage SendParts(absl::string_view sender,
                        const std::vector<Bytes>& parts,
                        const std::vector<uint32_t>& opened,
                        UnixMillis time = kNow);
  // A PARTS message of empty parts, opened in full.
  SentMessage SendManyParts(absl::string_view sender, uint32_t count);

  // Windows: [kNow - 30 d, kNow + 1 d). `later` adds one after it; `dead` is a
  // tombstone before it.
  crypto::KeyRings ModerationRings(bool with_later) const;
  static constexpr UnixMillis kLater = kNow + 2 * kDay;
  // Of all windows; the world is restarted after a change.
  crypto::FrankForm form = crypto::FrankForm::kBatched;
  static constexpr UnixMillis kDead = kNow - 60 * kDay;

 private:
  v1::Frank Stamp(const FrankingTag& tag, absl::string_view sender,
                  UnixMillis time);
  std::vector<crypto::KeyWindow> Windows(bool with_later,
                                         bool private_keys) const;

  RandomSource& random_;
  Bytes hub_key_;
  Bytes seed_;
  Bytes public_key_;
};

// What the moderators hold and run. Restart() keeps the store alone.
class ModerationWorld {
 public:
  explicit ModerationWorld(uint64_t seed = 1);
  // Over a store that is there.
  ModerationWorld(uint64_t seed, std::unique_ptr<storage::Engine> store);
  ~ModerationWorld();

  // A report of `messages`, sealed, as the platform forwards it.
  v1::ForwardRequest Seal(const v1::ReportContent& content,
                          absl::string_view reporter);
  // An appeal of `account` against a decision, sealed and numbered as well.
  v1::ForwardRequest SealAppeal(const std::string& decision_id,
                                const std::string& account,
                                const std::string& text);
  static v1::ReportContent Content(absl::string_view accused,
                                   absl::string_view reason,
                                   const std::vector<SentMessage>& messages);
  // Seals, forwards and stores; returns the mark.
  uint64_t Report(const v1::ReportContent& content, absl::string_view reporter);
  absl::StatusOr<uint64_t> Forward(std::vector<v1::ForwardRequest> requests);
  // The same, with what the platform is told.
  absl::StatusOr<Intake::Taken> Take(std::vector<v1::ForwardRequest> requests);
  // Folds all that is due.
  void Fold();
  // Counts all that decisions mean for reporters.
  void CountOutcomes();
  // A new process over the same store, with or without the later window and the
  // review key.
  void Restart(bool with_later_window = false, bool with_review_key = true);

  // Calls as a moderator, by token; waits for the answer.
  absl::StatusOr<v1::ListCasesResponse> ListCases(
      const std::string& token, v1::ListCasesRequest request = {});
  absl::StatusOr<v1::ClaimCaseResponse> Claim(const std::string& token,
                                              const std::string& case_id = "");
  absl::StatusOr<v1::ClaimCaseResponse> Claim(
      const std::string& token, const v1::ClaimCaseRequest& request);
  absl::StatusOr<v1::RenewLeaseResponse> Renew(const std::string& token,
                                               const v1::CaseSummary& held);
  absl::StatusOr<v1::GetCaseResponse> GetCase(const std::string& token,
                                              const std::string& case_id,
                                              bool reveal);
  absl::StatusOr<v1::GetCaseResponse> GetCase(
      const std::string& token, const v1::GetCaseRequest& request);
  absl::StatusOr<v1::DecideCaseResponse> Decide(
      const std::string& token, const v1::DecideCaseRequest& request);
  absl::StatusOr<v1::ReleaseCaseResponse> Release(const std::string& token,
                                                  const v1::CaseSummary& held,
                                                  const std::string& note);
  absl::StatusOr<v1::ListActsResponse> Acts(const std::string& token,
                                            const std::string& case_id,
                                            uint64_t after = 0);
  // Any method of ModeratorHandler, by its address.
  template <typename Request, typename Response>
  absl::StatusOr<Response> People(
      void (ModeratorHandler::*method)(const services::Call&, const Request&,
                                       services::Done<Response>),
      const std::string& token, const Request& request);
  // The only open case.
  v1::CaseSummary OnlyCase();
  // Claims the only open case as the reviewer and reveals it.
  v1::GetCaseResponse RevealOnlyCase();
  // Under a policy that counts one strike.
  static v1::DecideCaseRequest Decision(const v1::CaseSummary& held,
                                        const std::vector<v1::Action>& actions,
                                        const std::string& id);

  FakeClock clock{kNow};
  SeededRandom random;
  // Moderation's identity key, and whether the receipt key is there.
  const crypto::Ed25519PrivateKey identity =
      crypto::Ed25519PrivateKey::FromSeed(crypto::Secret::Copy(Bytes(32, 1)))
          .value();
  bool has_receipt_key = true;
  std::unique_ptr<storage::Engine> engine;
  StampingPlatform platform;

  struct Process;
  std::unique_ptr<Process> process;
  config::v1::ModerationConfig config;
  // Of the processes to come.
  std::shared_ptr<const ReasonTable> reasons =
      std::make_shared<const ReasonTable>();
  std::vector<ReviewKeyStatus> review_keys;
  bool has_provider = false;
  uint32_t held_limit = limits::kDefaultHeldCases;

 private:
  ReceiptSigner MakeReceiptSigner() const;

  crypto::Secret review_private_key_;
  crypto::Secret master_key_;
  ReviewKeyId review_key_id_;
  crypto::ReviewKeyRecord record_;
  uint64_t next_number_ = 0;
};

struct ModerationWorld::Process {
  Process(ModerationWorld& world, ReportJudge report_judge);

  services::Metrics counted;
  const Authorities authorities;
  ModerationMetrics metrics;
  ReportJudge judge;
  const ConfiguredModerators configured;
  ModeratorDirectory directory;
  const Moderators moderators;
  const ExposureBook book;
  const PolicyBook policies;
  const DecisionTiming timing;
  const Routing routing;
  const Targets targets;
  const KeyVault vault;
  const ReceiptSigner receipts;
  const AppealIntake appeals;
  Intake intake;
  ReportFolder folder;
  const RetentionRules retention;
  QueueKeeper keeper;
  RetentionKeeper shredder;
  const CaseView view;
  const RevealDesk reveals;
  ClaimDesk claims;
  CaseDesk desk;
  AttendanceDesk attendance;
  WatchHub watchers;
  DecisionDesk decisions;
  const DecisionView decision_view;
  DecisionHandler decision;
  ReviewHandler review;
  ModeratorDesk people;
  ModeratorHandler people_handler;
  QueueHandler queue;
  const std::vector<ReviewKeyStatus> review_keys;
  LegalHolds holds;
  const RetentionView retention_view;
  RetentionHandler retention_handler;
  ReferralDesk referrals;
  ReferralHandler referral_handler;
  QueueFigures figures;
  TargetFold target_fold;
  OutcomeFold outcome_fold;
  const TargetView target_view;
  TargetHandler target;
};

template <typename Request, typename Response>
absl::StatusOr<Response> ModerationWorld::People(
    void (ModeratorHandler::*method)(const services::Call&, const Request&,
                                     services::Done<Response>),
    const std::string& token, const Request& request) {
  services::Call call;
  call.bearer_token = token;
  absl::Notification answered;
  absl::StatusOr<Response> result = absl::UnknownError("not answered");
  (process->people_handler.*method)(
      call, request,
      services::Done<Response>([&](absl::StatusOr<Response> answer) {
        result = std::move(answer);
        answered.Notify();
      }));
  answered.WaitForNotification();
  return result;
}

// Tokens of the world's moderators.
inline constexpr char kReviewer[] = "frank_reviewer";
inline constexpr char kSecondReviewer[] = "frank_second";
inline constexpr char kSenior[] = "frank_senior";
inline constexpr char kAuditor[] = "frank_auditor";
inline constexpr char kAdministrator[] = "frank_administrator";
inline constexpr char kNobody[] = "frank_nobody";

v1::Action MakeAction(v1::ActionKind kind, uint64_t until = 0,
                      uint32_t messages_an_hour = 0);
Bytes TextPart(absl::string_view text);

}  // namespace frank::moderation

#endif  // FRANK_TESTS_SERVICES_MODERATION_WORLD_H_
