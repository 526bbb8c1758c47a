// Stamping for messengers that deliver by themselves.
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/wire.h"
#include "services/platform/franking_handler.h"
#include "tests/services/platform_world.h"

namespace frank::platform {
namespace {

class FrankingTest : public testing::Test {
 protected:
  static v1::StampRequest RequestOf(uint8_t tag) {
    v1::StampRequest request;
    request.set_franking_tag(std::string(32, static_cast<char>(tag)));
    request.set_sender_uri(absl::StrCat(kOther, "/u/ann"));
    request.set_room_uri(absl::StrCat(kOther, "/r/x"));
    return request;
  }
  static v1::StampBatchRequest BatchOf(size_t count) {
    v1::StampBatchRequest batch;
    for (size_t i = 0; i < count; ++i) {
      *batch.add_stamp() = RequestOf(static_cast<uint8_t>(i));
    }
    return batch;
  }
  absl::StatusOr<v1::StampResponse> Stamp(const v1::StampRequest& request,
                                          services::Call call) {
    return Answer<v1::StampResponse>(
        [&](auto done) { handler_.Stamp(call, request, std::move(done)); });
  }
  absl::StatusOr<v1::StampBatchResponse> StampBatch(
      const v1::StampBatchRequest& request) {
    return Answer<v1::StampBatchResponse>([&](auto done) {
      handler_.StampBatch(World::StampCall(), request, std::move(done));
    });
  }
  void ExpectAuthentic(const v1::Frank& wire_frank) {
    crypto::Frank frank = wire::FromProto(wire_frank).value();
    const crypto::KeyRing::Window* window =
        world_.rings.FindForRoom(frank.room_uri)
            ->FindWindow(frank.accepted_timestamp);
    EXPECT_TRUE(crypto::VerifyServerFrank(frank, *window->hub_key).ok());
    EXPECT_TRUE(
        crypto::VerifyIntegrity(frank, window->window.form, window->window.key)
            .ok());
  }

  World world_;
  FrankingHandler handler_{world_.authenticator, *world_.stamp_clock,
                           world_.rings};
};

// The stream's way: an answer is written over an earlier one.
TEST_F(FrankingTest, AnswersIntoAUsedMessageAsIntoANewOne) {
  const StampCredential& credential =
      *handler_.Authorize(World::StampCall()).value();
  v1::StampBatchResponse used;
  for (int size : {5, 2, 7, 1}) {
    v1::StampBatchRequest request;
    for (int i = 0; i < size; ++i) {
      *request.add_stamp() = RequestOf(static_cast<uint8_t>(size + i));
    }
    v1::StampBatchResponse fresh;
    ASSERT_TRUE(handler_.StampFor(credential, request, &fresh).ok());
    ASSERT_TRUE(handler_.StampFor(credential, request, &used).ok());
    EXPECT_EQ(used.SerializeAsString(), fresh.SerializeAsString());
  }
}

TEST_F(FrankingTest, StampsWithThePlatformsTimeAndTheRoomsKeys) {
  absl::StatusOr<v1::StampResponse> response =
      Stamp(RequestOf(7), World::StampCall());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->frank().franking_tag(), RequestOf(7).franking_tag());
  EXPECT_EQ(response->frank().sender_uri(), RequestOf(7).sender_uri());
  EXPECT_EQ(response->frank().accepted_timestamp(), kNow);
  ExpectAuthentic(response->frank());
}

TEST_F(FrankingTest, GivesABatchOneSignatureAndKeepsItsOrder) {
  absl::StatusOr<v1::StampBatchResponse> response = StampBatch(BatchOf(64));
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->frank_size(), 64);
  for (int i = 0; i < 64; ++i) {
    const v1::Frank& frank = response->frank(i);
    EXPECT_EQ(frank.franking_tag()[0], static_cast<char>(i));
    EXPECT_EQ(frank.batch().signature(),
              response->frank(0).batch().signature());
    ExpectAuthentic(frank);
  }
}

TEST_F(FrankingTest, RefusesCallersWithoutAStampCredential) {
  world_.AddDevice(kRita);
  EXPECT_EQ(ReasonIn(Stamp(RequestOf(1), {}).status()), "CREDENTIAL_INVALID");
  absl::Status device = Stamp(RequestOf(1), World::CallOf(kRita)).status();
  EXPECT_EQ(device.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonIn(device), "NOT_PERMITTED");
}

