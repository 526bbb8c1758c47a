// frank-forge: a dishonest client, for developers. It signs in with a device's
// home and sends reports that `frank` cannot make, so that one can watch them
// fail: at the platform when the forgery is in the clear, at the moderators
// when it is sealed.
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/command/command.h"
#include "client/command/people.h"
#include "core/clock.h"
#include "core/status.h"
#include "crypto/random.h"

namespace frank::client {
namespace {

using ReportedMessage = v1::ReportContent::ReportedMessage;

// The honest report of a message, in full, which is then spoilt.
absl::StatusOr<v1::ReportContent> HonestReport(const Invocation& in,
                                               Device& device) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "a message number"));
  FRANK_ASSIGN_OR_RETURN(uint64_t number,
                         ParseNumber("message", in.args.positionals()[0]));
  FRANK_ASSIGN_OR_RETURN(VerifiedMessage message, device.GetMessage(number));
  ReportBuilder builder(message.sender_uri(), "harassment.targeted", "",
                        in.clock.Now());
  FRANK_RETURN_IF_ERROR(builder.AddMessage(message, {}));
  return builder.content();
}

// Seals `content` and sends it beside `clear`, which an honest client would
// have taken from the content.
absl::Status Submit(const Invocation& in, Device& device,
                    const v1::ReportContent& content, const v1::Frank& clear) {
  FRANK_ASSIGN_OR_RETURN(OpenedReviewKey key, device.keys().FetchReviewKey());
  FRANK_ASSIGN_OR_RETURN(std::string reporter, OwnAccount(device));
  FRANK_ASSIGN_OR_RETURN(SealedReport sealed,
                         Seal(content, key, reporter, in.random));
  v1::SubmitReportRequest request;
  request.set_report_id(ToString(sealed.id.bytes()));
  request.set_review_key_id(ToString(sealed.review_key_id.bytes()));
  request.set_sealed_report(ToString(sealed.sealed));
  *request.add_frank() = clear;
  FRANK_RETURN_IF_ERROR(device.transport().SubmitReport(request).status());
  in.out.Print(JsonObject().Hex("report_id", sealed.id.bytes()),
               absl::StrCat("The platform took the report ", sealed.id.Hex(),
                            ": what is forged is sealed. The moderators will "
                            "see it."));
  return absl::OkStatus();
}

absl::Status RunContent(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(v1::ReportContent content, HonestReport(in, *device));
  ReportedMessage* message = content.mutable_message(0);
  FRANK_ASSIGN_OR_RETURN(
      Bytes forged,
      crypto::EncodePart("text/plain", AsBytes(in.args.Get("text"))));
  if (message->has_whole()) {
    message->mutable_whole()->set_content(ToString(forged));
  } else if (message->has_parts()) {
    message->mutable_parts()->set_part(0, ToString(forged));
  } else {
    message->mutable_some_parts()->mutable_part(0)->set_part(ToString(forged));
  }
  return Submit(in, *device, content, message->frank());
}

// Changes the frank; in the clear too unless it is to be hidden.
absl::Status SubmitChanged(const Invocation& in, Device& device,
                           v1::ReportContent content,
                           const v1::Frank& changed) {
  v1::Frank honest = content.message(0).frank();
  *content.mutable_message(0)->mutable_frank() = changed;
  content.set_accused_uri(changed.sender_uri());
  return Submit(in, device, content, in.args.Has("hidden") ? honest : changed);
}

absl::Status RunRoom(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(v1::ReportContent content, HonestReport(in, *device));
  v1::Frank changed = content.message(0).frank();
  changed.set_room_uri(in.args.Get("room"));
  return SubmitChanged(in, *device, std::move(content), changed);
}

absl::Status RunAccused(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(v1::ReportContent content, HonestReport(in, *device));
  v1::Frank changed = content.message(0).frank();
  changed.set_sender_uri(in.args.Get("accused"));
  return SubmitChanged(in, *device, std::move(content), changed);
}

std::vector<Command> ForgeCommands() {
  const Option hidden = {
      "hidden", "", "only in the sealed report; the clear frank is honest"};
  return {
      {"content", "N", "Claim that message N said something else.",
       WithHome({{"text", "TEXT", "what it is to have said", true}}),
       &RunContent},
      {"room", "N", "Move the frank of message N to another room.",
       WithHome({{"room", "ROOM", "the other room", true}, hidden}), &RunRoom},
      {"accused", "N", "Claim that somebody else sent message N.",
       WithHome({{"accused", "URI", "who is to have sent it", true}, hidden}),
       &RunAccused},
  };
}

}  // namespace
}  // namespace frank::client

int main(int argc, char** argv) {
  frank::SystemClock clock;
  frank::crypto::SystemRandom random;
  return frank::client::RunFrank(
      frank::client::ForgeCommands(),
      std::vector<std::string>(argv + 1, argv + argc), clock, random, stdout,
      stderr);
}
