// frank: the command for people, moderators and operators.
#include <cstdio>
#include <string>
#include <vector>

#include "client/command/command.h"
#include "core/clock.h"
#include "crypto/random.h"
#include "google/protobuf/stubs/logging.h"

int main(int argc, char** argv) {
  // What a peer sent badly is told in our words, not in the library's.
  google::protobuf::SetLogHandler(nullptr);
  std::vector<frank::client::Command> commands;
  for (auto* group :
       {&frank::client::PeopleCommands, &frank::client::ModCommands,
        &frank::client::ModListCommands, &frank::client::ModQueueCommands,
        &frank::client::ModRetentionCommands,
        &frank::client::ModReferralCommands, &frank::client::DecisionCommands,
        &frank::client::ModTargetCommands, &frank::client::ModeratorCommands,
        &frank::client::ModConfigurationCommands,
        &frank::client::ExportCommands, &frank::client::AuditCommands,
        &frank::client::EvidenceCommands, &frank::client::KeysCommands}) {
    for (frank::client::Command& command : (*group)()) {
      commands.push_back(std::move(command));
    }
  }
  frank::SystemClock clock;
  frank::crypto::SystemRandom random;
  return frank::client::RunFrank(
      commands, std::vector<std::string>(argv + 1, argv + argc), clock, random,
      stdout, stderr);
}
