#include "tests/client/fake_platform.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "core/status.h"
#include "crypto/frank.h"
#include "proto/wire.h"

namespace frank::client {
namespace {

constexpr char kAuthority[] = "mimi://hub.example";

ByteSpan Span(const std::string& bytes) {
  return AsBytes(absl::string_view(bytes));
}

crypto::KeyRing MakeRing(UnixMillis now, RandomSource& random) {
  crypto::KeyWindow window{now - 100 * kDay, now + 100 * kDay, false,
                           crypto::FrankForm::kBatched};
  window.hub_key = crypto::Secret::Random(random, crypto::kHubKeyBytes);
  window.franking_seed = crypto::Secret::Random(random, 32);
  std::vector<crypto::KeyWindow> windows;
  windows.push_back(std::move(window));
  return *crypto::KeyRing::Create(kAuthority, std::move(windows));
}

void Fill(const crypto::SignedRecord& record,
          v1::GetReportingKeysResponse::SignedRecord* out) {
  out->set_record(ToString(record.record));
  out->set_signature(ToString(record.signature));
}

class FakeReceive final : public ReceiveStream {
 public:
  FakeReceive(FakePlatform& platform, std::string device)
      : platform_(platform), device_(std::move(device)) {}
  bool Read(v1::ReceiveResponse* response) override {
    response->Clear();
    std::deque<FakePlatform::Mail>& mail = platform_.mail[device_];
    if (next_ < mail.size()) {
      const FakePlatform::Mail& one = mail[next_++];
      auto* delivery = response->mutable_delivery();
      delivery->set_room_uri(one.room);
      delivery->set_sequence(one.sequence);
      *delivery->mutable_envelope() = one.envelope;
      *delivery->mutable_frank() = one.frank;
      return true;
    }
    if (next_word_ < platform_.words.size()) {
      *response->mutable_notice() = platform_.words[next_word_++];
      return true;
    }
    if (caught_up_) return false;
    caught_up_ = true;
    response->mutable_caught_up()->set_server_time(platform_.clock.Now());
    return true;
  }
  bool Acknowledge(const std::string& room, uint64_t sequence) override {
    std::deque<FakePlatform::Mail>& mail = platform_.mail[device_];
    std::deque<FakePlatform::Mail> rest;
    for (size_t i = 0; i < mail.size(); ++i) {
      if (mail[i].room != room || mail[i].sequence > sequence) {
        rest.push_back(mail[i]);
      } else if (i < next_) {
        ++removed_;
      }
    }
    next_ -= removed_;
    removed_ = 0;
    mail = std::move(rest);
    return true;
  }
  bool AcknowledgeNotice(const std::string& notice_id) override {
    platform_.acknowledged_notices.push_back(notice_id);
    return true;
  }
  bool Hold(const std::string& room) override {
    platform_.held.push_back(room);
    return true;
  }
  absl::Status Finish() override { return absl::OkStatus(); }
  void Cancel() override {}

 private:
  FakePlatform& platform_;
  std::string device_;
  size_t next_ = 0;
  size_t removed_ = 0;
  size_t next_word_ = 0;
  bool caught_up_ = false;
};

class FakeUpload final : public UploadStream {
 public:
  explicit FakeUpload(FakePlatform& platform) : platform_(platform) {}
  bool Write(const v1::UploadFileRequest& request) override {
    if (request.has_start()) {
      file_ = &platform_.files[request.start().file_tag()];
      file_->chunk_count = request.start().chunk_count();
      return true;
    }
    if (platform_.break_upload_after == 0) return false;
    if (platform_.break_upload_after > 0) --platform_.break_upload_after;
    if (request.chunk().index() != file_->chunks.size()) return false;
    file_->chunks.push_back(request.chunk().ciphertext());
    return true;
  }
  absl::StatusOr<v1::UploadFileResponse> Finish() override {
    if (file_->chunks.size() != file_->chunk_count) {
      return absl::UnavailableError("broken off");
    }
    return v1::UploadFileResponse();
  }

