// report.
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/command/own_report_view.h"
#include "client/command/people.h"
#include "client/command/text.h"
#include "core/status.h"
#include "core/taxonomy.h"

namespace frank::client {
namespace {

// What --withhold and --chunks ask for, by message number.
struct Choices {
  std::map<uint64_t, std::set<uint32_t>> withheld;
  std::map<uint64_t, std::map<uint32_t, std::set<uint32_t>>> chunks;
};

absl::StatusOr<Choices> ParseChoices(const Args& args) {
  Choices choices;
  for (const std::string& text : args.All("withhold")) {
    std::vector<std::string> words = absl::StrSplit(text, ':');
    if (words.size() != 2) {
      return FieldError("withhold", "must be MESSAGE:PARTS, such as 3:0,2");
    }
    FRANK_ASSIGN_OR_RETURN(uint64_t number, ParseNumber("withhold", words[0]));
    FRANK_ASSIGN_OR_RETURN(std::set<uint32_t> parts,
                           ParseIndices("withhold", words[1]));
    choices.withheld[number].insert(parts.begin(), parts.end());
  }
  for (const std::string& text : args.All("chunks")) {
    std::vector<std::string> words = absl::StrSplit(text, ':');
    if (words.size() != 3) {
      return FieldError("chunks",
                        "must be MESSAGE:PART:CHUNKS, such as 3:1:0,2-4");
    }
    FRANK_ASSIGN_OR_RETURN(uint64_t number, ParseNumber("chunks", words[0]));
    FRANK_ASSIGN_OR_RETURN(uint64_t part, ParseNumber("chunks", words[1]));
    FRANK_ASSIGN_OR_RETURN(choices.chunks[number][static_cast<uint32_t>(part)],
                           ParseIndices("chunks", words[2]));
  }
  return choices;
}

// What the platform's newest table holds. While the platform is away it is the
// table that is built in: the report waits.
absl::StatusOr<v1::ListReasonsResponse> ReasonsOf(Device& device) {
  absl::StatusOr<v1::ListReasonsResponse> table =
      device.reporter().FetchReasons();
  if (!absl::IsUnavailable(table.status())) return table;
  v1::ListReasonsResponse built_in;
  built_in.set_version(kTaxonomyVersion);
  for (const ReportReason& entry : ReportReasons()) {
    auto* reason = built_in.add_reason();
    reason->set_key(std::string(entry.key));
    reason->set_title(std::string(entry.title));
  }
  return built_in;
}

// Checks that there is such a reason, or shows which there are. Returns the
// version of the table.
absl::StatusOr<uint32_t> CheckReason(const Invocation& in, Device& device) {
  FRANK_ASSIGN_OR_RETURN(v1::ListReasonsResponse table, ReasonsOf(device));
  for (const auto& entry : table.reason()) {
    if (entry.key() == in.args.Get("reason")) return table.version();
  }
  for (const auto& entry : table.reason()) {
    in.out.Say(absl::StrCat("  ", Printable(entry.key()), ": ",
                            Printable(entry.title())));
  }
  return FieldError("reason", "must be a key of the table of reasons");
}

absl::Status CheckChosen(const Choices& choices,
                         const std::set<uint64_t>& numbers) {
  for (const auto& [number, parts] : choices.withheld) {
    if (numbers.count(number) == 0) {
      return FieldError("withhold", "names a message that is not reported");
    }
  }
  for (const auto& [number, parts] : choices.chunks) {
    if (numbers.count(number) == 0) {
      return FieldError("chunks", "names a message that is not reported");
    }
  }
  return absl::OkStatus();
}

absl::Status AddMessage(const Invocation& in, Device& device, uint64_t number,
                        Choices& choices, ReportBuilder& builder) {
  FRANK_ASSIGN_OR_RETURN(VerifiedMessage message, device.GetMessage(number));
  FRANK_RETURN_IF_ERROR(builder.AddMessage(message, choices.withheld[number]));
  for (const auto& [part, indices] : choices.chunks[number]) {
    FRANK_ASSIGN_OR_RETURN(AnnouncedFile file, FindFile(message, part));
    FRANK_ASSIGN_OR_RETURN(
        OpenedChunks opened,
        device.files().OpenChunks(file, indices,
                                  ShowProgress(in, "reading the file")));
    FRANK_RETURN_IF_ERROR(builder.AddChunks(opened));
  }
  return absl::OkStatus();
}

// The sender of the first message, unless the reporter names somebody.
absl::StatusOr<std::string> AccusedOf(const Args& args, Device& device,
                                      const std::vector<uint64_t>& numbers) {
  if (args.Has("accused")) return args.Get("accused");
  if (numbers.empty()) {
    return FieldError("accused", "must be given when no message is reported");
  }
  FRANK_ASSIGN_OR_RETURN(VerifiedMessage first, device.GetMessage(numbers[0]));
  return std::string(first.sender_uri());
}

std::vector<std::string> PossibleOutcomes(const stored::StoredReport& report) {
  std::vector<std::string> names;
  for (int outcome : report.possible_outcome()) {
    names.push_back(ReportOutcomeName(static_cast<v1::ReportOutcome>(outcome)));
  }
  return names;
}

std::string Acknowledgement(const stored::StoredReport& report,
                            const std::string& accused) {
  std::string text =
      absl::StrCat("Reported ", Printable(accused), ". The report ",
                   ToHex(FieldBytes(report.report_id())),
                   " is stored, sealed to the moderators.");
  if (report.expected_by() != 0) {
    absl::StrAppend(&text, "\nThey usually decide by ",
                    FormatTime(report.expected_by()), ". It ends in one way:");
  } else {
    absl::StrAppend(&text, "\nIt ends in one way:");
  }
  for (int outcome : report.possible_outcome()) {
    absl::StrAppend(&text, "\n  ",
                    ReportOutcomeText(static_cast<v1::ReportOutcome>(outcome)));
  }
  return absl::StrCat(text, "\nfrank reports shows which, and their receipt.");
}

}  // namespace

absl::Status RunReport(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      in.args.RequirePositionals(0, 256, "numbers of messages"));
  std::vector<uint64_t> numbers;
  for (const std::string& word : in.args.positionals()) {
    FRANK_ASSIGN_OR_RETURN(uint64_t number, ParseNumber("message", word));
    numbers.push_back(number);
  }
  FRANK_ASSIGN_OR_RETURN(Choices choices, ParseChoices(in.args));
  FRANK_RETURN_IF_ERROR(
      CheckChosen(choices, std::set<uint64_t>(numbers.begin(), numbers.end())));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(uint32_t version, CheckReason(in, *device));
  FRANK_ASSIGN_OR_RETURN(std::string accused,
                         AccusedOf(in.args, *device, numbers));
  ReportBuilder builder(accused, in.args.Get("reason"), in.args.Get("note"),
                        in.clock.Now(), version);
  for (uint64_t number : numbers) {
    FRANK_RETURN_IF_ERROR(AddMessage(in, *device, number, choices, builder));
  }
  FRANK_ASSIGN_OR_RETURN(stored::StoredReport report,
                         device->reporter().Submit(builder.content()));
  in.out.Print(JsonObject()
                   .Hex("report_id", report.report_id())
                   .Text("accused", accused)
                   .Number("messages", numbers.size())
                   .Number("left_out_parts", builder.left_out())
                   .Number("accepted_at", report.accepted_at())
                   .Number("expected_by", report.expected_by())
                   .Texts("possible_outcomes", PossibleOutcomes(report)),
               Acknowledgement(report, accused));
  if (builder.left_out() > 0) {
    in.out.Say(absl::StrCat(
        builder.left_out(), " parts did not fit and are not shown; to show ",
        "them, report the message again and --withhold the others."));
  }
  return absl::OkStatus();
}

}  // namespace frank::client
