// Reports and mismatch notices, from their reporters' side.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "crypto/hash.h"
#include "frank/storage/v1/platform.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/wire.h"
#include "services/platform/mismatch_handler.h"
#include "services/platform/platform_jobs.h"
#include "services/platform/receipts.h"
#include "services/platform/report_handler.h"
#include "services/platform/report_retention.h"
#include "storage/forwarding_store.h"
#include "storage/mailbox_store.h"
#include "storage/rate_store.h"
#include "storage/record.h"
#include "storage/room_store.h"
#include "storage/schema.h"
#include "tests/services/platform_world.h"

namespace frank::platform {
namespace {

using ::testing::SizeIs;

constexpr char kAnn[] = "mimi://other.example/u/ann";
constexpr UnixMillis kJoined = kNow - 1000;

class ReportTest : public testing::Test {
 protected:
  ReportTest() {
    world_.AddDevice(kRita);
    world_.Write([](storage::Transaction& transaction) {
      storage::v1::RoomRecord room;
      for (const char* member : {kRita, kSam}) {
        room.add_member_uri(member);
        storage::JoinRoom(transaction, kRoom, member, 1, kJoined);
      }
      storage::PutRoom(transaction, kRoom, room);
      return absl::OkStatus();
    });
  }

  v1::SubmitReportRequest RequestOf(uint8_t id) {
    v1::SubmitReportRequest request;
    request.set_report_id(std::string(16, static_cast<char>(id)));
    request.set_review_key_id("12345678");
    request.set_sealed_report(std::string(limits::kMinSealedReportBytes, 's'));
    *request.add_frank() = wire::ToProto(world_.FrankOf(kSam, kRoom, kNow));
    return request;
  }
  absl::StatusOr<v1::SubmitReportResponse> Submit(
      const v1::SubmitReportRequest& request,
      services::Call call = World::CallOf(kRita)) {
    return Answer<v1::SubmitReportResponse>([&](auto done) {
      handler_.SubmitReport(call, request, std::move(done));
    });
  }
  absl::StatusOr<v1::GetReportResponse> Get(
      uint8_t id, services::Call call = World::CallOf(kRita)) {
    v1::GetReportRequest request;
    request.set_report_id(std::string(16, static_cast<char>(id)));
    return Answer<v1::GetReportResponse>(
        [&](auto done) { handler_.GetReport(call, request, std::move(done)); });
  }
  absl::StatusOr<v1::ListReportsResponse> List(uint32_t size,
                                               const std::string& token = "") {
    v1::ListReportsRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    return Answer<v1::ListReportsResponse>([&](auto done) {
      handler_.ListReports(World::CallOf(kRita), request, std::move(done));
    });
  }
  absl::Status SetNotices(const std::string& report_id, bool off,
                          services::Call call = World::CallOf(kRita)) {
    v1::SetReportNoticesRequest request;
    request.set_report_id(report_id);
    request.set_off(off);
    return Answer<v1::SetReportNoticesResponse>([&](auto done) {
             handler_.SetReportNotices(call, request, std::move(done));
           })
        .status();
  }
  absl::Status Notify(uint8_t request_id, uint64_t sequence,
                      services::Call call = World::CallOf(kRita)) {
    v1::SubmitMismatchNoticeRequest request;
    request.set_request_id(std::string(16, static_cast<char>(request_id)));
    request.set_room_uri(kRoom);
    request.set_sequence(sequence);
    request.set_kind(v1::MISMATCH_KIND_BAD_OPENING);
    return Answer<v1::SubmitMismatchNoticeResponse>([&](auto done) {
             mismatches_.Submit(call, request, std::move(done));
           })
        .status();
  }
  std::vector<storage::OutboxRow> Outbox() {
    return storage::ScanOutbox(*world_.engine, 0, 1000).value();
  }
  static storage::OutgoingReport ReportIn(const storage::OutboxRow& row) {
    return absl::get<storage::OutgoingReport>(row.item);
  }
  uint64_t MismatchesOfSam() {
    return storage::CountMismatches(*world_.engine, kSam).value();
  }

