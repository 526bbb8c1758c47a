// Reports on their way to the moderators, against an intake that dies, comes
// back and loses what it had.
#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/limits.h"
#include "crypto/hash.h"
#include "frank/v1/intake.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "services/platform/forwarder.h"
#include "services/platform/outbox_queue.h"
#include "services/platform/report_retention.h"
#include "storage/memory/memory_engine.h"
#include "storage/mismatch_store.h"
#include "storage/report_schema.h"

namespace frank::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr char kReporter[] = "mimi://hub.example/u/rita";
constexpr UnixMillis kNow = 1'700'000'000'000;
constexpr UnixMillis kIndicative = 3 * kDay;

class FakeRandom final : public RandomSource {
 public:
  void Fill(absl::Span<uint8_t> out) override {
    for (uint8_t& byte : out) byte = next_++;
  }

 private:
  uint8_t next_ = 0;
};

std::string FingerprintOf(uint8_t number) {
  return ToString(crypto::Sha256({AsBytes(absl::StrCat("sealed ", number))}));
}

v1::Receipt ReceiptFor(const v1::ForwardRequest& request, UnixMillis at) {
  v1::Receipt receipt;
  receipt.set_report_id(request.report_id());
  receipt.set_reporter_uri(request.reporter_uri());
  receipt.set_received_at(at);
  receipt.set_sealed_sha256(
      ToString(crypto::Sha256({AsBytes(request.sealed_report())})));
  receipt.set_signature(std::string(64, 's'));
  receipt.set_key_record("record");
  receipt.set_key_signature(std::string(64, 'k'));
  return receipt;
}

// Acknowledges each report as it comes, with a receipt.
class FakeIntake final : public v1::IntakeService::Service {
 public:
  grpc::Status Forward(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::ForwardResponse, v1::ForwardRequest>* stream)
      override {
    {
      absl::MutexLock lock(&mutex_);
      ++connections_;
      v1::ForwardResponse first;
      first.set_acknowledged(mark_);
      first.set_indicative_time_ms(indicative_);
      stream->Write(first);
    }
    v1::ForwardRequest request;
    while (stream->Read(&request)) {
      v1::ForwardResponse response;
      {
        absl::MutexLock lock(&mutex_);
        received_.push_back(request);
        bool dies = received_.size() == die_after_;
        if (!dies || stores_before_death_) {
          mark_ = std::max(mark_, request.number());
        }
        if (dies) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "died");
        response.set_acknowledged(request.number());
        if (!request.has_appeal()) {
          *response.add_receipt() =
              ReceiptFor(request, kNow + received_.size());
        }
        if (spoil_) spoil_(response);
      }
      stream->Write(response);
    }
    return grpc::Status::OK;
  }

  void SetIndicativeTime(uint64_t time) {
    absl::MutexLock lock(&mutex_);
    indicative_ = time;
  }
  // Waits for so many reports, repeats included.
  std::vector<v1::ForwardRequest> Await(size_t count) {
    absl::MutexLock lock(&mutex_);
    auto enough = [&] { return received_.size() >= count; };
    mutex_.Await(absl::Condition(&enough));
    return received_;
  }
  size_t received() {
    absl::MutexLock lock(&mutex_);
    return received_.size();
  }
  size_t connections() {
    absl::MutexLock lock(&mutex_);
    return connections_;
  }
  // Waits until the platform has connected so many times.
  void AwaitConnections(size_t count) {
    absl::MutexLock lock(&mutex_);
    auto enough = [&] { return connections_ >= count; };
    mutex_.Await(absl::Condition(&enough));
  }
  void SetMark(uint64_t mark) {
    absl::MutexLock lock(&mutex_);
    mark_ = mark;
  }
  // Ends the stream instead of acknowledging the count-th report, which it may
  // have stored.
  void DieAfter(size_t count, bool stored = false) {
    absl::MutexLock lock(&mutex_);
    die_after_ = count;
    stores_before_death_ = stored;
  }
  // Changes each answer to a report.
  void Spoil(std::function<void(v1::ForwardResponse&)> spoil) {
    absl::MutexLock lock(&mutex_);
    spoil_ = std::move(spoil);
  }

 private:
  absl::Mutex mutex_;
  std::vector<v1::ForwardRequest> received_;
  size_t connections_ = 0;
  uint64_t mark_ = 0;
  uint64_t indicative_ = kIndicative;
  size_t die_after_ = 0;
  bool stores_before_death_ = false;
  std::function<void(v1::ForwardResponse&)> spoil_;
};

