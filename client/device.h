// A device over the reference channel: everything that a messenger's client
// does with frank/1, with its state in one encrypted folder.
#ifndef FRANK_CLIENT_DEVICE_H_
#define FRANK_CLIENT_DEVICE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/account_directory.h"
#include "client/appellant.h"
#include "client/device_context.h"
#include "client/file_transfer.h"
#include "client/key_book.h"
#include "client/membership.h"
#include "client/receiver.h"
#include "client/reporter.h"
#include "client/sender.h"
#include "client/verify.h"

namespace frank::client {

// Owns the store and the transport; the parts share them. What each part
// promises is in its header. Not thread-safe; one process at a time has a home
// open.
class Device {
 public:
  // `store` holds a profile (CreateProfile). The clock and the random source
  // outlive the device.
  static absl::StatusOr<std::unique_ptr<Device>> Create(
      std::unique_ptr<DeviceStore> store, std::unique_ptr<Transport> transport,
      const Clock& clock, RandomSource& random);

  DeviceStore& store() { return *store_; }
  Transport& transport() { return *transport_; }
  Membership& membership() { return membership_; }
  AccountDirectory& directory() { return directory_; }
  KeyBook& keys() { return keys_; }
  Sender& sender() { return sender_; }
  Receiver& receiver() { return receiver_; }
  FileTransfer& files() { return files_; }
  Reporter& reporter() { return reporter_; }
  Appellant& appellant() { return appellant_; }

  // Returns a stored message, ready to be shown or reported.
  absl::StatusOr<VerifiedMessage> GetMessage(uint64_t number) const;

 private:
  Device(std::unique_ptr<DeviceStore> store,
         std::unique_ptr<Transport> transport, const Clock& clock,
         RandomSource& random)
      : store_(std::move(store)),
        transport_(std::move(transport)),
        context_{*store_, *transport_, clock, random} {}

  std::unique_ptr<DeviceStore> store_;
  std::unique_ptr<Transport> transport_;
  DeviceContext context_;
  AccountDirectory directory_{context_};
  KeyBook keys_{context_};
  Membership membership_{context_, directory_};
  Sender sender_{context_, directory_, keys_};
  Receiver receiver_{context_, directory_, keys_};
  FileTransfer files_{context_};
  Reporter reporter_{context_, keys_};
  Appellant appellant_{context_, keys_};
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_DEVICE_H_
