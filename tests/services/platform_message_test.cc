// Sending: who may, to which devices, in which order, and how often.
#include <set>
#include <thread>

#include "core/limits.h"
#include "proto/wire.h"
#include "services/platform/platform_jobs.h"
#include "storage/enforcement_store.h"
#include "tests/services/platform_fixture.h"

namespace frank::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class MessageTest : public PlatformFixture {
 protected:
  v1::SendRequest FromAlice(absl::string_view text) {
    return Message(room_.room_uri(), alice_.device(), {&alice_, &bob_}, text);
  }
  absl::StatusOr<v1::SendResponse> SendFromAlice(
      const v1::SendRequest& request) {
    return Send(alice_.device(), request);
  }
  void Decide(const TestAccount& account,
              const storage::Enforcement& enforcement) {
    auto transaction = engine_->Begin();
    storage::PutEnforcement(*transaction, account.uri, enforcement);
    ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  }
  static crypto::Frank FrankOf(const v1::SendResponse& response) {
    auto frank = wire::FromProto(response.accepted().frank());
    EXPECT_TRUE(frank.ok()) << frank.status();
    return *std::move(frank);
  }
  // Verifies MAC and signature with the platform's own ring.
  void ExpectVerifies(const crypto::Frank& frank) {
    const crypto::KeyRing::Window* window =
        rings_.FindForRoom(frank.room_uri)
            ->FindWindow(frank.accepted_timestamp);
    EXPECT_TRUE(crypto::VerifyServerFrank(frank, *window->hub_key).ok());
    EXPECT_TRUE(
        crypto::VerifyIntegrity(frank, window->window.form, window->window.key)
            .ok());
  }

  TestAccount alice_ = Register("alice");
  TestAccount bob_ = Register("bob");
  v1::Room room_ = CreateRoom(alice_, {bob_.uri});
};

TEST_F(MessageTest, AnswersWithAFrankThatVerifies) {
  v1::SendRequest request = FromAlice("hello");
  auto response = SendFromAlice(request);
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_TRUE(response->has_accepted());
  EXPECT_EQ(response->accepted().sequence(), 1);
  crypto::Frank frank = FrankOf(*response);
  EXPECT_EQ(frank.sender_uri, alice_.uri);
  EXPECT_EQ(frank.room_uri, room_.room_uri());
  EXPECT_EQ(frank.accepted_timestamp, kStartTime);
  EXPECT_EQ(frank.tag.text(), request.envelope().franking_tag());
  ExpectVerifies(frank);
}

TEST_F(MessageTest, AnswersARepeatWithTheFirstFrank) {
  v1::SendRequest request = FromAlice("hello");
  auto first = SendFromAlice(request);
  clock_.Advance(kMinute);
  request.mutable_envelope()->clear_wrap();
  auto second = SendFromAlice(request);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(SendFromAlice(FromAlice("next"))->accepted().sequence(), 2);
}

