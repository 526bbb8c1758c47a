#include "client/load/reports.h"

#include <algorithm>
#include <set>
#include <utility>

#include "client/load/messages.h"
#include "core/bytes.h"
#include "core/status.h"
#include "core/taxonomy.h"
#include "crypto/records.h"

namespace frank::load {
namespace {

constexpr size_t kMostMessages = 2000;

// One of each policy area whose cases anybody may decide alone.
std::vector<std::string> OneReasonOfEachArea() {
  std::vector<std::string> reasons;
  std::set<std::string> areas;
  for (const ReportReason& reason : ReportReasons()) {
    const std::string area(reason.policy_area);
    if (area == kChildSafetyArea || reason.second_person) continue;
    if (areas.insert(area).second) reasons.emplace_back(reason.key);
  }
  return reasons;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Reports>> Reports::Create(
    const SendParts& parts, const Sizes& sizes, const TransportMaker& connect,
    const crypto::Ed25519PublicKey& moderation_key) {
  std::unique_ptr<Reports> reports(new Reports(parts));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<client::Transport> platform,
                         connect());
  FRANK_RETURN_IF_ERROR(reports->FetchReviewKey(*platform, moderation_key));
  reports->reasons_ = OneReasonOfEachArea();
  FRANK_RETURN_IF_ERROR(reports->Speak(parts, sizes, connect));
  return reports;
}

absl::Status Reports::FetchReviewKey(
    client::Transport& platform,
    const crypto::Ed25519PublicKey& moderation_key) {
  FRANK_ASSIGN_OR_RETURN(
      frank::v1::GetReportingKeysResponse keys,
      platform.GetReportingKeys(frank::v1::GetReportingKeysRequest()));
  if (keys.review_key().empty()) {
    return absl::NotFoundError("the platform has no review key");
  }
  const auto& key = keys.review_key(0);
  FRANK_ASSIGN_OR_RETURN(crypto::ReviewKeyRecord record,
                         crypto::OpenReviewKeyRecord(
                             AsBytes(key.record()), AsBytes(key.signature()),
                             moderation_key, clock_.Now()));
  review_key_ = client::OpenedReviewKey{
      crypto::ReviewKeyIdOf(AsBytes(key.record())), std::move(record)};
  return absl::OkStatus();
}

absl::Status Reports::Speak(const SendParts& parts, const Sizes& sizes,
                            const TransportMaker& connect) {
  const MessageWriter writer(parts.population, parts.clock, parts.random);
  const size_t count = std::min(kMostMessages, population_.rooms().size());
  std::vector<absl::optional<client::VerifiedMessage>> said(count);
  FRANK_RETURN_IF_ERROR(InParallel(
      0, count, connect,
      [&](size_t i, client::Transport& platform) -> absl::Status {
        const Room& room = population_.rooms()[i];
        const size_t sender = room.members.front();
        Dice dice(i);
        FRANK_ASSIGN_OR_RETURN(Message message,
                               writer.Write(sender, room, sizes.Draw(&dice)));
        platform.SetToken(population_.devices()[sender].token);
        FRANK_ASSIGN_OR_RETURN(frank::v1::SendResponse response,
                               platform.Send(message.request));
        FRANK_RETURN_IF_ERROR(StatusOfSend(absl::OkStatus(), response));
        FRANK_ASSIGN_OR_RETURN(
            said[i], client::RestoreVerified(
                         static_cast<uint32_t>(message.scheme),
                         response.accepted().frank(), message.payload.bytes()));
        return absl::OkStatus();
      }));
  for (size_t i = 0; i < count; ++i) said_.push_back({i, *std::move(said[i])});
  return absl::OkStatus();
}

size_t Reports::distinct_cases() const {
  const size_t accused = std::min(said_.size(), population_.devices().size());
  return accused * reasons_.size();
}

absl::StatusOr<WrittenReport> Reports::Write(uint64_t number) const {
  const Said& said = said_[number % said_.size()];
  const size_t turn = number / said_.size();
  const std::vector<size_t>& members = population_.rooms()[said.room].members;
  WrittenReport report;
  report.reporter = members[1 + turn % (members.size() - 1)];
  report.accused_uri = std::string(said.message.sender_uri());
  client::ReportBuilder builder(
      report.accused_uri, reasons_[turn % reasons_.size()], "", clock_.Now());
  FRANK_RETURN_IF_ERROR(builder.AddMessage(said.message, {}));
  FRANK_ASSIGN_OR_RETURN(
      client::SealedReport sealed,
      client::Seal(builder.content(), *review_key_,
                   population_.devices()[report.reporter].account_uri,
                   random_));
  report.report_id = ToString(sealed.id.bytes());
  report.request.set_report_id(report.report_id);
  report.request.set_review_key_id(ToString(sealed.review_key_id.bytes()));
  report.request.set_sealed_report(ToString(sealed.sealed));
  for (frank::v1::Frank& frank : sealed.franks) {
    *report.request.add_frank() = std::move(frank);
  }
  return report;
}

void Reports::Submit(const WrittenReport& report, Done done) {
  CallAsync(stubs_.Next(), &Async<frank::v1::ReportService>::SubmitReport,
            population_.devices()[report.reporter].token, report.request,
            [done](const absl::Status& status,
                   const frank::v1::SubmitReportResponse&) { done(status); });
}

}  // namespace frank::load
