// Commands for people: the table.
#include "client/command/people.h"

namespace frank::client {
namespace {

std::vector<Option> WithOut(std::vector<Option> options, const char* help) {
  options.push_back({"out", "FILE", help, true});
  return options;
}

std::vector<Command> AccountCommands() {
  return {
      {"register", "", "Register an account with this device as its first.",
       NewDeviceOptions(), &RunRegister},
      {"link request", "", "On a new device: ask to be linked to an account.",
       WithOut(NewDeviceOptions(), "the request, for link approve"),
       &RunLinkRequest},
      {"link approve", "FILE", "On a device of the account: link a new one.",
       WithOut(WithHome({{"code", "CODE",
                          "the code, as the new device shows it", true}}),
               "the package, for link accept"),
       &RunLinkApprove},
      {"link accept", "FILE", "On the new device: finish.", WithHome({}),
       &RunLinkAccept},
      {"device list", "[ACCOUNT]", "List an account's devices, verified.",
       WithHome({}), &RunDeviceList},
      {"device remove", "DEVICE", "Remove one of the account's devices.",
       WithHome({}), &RunDeviceRemove},
      {"device rotate-token", "", "Replace this device's bearer token.",
       WithHome({}), &RunDeviceRotateToken},
      {"device trust", "ACCOUNT",
       "Accept an account's changed identity key, once it was compared.",
       WithHome({{"key", "KEY", "the new key, as its owner states it", true}}),
       &RunDeviceTrust},
  };
}

std::vector<Command> RoomCommands() {
  return {
      {"room create", "ACCOUNT...",
       "Create a room: for two, or with --group for more.",
       WithHome({{"group", "", "members may come and go"}}), &RunRoomCreate},
      {"room list", "", "List the account's rooms.", WithHome({}),
       &RunRoomList},
      {"room show", "ROOM", "Show a room and its members.", WithHome({}),
       &RunRoomShow},
      {"room add", "ROOM ACCOUNT...", "Add members to a group.", WithHome({}),
       &RunRoomAdd},
      {"room remove", "ROOM ACCOUNT...", "Remove members, or leave.",
       WithHome({}), &RunRoomRemove},
  };
}

std::vector<Command> MessageCommands() {
  return {
      {"send", "ROOM", "Send a message: texts first, then files.",
       WithHome(
           {{"text", "TEXT", "a text; - reads standard input", false, true},
            {"part", "TEXT",
             "another part, which a report can show or withhold", false, true},
            {"file", "PATH", "a file of up to 64 GiB", false, true},
            {"resume", "",
             "only send what earlier calls left when they broke off"}}),
       &RunSend},
      {"inbox", "", "Receive, verify and print new messages.",
       WithHome({{"wait", "", "go on until it is interrupted"},
                 {"all", "", "print what was received before; fetch nothing"}}),
       &RunInbox},
      {"show", "N", "Print message N again.", WithHome({}), &RunShow},
      {"save", "N", "Save a file of message N.",
       WithOut(WithHome({{"part", "INDEX",
                          "which part; without it, the first file"}}),
               "where to; it must not exist"),
       &RunSave},
      {"report", "[N...]",
       "Report messages to the moderators, and to nobody else.",
       WithHome(
           {{"reason", "KEY", "such as harassment.targeted", true},
            {"note", "TEXT", "in your words"},
            {"withhold", "N:PARTS", "parts of message N not to show", false,
             true},
            {"chunks", "N:PART:CHUNKS", "chunks of a file to show", false,
             true},
            {"accused", "URI", "who; without it, the first message's sender"}}),
       &RunReport},
  };
}

std::vector<Command> ReportCommands() {
  return {
      {"reports", "", "List your reports and what became of them.",
       WithHome({{"save", "FOLDER", "save the moderators' receipts there"}}),
       &RunReports},
      {"notices", "on|off [REPORT]",
       "Say whether you are told when reports, or this one, are decided.",
       WithHome({}), &RunNotices},
      {"appeal", "DECISION",
       "Appeal a decision about your account, to the moderators alone.",
       WithHome({{"text", "TEXT", "why; - reads standard input", true}}),
       &RunAppeal},
      {"appeals", "",
       "List decisions about your account and what became of appeals.",
       WithHome({}), &RunAppeals},
      {"receipt verify",
       "FILE",
       "Verify a saved receipt, offline.",
       {{"moderation-key", "FILE", "the moderators' public identity key",
         true}},
       &RunReceiptVerify},
  };
}

}  // namespace

std::vector<Command> PeopleCommands() {
  std::vector<Command> commands;
  for (auto* group :
       {&AccountCommands, &RoomCommands, &MessageCommands, &ReportCommands}) {
    for (Command& command : (*group)()) commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace frank::client