 private:
  FakePlatform& platform_;
  FakePlatform::File* file_ = nullptr;
};

class FakeDownload final : public DownloadStream {
 public:
  FakeDownload(const FakePlatform::File& file, uint32_t first)
      : file_(file), next_(first) {}
  bool Read(v1::DownloadFileResponse* response) override {
    if (next_ >= file_.chunks.size()) return false;
    response->set_index(next_);
    response->set_ciphertext(file_.chunks[next_++]);
    return true;
  }
  absl::Status Finish() override { return absl::OkStatus(); }

 private:
  const FakePlatform::File& file_;
  uint32_t next_;
};

class FakeTransport final : public Transport {
 public:
  explicit FakeTransport(FakePlatform& platform) : p_(platform) {}

  void SetToken(absl::string_view token) override {
    token_ = std::string(token);
  }

  absl::StatusOr<v1::RegisterAccountResponse> RegisterAccount(
      const v1::RegisterAccountRequest& request) override {
    AddList(request.account_uri(), request.device_list());
    v1::RegisterAccountResponse response;
    response.set_server_time(p_.clock.Now());
    crypto::DeviceList list =
        *crypto::ParseDeviceList(Span(request.device_list().device_list()));
    response.set_token(
        NewToken(request.account_uri(), ToString(list.devices[0].id.bytes())));
    return Answer(std::move(response));
  }
  absl::StatusOr<v1::UpdateDeviceListResponse> UpdateDeviceList(
      const v1::UpdateDeviceListRequest& request) override {
    FRANK_RETURN_IF_ERROR(p_.refusal);
    const std::string& account = p_.tokens[token_].first;
    crypto::DeviceList before = *crypto::ParseDeviceList(
        Span(p_.accounts[account].lists.back().device_list()));
    crypto::DeviceList list =
        *crypto::ParseDeviceList(Span(request.device_list().device_list()));
    v1::UpdateDeviceListResponse response;
    bool repeat = p_.accounts[account].lists.back().device_list() ==
                  request.device_list().device_list();
    if (!repeat && list.version != before.version + 1) {
      *response.mutable_stale() = p_.accounts[account].lists.back();
      return Answer(std::move(response));
    }
    if (!repeat) AddList(account, request.device_list());
    response.mutable_updated();
    for (const crypto::ListedDevice& device : list.devices) {
      if (!repeat && before.Find(device.id) != nullptr) continue;
      auto* added = response.mutable_updated()->add_new_device();
      added->set_device_id(ToString(device.id.bytes()));
      added->set_token(NewToken(account, added->device_id()));
    }
    return Answer(std::move(response));
  }
  absl::StatusOr<v1::GetDeviceListsResponse> GetDeviceLists(
      const v1::GetDeviceListsRequest& request) override {
    v1::GetDeviceListsResponse response;
    for (const auto& query : request.query()) {
      auto* lists = response.add_lists();
      for (const auto& list : p_.accounts[query.account_uri()].lists) {
        bool wanted = query.current_since() == 0
                          ? list.replaced_at() == 0
                          : list.replaced_at() == 0 ||
                                list.replaced_at() > query.current_since();
        if (wanted) *lists->add_list() = list;
      }
    }
    return response;
  }
  absl::StatusOr<v1::RotateTokenResponse> RotateToken(
      const v1::RotateTokenRequest&) override {
    v1::RotateTokenResponse response;
    auto [account, device] = p_.tokens[token_];
    response.set_token(NewToken(account, device));
    return response;
  }
  absl::StatusOr<v1::CreateRoomResponse> CreateRoom(
      const v1::CreateRoomRequest& request) override {
    v1::Room room;
    room.set_room_uri(absl::StrCat(kAuthority, "/r/", p_.rooms.size() + 1));
    room.set_kind(request.kind());
    room.set_membership_version(1);
    room.add_member_uri(p_.tokens[token_].first);
    for (const auto& uri : request.member_uri()) room.add_member_uri(uri);
    p_.rooms[room.room_uri()] = room;
    v1::CreateRoomResponse response;
    *response.mutable_room() = room;
    return response;
  }
  absl::StatusOr<v1::UpdateMembersResponse> UpdateMembers(
      const v1::UpdateMembersRequest&) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<v1::GetRoomResponse> GetRoom(
      const v1::GetRoomRequest& request) override {
    FRANK_RETURN_IF_ERROR(p_.room_refusal);
    v1::GetRoomResponse response;
    *response.mutable_room() = p_.rooms[request.room_uri()];
    return response;
  }
  absl::StatusOr<v1::ListRoomsResponse> ListRooms(
      const v1::ListRoomsRequest&) override {
    return v1::ListRoomsResponse();
  }
  absl::StatusOr<v1::SendResponse> Send(
      const v1::SendRequest& request) override {
    FRANK_RETURN_IF_ERROR(p_.refusal);
    p_.sent.push_back(request);
    v1::SendResponse response;
    if (p_.suspended) {
      response.mutable_refused()->set_reason(v1::REFUSAL_REASON_SUSPENDED);
      return response;
    }
    auto known = p_.answers.find(request.envelope().message_id());
    if (known != p_.answers.end()) return Answer(known->second);
    if (!WrapsMatch(request)) {
      FillStale(request.room_uri(), response.mutable_stale_devices());
      return response;
    }
    Accept(request, response.mutable_accepted());
    p_.answers[request.envelope().message_id()] = response;
    return Answer(std::move(response));
  }
  std::unique_ptr<ReceiveStream> Receive(
      const v1::ReceiveRequest::Start&) override {
    return std::make_unique<FakeReceive>(p_, p_.tokens[token_].second);
  }
  std::unique_ptr<UploadStream> UploadFile() override {
    return std::make_unique<FakeUpload>(p_);
  }
  absl::StatusOr<v1::StatFileResponse> StatFile(
      const v1::StatFileRequest& request) override {
    auto file = p_.files.find(request.file_tag());
    if (file == p_.files.end()) return absl::NotFoundError("");
    v1::StatFileResponse response;
    response.set_chunk_count(file->second.chunk_count);
    response.set_next_chunk(static_cast<uint32_t>(file->second.chunks.size()));
    return response;
  }
  std::unique_ptr<DownloadStream> DownloadFile(
      const v1::DownloadFileRequest& request) override {
    return std::make_unique<FakeDownload>(p_.files[request.file_tag()],
                                          request.first_chunk());
  }
  absl::StatusOr<v1::GetReportingKeysResponse> GetReportingKeys(
      const v1::GetReportingKeysRequest&) override {
    v1::GetReportingKeysResponse response = p_.keys;
    response.set_server_time(p_.clock.Now());
    return response;
  }
  absl::StatusOr<v1::SubmitReportResponse> SubmitReport(
      const v1::SubmitReportRequest& request) override {
    p_.reports.push_back(request);
    v1::SubmitReportResponse response;
    response.set_accepted_at(p_.clock.Now());
    response.set_expected_by(p_.clock.Now() + kDay);
    response.add_possible_outcome(v1::REPORT_OUTCOME_NO_ACTION);
    return Answer(std::move(response));
  }
  absl::StatusOr<v1::ListReportsResponse> ListReports(
      const v1::ListReportsRequest&) override {
    v1::ListReportsResponse response = p_.statuses;
    if (p_.endless_pages) response.set_next_page_token("more");
    return response;
  }
  absl::StatusOr<v1::SubmitAppealResponse> SubmitAppeal(
      const v1::SubmitAppealRequest& request) override {
    p_.appeals.push_back(request);
    if (!p_.refuses_appeals.ok()) return p_.refuses_appeals;
    v1::SubmitAppealResponse response;
    response.set_accepted_at(p_.clock.Now());
    return Answer(std::move(response));
  }
  absl::StatusOr<v1::ListDecisionsResponse> ListDecisions(
      const v1::ListDecisionsRequest&) override {
    return p_.decisions;
  }
  absl::StatusOr<v1::SetReportNoticesResponse> SetReportNotices(
      const v1::SetReportNoticesRequest& request) override {
    p_.choices.push_back(request);
    return v1::SetReportNoticesResponse();
  }
  absl::StatusOr<v1::SubmitMismatchNoticeResponse> SubmitMismatchNotice(
      const v1::SubmitMismatchNoticeRequest& request) override {
    p_.notices.push_back(request);
    return v1::SubmitMismatchNoticeResponse();
  }
  absl::StatusOr<v1::ListReasonsResponse> ListReasons(
      const v1::ListReasonsRequest&) override {
    return v1::ListReasonsResponse();
  }

