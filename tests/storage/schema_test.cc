// The platform's keys: ranges hold what they should and nothing else.
#include "storage/schema.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::storage::schema {
namespace {

const MailboxId kMailbox(std::array<uint8_t, 16>{1});

TEST(SchemaTest, RangesBetweenSequencesLeaveTheFirstOutAndTakeTheLastIn) {
  for (const char* room : {"r", "room"}) {
    KeyRange mailbox = MailboxBetween(kMailbox, room, 3, 5);
    KeyRange messages = MessagesBetween(room, 3, 5);
    for (uint64_t sequence : {2, 3, 4, 5, 6}) {
      bool within = sequence == 4 || sequence == 5;
      EXPECT_EQ(mailbox.Contains(MailboxKey(kMailbox, room, sequence)), within);
      EXPECT_EQ(messages.Contains(MessageKey(room, sequence)), within);
    }
  }
}

TEST(SchemaTest, NoAccountsRangeHoldsAnothersKeys) {
  EXPECT_FALSE(PastLists("a").Contains(PastListKey("ab", 1)));
  EXPECT_FALSE(AccountRooms("a").Contains(AccountRoomKey("ab", "r")));
  EXPECT_FALSE(Memberships("r", "a").Contains(MembershipKey("r", "ab", 1)));
  EXPECT_FALSE(Memberships("r", "a").Contains(MembershipKey("ra", "a", 1)));
  EXPECT_FALSE(NoticesAfter("a", 0).Contains(NoticeKey("ab", 1)));
}

TEST(SchemaTest, SequencesSortAsNumbers) {
  EXPECT_LT(MailboxKey(kMailbox, "r", 255), MailboxKey(kMailbox, "r", 256));
  EXPECT_LT(ChunkKey(FrankingTag(), 9), ChunkKey(FrankingTag(), 10));
}

TEST(SchemaTest, ReadsBackWhatKeysHold) {
  auto place = ParseMailboxKey(MailboxKey(kMailbox, "mimi://h/r/1", 77));
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place->room_uri, "mimi://h/r/1");
  EXPECT_EQ(place->sequence, 77);
  EXPECT_EQ(*ParseMessageSequence(MessageKey("r", 9)), 9);
  auto acknowledged =
      ParseAcknowledged(AcknowledgedMessagesKey(kMailbox, "r", 8));
  ASSERT_TRUE(acknowledged.ok());
  EXPECT_EQ(acknowledged->mailbox, kMailbox);
  EXPECT_EQ(acknowledged->from, 8);
  EXPECT_EQ(*ParseNoticeNumber(NoticeKey("a", 7)), 7);
  EXPECT_EQ(*ParseAccountRoom(AccountRoomKey("a", "r")), "r");
  EXPECT_EQ(*ParseRemovedMailbox(RemovedMailboxKey(kMailbox)), kMailbox);
  FrankingTag tag(std::array<uint8_t, 32>{9});
  EXPECT_EQ(*ParseFileExpiry(FileExpiryKey(1, tag)), tag);
}

TEST(SchemaTest, RefusesDamagedKeys) {
  std::string key = MailboxKey(kMailbox, "room", 77);
  for (size_t size = 0; size < key.size(); ++size) {
    EXPECT_EQ(ParseMailboxKey(key.substr(0, size)).status().code(),
              absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(ParseMailboxKey(key + "x").status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(SchemaTest, WhatIsDueNowIsInItsBucketsRange) {
  int in_range = 0;
  for (uint8_t bucket = 0; bucket < kTimeBuckets; ++bucket) {
    in_range +=
        DueMessages(bucket, 100).Contains(MessageExpiryKey(100, "r", 5));
    EXPECT_FALSE(
        DueMessages(bucket, 99).Contains(MessageExpiryKey(100, "r", 5)));
  }
  EXPECT_EQ(in_range, 1);
}

}  // namespace
}  // namespace frank::storage::schema
