// inbox, show, save.
#include "absl/strings/str_cat.h"
#include "client/command/own_report_view.h"
#include "client/command/people.h"
#include "client/command/people_view.h"
#include "client/command/text.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::client {
namespace {

absl::Status PrintMessage(Device& device, uint64_t number, Output& out) {
  FRANK_ASSIGN_OR_RETURN(VerifiedMessage message, device.GetMessage(number));
  out.Print(MessageJson(number, message), MessageText(number, message));
  return absl::OkStatus();
}

// Prints messages when they are durable, so that what was printed is kept.
class InboxPrinter final : public ReceiveObserver {
 public:
  InboxPrinter(Device& device, Output& out) : device_(device), out_(out) {}

  absl::Status PrintNew() {
    FRANK_ASSIGN_OR_RETURN(std::vector<uint64_t> numbers,
                           device_.store().MessageNumbers(true));
    for (uint64_t number : numbers) {
      FRANK_RETURN_IF_ERROR(PrintMessage(device_, number, out_));
      FRANK_RETURN_IF_ERROR(out_.status());
      FRANK_RETURN_IF_ERROR(device_.store().MarkShown(number));
      ++printed_;
    }
    return absl::OkStatus();
  }

  void OnMessage() override {
    if (status_.ok()) status_ = PrintNew();
  }
  void OnRefused(const v1::ReceiveResponse::Delivery& delivery,
                 const absl::Status& refusal) override {
    PrintRefusal("refused", delivery, MismatchName(MismatchOf(refusal)),
                 refusal);
  }
  void OnHeld(const v1::ReceiveResponse::Delivery& delivery,
              const absl::Status& reason) override {
    PrintRefusal("held", delivery, FindReason(reason).value_or(""), reason);
  }
  void OnNotice(const v1::ReceiveResponse::Notice& notice) override {
    if (notice.notice_kind() == v1::NOTICE_KIND_REPORT_DECIDED) {
      return PrintDecided(notice);
    }
    if (notice.notice_kind() == v1::NOTICE_KIND_APPEAL_DECIDED) {
      return PrintAppeal(notice);
    }
    std::string text =
        absl::StrCat("The moderators ", NoticeText(notice.notice_kind()));
    if (!notice.policy().empty()) {
      absl::StrAppend(&text, ", policy ", Printable(notice.policy()));
    }
    if (notice.until() != 0) {
      absl::StrAppend(&text, ", until ", FormatTime(notice.until()));
    }
    absl::StrAppend(&text, ".");
    if (notice.appeal_until() != 0) {
      absl::StrAppend(&text, "\nUntil ", FormatTime(notice.appeal_until()),
                      " you may appeal: frank appeal ",
                      ToHex(AsBytes(notice.decision_id())), " --text ...");
    }
    out_.Print(JsonObject()
                   .Text("notice", NoticeValue(notice.notice_kind()))
                   .Text("policy", notice.policy())
                   .Number("until", notice.until())
                   .Hex("decision_id", notice.decision_id())
                   .Number("appeal_until", notice.appeal_until()),
               text);
  }
  void OnCaughtUp() override {}

  const absl::Status& status() const { return status_; }
  size_t printed() const { return printed_; }