 private:
  template <typename Response>
  absl::StatusOr<Response> Answer(Response response) {
    if (p_.lost_answers == 0) return response;
    --p_.lost_answers;
    return absl::UnavailableError("the answer was lost");
  }
  std::string NewToken(const std::string& account, const std::string& device) {
    std::string token = absl::StrCat("token-", p_.tokens.size());
    p_.tokens[token] = {account, device};
    return token;
  }
  void AddList(const std::string& account, v1::SignedDeviceList list) {
    auto& lists = p_.accounts[account].lists;
    list.set_accepted_at(p_.clock.Now());
    if (!lists.empty()) lists.back().set_replaced_at(p_.clock.Now());
    lists.push_back(std::move(list));
  }
  std::map<std::string, bool> DevicesOf(const std::string& room) {
    std::map<std::string, bool> devices;
    for (const auto& member : p_.rooms[room].member_uri()) {
      crypto::DeviceList list = *crypto::ParseDeviceList(
          Span(p_.accounts[member].lists.back().device_list()));
      for (const auto& device : list.devices) {
        devices[ToString(device.id.bytes())] = true;
      }
    }
    devices.erase(p_.tokens[token_].second);
    return devices;
  }
  bool WrapsMatch(const v1::SendRequest& request) {
    std::map<std::string, bool> devices = DevicesOf(request.room_uri());
    for (const auto& wrap : request.envelope().wrap()) {
      if (devices.erase(wrap.device_id()) == 0) return false;
    }
    return devices.empty();
  }
  void FillStale(const std::string& room,
                 v1::SendResponse::StaleDevices* stale) {
    for (const auto& member : p_.rooms[room].member_uri()) {
      stale->add_member_uri(member);
      *stale->add_changed() = p_.accounts[member].lists.back();
    }
  }
  void Accept(const v1::SendRequest& request,
              v1::SendResponse::Accepted* accepted) {
    const v1::Envelope& envelope = request.envelope();
    crypto::StampInput input{
        *FrankingTag::Parse("tag", Span(envelope.franking_tag())),
        p_.tokens[token_].first, request.room_uri(), p_.clock.Now()};
    v1::Frank frank;
    wire::SetFrank(input, crypto::Stamp(p_.ring, {input})->front(), &frank);
    uint64_t sequence = ++p_.sequences[request.room_uri()];
    for (const auto& wrap : envelope.wrap()) {
      v1::Envelope one = envelope;
      one.clear_wrap();
      *one.add_wrap() = wrap;
      p_.mail[wrap.device_id()].push_back(
          {request.room_uri(), sequence, one, frank});
    }
    *accepted->mutable_frank() = frank;
    accepted->set_sequence(sequence);
  }

  FakePlatform& p_;
  std::string token_;
};

}  // namespace

FakePlatform::FakePlatform(const Clock& clock_in, RandomSource& random_in)
    : clock(clock_in),
      random(random_in),
      ring(MakeRing(clock.Now(), random)),
      moderation_(*crypto::Ed25519PrivateKey::FromSeed(
          crypto::Secret::Random(random, 32))),
      review_key_(
          *crypto::HpkePrivateKey::Create(crypto::Secret::Random(random, 32))) {
  Fill(*crypto::Sign(
           crypto::ReviewKeyRecord{clock.Now() - kDay, clock.Now() + 90 * kDay,
                                   review_key_.public_key()},
           moderation_),
       keys.add_review_key());
  Publish({kAuthority, ring.PublicWindows()});
}

void FakePlatform::Publish(const crypto::FrankingKeys& franking_keys) {
  keys.clear_franking_keys();
  Fill(*crypto::Sign(franking_keys, moderation_), keys.add_franking_keys());
}

std::unique_ptr<Transport> FakePlatform::Connect() {
  return std::make_unique<FakeTransport>(*this);
}

}  // namespace frank::client
