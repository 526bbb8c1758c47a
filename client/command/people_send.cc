// send.
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/command/exit_codes.h"
#include "client/command/people.h"
#include "client/command/text.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::client {
namespace {

constexpr absl::string_view kTextType = "text/plain";

struct FileType {
  absl::string_view ending;
  absl::string_view media_type;
};
constexpr FileType kFileTypes[] = {
    {".jpg", "image/jpeg"},        {".jpeg", "image/jpeg"},
    {".png", "image/png"},         {".gif", "image/gif"},
    {".webp", "image/webp"},       {".mp4", "video/mp4"},
    {".mp3", "audio/mpeg"},        {".ogg", "audio/ogg"},
    {".pdf", "application/pdf"},   {".txt", "text/plain"},
    {".json", "application/json"},
};

absl::string_view TypeOf(absl::string_view path) {
  for (const FileType& type : kFileTypes) {
    if (absl::EndsWithIgnoreCase(path, type.ending)) return type.media_type;
  }
  return "application/octet-stream";
}

absl::string_view NameOf(absl::string_view path) {
  size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

// The message's parts and what they are views of.
struct Draft {
  std::vector<std::string> texts;
  std::vector<UploadedFile> files;

  absl::StatusOr<std::vector<crypto::Part>> Parts() const {
    std::vector<crypto::Part> parts;
    for (const std::string& text : texts) {
      parts.push_back({kTextType, AsBytes(absl::string_view(text))});
    }
    for (const UploadedFile& file : files) {
      FRANK_ASSIGN_OR_RETURN(crypto::Part part,
                             crypto::ParsePart(file.file_part));
      parts.push_back(part);
      FRANK_ASSIGN_OR_RETURN(crypto::Part key,
                             crypto::ParsePart(file.key_part.bytes()));
      parts.push_back(key);
    }
    return parts;
  }
};

absl::StatusOr<Draft> MakeDraft(const Invocation& in, Device& device) {
  Draft draft;
  draft.texts = in.args.All("text");
  for (std::string& text : draft.texts) {
    if (text != "-") continue;
    FRANK_ASSIGN_OR_RETURN(text, ReadInput());
  }
  for (std::string& part : in.args.All("part")) {
    draft.texts.push_back(std::move(part));
  }
  for (const std::string& path : in.args.All("file")) {
    FRANK_ASSIGN_OR_RETURN(
        UploadedFile file,
        device.files().Upload(
            path, TypeOf(path), NameOf(path),
            {ShowProgress(in, "reading"), ShowProgress(in, "uploading")}));
    draft.files.push_back(std::move(file));
  }
  if (draft.texts.empty() && draft.files.empty()) {
    return absl::InvalidArgumentError("give --text, --part or --file");
  }
  return draft;
}

absl::Status Refused(const v1::SendResponse::Refused& refused) {
  bool limited = refused.reason() == v1::REFUSAL_REASON_LIMITED;
  std::string text =
      limited
          ? "not sent: the moderators limited how much this account may send"
          : "not sent: the moderators suspended this account";
  absl::StrAppend(&text,
                  refused.until() == 0
                      ? std::string(" until further notice")
                      : absl::StrCat(" until ", FormatTime(refused.until())));
  if (!refused.policy().empty()) {
    absl::StrAppend(&text, " (policy: ", Printable(refused.policy()), ")");
  }
  return WithReason(absl::PermissionDeniedError(text),
                    limited ? kReasonLimited : kReasonSuspended);
}

absl::Status PrintResult(const SendResult& result, Output& out) {
  const std::string& room = result.room_uri;
  if (!result.failure.ok()) {
    out.Print(JsonObject()
                  .Bool("accepted", false)
                  .Text("room", room)
                  .Text("failure", result.failure.message()),
              "");
    return result.failure;
  }
  if (result.refused) {
    out.Print(JsonObject()
                  .Bool("accepted", false)
                  .Text("room", room)
                  .Text("refusal",
                        result.refused->reason() == v1::REFUSAL_REASON_LIMITED
                            ? "limited"
                            : "suspended")
                  .Number("until", result.refused->until())
                  .Text("policy", result.refused->policy()),
              "");
    return Refused(*result.refused);
  }
  uint64_t accepted_at = result.accepted->frank().accepted_timestamp();
  out.Print(JsonObject()
                .Bool("accepted", true)
                .Text("room", room)
                .Number("sequence", result.accepted->sequence())
                .Number("accepted_at", accepted_at)
                .Hex("franking_tag", result.tag.bytes()),
            absl::StrCat("Sent, accepted at ", FormatTime(accepted_at), "."));
  return absl::OkStatus();
}

// The answers to what earlier calls left; the last failure is the command's.
absl::Status PrintResumed(const std::vector<SendResult>& results, Output& out) {
  absl::Status status;
  for (const SendResult& result : results) {
    absl::Status printed = PrintResult(result, out);
    if (!printed.ok()) status = printed;
  }
  if (results.empty()) out.Say("Nothing was left to send.");
  return status;
}

// The same beside a new message, whose answer is the command's.
void TellResumed(const std::vector<SendResult>& results, Output& out) {
  for (const SendResult& result : results) {
    if (!result.failure.ok()) {
      out.Fail(result.failure);
    } else {
      out.Say(result.accepted ? "An earlier message is sent now."
                              : "An earlier message was refused.");
    }
  }
}

}  // namespace

absl::Status RunSend(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "a room"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(std::vector<SendResult> resumed,
                         device->sender().Resume());
  const std::string& room = in.args.positionals()[0];
  if (in.args.Has("resume")) return PrintResumed(resumed, in.out);
  TellResumed(resumed, in.out);
  FRANK_ASSIGN_OR_RETURN(Draft draft, MakeDraft(in, *device));
  FRANK_ASSIGN_OR_RETURN(std::vector<crypto::Part> parts, draft.Parts());
  FRANK_ASSIGN_OR_RETURN(SendResult result, device->sender().Send(room, parts));
  return PrintResult(result, in.out);
}

}  // namespace frank::client