  World world_;
  ReportingKeys keys_;
  OutboxQueue queue_{*world_.engine, world_.clock};
  ReportHandler handler_{{world_.engine.get(), &world_.clock,
                          &world_.authenticator, &queue_, &world_.rings, &keys_,
                          kOwn}};
  services::Metrics counted_;
  PlatformMetrics metrics_{counted_};
  MismatchHandler mismatches_{*world_.engine, world_.clock,
                              world_.authenticator, metrics_};
};

TEST_F(ReportTest, StoresAReportForForwardingBeforeItAnswers) {
  auto response = Submit(RequestOf(1));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->accepted_at(), kNow);
  ASSERT_THAT(Outbox(), SizeIs(1));
  storage::OutboxRow row = Outbox()[0];
  EXPECT_EQ(row.number, 1u);
  EXPECT_EQ(ReportIn(row).reporter_uri, kRita);
  EXPECT_EQ(ReportIn(row).sealed, RequestOf(1).sealed_report());
  ASSERT_THAT(ReportIn(row).franks, SizeIs(1));
  EXPECT_EQ(ReportIn(row).franks[0], RequestOf(1).frank(0).SerializeAsString());
}

TEST_F(ReportTest, AnswersTheSameReportAsBeforeAndStoresItOnce) {
  ASSERT_TRUE(Submit(RequestOf(1)).ok());
  world_.clock.Advance(5);
  auto again = Submit(RequestOf(1));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->accepted_at(), kNow);
  EXPECT_THAT(Outbox(), SizeIs(1));
}

TEST_F(ReportTest, SaysWhatToExpectOnceModerationHasSaid) {
  EXPECT_EQ(Submit(RequestOf(1))->expected_by(), 0u);
  world_.Write([](storage::Transaction& transaction) {
    storage::PutForwarding(transaction, {0, 0, 2 * kDay});
    return absl::OkStatus();
  });
  world_.clock.Advance(5);
  auto response = Submit(RequestOf(2));
  EXPECT_EQ(response->expected_by(), kNow + 5 + 2 * kDay);
  EXPECT_THAT(response->possible_outcome(),
              testing::ElementsAre(v1::REPORT_OUTCOME_ACTION_TAKEN,
                                   v1::REPORT_OUTCOME_NO_ACTION,
                                   v1::REPORT_OUTCOME_NOT_VERIFIABLE,
                                   v1::REPORT_OUTCOME_MORE_INFORMATION_WANTED));
  auto list = List(0);
  ASSERT_EQ(list->report_size(), 2);
  EXPECT_EQ(list->report(0).expected_by(), kNow + 5 + 2 * kDay);
  EXPECT_EQ(list->report(1).expected_by(), kNow + 2 * kDay);
  EXPECT_EQ(list->possible_outcome_size(), 4);
}

TEST_F(ReportTest, GivesTheReporterTheReceipt) {
  ASSERT_TRUE(Submit(RequestOf(1)).ok());
  EXPECT_FALSE(Get(1)->report().has_receipt());
  v1::ForwardResponse answer;
  v1::Receipt& receipt = *answer.add_receipt();
  receipt.set_report_id(RequestOf(1).report_id());
  receipt.set_reporter_uri(kRita);
  receipt.set_received_at(kNow + 1);
  receipt.set_sealed_sha256(
      ToString(crypto::Sha256({AsBytes(RequestOf(1).sealed_report())})));
  receipt.set_signature(std::string(64, 's'));
  receipt.set_key_record("record");
  receipt.set_key_signature(std::string(64, 'k'));
  world_.Write([&](storage::Transaction& transaction) {
    return StoreReceipts(answer, transaction);
  });
  EXPECT_EQ(Get(1)->report().receipt().SerializeAsString(),
            receipt.SerializeAsString());
  EXPECT_EQ(List(0)->report(0).receipt().SerializeAsString(),
            receipt.SerializeAsString());
}

TEST_F(ReportTest, SwitchesNoticesForOneReportOrForAll) {
  ASSERT_TRUE(Submit(RequestOf(1)).ok());
  ASSERT_TRUE(SetNotices(RequestOf(1).report_id(), true).ok());
  EXPECT_TRUE(Get(1)->report().notices_off());
  EXPECT_FALSE(List(0)->notices_off());
  ASSERT_TRUE(SetNotices(RequestOf(1).report_id(), false).ok());
  EXPECT_FALSE(Get(1)->report().notices_off());
  ASSERT_TRUE(SetNotices("", true).ok());
  EXPECT_TRUE(List(0)->notices_off());
  ASSERT_TRUE(SetNotices("", false).ok());
  EXPECT_FALSE(List(0)->notices_off());
}

