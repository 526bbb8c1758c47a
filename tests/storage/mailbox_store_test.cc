// What forgetting messages costs: one piece of work is small, however much
// there is to do.
#include "storage/mailbox_store.h"

#include <string>
#include <vector>

#include "core/limits.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/memory/memory_engine.h"
#include "storage/record.h"

namespace frank::storage {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kRoom[] = "mimi://hub.example/r/1";
constexpr UnixMillis kNow = 1'700'000'000'000;

MailboxId MailboxOf(uint16_t number) {
  std::array<uint8_t, 16> bytes{};
  bytes[0] = static_cast<uint8_t>(number >> 8);
  bytes[1] = static_cast<uint8_t>(number);
  return MailboxId(bytes);
}

class MailboxStoreTest : public ::testing::Test {
 protected:
  void Write(TransactionBody body) {
    ASSERT_TRUE(RunTransactionAndWait(*engine_, std::move(body)).ok());
  }
  void Add(uint64_t sequence, const std::vector<MailboxId>& mailboxes,
           const std::string& body = "body") {
    std::vector<Delivery> deliveries;
    for (const MailboxId& mailbox : mailboxes) {
      deliveries.push_back({mailbox, "12345678", "wrap"});
    }
    v1::MessageRecord message;
    message.set_franking_tag("tag");
    message.mutable_frank()->set_accepted_timestamp(kNow);
    Write([&](Transaction& transaction) {
      AddMessage(transaction, kRoom, sequence, message, body, deliveries);
      ExpireMessagesAt(transaction, kNow + limits::kMailboxRetention,
                       {{kRoom, sequence}});
      return absl::OkStatus();
    });
  }
  // What a device has of the room up to a sequence.
  Acknowledgement Having(const MailboxId& mailbox, uint64_t sequence) {
    Acknowledgement having{mailbox, kRoom, {}};
    auto entries =
        ScanMailbox(*engine_, mailbox, kRoom, 0, "", kNoLimit).value();
    for (const MailboxEntry& entry : entries) {
      if (entry.place.sequence > sequence) break;
      having.sequences.push_back(entry.place.sequence);
    }
    return having;
  }
  void Ack(const std::vector<Acknowledgement>& acknowledgements) {
    Write([&](Transaction& transaction) {
      std::vector<const Acknowledgement*> all;
      for (const Acknowledgement& of : acknowledgements) all.push_back(&of);
      return Acknowledge(transaction, std::move(all));
    });
  }
  void Ack(const MailboxId& mailbox, uint64_t sequence) {
    Ack({Having(mailbox, sequence)});
  }
  // Runs one piece, from where the one before stopped.
  bool Sweep(size_t limit) {
    bool more = false;
    std::string next;
    Write([&](Transaction& transaction) -> absl::Status {
      next = position_;
      FRANK_ASSIGN_OR_RETURN(more,
                             SweepAcknowledged(transaction, limit, &next));
      return absl::OkStatus();
    });
    position_ = more ? next : "";
    return more;
  }
  bool Expire(size_t limit) {
    bool more = false;
    std::string next;
    Write([&](Transaction& transaction) -> absl::Status {
      next = position_;
      FRANK_ASSIGN_OR_RETURN(
          more, ExpireMessages(transaction, kNow + limits::kMailboxRetention,
                               limit, &next));
      return absl::OkStatus();
    });
    position_ = more ? next : "";
    return more;
  }
  std::vector<KeyValue> Rows(char table) {
    return *engine_->Scan(KeyRange::Prefix(std::string(1, table)));
  }
  // How many messages have their body yet.
  size_t Contents() {
    size_t count = 0;
    for (const KeyValue& row : Rows('\x20')) {
      count += DecodeRecord<v1::MessageRecord>(row.value)->has_body();
    }
    return count + Rows('\x21').size();
  }
  std::vector<KeyValue> Marks() { return Rows('\x25'); }

