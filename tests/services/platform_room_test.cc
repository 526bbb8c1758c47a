// RoomService: creation, members, who may see what.
#include "core/limits.h"
#include "services/platform/platform_jobs.h"
#include "storage/enforcement_store.h"
#include "storage/room_store.h"
#include "tests/services/platform_fixture.h"

namespace frank::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::StartsWith;

class RoomTest : public PlatformFixture {
 protected:
  absl::StatusOr<v1::CreateRoomResponse> Create(
      const v1::CreateRoomRequest& request) {
    return Ask(room_handler_, &RoomHandler::Create, alice_.call(), request);
  }
  v1::CreateRoomRequest GroupOf(const std::vector<std::string>& members) {
    v1::CreateRoomRequest request;
    request.set_request_id(NewRequestId());
    request.set_kind(v1::ROOM_KIND_GROUP);
    for (const std::string& uri : members) request.add_member_uri(uri);
    return request;
  }
  absl::StatusOr<v1::UpdateMembersResponse> Update(
      const TestAccount& caller, const v1::Room& room,
      const std::vector<std::string>& add,
      const std::vector<std::string>& remove) {
    v1::UpdateMembersRequest request;
    request.set_request_id(NewRequestId());
    request.set_room_uri(room.room_uri());
    for (const std::string& uri : add) request.add_add_uri(uri);
    for (const std::string& uri : remove) request.add_remove_uri(uri);
    return Ask(room_handler_, &RoomHandler::Update, caller.call(), request);
  }
  absl::Status Get(const TestAccount& caller, const std::string& uri) {
    v1::GetRoomRequest request;
    request.set_room_uri(uri);
    return Ask(room_handler_, &RoomHandler::Get, caller.call(), request)
        .status();
  }
  bool WasMember(const v1::Room& room, const TestAccount& account,
                 UnixMillis time) {
    return *storage::StaysOfAccount(*engine_, account.uri)
                .Include(room.room_uri(), time);
  }
  void Suspend(const TestAccount& account) {
    auto transaction = engine_->Begin();
    storage::Enforcement enforcement;
    enforcement.suspended = true;
    storage::PutEnforcement(*transaction, account.uri, enforcement);
    ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  }

  TestAccount alice_ = Register("alice");
  TestAccount bob_ = Register("bob");
  TestAccount carol_ = Register("carol");
};

TEST_F(RoomTest, NamesARoomByItsCreatorAndRequest) {
  v1::Room room = CreateRoom(alice_, {bob_.uri});
  EXPECT_THAT(room.room_uri(), StartsWith("mimi://hub.example/r/"));
  EXPECT_EQ(room.room_uri().size(), sizeof("mimi://hub.example/r/") - 1 + 32);
  EXPECT_EQ(room.membership_version(), 1);
  EXPECT_THAT(room.member_uri(), ElementsAre(alice_.uri, bob_.uri));
  EXPECT_EQ(room.creator_uri(), alice_.uri);
  EXPECT_EQ(room.created_at(), kStartTime);
}