TEST_F(FrankingTest, RefusesSendersAndRoomsOutsideTheGrantedAuthorities) {
  for (const char* uri : {kRita, "mimi://OTHER.example/u/ann",
                          "mimi://other.example.evil/u/ann", "mimi:other"}) {
    v1::StampRequest sender = RequestOf(1);
    sender.set_sender_uri(uri);
    EXPECT_EQ(ReasonIn(Stamp(sender, World::StampCall()).status()),
              "AUTHORITY_NOT_GRANTED")
        << uri;
    v1::StampRequest room = RequestOf(1);
    room.set_room_uri(uri);
    EXPECT_EQ(ReasonIn(Stamp(room, World::StampCall()).status()),
              "AUTHORITY_NOT_GRANTED")
        << uri;
  }
}

TEST_F(FrankingTest, RefusesAWholeBatchForOneBadItemAndNamesIt) {
  v1::StampBatchRequest short_tag = BatchOf(5);
  short_tag.mutable_stamp(3)->mutable_franking_tag()->pop_back();
  EXPECT_EQ(FieldIn(StampBatch(short_tag).status()), "stamp[3].franking_tag");
  v1::StampBatchRequest bad_sender = BatchOf(5);
  bad_sender.mutable_stamp(3)->set_sender_uri(
      absl::StrCat(kOther, "/u/a\x01nn"));
  EXPECT_EQ(FieldIn(StampBatch(bad_sender).status()), "stamp[3].sender_uri");
}

TEST_F(FrankingTest, StampsRoomsOfSeveralAuthoritiesInOneBatch) {
  v1::StampBatchRequest batch = BatchOf(6);
  for (int i : {1, 2, 5}) {
    batch.mutable_stamp(i)->set_room_uri(absl::StrCat(kThird, "/r/", i));
  }
  absl::StatusOr<v1::StampBatchResponse> response = StampBatch(batch);
  ASSERT_TRUE(response.ok()) << response.status();
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(response->frank(i).room_uri(), batch.stamp(i).room_uri());
    EXPECT_EQ(response->frank(i).batch().size(), 3u);
    ExpectAuthentic(response->frank(i));
  }
  batch.mutable_stamp(5)->set_room_uri(absl::StrCat(kThird, "/r/\x7f"));
  EXPECT_EQ(FieldIn(StampBatch(batch).status()), "stamp[5].room_uri");
}

TEST_F(FrankingTest, SaysThatAUriIsMissingRatherThanNotGranted) {
  v1::StampRequest request = RequestOf(1);
  request.clear_sender_uri();
  EXPECT_EQ(FieldIn(Stamp(request, World::StampCall()).status()), "sender_uri");
}

TEST_F(FrankingTest, NamesTheFieldOfASingleStampWithoutAnIndex) {
  v1::StampRequest request = RequestOf(1);
  request.set_room_uri(absl::StrCat(kOther, "/r/\x7f"));
  EXPECT_EQ(FieldIn(Stamp(request, World::StampCall()).status()), "room_uri");
}

TEST_F(FrankingTest, RefusesEmptyAndTooLargeBatches) {
  EXPECT_EQ(FieldIn(StampBatch(BatchOf(0)).status()), "stamp");
  EXPECT_EQ(FieldIn(StampBatch(BatchOf(limits::kMaxStampBatch + 1)).status()),
            "stamp");
  EXPECT_TRUE(StampBatch(BatchOf(limits::kMaxStampBatch)).ok());
}

TEST_F(FrankingTest, DoesNotStampATimeThatNoWindowHolds) {
  world_.clock.Set(kNow + 11 * kDay);
  absl::Status status = Stamp(RequestOf(1), World::StampCall()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonIn(status), "CANNOT_STAMP");
}

TEST_F(FrankingTest, DoesNotStampWhenItsClockIsMoreThanAMinuteBehind) {
  ASSERT_TRUE(Stamp(RequestOf(1), World::StampCall()).ok());
  world_.clock.Set(kNow - limits::kMaxClockBehind);
  EXPECT_TRUE(Stamp(RequestOf(1), World::StampCall()).ok());
  world_.clock.Set(kNow - limits::kMaxClockBehind - 1);
  absl::Status status = Stamp(RequestOf(1), World::StampCall()).status();
  EXPECT_EQ(ReasonIn(status), "CANNOT_STAMP");
}

TEST_F(FrankingTest, RemembersTheNewestStampAcrossRestarts) {
  ASSERT_TRUE(Stamp(RequestOf(1), World::StampCall()).ok());
  // Destroying it waits for the write under way.
  world_.stamp_clock.reset();
  FakeClock behind(kNow - limits::kMaxClockBehind - 1);
  auto reopened = StampClock::Open(*world_.engine, behind).value();
  EXPECT_EQ(ReasonIn(reopened->Now().status()), "CANNOT_STAMP");
}

}  // namespace
}  // namespace frank::platform