TEST_F(MessageTest, RefusesTheSameIdWithOtherContent) {
  v1::SendRequest request = FromAlice("hello");
  ASSERT_TRUE(SendFromAlice(request).ok());
  v1::SendRequest other_body = request;
  other_body.mutable_envelope()->mutable_body()->push_back('!');
  EXPECT_THAT(SendFromAlice(other_body).status(),
              FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
  v1::SendRequest other_tag = request;
  (*other_tag.mutable_envelope()->mutable_franking_tag())[0] ^= 1;
  EXPECT_THAT(SendFromAlice(other_tag).status(),
              FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
  v1::SendRequest other_room = request;
  other_room.set_room_uri(CreateRoom(alice_, {bob_.uri}).room_uri());
  EXPECT_THAT(SendFromAlice(other_room).status(),
              FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
}

TEST_F(MessageTest, LetsTwoDevicesUseOneId) {
  v1::SendRequest from_alice = FromAlice("hello");
  v1::SendRequest from_bob =
      Message(room_.room_uri(), bob_.device(), {&alice_, &bob_}, "hello");
  from_bob.mutable_envelope()->set_message_id(
      from_alice.envelope().message_id());
  EXPECT_TRUE(SendFromAlice(from_alice).ok());
  EXPECT_TRUE(Send(bob_.device(), from_bob)->has_accepted());
}

TEST_F(MessageTest, ForgetsIdsAfterFortyDays) {
  v1::SendRequest request = FromAlice("hello");
  ASSERT_TRUE(SendFromAlice(request).ok());
  clock_.Advance(limits::kIdempotencyRetention);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_EQ(SendFromAlice(request)->accepted().sequence(), 2);
}

TEST_F(MessageTest, RefusesWhoIsNotAMember) {
  TestAccount carol = Register("carol");
  v1::SendRequest request =
      Message(room_.room_uri(), carol.device(), {&alice_, &bob_}, "let me in");
  absl::Status not_in = Send(carol.device(), request).status();
  EXPECT_THAT(not_in,
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
  request.set_room_uri("mimi://hub.example/r/none");
  EXPECT_EQ(Send(carol.device(), request).status(), not_in);
}

TEST_F(MessageTest, RefusesEnvelopesThatBreakTheRules) {
  struct Case {
    const char* field;
    void (*spoil)(v1::SendRequest&);
  };
  for (const Case& bad : {
           Case{"room_uri", [](auto& r) { r.set_room_uri("a\x01"); }},
           Case{"room_uri", [](auto& r) { r.clear_room_uri(); }},
           Case{"envelope.message_id",
                [](auto& r) { r.mutable_envelope()->set_message_id("x"); }},
           Case{"envelope.protocol",
                [](auto& r) { r.mutable_envelope()->set_protocol(2); }},
           Case{"envelope.scheme",
                [](auto& r) { r.mutable_envelope()->set_scheme(3); }},
           Case{"envelope.ciphersuite",
                [](auto& r) { r.mutable_envelope()->set_ciphersuite(2); }},
           Case{"envelope.franking_tag",
                [](auto& r) {
                  r.mutable_envelope()->mutable_franking_tag()->pop_back();
                }},
           Case{"envelope.body",
                [](auto& r) {
                  r.mutable_envelope()->set_body(std::string(16, 'x'));
                }},
           Case{"envelope.body",
                [](auto& r) {
                  r.mutable_envelope()->set_body(
                      std::string(limits::kMaxBodyBytes + 1, 'x'));
                }},
           Case{"envelope.sender_key_id",
                [](auto& r) { r.mutable_envelope()->clear_sender_key_id(); }},
       }) {
    v1::SendRequest request = FromAlice("hello");
    bad.spoil(request);
    EXPECT_THAT(SendFromAlice(request).status(), IsFieldError(bad.field));
  }
  v1::SendRequest request = FromAlice("hello");
  request.mutable_envelope()->mutable_wrap(0)->mutable_wrap()->pop_back();
  EXPECT_EQ(SendFromAlice(request).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(MessageTest, RefusesUnknownFieldsInAnEnvelope) {
  v1::SendRequest request = FromAlice("hello");
  v1::Envelope& envelope = *request.mutable_envelope();
  envelope.GetReflection()->MutableUnknownFields(&envelope)->AddVarint(99, 1);
  EXPECT_THAT(SendFromAlice(request).status(),
              IsFieldError("envelope", "must have no unknown field"));
}

TEST_F(MessageTest, RefusesTheKeyIdOfAnotherDevice) {
  v1::SendRequest request = FromAlice("hello");
  request.mutable_envelope()->set_sender_key_id(
      ToString(bob_.device().public_key.id().bytes()));
  EXPECT_THAT(SendFromAlice(request).status(),
              IsFieldError("envelope.sender_key_id"));
}

TEST_F(MessageTest, AnswersMissingWrapsWithTheListThatChanged) {
  v1::SendRequest request = FromAlice("hello");
  Link(bob_);
  auto stale = SendFromAlice(request);
  ASSERT_TRUE(stale.ok()) << stale.status();
  ASSERT_TRUE(stale->has_stale_devices());
  ASSERT_THAT(stale->stale_devices().changed(), SizeIs(1));
  EXPECT_EQ(stale->stale_devices().changed(0).device_list(),
            SignList(bob_, 2).device_list());
  EXPECT_THAT(stale->stale_devices().member_uri(),
              ElementsAre(alice_.uri, bob_.uri));
  AddWrap(bob_.devices[1], *request.mutable_envelope());
  EXPECT_EQ(SendFromAlice(request)->accepted().sequence(), 1);
}

TEST_F(MessageTest, AnswersAWrapForARemovedDeviceWithItsAccountsList) {
  Link(bob_);
  v1::SendRequest request = FromAlice("hello");
  bob_.devices.pop_back();
  ASSERT_TRUE(Publish(bob_)->has_updated());
  auto stale = SendFromAlice(request);
  ASSERT_TRUE(stale.ok() && stale->has_stale_devices());
  ASSERT_THAT(stale->stale_devices().changed(), SizeIs(1));
  EXPECT_EQ(stale->stale_devices().changed(0).device_list(),
            SignList(bob_, 3).device_list());
}

TEST_F(MessageTest, AnswersAWrapForAnotherKeyOfTheDevice) {
  v1::SendRequest request = FromAlice("hello");
  bob_.devices[0].public_key = NewTestDevice().public_key;
  ASSERT_TRUE(Publish(bob_)->has_updated());
  EXPECT_THAT(SendFromAlice(request)->stale_devices().changed(), SizeIs(1));
}

TEST_F(MessageTest, TakesNoWrapForTheSendingDeviceButForTheSendersOthers) {
  v1::SendRequest to_itself = FromAlice("hello");
  AddWrap(alice_.device(), *to_itself.mutable_envelope());
  EXPECT_TRUE(SendFromAlice(to_itself)->has_stale_devices());
  v1::SendRequest without_other = FromAlice("hello");
  Link(alice_);
  EXPECT_TRUE(SendFromAlice(without_other)->has_stale_devices());
  EXPECT_TRUE(SendFromAlice(FromAlice("hello"))->has_accepted());
}

TEST_F(MessageTest, RefusesARemovedDevice) {
  Link(alice_);
  TestDevice removed = alice_.devices[1];
  v1::SendRequest request =
      Message(room_.room_uri(), removed, {&alice_, &bob_}, "hello");
  alice_.devices.pop_back();
  ASSERT_TRUE(Publish(alice_)->has_updated());
  EXPECT_THAT(
      Send(removed, request).status(),
      FailsWith(absl::StatusCode::kUnauthenticated, "CREDENTIAL_INVALID"));
}

TEST_F(MessageTest, RefusesTheSuspendedUntilTheirDate) {
  storage::Enforcement suspended;
  suspended.suspended = true;
  suspended.suspended_until = kStartTime + kDay;
  suspended.policy = "harassment";
  Decide(alice_, suspended);
  v1::SendRequest request = FromAlice("hello");
  auto refused = SendFromAlice(request);
  ASSERT_TRUE(refused.ok() && refused->has_refused());
  EXPECT_EQ(refused->refused().reason(), v1::REFUSAL_REASON_SUSPENDED);
  EXPECT_EQ(refused->refused().until(), kStartTime + kDay);
  EXPECT_EQ(refused->refused().policy(), "harassment");
  clock_.Advance(kDay);
  EXPECT_TRUE(SendFromAlice(request)->has_accepted());
}

TEST_F(MessageTest, CountsALimitedAccountsMessagesByTheHour) {
  storage::Enforcement limited;
  limited.messages_an_hour = 2;
  Decide(alice_, limited);
  v1::SendRequest first = FromAlice("1");
  EXPECT_TRUE(SendFromAlice(first)->has_accepted());
  EXPECT_TRUE(SendFromAlice(FromAlice("2"))->has_accepted());
  auto refused = SendFromAlice(FromAlice("3"));
  ASSERT_TRUE(refused.ok() && refused->has_refused());
  EXPECT_EQ(refused->refused().reason(), v1::REFUSAL_REASON_LIMITED);
  UnixMillis next_hour = (kStartTime / kHour + 1) * kHour;
  EXPECT_EQ(refused->refused().until(), next_hour);
  EXPECT_TRUE(SendFromAlice(first)->has_accepted()) << "a repeat costs nothing";
  clock_.Set(next_hour);
  EXPECT_TRUE(SendFromAlice(FromAlice("4"))->has_accepted());
}

TEST_F(MessageTest, NeverStampsBeforeTheMessageBefore) {
  ASSERT_TRUE(SendFromAlice(FromAlice("1")).ok());
  clock_.Set(kStartTime - limits::kMaxClockBehind);
  EXPECT_EQ(
      SendFromAlice(FromAlice("2"))->accepted().frank().accepted_timestamp(),
      kStartTime);
}

TEST_F(MessageTest, DoesNotStampWhenItsClockIsBehind) {
  ASSERT_TRUE(SendFromAlice(FromAlice("1")).ok());
  clock_.Set(kStartTime - limits::kMaxClockBehind - 1);
  absl::Status status = SendFromAlice(FromAlice("2")).status();
  EXPECT_EQ(FindReason(status), std::string("CANNOT_STAMP")) << status;
}

TEST_F(MessageTest, DoesNotStampWithoutAKeyForTheTime) {
  clock_.Set(kStartTime + 1000 * kDay);
  EXPECT_THAT(SendFromAlice(FromAlice("late")).status(),
              FailsWith(absl::StatusCode::kFailedPrecondition, "CANNOT_STAMP"));
}

TEST_F(MessageTest, GivesEachOfABatchItsOwnOutcomeInOrder) {
  v1::SendBatchRequest batch;
  *batch.add_send() = FromAlice("1");
  *batch.add_send() = FromAlice("2");
  batch.mutable_send(1)->mutable_envelope()->set_protocol(7);
  *batch.add_send() = FromAlice("3");
  batch.mutable_send(2)->set_room_uri("mimi://hub.example/r/none");
  *batch.add_send() = batch.send(0);
  *batch.add_send() = FromAlice("5");
  auto response =
      Ask(*messages_, &MessageHandler::SendBatch, alice_.call(), batch);
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_THAT(response->outcome(), SizeIs(5));
  EXPECT_EQ(response->outcome(0).response().accepted().sequence(), 1);
  EXPECT_EQ(response->outcome(1).error().code(), 3);
  EXPECT_EQ(response->outcome(1).error().field(), "envelope.protocol");
  EXPECT_EQ(response->outcome(1).error().rule(), "must be 1");
  EXPECT_EQ(response->outcome(2).error().code(), 7);
  EXPECT_EQ(response->outcome(2).error().reason(), "NOT_A_MEMBER");
  EXPECT_EQ(response->outcome(3).SerializeAsString(),
            response->outcome(0).SerializeAsString());
  EXPECT_EQ(response->outcome(4).response().accepted().sequence(), 2);
}

TEST_F(MessageTest, RefusesBatchesOfNoneOrTooMany) {
  v1::SendBatchRequest batch;
  EXPECT_THAT(Ask(*messages_, &MessageHandler::SendBatch, alice_.call(), batch)
                  .status(),
              IsFieldError("send", "must be 1 to 64"));
  for (size_t i = 0; i <= limits::kMaxSendBatch; ++i) batch.add_send();
  EXPECT_THAT(Ask(*messages_, &MessageHandler::SendBatch, alice_.call(), batch)
                  .status(),
              IsFieldError("send", "must be 1 to 64"));
}

TEST_F(MessageTest, SendsThatWaitTogetherShareOneSignature) {
  constexpr int kSends = 40;
  std::vector<v1::SendRequest> requests;
  for (int i = 0; i < kSends; ++i) {
    requests.push_back(FromAlice(absl::StrCat("message ", i)));
  }
  std::vector<Answer<v1::SendResponse>> answers(kSends);
  {
    absl::MutexLock hold(&hold_commits_);
    for (int i = 0; i < kSends; ++i) {
      messages_->Send(alice_.call(), requests[i], answers[i].Done());
    }
  }
  std::set<std::string> signatures;
  for (int i = 0; i < kSends; ++i) {
    auto response = answers[i].Wait();
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->accepted().sequence(), i + 1);
    ExpectVerifies(FrankOf(*response));
    signatures.insert(response->accepted().frank().batch().signature());
  }
  // At most the first went before the others were there, which waited for it.
  EXPECT_LE(signatures.size(), 2u);
}

TEST_F(MessageTest, OneBadSendDoesNotFailThoseThatWaitWithIt) {
  TestAccount carol = Register("carol");
  std::vector<v1::SendRequest> requests;
  for (int i = 0; i < 4; ++i) requests.push_back(FromAlice("good"));
  requests[1].mutable_envelope()->clear_wrap();
  requests[2] =
      Message(room_.room_uri(), carol.device(), {&alice_, &bob_}, "no member");
  std::vector<Answer<v1::SendResponse>> answers(4);
  {
    absl::MutexLock hold(&hold_commits_);
    for (int i = 0; i < 4; ++i) {
      messages_->Send(i == 2 ? carol.call() : alice_.call(), requests[i],
                      answers[i].Done());
    }
  }
  EXPECT_EQ(answers[0].Wait()->accepted().sequence(), 1);
  EXPECT_TRUE(answers[1].Wait()->has_stale_devices());
  EXPECT_THAT(answers[2].Wait().status(),
              FailsWith(absl::StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
  EXPECT_EQ(answers[3].Wait()->accepted().sequence(), 2);
}

TEST_F(MessageTest, RefusesWhatAnAccountSendsPastItsShare) {
  constexpr size_t kSends = limits::kMaxWaitingSends + 10;
  std::vector<v1::SendRequest> requests;
  for (size_t i = 0; i < kSends; ++i) requests.push_back(FromAlice("again"));
  std::vector<Answer<v1::SendResponse>> answers(kSends);
  {
    absl::MutexLock hold(&hold_commits_);
    for (size_t i = 0; i < kSends; ++i) {
      messages_->Send(alice_.call(), requests[i], answers[i].Done());
    }
  }
  EXPECT_EQ(refusals_.count(), kSends - limits::kMaxWaitingSends);
  refusals_.LetGo();
  for (size_t i = 0; i < kSends; ++i) {
    auto response = answers[i].Wait();
    if (i < limits::kMaxWaitingSends) {
      EXPECT_TRUE(response.ok()) << response.status();
      continue;
    }
    EXPECT_THAT(
        response.status(),
        FailsWith(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED"));
    EXPECT_TRUE(FindRetryAfter(response.status()).has_value());
  }
}

TEST_F(MessageTest, ManySendersOfOneRoomGetSequencesWithoutGaps) {
  constexpr int kThreads = 8;
  constexpr int kEach = 40;
  std::vector<TestAccount> people;
  std::vector<std::string> uris;
  for (int i = 0; i < kThreads; ++i) {
    people.push_back(Register(absl::StrCat("person", i)));
    uris.push_back(people.back().uri);
  }
  std::vector<const TestAccount*> members{&alice_};
  for (const TestAccount& person : people) members.push_back(&person);
  v1::Room room = CreateRoom(alice_, uris);

  absl::Mutex mutex;
  std::map<uint64_t, UnixMillis> accepted;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        v1::SendRequest request =
            Message(room.room_uri(), people[t].device(), members,
                    absl::StrCat("from ", t, " number ", i));
        auto first = Send(people[t].device(), request);
        auto again = Send(people[t].device(), request);
        ASSERT_TRUE(first.ok() && again.ok()) << first.status();
        EXPECT_EQ(first->SerializeAsString(), again->SerializeAsString());
        ExpectVerifies(FrankOf(*first));
        clock_.Advance(1);
        absl::MutexLock lock(&mutex);
        EXPECT_TRUE(accepted
                        .emplace(first->accepted().sequence(),
                                 first->accepted().frank().accepted_timestamp())
                        .second);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_THAT(accepted, SizeIs(kThreads * kEach));
  EXPECT_EQ(accepted.begin()->first, 1);
  EXPECT_EQ(accepted.rbegin()->first, kThreads * kEach);
  UnixMillis before = 0;
  for (const auto& [sequence, timestamp] : accepted) {
    EXPECT_GE(timestamp, before);
    before = timestamp;
  }
}

}  // namespace
}  // namespace frank::platform