TEST_F(RoomTest, MakesOneRoomOfOneRequest) {
  v1::CreateRoomRequest request = GroupOf({bob_.uri});
  auto first = Create(request);
  clock_.Advance(kMinute);
  auto second = Create(request);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  request.add_member_uri(carol_.uri);
  EXPECT_THAT(Create(request).status(),
              FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
}

TEST_F(RoomTest, RefusesMembersThatBreakTheRules) {
  EXPECT_THAT(Create(GroupOf({alice_.uri})).status(),
              IsFieldError("member_uri[0]", "must not be the caller"));
  EXPECT_THAT(Create(GroupOf({bob_.uri, bob_.uri})).status(),
              IsFieldError("member_uri[1]", "must not name an account twice"));
  EXPECT_THAT(Create(GroupOf({"mimi://hub.example/u/\x01"})).status(),
              IsFieldError("member_uri[0]"));
  EXPECT_THAT(
      Create(GroupOf({"mimi://hub.example/u/nobody"})).status(),
      IsFieldError("member_uri[0]", "must be an account of this platform"));
  EXPECT_THAT(
      Create(GroupOf(std::vector<std::string>(limits::kMaxRoomMembers, "x")))
          .status(),
      IsFieldError("member_uri", "must be at most 999"));
  v1::CreateRoomRequest request = GroupOf({bob_.uri});
  request.set_request_id("short");
  EXPECT_THAT(Create(request).status(), IsFieldError("request_id"));
  request = GroupOf({bob_.uri});
  request.set_kind(v1::ROOM_KIND_UNSPECIFIED);
  EXPECT_THAT(Create(request).status(), IsFieldError("kind"));
  request.set_kind(v1::ROOM_KIND_DIRECT);
  request.add_member_uri(carol_.uri);
  EXPECT_THAT(Create(request).status(), IsFieldError("member_uri"));
}

TEST_F(RoomTest, OnlyTheCreatorChangesOthers) {
  v1::Room room = CreateRoom(alice_, {bob_.uri});
  EXPECT_THAT(Update(bob_, room, {carol_.uri}, {}).status(),
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_PERMITTED"));
  EXPECT_THAT(Update(bob_, room, {}, {alice_.uri}).status(),
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_PERMITTED"));
  auto added = Update(alice_, room, {carol_.uri}, {});
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(added->room().membership_version(), 2);
  EXPECT_THAT(added->room().member_uri(),
              ElementsAre(alice_.uri, bob_.uri, carol_.uri));
}

TEST_F(RoomTest, AnybodyMayLeave) {
  v1::Room room = CreateRoom(alice_, {bob_.uri}, v1::ROOM_KIND_DIRECT);
  EXPECT_THAT(Update(alice_, room, {carol_.uri}, {}).status(),
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_PERMITTED"));
  Suspend(bob_);
  EXPECT_TRUE(Get(bob_, room.room_uri()).ok());
  ASSERT_TRUE(Update(bob_, room, {}, {bob_.uri}).ok());
  EXPECT_THAT(Get(bob_, room.room_uri()),
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
}

TEST_F(RoomTest, KeepsMembershipAsIntervals) {
  v1::Room room = CreateRoom(alice_, {bob_.uri});
  clock_.Advance(kDay);
  ASSERT_TRUE(Update(alice_, room, {}, {bob_.uri}).ok());
  clock_.Advance(kDay);
  ASSERT_TRUE(Update(alice_, room, {bob_.uri}, {}).ok());
  EXPECT_FALSE(WasMember(room, bob_, kStartTime - 1));
  EXPECT_TRUE(WasMember(room, bob_, kStartTime));
  EXPECT_TRUE(WasMember(room, bob_, kStartTime + kDay));
  EXPECT_FALSE(WasMember(room, bob_, kStartTime + kDay + 1));
  EXPECT_TRUE(WasMember(room, bob_, kStartTime + 2 * kDay));
  EXPECT_FALSE(WasMember(room, carol_, kStartTime));
}

TEST_F(RoomTest, ForgetsAStayFortyDaysAfterItsEnd) {
  v1::Room room = CreateRoom(alice_, {bob_.uri});
  ASSERT_TRUE(Update(alice_, room, {}, {bob_.uri}).ok());
  clock_.Advance(limits::kReplayMemory - 1);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_TRUE(WasMember(room, bob_, kStartTime));
  clock_.Advance(1);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_FALSE(WasMember(room, bob_, kStartTime));
  EXPECT_TRUE(WasMember(room, alice_, kStartTime));
}

TEST_F(RoomTest, ARepeatedChangeChangesNothingMore) {
  v1::Room room = CreateRoom(alice_, {bob_.uri});
  v1::UpdateMembersRequest request;
  request.set_request_id(NewRequestId());
  request.set_room_uri(room.room_uri());
  request.add_add_uri(carol_.uri);
  auto first = Ask(room_handler_, &RoomHandler::Update, alice_.call(), request);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->room().membership_version(), 2);
  ASSERT_TRUE(Update(alice_, room, {}, {carol_.uri}).ok());
  auto second =
      Ask(room_handler_, &RoomHandler::Update, alice_.call(), request);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->room().membership_version(), 3) << "as it is now";
  EXPECT_EQ(second->room().member_uri_size(), 2);
  request.add_remove_uri(bob_.uri);
  EXPECT_THAT(
      Ask(room_handler_, &RoomHandler::Update, alice_.call(), request).status(),
      FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
}

TEST_F(RoomTest, ShowsNoMembersToWhoRepeatsThatTheyLeft) {
  v1::Room room = CreateRoom(alice_, {bob_.uri});
  v1::UpdateMembersRequest request;
  request.set_request_id(NewRequestId());
  request.set_room_uri(room.room_uri());
  request.add_remove_uri(bob_.uri);
  ASSERT_TRUE(
      Ask(room_handler_, &RoomHandler::Update, bob_.call(), request).ok());
  ASSERT_TRUE(Update(alice_, room, {carol_.uri}, {}).ok());
  auto again = Ask(room_handler_, &RoomHandler::Update, bob_.call(), request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->room().room_uri(), room.room_uri());
  EXPECT_EQ(again->room().member_uri_size(), 0);
}

TEST_F(RoomTest, StoresLittleForAChange) {
  std::vector<std::string> uris;
  for (int i = 0; i < 100; ++i) {
    uris.push_back(Register(absl::StrCat("person", i)).uri);
  }
  v1::Room room = CreateRoom(alice_, uris);
  ASSERT_TRUE(Update(alice_, room, {}, {uris[0]}).ok());
  ASSERT_TRUE(Update(alice_, room, {}, {uris[0]}).ok()) << "changes nothing";
  std::vector<storage::KeyValue> rows =
      engine_->Scan(storage::KeyRange::Prefix("\x40")).value();
  for (const storage::KeyValue& row : rows) {
    EXPECT_LT(row.value.size(), 100u);
  }
}

TEST_F(RoomTest, LimitsHowOftenAnAccountChangesRooms) {
  v1::Room room = CreateRoom(alice_, {bob_.uri});
  for (size_t i = 1; i < limits::kMaxRoomChangesAnHour; ++i) {
    ASSERT_TRUE(Update(alice_, room, {bob_.uri}, {}).ok());
  }
  absl::Status refused = Update(alice_, room, {carol_.uri}, {}).status();
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kResourceExhausted,
                                 "QUOTA_EXCEEDED"));
  EXPECT_THAT(
      Create(GroupOf({})).status(),
      FailsWith(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED"));
  EXPECT_TRUE(Update(bob_, room, {}, {bob_.uri}).ok()) << "leaving is free";
  EXPECT_TRUE(Update(alice_, room, {}, {alice_.uri}).ok());
  clock_.Advance(kHour);
  EXPECT_TRUE(Create(GroupOf({})).ok());
}

TEST_F(RoomTest, LimitsHowManyStaysAnAccountBegins) {
  std::vector<std::string> uris;
  for (size_t i = 0; i < limits::kMaxRoomMembers - 1; ++i) {
    uris.push_back(Register(absl::StrCat("person", i)).uri);
  }
  for (size_t begun = limits::kMaxRoomMembers;
       begun <= limits::kMaxMembershipChangesAnHour;
       begun += limits::kMaxRoomMembers) {
    ASSERT_TRUE(Create(GroupOf(uris)).ok());
  }
  EXPECT_THAT(
      Create(GroupOf(uris)).status(),
      FailsWith(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED"));
}

TEST_F(RoomTest, EndsAPageOfRoomsBeforeItIsTooLarge) {
  // Rooms of half a megabyte, as 1,000 members of long names make them.
  storage::v1::RoomRecord record;
  record.add_member_uri(alice_.uri);
  for (int i = 0; i < 1000; ++i) {
    record.add_member_uri(absl::StrCat("x", i, std::string(500, 'x')));
  }
  auto transaction = engine_->Begin();
  for (int i = 0; i < 20; ++i) {
    std::string uri = absl::StrCat(kAuthority, "/r/", i + 10);
    storage::PutRoom(*transaction, uri, record);
    storage::JoinRoom(*transaction, uri, alice_.uri, 1, kStartTime);
  }
  ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  v1::ListRoomsRequest request;
  std::set<std::string> seen;
  int pages = 0;
  do {
    auto page = Ask(room_handler_, &RoomHandler::List, alice_.call(), request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LT(page->ByteSizeLong(), limits::kMaxRoomsPageBytes + (1 << 20));
    for (const v1::Room& room : page->room()) seen.insert(room.room_uri());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, SizeIs(20));
  EXPECT_EQ(pages, 3);
}

TEST_F(RoomTest, RefusesChangesThatBreakTheRules) {
  v1::Room room = CreateRoom(alice_, {bob_.uri});
  EXPECT_THAT(Update(alice_, room, {}, {}).status(), IsFieldError("add_uri"));
  EXPECT_THAT(Update(alice_, room, {bob_.uri}, {bob_.uri}).status(),
              IsFieldError("remove_uri[0]", "must not name an account twice"));
  EXPECT_THAT(
      Update(alice_, room, {"mimi://hub.example/u/nobody"}, {}).status(),
      IsFieldError("add_uri[0]"));
  EXPECT_THAT(
      Update(alice_, room, std::vector<std::string>(1001, "x"), {}).status(),
      IsFieldError("add_uri"));
}

TEST_F(RoomTest, HidesRoomsFromOthers) {
  v1::Room room = CreateRoom(alice_, {bob_.uri});
  EXPECT_TRUE(Get(bob_, room.room_uri()).ok());
  absl::Status not_in = Get(carol_, room.room_uri());
  absl::Status not_there = Get(carol_, "mimi://hub.example/r/none");
  EXPECT_THAT(not_in,
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
  EXPECT_EQ(not_in, not_there);
  EXPECT_EQ(Update(carol_, room, {}, {carol_.uri}).status(), not_in);
  EXPECT_THAT(Get(carol_, "a b"), IsFieldError("room_uri"));
}

TEST_F(RoomTest, ListsRoomsPageByPage) {
  for (int i = 0; i < 5; ++i) CreateRoom(alice_, {bob_.uri});
  v1::ListRoomsRequest request;
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    auto page = Ask(room_handler_, &RoomHandler::List, bob_.call(), request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Room& room : page->room()) seen.push_back(room.room_uri());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, SizeIs(5));
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  request.set_page_size(201);
  EXPECT_THAT(
      Ask(room_handler_, &RoomHandler::List, bob_.call(), request).status(),
      IsFieldError("page_size", "must be at most 200"));
}

TEST_F(RoomTest, RefusesTheSuspended) {
  Suspend(alice_);
  EXPECT_THAT(Create(GroupOf({bob_.uri})).status(),
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_PERMITTED"));
}

}  // namespace
}  // namespace frank::platform
