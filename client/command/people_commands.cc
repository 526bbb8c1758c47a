#include "client/command/command.h"

namespace frank::client {

std::vector<Command> PeopleCommands() { return {}; }

}  // namespace frank::client
