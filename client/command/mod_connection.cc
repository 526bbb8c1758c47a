#include "client/command/mod_connection.h"

#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "grpcpp/grpcpp.h"
#include "proto/files.h"
#include "proto/rpc_status.h"

namespace frank::client {
namespace {

constexpr int kAttempts = 6;
constexpr absl::Duration kFirstPause = absl::Milliseconds(200);

absl::StatusOr<std::string> Setting(const Args& args, const char* option,
                                    const char* variable) {
  if (args.Has(option)) return args.Get(option);
  const char* value = std::getenv(variable);
  if (value != nullptr && *value != '\0') return std::string(value);
  return absl::InvalidArgumentError(
      absl::StrCat("--", option, " is missing, and ", variable, " is not set"));
}

}  // namespace

std::vector<Option> ModConnectionOptions() {
  return {
      {"server", "HOST:PORT", "frank-moderation (or $FRANK_MOD_SERVER)"},
      {"ca", "FILE",
       "PEM of the authority that signed the server's "
       "certificate (or $FRANK_MOD_CA)"},
      {"token-file", "FILE",
       "the moderator's token, mode 0600 (or "
       "$FRANK_MOD_TOKEN_FILE)"},
  };
}

std::vector<Option> WithModConnection(std::vector<Option> options) {
  for (Option& option : ModConnectionOptions()) {
    options.push_back(std::move(option));
  }
  return options;
}

absl::StatusOr<ModConnection> ModConnection::Open(const Args& args) {
  FRANK_ASSIGN_OR_RETURN(std::string server,
                         Setting(args, "server", "FRANK_MOD_SERVER"));
  FRANK_ASSIGN_OR_RETURN(std::string ca, Setting(args, "ca", "FRANK_MOD_CA"));
  FRANK_ASSIGN_OR_RETURN(std::string token_file,
                         Setting(args, "token-file", "FRANK_MOD_TOKEN_FILE"));
  grpc::SslCredentialsOptions tls;
  FRANK_ASSIGN_OR_RETURN(tls.pem_root_certs, wire::ReadFile(ca));
  FRANK_ASSIGN_OR_RETURN(crypto::Secret token,
                         wire::ReadSecretFile(token_file));
  const absl::string_view trimmed =
      absl::StripAsciiWhitespace(AsText(token.bytes()));
  grpc::ChannelArguments arguments;
  // Answers are cut to fit; a server that sends more is not heard out.
  arguments.SetMaxReceiveMessageSize(
      static_cast<int>(limits::kMaxRequestBytes));
  auto channel =
      grpc::CreateCustomChannel(server, grpc::SslCredentials(tls), arguments);
  return ModConnection(std::move(channel),
                       crypto::Secret::Copy(AsBytes(trimmed)));
}

void ModConnection::Authorize(grpc::ClientContext* context) const {
  context->AddMetadata("authorization",
                       absl::StrCat("Bearer ", AsText(token_.bytes())));
}

absl::Status ModConnection::Try(
    std::chrono::seconds deadline,
    absl::FunctionRef<grpc::Status(grpc::ClientContext*)> attempt) const {
  absl::Duration pause = kFirstPause;
  for (int tries = 1;; ++tries, pause *= 2) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    Authorize(&context);
    const grpc::Status answer = attempt(&context);
    absl::Status status = wire::FromRpc(
        answer.error_code(), answer.error_message(), answer.error_details());
    if (!absl::IsUnavailable(status) || tries == kAttempts) return status;
    absl::SleepFor(pause);
  }
}

}  // namespace frank::client
