// Deliveries as they go over the wire, encoded once for all who get them.
#ifndef FRANK_SERVICES_PLATFORM_DELIVERY_BYTES_H_
#define FRANK_SERVICES_PLATFORM_DELIVERY_BYTES_H_

#include <cstdint>
#include <memory>
#include <string>

#include "core/ids.h"
#include "storage/mailbox_store.h"

namespace frank::platform {

// A ReceiveResponse with a delivery, which its bytes are one after the other.
struct DeliveryBytes {
  // This device's: with its wrap, and lengths that depend on that.
  std::string own;
  // The rest of the envelope, its body last, alike for all devices.
  std::shared_ptr<const std::string> shared;
};

// A message, encoded but for the wraps. Immutable: thread-safe.
class EncodedDelivery {
 public:
  EncodedDelivery(const std::string& room_uri, uint64_t sequence,
                  storage::StoredMessage message);

  DeliveryBytes For(const DeviceId& device_id,
                    const storage::v1::MailboxRecord& entry) const;
  size_t size() const { return place_and_frank_.size() + envelope_->size(); }

 private:
  // The fields of the delivery but the envelope; those of the envelope but the
  // wrap.
  std::string place_and_frank_;
  std::shared_ptr<const std::string> envelope_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_DELIVERY_BYTES_H_
