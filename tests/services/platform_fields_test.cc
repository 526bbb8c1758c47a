// Every field of the requests about accounts, rooms, messages and files against
// its limit, before anything is looked up. What only a store can tell is in the
// tests of the services.
#include "absl/strings/str_cat.h"
#include "services/platform/validate_account.h"
#include "services/platform/validate_file.h"
#include "services/platform/validate_message.h"
#include "services/platform/validate_room.h"
#include "tests/services/field_rules.h"

namespace frank::platform {
namespace {

constexpr char kAuthority[] = "mimi://hub.example";
constexpr char kAlice[] = "mimi://hub.example/u/alice";
constexpr char kRoom[] = "mimi://hub.example/r/1";

std::string Member(int i) { return absl::StrCat(kAuthority, "/u/", i); }

// Rules of a request that is checked without anything beside it.
template <typename Request>
FieldRules<Request> Rules(Request good) {
  return FieldRules<Request>(std::move(good),
                             [](const Request& r) { return Validate(r); });
}

v1::SignedDeviceList DeviceList() {
  v1::SignedDeviceList list;
  list.set_device_list(OfBytes(100));
  list.set_signature(OfBytes(64));
  list.set_identity_public_key(OfBytes(32));
  return list;
}

TEST(AccountFieldsTest, RegisterAccount) {
  v1::RegisterAccountRequest good;
  good.set_account_uri(kAlice);
  good.set_request_id(OfBytes(16));
  const auto set_uri = [](auto& r, const std::string& uri) {
    r.set_account_uri(uri);
  };
  FieldRules<v1::RegisterAccountRequest> rules(
      good, [](const auto& r) { return Validate(r, kAuthority); });
  rules.HasUri("account_uri", set_uri)
      .HasBytes("request_id", 16,
                [](auto& r, const auto& id) { r.set_request_id(id); });
  for (const char* uri :
       {"mimi://other.example/u/alice", "mimi://hub.example",
        "mimi://hub.example/", "mimi://hub.example.org/u/alice",
        "mimi://hub.example/r/1", "mimi://hub.example/u/e\u0301"}) {
    rules.Refuses("account_uri", uri, [&](auto& r) { set_uri(r, uri); });
  }
}

TEST(AccountFieldsTest, UpdateDeviceList) {
  v1::UpdateDeviceListRequest good;
  *good.mutable_device_list() = DeviceList();
  good.set_request_id(OfBytes(16));
  Rules(good)
      .Refuses("device_list.device_list", "absent",
               [](auto& r) { r.clear_device_list(); })
      .Refuses("device_list.device_list", "empty",
               [](auto& r) { r.mutable_device_list()->clear_device_list(); })
      .Refuses("device_list.device_list", "too long",
               [](auto& r) {
                 r.mutable_device_list()->set_device_list(
                     OfBytes(limits::kMaxDeviceListBytes + 1));
               })
      .HasBytes("device_list.signature", 64,
                [](auto& r, const auto& signature) {
                  r.mutable_device_list()->set_signature(signature);
                })
      .HasBytes("device_list.identity_public_key", 32,
                [](auto& r, const auto& key) {
                  r.mutable_device_list()->set_identity_public_key(key);
                })
      .Refuses("device_list.accepted_at", "set",
               [](auto& r) { r.mutable_device_list()->set_accepted_at(1); })
      .Refuses("device_list.replaced_at", "set",
               [](auto& r) { r.mutable_device_list()->set_replaced_at(1); })
      .HasBytes("request_id", 16,
                [](auto& r, const auto& id) { r.set_request_id(id); });
}

TEST(AccountFieldsTest, GetDeviceLists) {
  v1::GetDeviceListsRequest good;
  good.add_query()->set_account_uri(kAlice);
  const auto resize = [](size_t size) {
    return [size](v1::GetDeviceListsRequest& r) {
      while (r.query_size() < static_cast<int>(size)) {
        r.add_query()->set_account_uri(kAlice);
      }
    };
  };
  Rules(good)
      .Takes("as many as may be", resize(limits::kMaxDeviceListQueries))
      .Refuses("query", "too many", resize(limits::kMaxDeviceListQueries + 1))
      .HasUri("query[1].account_uri", [](auto& r, const auto& uri) {
        r.add_query()->set_account_uri(uri);
      });
}

TEST(RoomFieldsTest, CreateRoom) {
  v1::CreateRoomRequest direct;
  direct.set_request_id(OfBytes(16));
  direct.set_kind(v1::ROOM_KIND_DIRECT);
  direct.add_member_uri(kAlice);
  Rules(direct)
      .HasBytes("request_id", 16,
                [](auto& r, const auto& id) { r.set_request_id(id); })
      .Refuses("kind", "absent", [](auto& r) { r.clear_kind(); })
      .Refuses("kind", "unknown",
               [](auto& r) { r.set_kind(static_cast<v1::RoomKind>(3)); })
      .Refuses("member_uri", "nobody", [](auto& r) { r.clear_member_uri(); })
      .Refuses("member_uri", "two",
               [](auto& r) { r.add_member_uri(Member(2)); })
      .HasUri("member_uri[0]",
              [](auto& r, const auto& uri) { r.set_member_uri(0, uri); });
  const auto members = [](size_t count) {
    return [count](v1::CreateRoomRequest& r) {
      while (r.member_uri_size() < static_cast<int>(count)) {
        r.add_member_uri(Member(r.member_uri_size()));
      }
    };
  };
  v1::CreateRoomRequest group = direct;
  group.set_kind(v1::ROOM_KIND_GROUP);
  Rules(group)
      .Takes("nobody else", [](auto& r) { r.clear_member_uri(); })
      .Takes("a full room", members(limits::kMaxRoomMembers - 1))
      .Refuses("member_uri", "too many", members(limits::kMaxRoomMembers))
      .Refuses("member_uri[1]", "twice",
               [](auto& r) { r.add_member_uri(kAlice); });
}

TEST(RoomFieldsTest, UpdateMembers) {
  v1::UpdateMembersRequest good;
  good.set_request_id(OfBytes(16));
  good.set_room_uri(kRoom);
  good.add_add_uri(kAlice);
  good.add_remove_uri(Member(0));
  const auto changes = [](size_t count) {
    return [count](v1::UpdateMembersRequest& r) {
      for (int i = 1; r.add_uri_size() + 1 < static_cast<int>(count); ++i) {
        r.add_add_uri(Member(i));
      }
    };
  };
  Rules(good)
      .HasBytes("request_id", 16,
                [](auto& r, const auto& id) { r.set_request_id(id); })
      .HasUri("room_uri", [](auto& r, const auto& uri) { r.set_room_uri(uri); })
      .HasUri("add_uri[0]",
              [](auto& r, const auto& uri) { r.set_add_uri(0, uri); })
      .HasUri("remove_uri[0]",
              [](auto& r, const auto& uri) { r.set_remove_uri(0, uri); })
      .Refuses("add_uri", "no change",
               [](auto& r) {
                 r.clear_add_uri();
                 r.clear_remove_uri();
               })
      .Takes("as many as may be", changes(limits::kMaxMembershipChange))
      .Refuses("add_uri", "too many", changes(limits::kMaxMembershipChange + 1))
      .Refuses("add_uri[1]", "twice", [](auto& r) { r.add_add_uri(kAlice); })
      .Refuses("remove_uri[1]", "added and removed",
               [](auto& r) { r.add_remove_uri(kAlice); });
}

TEST(RoomFieldsTest, GetRoomAndListRooms) {
  v1::GetRoomRequest get;
  get.set_room_uri(kRoom);
  Rules(get).HasUri("room_uri",
                    [](auto& r, const auto& uri) { r.set_room_uri(uri); });
  v1::ListRoomsRequest list;
  list.set_page_token(kRoom);
  Rules(list).HasPages({"zz", "mimi://", "mimi://hub.example/r/\n"});
}

v1::SendRequest Message() {
  v1::SendRequest message;
  message.set_room_uri(kRoom);
  v1::Envelope* envelope = message.mutable_envelope();
  envelope->set_message_id(OfBytes(16));
  envelope->set_protocol(1);
  envelope->set_scheme(1);
  envelope->set_ciphersuite(1);
  envelope->set_franking_tag(OfBytes(32));
  envelope->set_body(OfBytes(17));
  envelope->set_sender_key_id(OfBytes(8));
  v1::Envelope::Wrap* wrap = envelope->add_wrap();
  wrap->set_device_id(OfBytes(16));
  wrap->set_key_id(OfBytes(8));
  wrap->set_wrap(OfBytes(64));
  return message;
}

// Gives the envelope wraps for so many devices.
FieldRules<v1::SendRequest>::Change Wraps(size_t count) {
  return [count](v1::SendRequest& r) {
    auto* wraps = r.mutable_envelope()->mutable_wrap();
    const v1::Envelope::Wrap first = wraps->Get(0);
    for (int i = 1; i < static_cast<int>(count); ++i) {
      v1::Envelope::Wrap* wrap = wraps->Add();
      *wrap = first;
      wrap->set_device_id(absl::StrCat(absl::Dec(i, absl::kZeroPad16)));
    }
  };
}

TEST(MessageFieldsTest, Send) {
  const auto number = [](void (v1::Envelope::*set)(uint32_t), uint32_t value) {
    return [set, value](v1::SendRequest& r) {
      (r.mutable_envelope()->*set)(value);
    };
  };
  auto rules = Rules(Message());
  rules
      .HasUri("room_uri", [](auto& r, const auto& uri) { r.set_room_uri(uri); })
      .Refuses("envelope.message_id", "no envelope",
               [](auto& r) { r.clear_envelope(); })
      .HasBytes("envelope.message_id", 16,
                [](auto& r, const auto& id) {
                  r.mutable_envelope()->set_message_id(id);
                })
      .Refuses("envelope.protocol", "none",
               number(&v1::Envelope::set_protocol, 0))
      .Refuses("envelope.protocol", "unknown",
               number(&v1::Envelope::set_protocol, 2))
      .Refuses("envelope.scheme", "none", number(&v1::Envelope::set_scheme, 0))
      .Refuses("envelope.scheme", "unknown",
               number(&v1::Envelope::set_scheme, 3))
      .Refuses("envelope.ciphersuite", "none",
               number(&v1::Envelope::set_ciphersuite, 0))
      .Refuses("envelope.ciphersuite", "unknown",
               number(&v1::Envelope::set_ciphersuite, 2))
      .HasBytes("envelope.franking_tag", 32,
                [](auto& r, const auto& tag) {
                  r.mutable_envelope()->set_franking_tag(tag);
                })
      .HasBytes("envelope.sender_key_id", 8, [](auto& r, const auto& id) {
        r.mutable_envelope()->set_sender_key_id(id);
      });
  for (size_t size : {size_t{0}, size_t{16}, limits::kMaxBodyBytes + 1}) {
    rules.Refuses("envelope.body", absl::StrCat(size), [size](auto& r) {
      r.mutable_envelope()->set_body(OfBytes(size));
    });
  }
  rules
      .Takes("the largest body",
             [](auto& r) {
               r.mutable_envelope()->set_body(OfBytes(limits::kMaxBodyBytes));
             })
      .Refuses("envelope", "an unknown field", [](auto& r) {
        v1::Envelope* envelope = r.mutable_envelope();
        envelope->GetReflection()->MutableUnknownFields(envelope)->AddVarint(99,
                                                                             1);
      });
}

TEST(MessageFieldsTest, SendWraps) {
  const auto wrap = [](v1::SendRequest& r) {
    return r.mutable_envelope()->mutable_wrap(0);
  };
  Rules(Message())
      .HasBytes("envelope.wrap[0].device_id", 16,
                [&](auto& r, const auto& id) { wrap(r)->set_device_id(id); })
      .HasBytes("envelope.wrap[0].key_id", 8,
                [&](auto& r, const auto& id) { wrap(r)->set_key_id(id); })
      .HasBytes("envelope.wrap[0].wrap", 64,
                [&](auto& r, const auto& bytes) { wrap(r)->set_wrap(bytes); })
      .Refuses("envelope.wrap[1].device_id", "twice",
               [&](auto& r) { *r.mutable_envelope()->add_wrap() = *wrap(r); })
      .Takes("as many as may be", Wraps(limits::kMaxWraps))
      .Refuses("envelope.wrap", "too many", Wraps(limits::kMaxWraps + 1));
}

TEST(MessageFieldsTest, SendBatch) {
  v1::SendBatchRequest good;
  *good.add_send() = Message();
  const auto messages = [](size_t count, size_t body) {
    return [count, body](v1::SendBatchRequest& r) {
      r.mutable_send(0)->mutable_envelope()->set_body(OfBytes(body));
      while (r.send_size() < static_cast<int>(count)) *r.add_send() = r.send(0);
    };
  };
  Rules(good)
      .Refuses("send", "none", [](auto& r) { r.clear_send(); })
      .Takes("as many as may be", messages(limits::kMaxSendBatch, 17))
      .Refuses("send", "too many", messages(limits::kMaxSendBatch + 1, 17))
      .Refuses("send", "too large", messages(16, limits::kMaxBodyBytes));
  v1::SendBatchRequest large = good;
  messages(16, limits::kMaxBodyBytes)(large);
  EXPECT_EQ(FindReason(Validate(large)), "TOO_LARGE");
}

TEST(MessageFieldsTest, Receive) {
  const auto window = [](uint32_t size) {
    return
        [size](v1::ReceiveRequest& r) { r.mutable_start()->set_window(size); };
  };
  v1::ReceiveRequest start;
  start.mutable_start();
  Rules(start)
      .Takes("the largest window", window(limits::kReceiveWindow))
      .Refuses("start.window", "too large", window(limits::kReceiveWindow + 1))
      .Refuses("kind", "absent", [](auto& r) { r.Clear(); });
  v1::ReceiveRequest ack;
  ack.mutable_ack()->set_room_uri(kRoom);
  ack.mutable_ack()->set_sequence(1);
  Rules(ack)
      .HasUri(
          "ack.room_uri",
          [](auto& r, const auto& uri) { r.mutable_ack()->set_room_uri(uri); })
      .Refuses("ack.sequence", "none",
               [](auto& r) { r.mutable_ack()->clear_sequence(); });
  v1::ReceiveRequest notice;
  notice.mutable_notice_ack()->set_notice_id(OfBytes(16));
  Rules(notice).HasBytes("notice_ack.notice_id", 16,
                         [](auto& r, const auto& id) {
                           r.mutable_notice_ack()->set_notice_id(id);
                         });
  v1::ReceiveRequest hold;
  hold.mutable_hold()->set_room_uri(kRoom);
  Rules(hold).HasUri("hold.room_uri", [](auto& r, const auto& uri) {
    r.mutable_hold()->set_room_uri(uri);
  });
}

TEST(FileFieldsTest, UploadFileStart) {
  v1::UploadFileRequest::Start good;
  good.set_file_tag(OfBytes(32));
  good.set_chunk_count(2);
  good.set_ciphertext_bytes(limits::kMaxChunkCiphertextBytes + 16);
  const auto size = [](uint32_t chunks, uint64_t bytes) {
    return [chunks, bytes](v1::UploadFileRequest::Start& r) {
      r.set_chunk_count(chunks);
      r.set_ciphertext_bytes(bytes);
    };
  };
  constexpr uint64_t kFull = limits::kMaxChunkCiphertextBytes;
  Rules(good)
      .HasBytes("start.file_tag", 32,
                [](auto& r, const auto& tag) { r.set_file_tag(tag); })
      .Refuses("start.chunk_count", "none", size(0, 16))
      .Refuses("start.chunk_count", "too many",
               size(limits::kMaxParts + 1, limits::kMaxParts * kFull + 16))
      .Takes("the largest file",
             size(limits::kMaxParts, limits::kMaxParts * kFull))
      .Refuses("start.ciphertext_bytes", "too few", size(2, kFull + 15))
      .Refuses("start.ciphertext_bytes", "too many", size(2, 2 * kFull + 1));
}

TEST(FileFieldsTest, UploadFileChunk) {
  v1::UploadFileRequest::Start start;
  start.set_chunk_count(2);
  start.set_ciphertext_bytes(limits::kMaxChunkCiphertextBytes + 20);
  for (uint32_t index : {0u, 1u}) {
    const size_t size = index == 0 ? limits::kMaxChunkCiphertextBytes : 20;
    v1::UploadFileRequest::Chunk good;
    good.set_index(index);
    good.set_ciphertext(OfBytes(size));
    FieldRules<v1::UploadFileRequest::Chunk>(
        good, [&](const auto& r) { return Validate(r, index, start); })
        .HasBytes("chunk.ciphertext", size,
                  [](auto& r, const auto& bytes) { r.set_ciphertext(bytes); })
        .Refuses("chunk.index", "another",
                 [index](auto& r) { r.set_index(1 - index); })
        .Refuses("chunk.index", "too high", [](auto& r) { r.set_index(2); });
  }
  v1::UploadFileRequest::Chunk beyond;
  beyond.set_index(2);
  EXPECT_EQ(FindFieldViolation(Validate(beyond, 2, start))->field,
            "chunk.index");
}

TEST(FileFieldsTest, StatFileAndDownloadFile) {
  v1::StatFileRequest stat;
  stat.set_file_tag(OfBytes(32));
  Rules(stat).HasBytes("file_tag", 32,
                       [](auto& r, const auto& tag) { r.set_file_tag(tag); });
  v1::DownloadFileRequest download;
  download.set_file_tag(OfBytes(32));
  Rules(download).HasBytes(
      "file_tag", 32, [](auto& r, const auto& tag) { r.set_file_tag(tag); });
}

}  // namespace
}  // namespace frank::platform