ReportId IdOf(uint8_t number) {
  std::array<uint8_t, 16> bytes{};
  bytes[0] = number;
  return ReportId(bytes);
}

class ForwardingTest : public testing::Test {
 protected:
  ForwardingTest()
      : clock_(kNow),
        engine_(storage::MemoryEngine::Make(running_clock_)),
        queue_(std::make_unique<OutboxQueue>(*engine_, clock_)) {
    StartModeration();
  }
  ~ForwardingTest() override {
    forwarder_.reset();
    StopModeration();
  }

  void StartModeration() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(absl::StrCat("localhost:", port_),
                             grpc::InsecureServerCredentials(), &port_);
    builder.SetMaxReceiveMessageSize(16 << 20);
    builder.RegisterService(&intake_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }
  void StopModeration() {
    if (server_ != nullptr) {
      server_->Shutdown(std::chrono::system_clock::now());
    }
    server_.reset();
  }

  void StartForwarder() {
    Forwarder::Options options;
    options.engine = engine_.get();
    options.clock = forwarder_clock_;
    options.queue = events_.get();
    options.random = &random_;
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
    options.moderation = grpc::CreateCustomChannel(
        absl::StrCat("localhost:", port_), grpc::InsecureChannelCredentials(),
        arguments);
    options.holder = "test";
    forwarder_ = std::make_unique<Forwarder>(std::move(options));
  }

  void Submit(uint8_t number, std::vector<std::string> franks = {},
              size_t size = 0) {
    storage::OutgoingReport report;
    report.id = IdOf(number);
    report.reporter_uri = kReporter;
    report.review_key_id = "12345678";
    report.sealed =
        size == 0 ? absl::StrCat("sealed ", number) : std::string(size, 's');
    report.franks = std::move(franks);
    report.members.assign(report.franks.size(), v1::MEMBERSHIP_NOT_A_MEMBER);
    absl::Notification stored;
    absl::StatusOr<UnixMillis> outcome;
    queue_->Submit(MakeEntry(std::move(report), FingerprintOf(number), ""),
                   [&](absl::StatusOr<UnixMillis> result) {
                     outcome = std::move(result);
                     stored.Notify();
                   });
    stored.WaitForNotification();
    ASSERT_TRUE(outcome.ok()) << outcome.status();
  }

  absl::optional<storage::v1::ReceiptRecord> ReceiptOf(uint8_t number) {
    return storage::FindReport(*engine_, kReporter, IdOf(number))
        .value()
        ->receipt;
  }

  storage::ForwardingState Forwarding() {
    return storage::GetForwarding(*engine_).value();
  }

  void AwaitAcknowledged(uint64_t number) {
    for (;;) {
      // Shared with the callback, which may run twice.
      auto changed = std::make_shared<absl::Mutex>();
      auto fired = std::make_shared<bool>(false);
      auto watch = engine_->SetWatch(
          storage::KeyRange::Prefix(storage::schema::ForwardingKey()),
          [changed, fired] {
            absl::MutexLock lock(changed.get());
            *fired = true;
          });
      if (Forwarding().acknowledged == number) return;
      absl::MutexLock lock(changed.get());
      changed->Await(absl::Condition(fired.get()));
    }
  }

  size_t OutboxSize() {
    return engine_->Scan(storage::OutboxRange()).value().size();
  }

  static std::vector<uint64_t> NumbersOf(
      const std::vector<v1::ForwardRequest>& requests) {
    std::vector<uint64_t> numbers;
    for (const auto& request : requests) numbers.push_back(request.number());
    return numbers;
  }

