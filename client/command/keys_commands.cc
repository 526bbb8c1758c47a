// frank keys: the table.
#include "client/command/command.h"
#include "client/command/keys_inspect.h"
#include "client/command/keys_make.h"

namespace frank::client {
namespace {

// No command of this group takes a word that is not an option, but the last
// two.
template <absl::Status (*kRun)(const Invocation&)>
absl::Status WithoutWords(const Invocation& in) {
  absl::Status status = in.args.RequirePositionals(0, 0, "");
  return status.ok() ? kRun(in) : status;
}

Option Out(std::string help) { return {"out", "FILE", std::move(help), true}; }
const Option kStart = {"start", "TIME", "when it begins; without it, now"};
const Option kDays = {"days", "N", "how long each lasts; without it, 90"};
const Option kWindows = {"windows", "N", "how many; without it, 1"};
const Option kForm = {"form", "FORM",
                      "none, each or batched; without it, batched"};
const Option kPlatform = {"platform", "FILE",
                          "the platform's ring, with private keys", true};
const Option kModeration = {"moderation", "FILE",
                            "moderation's ring, without them", true};
const Option kIdentity = {"identity", "FILE", "moderation's identity key",
                          true};

std::vector<Command> Making() {
  return {
      {"keys identity",
       "",
       "Make moderation's identity key pair.",
       {Out("the private key"),
        {"public", "FILE", "the public key, for clients", true}},
       &WithoutWords<RunIdentity>},
      {"keys review",
       "",
       "Make a review key and its signed record.",
       {kIdentity,
        Out("the private key, for moderation"),
        {"record", "FILE", "the signed record, for the platform", true},
        kStart,
        kDays},
       &WithoutWords<RunReview>},
      {"keys review-delete",
       "",
       "Destroy a review private key 90 days after its window has ended.",
       {{"key", "FILE", "the private key; becomes a tombstone", true},
        {"force", "", "even where reports may still need it"}},
       &WithoutWords<RunReviewDelete>},
      {"keys receipt",
       "",
       "Make a key that signs receipts, and its signed record.",
       {kIdentity,
        Out("the private key, for moderation"),
        {"record", "FILE", "the signed record, for moderation", true},
        kStart,
        kDays},
       &WithoutWords<RunReceiptKey>},
      {"keys evidence",
       "",
       "Make a key that signs evidence packages, and its signed record.",
       {kIdentity,
        Out("the private key, for moderation"),
        {"record", "FILE", "the signed record, for moderation", true},
        kStart,
        kDays},
       &WithoutWords<RunEvidenceKey>},
      {"keys recipient",
       "",
       "Make a key pair that evidence packages can be sealed to.",
       {Out("the private key"),
        {"public", "FILE", "the public key, for who asks for a package", true}},
       &WithoutWords<RunRecipient>},
      {"keys master",
       "",
       "Make moderation's master key of evidence at rest.",
       {Out("the key")},
       &WithoutWords<RunMaster>},
      {"keys audit",
       "",
       "Make the key pair that signs the audit log.",
       {{"origin", "NAME", "the log's name, such as audit.hub.example/frank",
         true},
        Out("the private key, for moderation"),
        {"public", "FILE", "the vkey, for whoever verifies", true}},
       &WithoutWords<RunAudit>},
      {"keys store",
       "",
       "Make a key for a device's own store.",
       {Out("the key")},
       &WithoutWords<RunStore>},
      {"keys token",
       "",
       "Make a bearer token and print its SHA-256.",
       {Out("the token")},
       &WithoutWords<RunToken>},
  };
}

std::vector<Command> Rings() {
  return {
      {"keys ring",
       "",
       "Make the key rings of an authority, one for each side.",
       {{"authority", "URI", "scheme://host", true},
        kPlatform,
        kModeration,
        kForm,
        kWindows,
        kDays,
        kStart},
       &WithoutWords<RunRing>},
      {"keys ring-add",
       "",
       "Append windows to both rings.",
       {kPlatform, kModeration, kForm, kWindows, kDays},
       &WithoutWords<RunRingAdd>},
      {"keys ring-delete",
       "",
       "Destroy the keys of windows that have ended.",
       {{"ring", "FILE", "the ring, either side's", true},
        {"before", "TIME", "windows that ended by then", true},
        {"force", "", "even where reports may still need them"}},
       &WithoutWords<RunRingDelete>},
      {"keys franking-keys",
       "",
       "Sign the public half of a ring for clients.",
       {{"ring", "FILE", "the ring, either side's", true},
        kIdentity,
        Out("the signed record, for the platform"),
        {"replace", "", "replace the file"}},
       &WithoutWords<RunFrankingKeys>},
  };
}

}  // namespace

std::vector<Command> KeysCommands() {
  std::vector<Command> commands = Making();
  for (Command& command : Rings()) commands.push_back(std::move(command));
  commands.push_back({"keys list",
                      "FILE...",
                      "Say what key files hold, without the secrets.",
                      {},
                      &RunList});
  commands.push_back(
      {"keys check",
       "FILE...",
       "Check key files, alone and together.",
       {{"identity-public", "FILE", "check signatures with this key"}},
       &RunCheck});
  return commands;
}

}  // namespace frank::client