  FakeClock clock_{kNow};
  std::unique_ptr<MemoryEngine> engine_ = MemoryEngine::Make(clock_);
  std::string position_;
};

TEST_F(MailboxStoreTest, MarksNothingBeforeADevicesFirstMessage) {
  for (uint64_t sequence = 1; sequence <= 50; ++sequence) {
    Add(sequence, {MailboxOf(1)});
  }
  Add(51, {MailboxOf(1), MailboxOf(2)});
  Ack(MailboxOf(2), 51);
  ASSERT_THAT(Marks(), SizeIs(1));
  EXPECT_EQ(schema::ParseAcknowledged(Marks()[0].key)->from, 50u);
}

TEST_F(MailboxStoreTest, LeavesOneMarkForAllWhoAcknowledgedTheSame) {
  std::vector<Acknowledgement> all;
  std::vector<MailboxId> mailboxes;
  for (uint16_t i = 0; i < 20; ++i) mailboxes.push_back(MailboxOf(i));
  for (uint64_t sequence = 1; sequence <= 3; ++sequence) {
    Add(sequence, mailboxes);
  }
  // One has less than the others.
  for (const MailboxId& mailbox : mailboxes) {
    all.push_back(Having(mailbox, mailbox == mailboxes[7] ? 2 : 3));
  }
  Ack(all);
  EXPECT_THAT(Marks(), SizeIs(2));
  EXPECT_THAT(Rows('\x23'), SizeIs(1));
  while (Sweep(/*limit=*/1000)) {
  }
  EXPECT_EQ(Contents(), 1u) << "one still waits for it";
  Ack(mailboxes[7], 3);
  while (Sweep(/*limit=*/1000)) {
  }
  EXPECT_EQ(Contents(), 0u);
  EXPECT_THAT(Marks(), IsEmpty());
}

// As when a stream takes over while acknowledgements of the one before are on
// their way.
TEST_F(MailboxStoreTest, KeepsTheLongerOfTwoMarksThatBeginAlike) {
  Add(1, {MailboxOf(1)});
  Add(2, {MailboxOf(1)});
  const Acknowledgement both = Having(MailboxOf(1), 2);
  const Acknowledgement first = Having(MailboxOf(1), 1);
  Ack({both});
  Ack({first});
  while (Sweep(/*limit=*/1000)) {
  }
  EXPECT_EQ(Contents(), 0u);
}

TEST_F(MailboxStoreTest, SweepsNoMarkThatBecomesALongerOneMeanwhile) {
  Add(1, {MailboxOf(1)});
  Add(2, {MailboxOf(1)});
  const Acknowledgement both = Having(MailboxOf(1), 2);
  Ack(MailboxOf(1), 1);
  auto sweeping = engine_->Begin();
  std::string position;
  ASSERT_TRUE(SweepAcknowledged(*sweeping, 1000, &position).ok());
  Ack({both});
  EXPECT_TRUE(absl::IsAborted(CommitAndWait(std::move(sweeping))));
  while (Sweep(/*limit=*/1000)) {
  }
  EXPECT_EQ(Contents(), 0u);
}

// A mark is a hint; entries that were acknowledged go all the same.
TEST_F(MailboxStoreTest, WritesAMarkAnewThatCannotBeDecoded) {
  Add(1, {MailboxOf(1)});
  Write([](Transaction& transaction) {
    transaction.Put(schema::AcknowledgedMessagesKey(MailboxOf(1), kRoom, 0),
                    "damaged");
    return absl::OkStatus();
  });
  Ack(MailboxOf(1), 1);
  EXPECT_THAT(Rows('\x23'), IsEmpty());
  while (Sweep(/*limit=*/1000)) {
  }
  EXPECT_EQ(Contents(), 0u);
}

// As of a stream and the one that took over from it.
TEST_F(MailboxStoreTest, ShortensNoLongerMarkToTheRestOfAnother) {
  for (uint64_t sequence = 1; sequence <= 9; ++sequence) {
    Add(sequence, {MailboxOf(1)});
  }
  const Acknowledgement older = Having(MailboxOf(1), 4);
  Acknowledgement newer = Having(MailboxOf(1), 9);
  newer.sequences.erase(newer.sequences.begin());
  Ack({older});
  Ack({newer});
  // Ends after one message, where the other mark begins.
  EXPECT_TRUE(Sweep(/*limit=*/1));
  while (Sweep(/*limit=*/1000)) {
  }
  EXPECT_EQ(Contents(), 0u);
}

TEST_F(MailboxStoreTest, MovesTheCursorWhereItIsAsked) {
  Add(1, {MailboxOf(1)});
  Add(2, {MailboxOf(1)});
  Ack(MailboxOf(1), 1);
  EXPECT_THAT(*ListCursors(*engine_, MailboxOf(1)), IsEmpty());
  Acknowledgement second = Having(MailboxOf(1), 2);
  second.moves_cursor = true;
  Ack({second});
  auto cursors = *ListCursors(*engine_, MailboxOf(1));
  ASSERT_THAT(cursors, SizeIs(1));
  EXPECT_EQ(cursors[0].sequence, 2u);
}

TEST_F(MailboxStoreTest, SweepsALongMarkInSmallPieces) {
  constexpr uint64_t kMessages = 1000;
  for (uint64_t sequence = 1; sequence <= kMessages; ++sequence) {
    Add(sequence, {MailboxOf(1)});
  }
  Ack(MailboxOf(1), kMessages);
  size_t left = kMessages;
  while (Sweep(/*limit=*/100)) {
    size_t now = Contents();
    EXPECT_LE(left - now, 32u);
    EXPECT_LT(now, left) << "a piece does something";
    left = now;
  }
  EXPECT_EQ(Contents(), 0u);
  EXPECT_THAT(Marks(), IsEmpty());
}

// The first sweep ends exactly where the second mark begins.
TEST_F(MailboxStoreTest, LeavesTheNextMarkAloneWhenAPageEndsAMark) {
  for (uint64_t sequence = 1; sequence <= 64; ++sequence) {
    Add(sequence, {MailboxOf(1)});
  }
  Ack(MailboxOf(1), 32);
  Ack(MailboxOf(1), 64);
  while (Sweep(/*limit=*/1000)) {
  }
  EXPECT_EQ(Contents(), 0u);
  EXPECT_THAT(Marks(), IsEmpty());
}

TEST_F(MailboxStoreTest, CountsTheRecipientsThatItLooksFor) {
  std::vector<MailboxId> crowd;
  for (uint16_t i = 1; i <= 200; ++i) crowd.push_back(MailboxOf(i));
  for (uint64_t sequence = 1; sequence <= 10; ++sequence) Add(sequence, crowd);
  for (const MailboxId& mailbox : crowd) Ack(mailbox, 10);
  ASSERT_THAT(Rows('\x23'), IsEmpty());
  EXPECT_TRUE(Sweep(/*limit=*/300));
  EXPECT_EQ(Contents(), 8u) << "two of 200 recipients each";
  while (Sweep(/*limit=*/300)) {
  }
  EXPECT_EQ(Contents(), 0u);
  EXPECT_THAT(Marks(), IsEmpty());
}

TEST_F(MailboxStoreTest, KeepsWhatSomebodyWaitsForWhenItSweepsInPieces) {
  for (uint64_t sequence = 1; sequence <= 100; ++sequence) {
    Add(sequence, sequence % 2 == 0
                      ? std::vector<MailboxId>{MailboxOf(1), MailboxOf(2)}
                      : std::vector<MailboxId>{MailboxOf(1)});
  }
  Ack(MailboxOf(1), 100);
  while (Sweep(/*limit=*/10)) {
  }
  EXPECT_EQ(Contents(), 50u);
  Ack(MailboxOf(2), 100);
  while (Sweep(/*limit=*/10)) {
  }
  EXPECT_EQ(Contents(), 0u);
}

TEST_F(MailboxStoreTest, GivesAndForgetsSmallAndLargeAlike) {
  std::vector<MailboxId> crowd;
  for (uint16_t i = 1; i <= 100; ++i) crowd.push_back(MailboxOf(i));
  uint64_t sequence = 0;
  for (size_t bytes : {0, 1, 4096, 4097, 100000}) {
    for (const auto& mailboxes :
         {std::vector<MailboxId>{MailboxOf(1)}, crowd}) {
      const std::string body(bytes, 'b');
      Add(++sequence, mailboxes, body);
      auto found = FindMessage(*engine_, kRoom, sequence);
      ASSERT_TRUE(found.ok() && found->has_value());
      EXPECT_EQ((*found)->body, body);
      EXPECT_EQ((*found)->message.franking_tag(), "tag");
      Write([&](Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(auto origin,
                               FindOrigin(transaction, kRoom, sequence));
        EXPECT_EQ(origin->recipients, mailboxes);
        return absl::OkStatus();
      });
    }
  }
  EXPECT_THAT(Rows('\x21'), SizeIs(4)) << "only large ones stand apart";
  EXPECT_THAT(Rows('\x22'), SizeIs(5));
  for (const MailboxId& mailbox : crowd) Ack(mailbox, sequence);
  while (Sweep(/*limit=*/300)) {
  }
  EXPECT_EQ(Contents(), 0u);
  for (char table : {'\x21', '\x22', '\x23'})
    EXPECT_THAT(Rows(table), IsEmpty());
  for (uint64_t each = 1; each <= sequence; ++each) {
    EXPECT_FALSE(FindMessage(*engine_, kRoom, each)->has_value());
    Write([&](Transaction& transaction) -> absl::Status {
      FRANK_ASSIGN_OR_RETURN(auto origin, FindOrigin(transaction, kRoom, each));
      EXPECT_EQ(origin->accepted_at, kNow);
      EXPECT_FALSE(origin->recipients) << "all of them have it";
      return absl::OkStatus();
    });
  }
}

TEST_F(MailboxStoreTest, ExpiresWhatOneNoteNamesInSmallPieces) {
  constexpr uint64_t kMessages = 200;
  std::vector<schema::MessagePlace> places;
  Write([&](Transaction& transaction) {
    v1::MessageRecord message;
    message.set_franking_tag("tag");
    for (uint64_t sequence = 1; sequence <= kMessages; ++sequence) {
      AddMessage(transaction, kRoom, sequence, message, "body",
                 {{MailboxOf(1), "12345678", "wrap"}});
    }
    return absl::OkStatus();
  });
  for (uint64_t sequence = 1; sequence <= kMessages; ++sequence) {
    places.push_back({kRoom, sequence});
  }
  Write([&](Transaction& transaction) {
    ExpireMessagesAt(transaction, kNow + limits::kMailboxRetention, places);
    return absl::OkStatus();
  });
  ASSERT_THAT(Rows('\x26'), SizeIs(1));
  size_t left = kMessages;
  while (Expire(/*limit=*/50)) {
    const size_t now = Rows('\x20').size();
    EXPECT_LT(now, left) << "a piece does something";
    EXPECT_LE(left - now, 50u);
    left = now;
  }
  for (char table : {'\x20', '\x21', '\x22', '\x23', '\x26'}) {
    EXPECT_THAT(Rows(table), IsEmpty());
  }
}

TEST_F(MailboxStoreTest, ExpiresMessagesOfAFullGroupInSmallPieces) {
  std::vector<MailboxId> crowd;
  for (uint16_t i = 1; i <= limits::kMaxRoomMembers; ++i) {
    crowd.push_back(MailboxOf(i));
  }
  constexpr uint64_t kMessages = 12;
  for (uint64_t sequence = 1; sequence <= kMessages; ++sequence) {
    Add(sequence, crowd);
  }
  size_t left = Rows('\x23').size();
  ASSERT_EQ(left, kMessages * crowd.size());
  bool more = true;
  while (more) {
    more = Expire(/*limit=*/1500);
    size_t now = Rows('\x23').size();
    EXPECT_LE(left - now, 2 * crowd.size()) << "the limit, and one message";
    left = now;
  }
  for (char table : {'\x20', '\x21', '\x22', '\x23', '\x26'}) {
    EXPECT_THAT(Rows(table), IsEmpty());
  }
}

}  // namespace
}  // namespace frank::storage