  FakeClock clock_;
  // Tests in which a wait must end by itself use this one.
  SystemClock running_clock_;
  const Clock* forwarder_clock_ = &clock_;
  FakeRandom random_;
  std::unique_ptr<storage::MemoryEngine> engine_;
  std::unique_ptr<OutboxQueue> queue_;
  FakeIntake intake_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  services::EventQueue events_{services::EventQueue::Polling::kPolled};
  std::unique_ptr<Forwarder> forwarder_;
};

TEST_F(ForwardingTest, CarriesEveryFieldOfAReport) {
  v1::Frank frank;
  frank.set_sender_uri("mimi://hub.example/u/sam");
  storage::MismatchNotice notice;
  notice.account_uri = kReporter;
  ASSERT_TRUE(storage::RunTransactionAndWait(*engine_, [&](storage::Transaction&
                                                               transaction) {
                return storage::AddMismatch(transaction, notice,
                                            frank.sender_uri(), kNow + 1);
              }).ok());
  Submit(1, {frank.SerializeAsString()});
  StartForwarder();
  v1::ForwardRequest request = intake_.Await(1)[0];
  EXPECT_EQ(request.number(), 1u);
  EXPECT_EQ(request.report_id(), ToString(IdOf(1).bytes()));
  EXPECT_EQ(request.reporter_uri(), kReporter);
  EXPECT_EQ(request.review_key_id(), "12345678");
  EXPECT_EQ(request.sealed_report(), "sealed 1");
  EXPECT_EQ(request.accepted_at(), kNow);
  ASSERT_EQ(request.frank_size(), 1);
  EXPECT_EQ(request.frank(0).SerializeAsString(), frank.SerializeAsString());
  ASSERT_EQ(request.member_size(), 1);
  EXPECT_EQ(request.member(0), v1::MEMBERSHIP_NOT_A_MEMBER);
  ASSERT_EQ(request.sender_signal_size(), 1);
  EXPECT_EQ(request.sender_signal(0).sender_uri(), frank.sender_uri());
  EXPECT_EQ(request.sender_signal(0).mismatch_notices(), 1u);
}

TEST_F(ForwardingTest, CarriesAppealsAmongReportsAndMovesThemAsWell) {
  DecisionId decision(ToArray<16>(Bytes(16, 9)));
  ASSERT_TRUE(storage::RunTransactionAndWait(*engine_, [&](storage::Transaction&
                                                               transaction) {
                storage::v1::AccountDecisionRecord record;
                record.set_appeal_until(kNow + 1);
                storage::AddAccountDecision(transaction, kReporter, decision,
                                            record);
                return absl::OkStatus();
              }).ok());
  Submit(1);
  storage::OutgoingAppeal appeal;
  appeal.decision_id = decision;
  appeal.account_uri = kReporter;
  appeal.review_key_id = "12345678";
  appeal.sealed = "sealed appeal";
  absl::Notification stored;
  queue_->Submit(MakeEntry(std::move(appeal), "fingerprint", ""),
                 [&](absl::StatusOr<UnixMillis>) { stored.Notify(); });
  stored.WaitForNotification();
  intake_.SetMark(7);
  StartForwarder();
  v1::ForwardRequest request = intake_.Await(2)[1];
  EXPECT_EQ(request.number(), 9u);
  EXPECT_EQ(request.accepted_at(), kNow);
  EXPECT_EQ(request.report_id(), "");
  EXPECT_EQ(request.appeal().decision_id(), ToString(decision.bytes()));
  EXPECT_EQ(request.appeal().account_uri(), kReporter);
  EXPECT_EQ(request.appeal().review_key_id(), "12345678");
  EXPECT_EQ(request.appeal().sealed_appeal(), "sealed appeal");
  AwaitAcknowledged(9);
  EXPECT_EQ(storage::FindAccountDecision(*engine_, kReporter, decision)
                .value()
                ->appeal()
                .number(),
            9u);
}