TEST_F(ReportTest, SwitchesNoNoticesOfReportsThatAreNotTheCallers) {
  world_.AddDevice(kSam);
  ASSERT_TRUE(Submit(RequestOf(1)).ok());
  absl::Status status =
      SetNotices(RequestOf(1).report_id(), true, World::CallOf(kSam));
  EXPECT_EQ(ReasonIn(status), "NOT_FOUND");
  EXPECT_EQ(ReasonIn(SetNotices(std::string(16, 'x'), true)), "NOT_FOUND");
  EXPECT_EQ(FieldIn(SetNotices("short", true)), "report_id");
}

TEST_F(ReportTest, RefusesTheSameIdWithOtherBytes) {
  ASSERT_TRUE(Submit(RequestOf(1)).ok());
  v1::SubmitReportRequest other = RequestOf(1);
  other.mutable_sealed_report()->back() = 't';
  absl::Status status = Submit(other).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonIn(status), "ID_CONFLICT");
  EXPECT_THAT(Outbox(), SizeIs(1));
}

TEST_F(ReportTest, RefusesFranksThatItDidNotMake) {
  v1::Frank forged = RequestOf(1).frank(0);
  forged.mutable_server_frank()->front() ^= 1;
  v1::Frank deleted_window = RequestOf(1).frank(0);
  deleted_window.set_accepted_timestamp(kNow - 2 * kDay);
  v1::Frank no_window = RequestOf(1).frank(0);
  no_window.set_accepted_timestamp(kNow + 20 * kDay);
  v1::Frank no_ring = RequestOf(1).frank(0);
  no_ring.set_room_uri("mimi://unknown.example/r/1");
  v1::Frank moved = RequestOf(1).frank(0);
  moved.set_room_uri(absl::StrCat(kOwn, "/r/two"));
  for (const v1::Frank& frank :
       {forged, deleted_window, no_window, no_ring, moved}) {
    v1::SubmitReportRequest request = RequestOf(1);
    *request.add_frank() = frank;
    absl::Status status = Submit(request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ReasonIn(status), "NOT_AUTHENTIC");
    EXPECT_EQ(FieldIn(status), "frank[1].server_frank");
  }
  EXPECT_THAT(Outbox(), SizeIs(0));
}

TEST_F(ReportTest, SaysOfWhichFranksTheReporterIsKnownToHaveBeenAMember) {
  v1::SubmitReportRequest request = RequestOf(1);
  *request.add_frank() =
      wire::ToProto(world_.FrankOf(kAnn, "mimi://other.example/r/x", kNow));
  ASSERT_TRUE(Submit(request).ok());
  EXPECT_THAT(
      ReportIn(Outbox().at(0)).members,
      testing::ElementsAre(v1::MEMBERSHIP_MEMBER, v1::MEMBERSHIP_UNSPECIFIED))
      << "members of other messengers' rooms are not known";
}

TEST_F(ReportTest, RefusesFranksOfRoomsThatTheReporterWasNotIn) {
  v1::SubmitReportRequest request = RequestOf(1);
  *request.mutable_frank(0) =
      wire::ToProto(world_.FrankOf(kSam, kRoom, kJoined - 1));
  EXPECT_EQ(ReasonIn(Submit(request).status()), "NOT_A_MEMBER");
  *request.mutable_frank(0) =
      wire::ToProto(world_.FrankOf(kSam, absl::StrCat(kOwn, "/r/two"), kNow));
  EXPECT_EQ(ReasonIn(Submit(request).status()), "NOT_A_MEMBER");
}

TEST_F(ReportTest, AcceptsReportsOfMembersWhoHaveLeft) {
  world_.clock.Advance(10);
  world_.Write([&](storage::Transaction& transaction) {
    return storage::LeaveRoom(transaction, kRoom, kRita, kNow + 10);
  });
  EXPECT_TRUE(Submit(RequestOf(1)).ok());
  v1::SubmitReportRequest after = RequestOf(2);
  *after.mutable_frank(0) =
      wire::ToProto(world_.FrankOf(kSam, kRoom, kNow + 11));
  EXPECT_EQ(ReasonIn(Submit(after).status()), "NOT_A_MEMBER");
}