 private:
  void PrintDecided(const v1::ReceiveResponse::Notice& notice) {
    out_.Print(JsonObject()
                   .Text("notice", NoticeValue(notice.notice_kind()))
                   .Hex("report_id", notice.report_id())
                   .Text("outcome", ReportOutcomeName(notice.report_outcome())),
               absl::StrCat("Your report ", ToHex(AsBytes(notice.report_id())),
                            " was decided: ",
                            ReportOutcomeText(notice.report_outcome()), "."));
  }
  void PrintAppeal(const v1::ReceiveResponse::Notice& notice) {
    out_.Print(
        JsonObject()
            .Text("notice", NoticeValue(notice.notice_kind()))
            .Hex("decision_id", notice.decision_id())
            .Text("outcome", AppealOutcomeName(notice.appeal_outcome())),
        absl::StrCat(
            "Your appeal against ", ToHex(AsBytes(notice.decision_id())),
            " was decided: ", AppealOutcomeText(notice.appeal_outcome()), "."));
  }
  void PrintRefusal(absl::string_view what,
                    const v1::ReceiveResponse::Delivery& delivery,
                    absl::string_view kind, const absl::Status& status) {
    out_.Print(JsonObject()
                   .Text("message", what)
                   .Text("kind", kind)
                   .Text("room", delivery.room_uri())
                   .Number("sequence", delivery.sequence()),
               absl::StrCat("A message in ", Printable(delivery.room_uri()),
                            " was ", what, " and is not shown: ",
                            Printable(AsText(AsBytes(status.message())))));
  }

  Device& device_;
  Output& out_;
  absl::Status status_;
  size_t printed_ = 0;
};

}  // namespace

std::string NoticeValue(v1::NoticeKind kind) {
  return EnumText(v1::NoticeKind_Name(kind), "NOTICE_KIND_");
}

const char* NoticeText(v1::NoticeKind kind) {
  switch (kind) {
    case v1::NOTICE_KIND_WARNED:
      return "warned this account";
    case v1::NOTICE_KIND_LIMITED:
      return "limited what this account may send";
    case v1::NOTICE_KIND_SUSPENDED:
      return "suspended this account";
    case v1::NOTICE_KIND_REVERSED:
      return "took back a decision about this account";
    case v1::NOTICE_KIND_RESTORED:
      return "restored this account";
    default:
      return "have a word for this account";
  }
}

absl::Status RunInbox(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  if (in.args.Has("all")) {
    FRANK_ASSIGN_OR_RETURN(std::vector<uint64_t> numbers,
                           device->store().MessageNumbers(false));
    for (uint64_t number : numbers) {
      FRANK_RETURN_IF_ERROR(PrintMessage(*device, number, in.out));
    }
    return absl::OkStatus();
  }
  InboxPrinter printer(*device, in.out);
  // What was made durable and not shown before a crash.
  FRANK_RETURN_IF_ERROR(printer.PrintNew());
  FRANK_RETURN_IF_ERROR(
      device->receiver().Receive(!in.args.Has("wait"), printer));
  FRANK_RETURN_IF_ERROR(printer.status());
  if (printer.printed() == 0) in.out.Say("No new messages.");
  return absl::OkStatus();
}

absl::Status RunShow(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "a message number"));
  FRANK_ASSIGN_OR_RETURN(uint64_t number,
                         ParseNumber("message", in.args.positionals()[0]));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  return PrintMessage(*device, number, in.out);
}

absl::Status RunSave(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "a message number"));
  FRANK_ASSIGN_OR_RETURN(uint64_t number,
                         ParseNumber("message", in.args.positionals()[0]));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(VerifiedMessage message, device->GetMessage(number));
  FRANK_ASSIGN_OR_RETURN(uint64_t part, in.args.Number("part", 0));
  uint32_t index = static_cast<uint32_t>(part);
  // Without --part, the first file of the message.
  while (!in.args.Has("part") && index < message.parts().size() &&
         message.parts()[index].media_type != crypto::kFileMediaType) {
    ++index;
  }
  FRANK_ASSIGN_OR_RETURN(AnnouncedFile file, FindFile(message, index));
  std::string out = in.args.Get("out");
  FRANK_RETURN_IF_ERROR(
      device->files().Download(file, out,
                               {ShowProgress(in, "checking what is there"),
                                ShowProgress(in, "downloading")}));
  in.out.Print(JsonObject()
                   .Text("file", out)
                   .Number("bytes", file.file.length)
                   .Text("media_type", file.file.media_type),
               absl::StrCat("Saved ", file.file.length, " bytes to ", out,
                            ", as they were committed to."));
  return absl::OkStatus();
}

}  // namespace frank::client