TEST_F(ForwardingTest, SendsInOrderWhatWasNotAcknowledged) {
  for (uint8_t i = 1; i <= 5; ++i) Submit(i);
  ASSERT_TRUE(storage::RunTransactionAndWait(*engine_, [](storage::Transaction&
                                                              transaction) {
                storage::PutForwarding(transaction, {2, 2});
                return absl::OkStatus();
              }).ok());
  intake_.SetMark(2);
  StartForwarder();
  EXPECT_THAT(NumbersOf(intake_.Await(3)), ElementsAre(3, 4, 5));
  AwaitAcknowledged(5);
}

TEST_F(ForwardingTest, KeepsTheReceiptOfEachReportAndTheIndicativeTime) {
  for (uint8_t i = 1; i <= 3; ++i) Submit(i);
  StartForwarder();
  AwaitAcknowledged(3);
  for (uint8_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(ReceiptOf(i)) << int{i};
    EXPECT_EQ(ReceiptOf(i)->received_at(), kNow + i);
    EXPECT_EQ(ReceiptOf(i)->sealed_sha256(), FingerprintOf(i));
    EXPECT_EQ(ReceiptOf(i)->signature(), std::string(64, 's'));
    EXPECT_EQ(ReceiptOf(i)->key_record(), "record");
    EXPECT_EQ(ReceiptOf(i)->key_signature(), std::string(64, 'k'));
  }
  EXPECT_EQ(Forwarding().indicative_time, kIndicative);
}

TEST_F(ForwardingTest, LosesNoReceiptWhenTheConnectionBreaksAfterTheCommit) {
  for (uint8_t i = 1; i <= 3; ++i) Submit(i);
  intake_.DieAfter(2, /*stored=*/true);
  forwarder_clock_ = &running_clock_;
  StartForwarder();
  AwaitAcknowledged(3);
  for (uint8_t i = 1; i <= 3; ++i) EXPECT_TRUE(ReceiptOf(i)) << int{i};
}

TEST_F(ForwardingTest, KeepsTheFirstReceiptOfAReport) {
  StartForwarder();
  Submit(1);
  AwaitAcknowledged(1);
  forwarder_.reset();
  intake_.SetMark(0);
  StartForwarder();
  intake_.Await(2);
  AwaitAcknowledged(1);
  EXPECT_EQ(ReceiptOf(1)->received_at(), kNow + 1);
}

TEST_F(ForwardingTest, PassesOverReceiptsThatFitNoReport) {
  intake_.Spoil([](v1::ForwardResponse& response) {
    uint8_t number = response.receipt(0).report_id()[0];
    if (number == 1) response.mutable_receipt(0)->set_signature("short");
    if (number == 2) {
      response.mutable_receipt(0)->mutable_sealed_sha256()->front() ^= 1;
    }
    if (number == 3) {
      response.mutable_receipt(0)->mutable_report_id()->back() ^= 1;
    }
    if (number == 4) *response.add_receipt() = response.receipt(0);
  });
  for (uint8_t i = 1; i <= 4; ++i) Submit(i);
  StartForwarder();
  AwaitAcknowledged(4);
  for (uint8_t i = 1; i <= 3; ++i) EXPECT_FALSE(ReceiptOf(i)) << int{i};
  EXPECT_TRUE(ReceiptOf(4));
}

TEST_F(ForwardingTest, BelievesNoIndicativeTimeBeyondAYear) {
  intake_.SetIndicativeTime(UINT64_MAX);
  Submit(1);
  StartForwarder();
  AwaitAcknowledged(1);
  EXPECT_EQ(Forwarding().indicative_time, 365 * kDay);
}

TEST_F(ForwardingTest, TakesNoMoreReceiptsThanThereAreReports) {
  // The first answer alone; under the fake's lock.
  intake_.Spoil([flood = true](v1::ForwardResponse& response) mutable {
    if (!std::exchange(flood, false)) return;
    for (size_t i = 0; i < limits::kForwardingWindowReports; ++i) {
      *response.add_receipt() = response.receipt(0);
    }
  });
  Submit(1);
  forwarder_clock_ = &running_clock_;
  StartForwarder();
  // It begins anew, and the report is sent again.
  intake_.Await(2);
  AwaitAcknowledged(1);
  EXPECT_TRUE(ReceiptOf(1));
}

