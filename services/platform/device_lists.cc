#include "services/platform/device_lists.h"

#include "core/bytes.h"

namespace frank::platform {

storage::v1::DeviceListRecord ToRecord(const v1::SignedDeviceList& list,
                                       uint64_t version, UnixMillis now) {
  storage::v1::DeviceListRecord record;
  record.set_device_list(list.device_list());
  record.set_signature(list.signature());
  record.set_version(version);
  record.set_accepted_at(now);
  return record;
}

v1::SignedDeviceList ToProto(const storage::v1::AccountRecord& account,
                             const storage::v1::DeviceListRecord& list) {
  v1::SignedDeviceList proto;
  proto.set_device_list(list.device_list());
  proto.set_signature(list.signature());
  proto.set_identity_public_key(account.identity_public_key());
  proto.set_accepted_at(list.accepted_at());
  proto.set_replaced_at(list.replaced_at());
  return proto;
}

storage::v1::DeviceRecord NewDevice(const crypto::ListedDevice& device,
                                    RandomSource& random) {
  storage::v1::DeviceRecord record;
  record.set_device_id(ToString(device.id.bytes()));
  record.set_key_id(ToString(device.public_key.id().bytes()));
  record.set_mailbox_id(ToString(storage::MailboxId::Random(random).bytes()));
  return record;
}

DeviceId DeviceIdOf(const storage::v1::DeviceRecord& device) {
  return DeviceId(ToArray<DeviceId::kSize>(AsBytes(device.device_id())));
}

storage::MailboxId MailboxOf(const storage::v1::DeviceRecord& device) {
  return storage::MailboxId(
      ToArray<storage::MailboxId::kSize>(AsBytes(device.mailbox_id())));
}

}  // namespace frank::platform
