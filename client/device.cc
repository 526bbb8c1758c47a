#include "client/device.h"

#include <utility>

#include "core/status.h"

namespace frank::client {

absl::StatusOr<std::unique_ptr<Device>> Device::Create(
    std::unique_ptr<DeviceStore> store, std::unique_ptr<Transport> transport,
    const Clock& clock, RandomSource& random) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, store->GetProfile());
  transport->SetToken(profile->token());
  return std::unique_ptr<Device>(
      new Device(std::move(store), std::move(transport), clock, random));
}

absl::StatusOr<VerifiedMessage> Device::GetMessage(uint64_t number) const {
  FRANK_ASSIGN_OR_RETURN(stored::StoredMessage message,
                         store_->GetMessage(number));
  return RestoreVerified(message.scheme(), message.frank(),
                         FieldBytes(message.payload()));
}

}  // namespace frank::client
