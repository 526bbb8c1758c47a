// What a device remembers, as typed records over the encrypted store. Each
// change is durable when the method returns.
#ifndef FRANK_CLIENT_DEVICE_STORE_H_
#define FRANK_CLIENT_DEVICE_STORE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "client/store_file.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/device/v1/device.pb.h"
#include "frank/v1/report.pb.h"
#include "proto/cleansed.h"

namespace frank::client {

namespace stored = frank::device::v1;

// The records that hold keys.
using Profile = wire::Cleansed<stored::DeviceProfile>;
using OutgoingRecord = wire::Cleansed<stored::OutgoingMessage>;
using UploadRecord = wire::Cleansed<stored::FileUpload>;

// Names one message for the replay memory: (sender, room, tag).
struct MessageName {
  absl::string_view sender_uri;
  absl::string_view room_uri;
  FrankingTag tag;
};

// Not thread-safe. Errors are those of StoreFile; kNotFound where a record that
// must be there is not; kDataLoss where one does not parse.
class DeviceStore {
 public:
  explicit DeviceStore(std::unique_ptr<StoreFile> file)
      : file_(std::move(file)) {}

  const std::string& home() const { return file_->home(); }

  absl::StatusOr<Profile> GetProfile() const;
  bool HasProfile() const;
  absl::Status PutProfile(const stored::DeviceProfile& profile);

  // Writes the profile of a device that was linked, with the pins that it was
  // given, all or nothing.
  absl::Status PutLinked(const stored::DeviceProfile& profile,
                         const std::vector<stored::PinnedAccount>& pins);

  stored::PlatformTime Time() const;
  absl::Status PutTime(const stored::PlatformTime& time);

  absl::StatusOr<absl::optional<stored::PinnedAccount>> FindPin(
      absl::string_view account_uri) const;
  absl::StatusOr<std::vector<stored::PinnedAccount>> Pins() const;
  absl::Status PutPin(const stored::PinnedAccount& pin);

  // Signed FrankingKeys by authority.
  using SignedRecord = v1::GetReportingKeysResponse::SignedRecord;
  absl::StatusOr<absl::optional<SignedRecord>> FindFrankingKeys(
      absl::string_view authority) const;
  absl::Status PutFrankingKeys(absl::string_view authority,
                               const SignedRecord& record);

  // Whether a message of this name was taken in the last 40 days.
  bool IsRemembered(const MessageName& name) const;
  // Gives the message a number and stores it together with its name.
  absl::Status AddMessage(stored::StoredMessage message,
                          const MessageName& name, UnixMillis now);
  absl::StatusOr<stored::StoredMessage> GetMessage(uint64_t number) const;
  absl::StatusOr<std::vector<uint64_t>> MessageNumbers(bool only_new) const;
  absl::Status MarkShown(uint64_t number);
  // Forgets the names of messages that are older than 40 days.
  absl::Status ForgetOldNames(UnixMillis now);

  absl::Status PutOutgoing(const stored::OutgoingMessage& message);
  absl::Status RemoveOutgoing(absl::string_view message_id);
  absl::StatusOr<std::vector<OutgoingRecord>> Outgoing() const;

  absl::Status PutReport(const stored::StoredReport& report);
  absl::StatusOr<std::vector<stored::StoredReport>> Reports() const;

  absl::StatusOr<absl::optional<stored::StoredAppeal>> FindAppeal(
      const DecisionId& decision) const;
  absl::Status PutAppeal(const stored::StoredAppeal& appeal);
  absl::Status RemoveAppeal(const DecisionId& decision);
  absl::StatusOr<std::vector<stored::StoredAppeal>> Appeals() const;

  absl::StatusOr<absl::optional<UploadRecord>> FindUpload(
      absl::string_view path) const;
  absl::Status PutUpload(const stored::FileUpload& upload);
  absl::Status RemoveUpload(absl::string_view path);

  absl::StatusOr<absl::optional<stored::PendingDeviceList>> FindPendingList()
      const;
  absl::Status PutPendingList(const stored::PendingDeviceList& list);
  absl::Status RemovePendingList();

 private:
  absl::Status Put(const std::string& key,
                   const google::protobuf::Message& record);
  absl::Status Remove(const std::string& key);
  template <typename Record>
  absl::StatusOr<Record> Get(const std::string& key) const;
  template <typename Record>
  absl::StatusOr<absl::optional<Record>> Find(const std::string& key) const;
  template <typename Record>
  absl::StatusOr<std::vector<Record>> All(absl::string_view prefix) const;

  std::unique_ptr<StoreFile> file_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_DEVICE_STORE_H_