TEST_F(ReportTest, TakesReportsOfOtherMessengersWithinTheirAuthorities) {
  v1::SubmitReportRequest request = RequestOf(1);
  *request.mutable_frank(0) =
      wire::ToProto(world_.FrankOf(kAnn, "mimi://other.example/r/x", kNow));
  request.set_reporter_uri(kAnn);
  ASSERT_TRUE(Submit(request, World::StampCall()).ok());
  EXPECT_EQ(ReportIn(Outbox()[0]).reporter_uri, kAnn);
  request.set_reporter_uri(kRita);
  EXPECT_EQ(ReasonIn(Submit(request, World::StampCall()).status()),
            "AUTHORITY_NOT_GRANTED");
  EXPECT_EQ(FieldIn(Submit(request).status()), "reporter_uri");
}

TEST_F(ReportTest, NamesTheFieldThatBreaksALimit) {
  v1::SubmitReportRequest request = RequestOf(1);
  request.set_report_id("short");
  EXPECT_EQ(FieldIn(Submit(request).status()), "report_id");
  request = RequestOf(1);
  request.set_review_key_id("123");
  EXPECT_EQ(FieldIn(Submit(request).status()), "review_key_id");
  request = RequestOf(1);
  request.mutable_sealed_report()->pop_back();
  EXPECT_EQ(FieldIn(Submit(request).status()), "sealed_report");
  request.set_sealed_report(
      std::string(limits::kMaxSealedReportBytes + 1, 's'));
  EXPECT_EQ(FieldIn(Submit(request).status()), "sealed_report");
  request.set_sealed_report(std::string(limits::kMaxSealedReportBytes, 's'));
  EXPECT_TRUE(Submit(request).ok());
  request = RequestOf(2);
  for (size_t i = 0; i < limits::kMaxReportedMessages; ++i) {
    *request.add_frank() = request.frank(0);
  }
  EXPECT_EQ(FieldIn(Submit(request).status()), "frank");
  request = RequestOf(2);
  request.mutable_frank(0)->mutable_franking_tag()->pop_back();
  EXPECT_EQ(FieldIn(Submit(request).status()), "frank[0].franking_tag");
}

TEST_F(ReportTest, LimitsReportsOfAnHourAndSaysWhenTheNextMayCome) {
  for (size_t i = 0; i < limits::kMaxReportsAnHour; ++i) {
    ASSERT_TRUE(Submit(RequestOf(static_cast<uint8_t>(i))).ok());
  }
  absl::Status refused = Submit(RequestOf(200)).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonIn(refused), "QUOTA_EXCEEDED");
  ASSERT_TRUE(FindRetryAfter(refused));
  EXPECT_TRUE(Submit(RequestOf(0)).ok()) << "a repeat is not a new report";
  world_.clock.Advance(*FindRetryAfter(refused));
  EXPECT_TRUE(Submit(RequestOf(200)).ok());
}

TEST_F(ReportTest, NumbersReportsThatArriveTogetherWithoutGaps) {
  constexpr uint8_t kCount = 50;
  absl::Mutex mutex;
  int answered = 0;
  std::vector<v1::SubmitReportRequest> requests;
  for (uint8_t i = 0; i < kCount; ++i) {
    requests.push_back(RequestOf(i));
    requests.back().clear_frank();
    requests.back().set_reporter_uri(absl::StrCat(kOther, "/u/", i / 2));
  }
  for (const auto& request : requests) {
    handler_.SubmitReport(World::StampCall(), request, [&](auto response) {
      EXPECT_TRUE(response.ok()) << response.status();
      absl::MutexLock lock(&mutex);
      ++answered;
    });
  }
  absl::MutexLock lock(&mutex);
  auto all = [&] { return answered == kCount; };
  mutex.Await(absl::Condition(&all));
  std::vector<storage::OutboxRow> rows = Outbox();
  ASSERT_THAT(rows, SizeIs(kCount));
  std::set<std::string> ids;
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].number, i + 1);
    ids.insert(ReportIn(rows[i]).id.Hex());
  }
  EXPECT_THAT(ids, SizeIs(kCount));
}

