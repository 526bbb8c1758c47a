#include "client/example/servers.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/report.h"
#include "proto/wire.h"

namespace frank::example {

absl::StatusOr<Servers> Servers::Create(RandomSource& random, UnixMillis now) {
  crypto::KeyWindow window{0, now + kDay, false, crypto::FrankForm::kBatched};
  window.hub_key = crypto::Secret::Random(random, crypto::kHubKeyBytes);
  window.franking_seed =
      crypto::Secret::Random(random, crypto::kEd25519KeyBytes);
  std::vector<crypto::KeyWindow> windows;
  windows.push_back(std::move(window));
  FRANK_ASSIGN_OR_RETURN(
      crypto::KeyRing ring,
      crypto::KeyRing::Create("mimi://hub.example", std::move(windows)));
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey review_key,
                         crypto::HpkePrivateKey::Create(crypto::Secret::Random(
                             random, crypto::kHpkeKeyBytes)));
  return Servers(std::move(ring), std::move(review_key), now);
}

absl::StatusOr<v1::Frank> Servers::Stamp(const FrankingTag& tag,
                                         absl::string_view sender_uri,
                                         absl::string_view room_uri) const {
  crypto::StampInput input{tag, sender_uri, room_uri, now_};
  FRANK_ASSIGN_OR_RETURN(std::vector<crypto::FrankStamp> stamps,
                         crypto::Stamp(ring_, {input}));
  v1::Frank frank;
  wire::SetFrank(input, stamps[0], &frank);
  return frank;
}

absl::StatusOr<std::string> Servers::Judge(
    const client::SealedReport& report, absl::string_view reporter_uri) const {
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret opened,
      crypto::OpenReport(review_key_,
                         {report.review_key_id, report.id, reporter_uri},
                         report.sealed));
  FRANK_ASSIGN_OR_RETURN(v1::ReportContent content,
                         wire::ParseReportContent(opened.bytes()));
  FRANK_ASSIGN_OR_RETURN(crypto::Frank shown,
                         wire::FromProto(content.message(0).frank()));
  FRANK_ASSIGN_OR_RETURN(
      crypto::Judgement judgement,
      crypto::Judge(shown, wire::ViewOf(content.message(0)), &ring_));
  if (judgement.verdict != crypto::Verdict::kProven) {
    return absl::InternalError("not proven");
  }
  return absl::StrCat("PROVEN, ", content.message(0).some_parts().part_size(),
                      " of ", content.message(0).some_parts().size(),
                      " parts shown");
}

}  // namespace frank::example