TEST_F(ForwardingTest, SendsWhatIsCommittedWhileItIsConnected) {
  StartForwarder();
  for (uint8_t i = 1; i <= 3; ++i) {
    Submit(i);
    AwaitAcknowledged(i);
  }
  EXPECT_THAT(NumbersOf(intake_.Await(3)), ElementsAre(1, 2, 3));
}

TEST_F(ForwardingTest, LosesNothingWhenModerationDiesBeforeItAcknowledges) {
  for (uint8_t i = 1; i <= 4; ++i) Submit(i);
  intake_.DieAfter(2);
  forwarder_clock_ = &running_clock_;
  StartForwarder();
  AwaitAcknowledged(4);
  EXPECT_THAT(NumbersOf(intake_.Await(5)), testing::IsSupersetOf({1, 2, 3, 4}));
}

TEST_F(ForwardingTest, KeepsReportsWhileModerationIsAwayAndSendsThemLater) {
  StopModeration();
  forwarder_clock_ = &running_clock_;
  StartForwarder();
  for (uint8_t i = 1; i <= 3; ++i) Submit(i);
  EXPECT_EQ(OutboxSize(), 3u);
  EXPECT_EQ(Forwarding().acknowledged, 0u);
  EXPECT_EQ(*storage::CountUnacknowledged(*engine_), 3u);
  StartModeration();
  AwaitAcknowledged(3);
  EXPECT_EQ(*storage::CountUnacknowledged(*engine_), 0u);
  EXPECT_THAT(NumbersOf(intake_.Await(3)), ElementsAre(1, 2, 3));
}

TEST_F(ForwardingTest, GoesOnWhereAnEarlierProcessStopped) {
  StartForwarder();
  Submit(1);
  AwaitAcknowledged(1);
  forwarder_.reset();
  Submit(2);
  StartForwarder();
  AwaitAcknowledged(2);
  EXPECT_THAT(NumbersOf(intake_.Await(2)), ElementsAre(1, 2));
}

TEST_F(ForwardingTest, SendsAgainWhatARestoredModerationLost) {
  StartForwarder();
  for (uint8_t i = 1; i <= 3; ++i) {
    Submit(i);
    AwaitAcknowledged(i);
  }
  forwarder_.reset();
  intake_.SetMark(1);
  StartForwarder();
  EXPECT_THAT(NumbersOf(intake_.Await(5)), ElementsAre(1, 2, 3, 2, 3));
  AwaitAcknowledged(3);
}

TEST_F(ForwardingTest, MovesReportsOfARestoredPlatformAboveTheMark) {
  Submit(1);
  Submit(2);
  intake_.SetMark(7);
  StartForwarder();
  EXPECT_THAT(NumbersOf(intake_.Await(2)), ElementsAre(8, 9));
  AwaitAcknowledged(9);
  Submit(3);
  AwaitAcknowledged(10);
  EXPECT_EQ(storage::FindReport(*engine_, kReporter, IdOf(1)).value()->number,
            8u);
}

TEST_F(ForwardingTest, RefusesAMarkThatCannotBeTrue) {
  Submit(1);
  forwarder_clock_ = &running_clock_;
  const uint64_t highest = std::numeric_limits<uint64_t>::max();
  for (uint64_t mark : {highest, highest - 1, limits::kMaxReportNumber + 1,
                        limits::kMaxMarkAhead + 1}) {
    intake_.SetMark(mark);
    StartForwarder();
    // The second connection comes after the first mark was judged.
    intake_.AwaitConnections(intake_.connections() + 2);
    forwarder_.reset();
    EXPECT_EQ(Forwarding().acknowledged, 0u) << mark;
    auto rows = storage::ScanOutbox(*engine_, 0, 10).value();
    ASSERT_THAT(rows, SizeIs(1)) << mark;
    EXPECT_EQ(rows[0].number, 1u) << mark;
  }
  intake_.SetMark(0);
  StartForwarder();
  AwaitAcknowledged(1);
}