TEST_F(ReportTest, ShowsReportersTheirOwnReportsAlone) {
  world_.AddDevice(kSam);
  ASSERT_TRUE(Submit(RequestOf(1)).ok());
  EXPECT_EQ(Get(1)->report().state(), v1::REPORT_STATE_ACCEPTED);
  EXPECT_EQ(ReasonIn(Get(2).status()), "NOT_FOUND");
  EXPECT_EQ(ReasonIn(Get(1, World::CallOf(kSam)).status()), "NOT_FOUND");
}

TEST_F(ReportTest, FollowsAReportFromAcceptedToDecided) {
  ASSERT_TRUE(Submit(RequestOf(1)).ok());
  world_.Write([](storage::Transaction& transaction) {
    storage::PutForwarding(transaction, {1, 1});
    return absl::OkStatus();
  });
  EXPECT_EQ(Get(1)->report().state(), v1::REPORT_STATE_FORWARDED);
  ReportId id = ReportId::Parse("id", std::string(16, '\1')).value();
  auto stored = storage::FindReport(*world_.engine, kRita, id).value().value();
  stored.outcome = v1::REPORT_OUTCOME_NO_ACTION;
  stored.decided_at = kNow + 1;
  world_.Write([&](storage::Transaction& transaction) {
    storage::PutReport(transaction, kRita, id, stored);
    return absl::OkStatus();
  });
  EXPECT_EQ(Get(1)->report().state(), v1::REPORT_STATE_DECIDED);
  EXPECT_EQ(Get(1)->report().outcome(), v1::REPORT_OUTCOME_NO_ACTION);
  EXPECT_EQ(Get(1)->report().decided_at(), kNow + 1);
}

TEST_F(ReportTest, ListsNewestFirstPageByPage) {
  for (uint8_t i = 1; i <= 5; ++i) {
    ASSERT_TRUE(Submit(RequestOf(i)).ok());
    world_.clock.Advance(1);
  }
  std::string seen;
  std::string token;
  int pages = 0;
  do {
    auto page = List(2, token);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& report : page->report()) seen += report.report_id()[0];
    token = page->next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(seen, "\5\4\3\2\1");
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(FieldIn(List(201).status()), "page_size");
  EXPECT_EQ(FieldIn(List(2, "nonsense").status()), "page_token");
}

TEST_F(ReportTest, ForgetsAReportsStatusWhenItsTimeIsOver) {
  ASSERT_TRUE(Submit(RequestOf(1)).ok());
  ReportRetention retention(*world_.engine, world_.clock);
  world_.clock.Advance(limits::kReportStatusRetention - 1);
  retention.Run();
  EXPECT_TRUE(Get(1).ok());
  world_.clock.Advance(1);
  retention.Run();
  EXPECT_EQ(ReasonIn(Get(1).status()), "NOT_FOUND");
  EXPECT_EQ(List(10)->report_size(), 0);
  EXPECT_THAT(Outbox(), SizeIs(1)) << "not acknowledged, hence not dropped";
}

