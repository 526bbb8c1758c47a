// What people do with a device in a home folder. Each function is a command of
// the table in people_commands.cc.
#ifndef FRANK_CLIENT_COMMAND_PEOPLE_H_
#define FRANK_CLIENT_COMMAND_PEOPLE_H_

#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/command/command.h"
#include "client/device.h"

namespace frank::client {

absl::Status RunRegister(const Invocation& in);
absl::Status RunLinkRequest(const Invocation& in);
absl::Status RunLinkApprove(const Invocation& in);
absl::Status RunLinkAccept(const Invocation& in);
absl::Status RunDeviceList(const Invocation& in);
absl::Status RunDeviceRemove(const Invocation& in);
absl::Status RunDeviceRotateToken(const Invocation& in);
absl::Status RunDeviceTrust(const Invocation& in);

absl::Status RunRoomCreate(const Invocation& in);
absl::Status RunRoomList(const Invocation& in);
absl::Status RunRoomShow(const Invocation& in);
absl::Status RunRoomAdd(const Invocation& in);
absl::Status RunRoomRemove(const Invocation& in);

absl::Status RunSend(const Invocation& in);
absl::Status RunInbox(const Invocation& in);
absl::Status RunShow(const Invocation& in);
absl::Status RunSave(const Invocation& in);

absl::Status RunReport(const Invocation& in);
absl::Status RunReports(const Invocation& in);
absl::Status RunNotices(const Invocation& in);
absl::Status RunReceiptVerify(const Invocation& in);

absl::Status RunAppeal(const Invocation& in);
absl::Status RunAppeals(const Invocation& in);

// The options, behind those that name the device: --home, or $FRANK_HOME, or
// ~/.frank; --store-key, or $FRANK_STORE_KEY, or the key in the home.
std::vector<Option> WithHome(std::vector<Option> options);
std::string HomeOf(const Args& args);

// Opens the home and its device. kFailedPrecondition says what is wrong with
// the home; kNotFound when it holds no device.
absl::StatusOr<std::unique_ptr<Device>> OpenDevice(const Invocation& in);

// Makes a home with a profile for a new device, by --server, --ca,
// --moderation-key, --account and --require, and opens it. A home whose
// registration broke off keeps its keys and takes the options of this call.
std::vector<Option> NewDeviceOptions();
absl::StatusOr<std::unique_ptr<Device>> MakeDevice(const Invocation& in,
                                                   DeviceKind kind);

// The URI of this device's account.
absl::StatusOr<std::string> OwnAccount(Device& device);

// Reads "3" or "0,2-4". kInvalidArgument names `field`.
absl::StatusOr<uint64_t> ParseNumber(absl::string_view field,
                                     absl::string_view text);
absl::StatusOr<std::set<uint32_t>> ParseIndices(absl::string_view field,
                                                absl::string_view text);

// Reads standard input, as far as a message can hold it.
absl::StatusOr<std::string> ReadInput();

// What the moderators did, in words: "suspended this account".
const char* NoticeText(v1::NoticeKind kind);
// As JSON has it: "suspended".
std::string NoticeValue(v1::NoticeKind kind);
// How an appeal ended: "rejected", "the decision stands".
const char* AppealOutcomeName(v1::AppealOutcome outcome);
const char* AppealOutcomeText(v1::AppealOutcome outcome);

// Shows how far a transfer is, on a line of its own, for people only.
Progress ShowProgress(const Invocation& in, absl::string_view what);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_PEOPLE_H_