TEST_F(ForwardingTest, ForgetsManyAcknowledgementsAPieceAtATime) {
  constexpr uint64_t kNotes = 2500;
  Submit(1);
  ASSERT_TRUE(storage::RunTransactionAndWait(*engine_, [](storage::Transaction&
                                                              transaction) {
                for (uint64_t number = 1; number <= kNotes; ++number) {
                  storage::NoteAcknowledged(transaction, number, kNow);
                }
                storage::PutForwarding(transaction, {kNotes, kNotes});
                return absl::OkStatus();
              }).ok());
  auto transaction = engine_->Begin();
  EXPECT_EQ(storage::ForgetAcknowledgedAbove(*transaction, 0, 1000).value(),
            1000u);
  transaction.reset();
  StartForwarder();
  EXPECT_THAT(NumbersOf(intake_.Await(1)), ElementsAre(1));
  AwaitAcknowledged(1);
  EXPECT_THAT(engine_
                  ->Scan(storage::KeyRange::Prefix(
                      storage::schema::AcknowledgedPrefix()))
                  .value(),
              SizeIs(1));
}

TEST_F(ForwardingTest, CarriesMoreThanTheWindowHolds) {
  constexpr size_t kSize = 7 << 20;
  static_assert(4 * kSize > limits::kForwardingWindowBytes);
  for (uint8_t i = 1; i <= 4; ++i) Submit(i, {}, kSize);
  StartForwarder();
  EXPECT_THAT(NumbersOf(intake_.Await(4)), ElementsAre(1, 2, 3, 4));
  AwaitAcknowledged(4);
}

TEST_F(ForwardingTest, LeavesForwardingToTheHolderOfTheLeaseUntilItEnds) {
  ASSERT_TRUE(
      storage::RunTransactionAndWait(*engine_, [](storage::Transaction&
                                                      transaction) {
        storage::PutForwardingLease(transaction, {"other", 5, kNow + 1000});
        return absl::OkStatus();
      }).ok());
  StartForwarder();
  Submit(1);
  EXPECT_EQ(intake_.received(), 0u);
  clock_.Advance(1000);
  // A commit to the outbox wakes the forwarder, which then finds the lease
  // over.
  Submit(2);
  intake_.Await(2);
  AwaitAcknowledged(2);
  std::unique_ptr<storage::Transaction> transaction = engine_->Begin();
  storage::Lease lease = storage::GetForwardingLease(*transaction).value();
  EXPECT_EQ(lease.holder, "test");
  EXPECT_EQ(lease.epoch, 6u);
}

TEST_F(ForwardingTest, ForgetsForwardedReportsAfterSevenDaysAndNoOthers) {
  StartForwarder();
  Submit(1);
  AwaitAcknowledged(1);
  forwarder_.reset();
  Submit(2);
  ReportRetention retention(*engine_, clock_);
  clock_.Advance(limits::kForwardedReportRetention - 1);
  retention.Run();
  EXPECT_EQ(OutboxSize(), 2u);
  clock_.Advance(1);
  retention.Run();
  EXPECT_EQ(OutboxSize(), 1u);
  EXPECT_THAT(storage::ScanOutbox(*engine_, 1, 10).value(), SizeIs(1));
  clock_.Advance(limits::kForwardedReportRetention);
  retention.Run();
  EXPECT_EQ(OutboxSize(), 1u) << "was never acknowledged";
}

TEST(BackoffTest, DoublesFromFirstToLongestAndStaysWithinHalfAndWhole) {
  FakeRandom random;
  Backoff backoff(200, 30'000, random);
  for (UnixMillis whole :
       {200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000}) {
    UnixMillis wait = backoff.Next();
    EXPECT_GE(wait, whole / 2);
    EXPECT_LE(wait, whole);
  }
  backoff.Reset();
  EXPECT_LE(backoff.Next(), 200u);
}

}  // namespace
}  // namespace frank::platform