TEST_F(ReportTest, CountsAMismatchForTheSenderOnceForEachDeviceAndMessage) {
  world_.Write([](storage::Transaction& transaction) {
    storage::v1::MessageRecord message;
    message.set_sender_uri(kSam);
    message.mutable_frank()->set_accepted_timestamp(kNow);
    for (uint64_t sequence : {1, 2}) {
      transaction.Put(storage::schema::MessageKey(kRoom, sequence),
                      storage::EncodeRecord(message));
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(Notify(1, 1).ok());
  EXPECT_TRUE(Notify(1, 1).ok()) << "the same request";
  EXPECT_TRUE(Notify(2, 1).ok()) << "another about the same message";
  EXPECT_EQ(MismatchesOfSam(), 1u);
  EXPECT_EQ(ReasonIn(Notify(1, 2)), "ID_CONFLICT");
  EXPECT_TRUE(Notify(3, 2).ok());
  EXPECT_EQ(MismatchesOfSam(), 2u);
  EXPECT_TRUE(Notify(4, 3).ok()) << "a message that is gone";
  EXPECT_EQ(MismatchesOfSam(), 2u);
  EXPECT_EQ(counted_.ReadAll().at(0).samples.at(0).value, 2)
      << "frank_mismatch_notice_total";
}

TEST_F(ReportTest, CountsMismatchesOfThoseAloneWhomTheMessageWasFor) {
  storage::v1::MessageRecord message;
  message.set_sender_uri(kSam);
  message.set_franking_tag("tag");
  message.mutable_frank()->set_accepted_timestamp(kNow);
  storage::MailboxId other(std::array<uint8_t, 16>{7});
  world_.Write([&](storage::Transaction& transaction) {
    storage::AddMessage(transaction, kRoom, 1, message, "body",
                        {{other, "12345678", "wrap"}});
    storage::AddMessage(transaction, kRoom, 2, message, "body",
                        {{storage::MailboxId(), "12345678", "wrap"}});
    return absl::OkStatus();
  });
  EXPECT_EQ(ReasonIn(Notify(1, 1)), "NOT_A_MEMBER");
  EXPECT_EQ(MismatchesOfSam(), 0u);
  EXPECT_TRUE(Notify(2, 2).ok());
  EXPECT_EQ(MismatchesOfSam(), 1u);
}

TEST_F(ReportTest, CountsMismatchesOfMessagesThatEverybodyHas) {
  storage::v1::MessageRecord message;
  message.set_sender_uri(kSam);
  message.set_franking_tag("tag");
  storage::MailboxId own;
  world_.Write([&](storage::Transaction& transaction) {
    message.mutable_frank()->set_accepted_timestamp(kNow);
    storage::AddMessage(transaction, kRoom, 1, message, "body",
                        {{own, "12345678", "wrap"}});
    message.mutable_frank()->set_accepted_timestamp(kJoined - 1);
    storage::AddMessage(transaction, kRoom, 2, message, "body",
                        {{own, "12345678", "wrap"}});
    storage::ExpireMessagesAt(transaction, kNow + limits::kMailboxRetention,
                              {{kRoom, 1}, {kRoom, 2}});
    return absl::OkStatus();
  });
  const storage::Acknowledgement both{own, kRoom, {1, 2}};
  world_.Write([&](storage::Transaction& transaction) {
    return storage::Acknowledge(transaction, {&both});
  });
  ASSERT_TRUE(RunPlatformJobs(*world_.engine, world_.clock).ok());
  ASSERT_FALSE(storage::FindMessage(*world_.engine, kRoom, 1)->has_value());
  EXPECT_TRUE(Notify(1, 1).ok());
  EXPECT_EQ(MismatchesOfSam(), 1u);
  EXPECT_EQ(ReasonIn(Notify(2, 2)), "NOT_A_MEMBER") << "came later";
  world_.clock.Advance(limits::kMailboxRetention);
  ASSERT_TRUE(RunPlatformJobs(*world_.engine, world_.clock).ok());
  EXPECT_TRUE(Notify(3, 2).ok()) << "its time has ended";
  EXPECT_EQ(MismatchesOfSam(), 1u);
}

TEST_F(ReportTest, LimitsMismatchNoticesByTheHour) {
  world_.Write([&](storage::Transaction& transaction) {
    return storage::CountInHour(transaction,
                                storage::RateKind::kMismatchNotices, kRita,
                                kNow, limits::kMaxMismatchNoticesAnHour,
                                limits::kMaxMismatchNoticesAnHour - 1);
  });
  EXPECT_TRUE(Notify(1, 1).ok());
  EXPECT_EQ(ReasonIn(Notify(2, 2)), "QUOTA_EXCEEDED");
  EXPECT_TRUE(Notify(1, 1).ok()) << "a repeat costs nothing";
  world_.clock.Advance(kHour);
  EXPECT_TRUE(Notify(2, 2).ok());
}

TEST_F(ReportTest, LimitsAStampCredentialWhomeverItNames) {
  world_.Write([&](storage::Transaction& transaction) {
    return storage::CountInHour(
        transaction, storage::RateKind::kReportsOfCredential, "other", kNow,
        limits::kMaxReportsOfCredentialAnHour,
        limits::kMaxReportsOfCredentialAnHour - 1);
  });
  auto report_of = [&](uint8_t id) {
    v1::SubmitReportRequest request = RequestOf(id);
    *request.mutable_frank(0) =
        wire::ToProto(world_.FrankOf(kAnn, "mimi://other.example/r/x", kNow));
    request.set_reporter_uri(absl::StrCat(kAnn, id));
    return request;
  };
  EXPECT_TRUE(Submit(report_of(1), World::StampCall()).ok());
  EXPECT_EQ(ReasonIn(Submit(report_of(2), World::StampCall()).status()),
            "QUOTA_EXCEEDED");
  EXPECT_TRUE(Submit(RequestOf(3)).ok()) << "a device is not the credential";
}

TEST_F(ReportTest, CountsNothingAgainstACredentialThatAReporterMayNotSpend) {
  auto left = [&](uint64_t amount) {
    absl::Status checked;
    world_.Write([&](storage::Transaction& transaction) {
      checked = storage::CheckHour(
          transaction, storage::RateKind::kReportsOfCredential, "other", kNow,
          limits::kMaxReportsOfCredentialAnHour, amount);
      return absl::OkStatus();
    });
    return checked.ok();
  };
  world_.Write([&](storage::Transaction& transaction) {
    return storage::CountInHour(transaction, storage::RateKind::kReports, kAnn,
                                kNow, limits::kMaxReportsAnHour,
                                limits::kMaxReportsAnHour);
  });
  v1::SubmitReportRequest request = RequestOf(1);
  *request.mutable_frank(0) =
      wire::ToProto(world_.FrankOf(kAnn, "mimi://other.example/r/x", kNow));
  request.set_reporter_uri(kAnn);
  EXPECT_EQ(ReasonIn(Submit(request, World::StampCall()).status()),
            "QUOTA_EXCEEDED");
  EXPECT_TRUE(left(limits::kMaxReportsOfCredentialAnHour));
}

TEST_F(ReportTest, HoldsAFewReportsOfEachThatWait) {
  absl::Mutex hold;
  auto engine = storage::MemoryEngine::Make(
      world_.running_clock, [&] { absl::MutexLock lock(&hold); });
  OutboxQueue queue(*engine, world_.clock);
  std::vector<absl::StatusOr<UnixMillis>> outcomes;
  absl::Mutex mutex;
  auto submit = [&](const std::string& reporter, const std::string& credential,
                    uint8_t id) {
    storage::OutgoingReport report;
    report.reporter_uri = reporter;
    report.id = ReportId(std::array<uint8_t, 16>{id});
    report.sealed = "sealed";
    queue.Submit(MakeEntry(std::move(report), "", credential),
                 [&](absl::StatusOr<UnixMillis> outcome) {
                   absl::MutexLock lock(&mutex);
                   outcomes.push_back(std::move(outcome));
                 });
  };
  size_t taken = 0;
  {
    absl::MutexLock lock(&hold);
    for (uint8_t id = 0; id <= limits::kMaxWaitingReports; ++id) {
      submit(kRita, "", id);
    }
    for (uint8_t id = 0; id <= limits::kMaxWaitingReportsOfCredential; ++id) {
      submit(absl::StrCat(kAnn, id), "other", id);
    }
    submit(kSam, "", 1);
    absl::MutexLock outcomes_lock(&mutex);
    ASSERT_THAT(outcomes, SizeIs(2)) << "one of each, at once";
    for (const auto& outcome : outcomes) {
      EXPECT_EQ(ReasonIn(outcome.status()), "QUOTA_EXCEEDED");
      EXPECT_TRUE(FindRetryAfter(outcome.status()).has_value());
    }
    taken =
        limits::kMaxWaitingReports + limits::kMaxWaitingReportsOfCredential + 1;
  }
  absl::MutexLock lock(&mutex);
  auto all = [&] { return outcomes.size() == taken + 2; };
  mutex.Await(absl::Condition(&all));
  EXPECT_EQ(std::count_if(outcomes.begin(), outcomes.end(),
                          [](const auto& outcome) { return outcome.ok(); }),
            static_cast<long>(taken));
}

TEST_F(ReportTest, TakesMismatchNoticesFromMembersAlone) {
  world_.AddDevice("mimi://hub.example/u/eve");
  EXPECT_EQ(ReasonIn(Notify(1, 1, World::CallOf("mimi://hub.example/u/eve"))),
            "NOT_A_MEMBER");
  EXPECT_EQ(ReasonIn(Notify(1, 1, World::StampCall())), "NOT_PERMITTED");
  EXPECT_EQ(FieldIn(Notify(1, 0)), "sequence");
}

}  // namespace
}  // namespace frank::platform
