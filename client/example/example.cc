// frank/1 over a channel of your own, in one process: a message is committed,
// stamped, verified by its recipient, and reported.
#include <cstdio>

#include "client/example/servers.h"
#include "client/franking.h"
#include "core/status.h"
#include "crypto/random.h"

namespace frank::example {

constexpr char kAlice[] = "mimi://hub.example/u/alice";
constexpr char kBob[] = "mimi://hub.example/u/bob";
constexpr char kRoom[] = "mimi://hub.example/r/1";
constexpr UnixMillis kNow = 1'800'000'000'000;

absl::Status Run() {
  crypto::SystemRandom random;
  FRANK_ASSIGN_OR_RETURN(Servers servers, Servers::Create(random, kNow));

  // Alice commits, and encrypts `payload` by her end-to-end channel.
  FRANK_ASSIGN_OR_RETURN(
      client::Committed sent,
      client::CommitParts({kAlice, kRoom, kNow},
                          {{"text/plain", AsBytes("I know where you live.")},
                           {"text/plain", AsBytes("12 Mill Lane")}},
                          random));
  FRANK_ASSIGN_OR_RETURN(v1::Frank frank,
                         servers.Stamp(sent.tag, kAlice, kRoom));

  // Bob's channel decrypted the payload and says who sent it, and where.
  FRANK_ASSIGN_OR_RETURN(
      client::VerifiedMessage message,
      client::VerifyReceived(client::ChannelIdentity(kAlice, kRoom),
                             {2, sent.tag.bytes(), sent.payload.bytes()}, frank,
                             servers.franking_keys(),
                             client::RequiredIntegrity::kAsStated, kNow));
  std::printf("verified: %zu parts\n", message.parts().size());

  // Bob reports the threat and withholds the address.
  client::ReportBuilder report(kAlice, "violence.threat", "", kNow);
  FRANK_RETURN_IF_ERROR(report.AddMessage(message, {1}));
  FRANK_ASSIGN_OR_RETURN(
      client::SealedReport sealed,
      client::Seal(report.content(), servers.review_key(), kBob, random));
  FRANK_ASSIGN_OR_RETURN(std::string verdict, servers.Judge(sealed, kBob));
  std::printf("the moderators: %s\n", verdict.c_str());
  return absl::OkStatus();
}

}  // namespace frank::example

int main() {
  absl::Status status = frank::example::Run();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
