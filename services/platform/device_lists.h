// Device lists between wire, records and what their accounts signed.
#ifndef FRANK_SERVICES_PLATFORM_DEVICE_LISTS_H_
#define FRANK_SERVICES_PLATFORM_DEVICE_LISTS_H_

#include "core/clock.h"
#include "core/random.h"
#include "crypto/records.h"
#include "frank/storage/v1/platform.pb.h"
#include "frank/v1/account.pb.h"
#include "storage/schema.h"

namespace frank::platform {

storage::v1::DeviceListRecord ToRecord(const v1::SignedDeviceList& list,
                                       uint64_t version, UnixMillis now);

v1::SignedDeviceList ToProto(const storage::v1::AccountRecord& account,
                             const storage::v1::DeviceListRecord& list);

// A device that was not there before, with a mailbox of its own.
storage::v1::DeviceRecord NewDevice(const crypto::ListedDevice& device,
                                    RandomSource& random);

DeviceId DeviceIdOf(const storage::v1::DeviceRecord& device);
storage::MailboxId MailboxOf(const storage::v1::DeviceRecord& device);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_DEVICE_LISTS_H_
