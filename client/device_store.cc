#include "client/device_store.h"

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"

namespace frank::client {
namespace {

// Keys of the store. Never change what is written under one.
constexpr char kProfile[] = "profile";
constexpr char kTime[] = "time";
constexpr char kNextNumber[] = "next-number";
constexpr char kPendingList[] = "pending-list";
constexpr char kPin[] = "pin/";
constexpr char kFrankingKeys[] = "keys/";
constexpr char kName[] = "name/";
constexpr char kMessage[] = "message/";
constexpr char kNew[] = "new/";
constexpr char kOutgoing[] = "out/";
constexpr char kReport[] = "report/";
constexpr char kAppeal[] = "appeal/";
constexpr char kUpload[] = "upload/";

std::string NumberKey(absl::string_view prefix, uint64_t number) {
  return absl::StrCat(prefix, absl::Hex(number, absl::kZeroPad16));
}

std::string NameKey(const MessageName& name) {
  crypto::Encoder encoder;
  encoder.Vec(name.sender_uri).Vec(name.room_uri).Raw(name.tag.bytes());
  return absl::StrCat(kName, ToHex(crypto::Sha256({encoder.bytes()})));
}

std::string TimeValue(UnixMillis time) {
  std::string out;
  AppendU64(time, &out);
  return out;
}

template <typename Message>
Message& MessageOf(wire::Cleansed<Message>& record) {
  return *record;
}
template <typename Message>
Message& MessageOf(Message& record) {
  return record;
}

}  // namespace

absl::Status DeviceStore::Put(const std::string& key,
                              const google::protobuf::Message& record) {
  StoreBatch batch;
  batch.Put(key, record);
  return file_->Apply(batch);
}

absl::Status DeviceStore::Remove(const std::string& key) {
  if (!file_->Contains(key)) return absl::OkStatus();
  StoreBatch batch;
  batch.Delete(key);
  return file_->Apply(batch);
}

template <typename Record>
absl::StatusOr<Record> DeviceStore::Get(const std::string& key) const {
  FRANK_ASSIGN_OR_RETURN(crypto::Secret bytes, file_->Get(key));
  Record record;
  if (!MessageOf(record).ParseFromArray(bytes.bytes().data(),
                                        static_cast<int>(bytes.size()))) {
    return absl::DataLossError("a record of the device's store is damaged");
  }
  return record;
}

template <typename Record>
absl::StatusOr<absl::optional<Record>> DeviceStore::Find(
    const std::string& key) const {
  if (!file_->Contains(key)) return absl::optional<Record>();
  FRANK_ASSIGN_OR_RETURN(Record record, Get<Record>(key));
  return absl::optional<Record>(std::move(record));
}

template <typename Record>
absl::StatusOr<std::vector<Record>> DeviceStore::All(
    absl::string_view prefix) const {
  std::vector<Record> records;
  for (const std::string& key : file_->Keys(prefix)) {
    FRANK_ASSIGN_OR_RETURN(Record record, Get<Record>(key));
    records.push_back(std::move(record));
  }
  return records;
}

absl::StatusOr<Profile> DeviceStore::GetProfile() const {
  return Get<Profile>(kProfile);
}
bool DeviceStore::HasProfile() const { return file_->Contains(kProfile); }
absl::Status DeviceStore::PutProfile(const stored::DeviceProfile& profile) {
  return Put(kProfile, profile);
}

absl::Status DeviceStore::PutLinked(
    const stored::DeviceProfile& profile,
    const std::vector<stored::PinnedAccount>& pins) {
  StoreBatch batch;
  batch.Put(kProfile, profile);
  for (const stored::PinnedAccount& pin : pins) {
    batch.Put(absl::StrCat(kPin, pin.account_uri()), pin);
  }
  return file_->Apply(batch);
}

stored::PlatformTime DeviceStore::Time() const {
  absl::StatusOr<stored::PlatformTime> time = Get<stored::PlatformTime>(kTime);
  return time.ok() ? *time : stored::PlatformTime();
}
absl::Status DeviceStore::PutTime(const stored::PlatformTime& time) {
  return Put(kTime, time);
}

absl::StatusOr<absl::optional<stored::PinnedAccount>> DeviceStore::FindPin(
    absl::string_view account_uri) const {
  return Find<stored::PinnedAccount>(absl::StrCat(kPin, account_uri));
}
absl::StatusOr<std::vector<stored::PinnedAccount>> DeviceStore::Pins() const {
  return All<stored::PinnedAccount>(kPin);
}
absl::Status DeviceStore::PutPin(const stored::PinnedAccount& pin) {
  return Put(absl::StrCat(kPin, pin.account_uri()), pin);
}

absl::StatusOr<absl::optional<DeviceStore::SignedRecord>>
DeviceStore::FindFrankingKeys(absl::string_view authority) const {
  return Find<SignedRecord>(absl::StrCat(kFrankingKeys, authority));
}
absl::Status DeviceStore::PutFrankingKeys(absl::string_view authority,
                                          const SignedRecord& record) {
  return Put(absl::StrCat(kFrankingKeys, authority), record);
}

bool DeviceStore::IsRemembered(const MessageName& name) const {
  return file_->Contains(NameKey(name));
}

absl::Status DeviceStore::AddMessage(stored::StoredMessage message,
                                     const MessageName& name, UnixMillis now) {
  uint64_t number = 1;
  if (file_->Contains(kNextNumber)) {
    FRANK_ASSIGN_OR_RETURN(crypto::Secret next, file_->Get(kNextNumber));
    number = ReadU64(next.bytes());
  }
  message.set_number(number);
  StoreBatch batch;
  batch.Put(kNextNumber, TimeValue(number + 1));
  batch.Put(NumberKey(kMessage, number), message);
  if (!message.shown()) batch.Put(NumberKey(kNew, number), absl::string_view());
  batch.Put(NameKey(name), TimeValue(now));
  return file_->Apply(batch);
}

absl::StatusOr<stored::StoredMessage> DeviceStore::GetMessage(
    uint64_t number) const {
  absl::StatusOr<stored::StoredMessage> message =
      Get<stored::StoredMessage>(NumberKey(kMessage, number));
  if (absl::IsNotFound(message.status())) {
    return absl::NotFoundError(absl::StrCat("there is no message ", number));
  }
  return message;
}

absl::StatusOr<std::vector<uint64_t>> DeviceStore::MessageNumbers(
    bool only_new) const {
  absl::string_view prefix = only_new ? kNew : kMessage;
  std::vector<uint64_t> numbers;
  for (const std::string& key : file_->Keys(prefix)) {
    FRANK_ASSIGN_OR_RETURN(
        Bytes number, FromHex(absl::string_view(key).substr(prefix.size())));
    numbers.push_back(ReadU64(number));
  }
  return numbers;
}

absl::Status DeviceStore::MarkShown(uint64_t number) {
  return Remove(NumberKey(kNew, number));
}

absl::Status DeviceStore::ForgetOldNames(UnixMillis now) {
  StoreBatch batch;
  for (const std::string& key : file_->Keys(kName)) {
    FRANK_ASSIGN_OR_RETURN(crypto::Secret value, file_->Get(key));
    UnixMillis taken = ReadU64(value.bytes());
    if (now > taken && now - taken > limits::kReplayMemory) batch.Delete(key);
  }
  return batch.empty() ? absl::OkStatus() : file_->Apply(batch);
}

absl::Status DeviceStore::PutOutgoing(const stored::OutgoingMessage& message) {
  return Put(
      absl::StrCat(kOutgoing,
                   ToHex(AsBytes(absl::string_view(message.message_id())))),
      message);
}
absl::Status DeviceStore::RemoveOutgoing(absl::string_view message_id) {
  return Remove(absl::StrCat(kOutgoing, ToHex(AsBytes(message_id))));
}
absl::StatusOr<std::vector<OutgoingRecord>> DeviceStore::Outgoing() const {
  return All<OutgoingRecord>(kOutgoing);
}

absl::Status DeviceStore::PutReport(const stored::StoredReport& report) {
  return Put(
      absl::StrCat(kReport,
                   ToHex(AsBytes(absl::string_view(report.report_id())))),
      report);
}
absl::StatusOr<std::vector<stored::StoredReport>> DeviceStore::Reports() const {
  return All<stored::StoredReport>(kReport);
}

absl::StatusOr<absl::optional<stored::StoredAppeal>> DeviceStore::FindAppeal(
    const DecisionId& decision) const {
  return Find<stored::StoredAppeal>(absl::StrCat(kAppeal, decision.Hex()));
}
absl::Status DeviceStore::PutAppeal(const stored::StoredAppeal& appeal) {
  return Put(
      absl::StrCat(kAppeal,
                   ToHex(AsBytes(absl::string_view(appeal.decision_id())))),
      appeal);
}
absl::Status DeviceStore::RemoveAppeal(const DecisionId& decision) {
  return Remove(absl::StrCat(kAppeal, decision.Hex()));
}
absl::StatusOr<std::vector<stored::StoredAppeal>> DeviceStore::Appeals() const {
  return All<stored::StoredAppeal>(kAppeal);
}

absl::StatusOr<absl::optional<UploadRecord>> DeviceStore::FindUpload(
    absl::string_view path) const {
  return Find<UploadRecord>(absl::StrCat(kUpload, path));
}
absl::Status DeviceStore::PutUpload(const stored::FileUpload& upload) {
  return Put(absl::StrCat(kUpload, upload.path()), upload);
}
absl::Status DeviceStore::RemoveUpload(absl::string_view path) {
  return Remove(absl::StrCat(kUpload, path));
}

absl::StatusOr<absl::optional<stored::PendingDeviceList>>
DeviceStore::FindPendingList() const {
  return Find<stored::PendingDeviceList>(kPendingList);
}
absl::Status DeviceStore::PutPendingList(
    const stored::PendingDeviceList& list) {
  return Put(kPendingList, list);
}
absl::Status DeviceStore::RemovePendingList() { return Remove(kPendingList); }

}  // namespace frank::client
