// frank/1 over a channel of your own, in one process: a message is committed,
// stamped, verified by its recipient, and reported. The platform and the
// moderators are played by crypto/, where a product talks to their servers.
#include <cstdio>

#include "client/franking.h"
#include "core/status.h"
#include "crypto/random.h"
#include "crypto/report.h"
#include "proto/wire.h"

namespace frank {
namespace {

constexpr char kAlice[] = "mimi://hub.example/u/alice";
constexpr char kBob[] = "mimi://hub.example/u/bob";
constexpr char kRoom[] = "mimi://hub.example/r/1";
constexpr UnixMillis kNow = 1'800'000'000'000;

absl::Status Run() {
  crypto::SystemRandom random;
  // What the operator made with `frank keys`, and clients fetched and checked.
  crypto::KeyWindow window{0, kNow + kDay, false, crypto::FrankForm::kBatched};
  window.hub_key = crypto::Secret::Random(random, crypto::kHubKeyBytes);
  window.franking_seed = crypto::Secret::Random(random, 32);
  std::vector<crypto::KeyWindow> windows;
  windows.push_back(std::move(window));
  FRANK_ASSIGN_OR_RETURN(
      crypto::KeyRing ring,
      crypto::KeyRing::Create("mimi://hub.example", std::move(windows)));
  crypto::FrankingKeys keys{ring.authority(), ring.PublicWindows()};
  FRANK_ASSIGN_OR_RETURN(
      crypto::HpkePrivateKey review,
      crypto::HpkePrivateKey::Create(crypto::Secret::Random(random, 32)));
  client::OpenedReviewKey review_key{{}, {0, kNow + kDay, review.public_key()}};

  // Alice commits, and encrypts `payload` by her end-to-end channel.
  FRANK_ASSIGN_OR_RETURN(
      client::Committed sent,
      client::CommitParts({kAlice, kRoom, kNow},
                          {{"text/plain", AsBytes("I know where you live.")},
                           {"text/plain", AsBytes("12 Mill Lane")}},
                          random));
  // The platform stamps the tag. It sees no more of the message than that.
  FRANK_ASSIGN_OR_RETURN(
      std::vector<crypto::Frank> franks,
      crypto::Stamp(ring, {{sent.tag, kAlice, kRoom, kNow}}));
  v1::Frank frank = wire::ToProto(franks[0]);

  // Bob's channel decrypted the payload and says who sent it, and where.
  FRANK_ASSIGN_OR_RETURN(
      client::VerifiedMessage message,
      client::VerifyReceived(client::ChannelIdentity(kAlice, kRoom),
                             {2, sent.tag.bytes(), sent.payload.bytes()}, frank,
                             keys, client::RequiredIntegrity::kAsStated, kNow));
  std::printf("verified: %zu parts\n", message.parts().size());

  // Bob reports the threat and withholds the address.
  client::ReportBuilder report(kAlice, "violence.threat", "", kNow);
  FRANK_RETURN_IF_ERROR(report.AddMessage(message, {1}));
  FRANK_ASSIGN_OR_RETURN(
      client::SealedReport sealed,
      client::Seal(report.content(), review_key, kBob, random));
  std::printf("sealed: %zu bytes\n", sealed.sealed.size());

  // The moderators open the report and judge it.
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret opened,
      crypto::OpenReport(review, {{}, sealed.id, kBob}, sealed.sealed));
  FRANK_ASSIGN_OR_RETURN(v1::ReportContent content,
                         wire::ParseReportContent(opened.bytes()));
  FRANK_ASSIGN_OR_RETURN(crypto::Frank shown,
                         wire::FromProto(content.message(0).frank()));
  FRANK_ASSIGN_OR_RETURN(
      crypto::Judgement judgement,
      crypto::Judge(shown, wire::ViewOf(content.message(0)), &ring));
  bool proven = judgement.verdict == crypto::Verdict::kProven;
  std::printf("the moderators: %s, %d of 2 parts shown\n",
              proven ? "PROVEN" : "not proven",
              content.message(0).some_parts().part_size());
  return proven ? absl::OkStatus() : absl::InternalError("not proven");
}

}  // namespace
}  // namespace frank

int main() {
  absl::Status status = frank::Run();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
