#include "tests/e2e/shift/shift.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/status.h"
#include "tests/e2e/shift/moderator.h"

namespace frank::shift {
namespace {

constexpr absl::Duration kLook = absl::Milliseconds(100);
constexpr absl::Duration kPause = absl::Milliseconds(500);
constexpr int kTries = 2000;

// The shift draws to its end when all is judged and fewer cases are open.
constexpr uint32_t kLull = 150;

// When so many of a hundred reports were answered, the moderators begin, and
// these orders are given.
constexpr size_t kBegin = 30;
struct Order {
  size_t percent;
  const char* order;
};
constexpr Order kOrders[] = {
    {35, "witness"},       {45, "kill moderation"}, {60, "kill platform"},
    {75, "kill platform"}, {75, "kill moderation"}, {90, "witness"},
};

void Say(const std::string& what) {
  absl::PrintF("   %s\n", what);
  std::fflush(stdout);
}

size_t PercentOf(const Reporters& reporters) {
  return reporters.progress() * 100 / reporters.count();
}

void AwaitPercent(const Reporters& reporters, size_t percent) {
  while (PercentOf(reporters) < percent) absl::SleepFor(kLook);
}

// Ends the shift for those who are at work in a scope.
class Ends {
 public:
  explicit Ends(Desk& desk) : desk_(desk) {}
  ~Ends() { desk_.End(); }

 private:
  Desk& desk_;
};

}  // namespace

// Joins a thread at the end of a scope, however that is left.
class Shift::Joined {
 public:
  explicit Joined(std::thread thread) : thread_(std::move(thread)) {}
  Joined(Joined&&) = default;
  ~Joined() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::thread thread_;
};

absl::Status Shift::Play() {
  FRANK_RETURN_IF_ERROR(Prepare());
  Say(absl::StrCat("seed ", options_.seed));
  Dice dice(options_.seed, 0);
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Town> town,
                         Town::Build(servers_, options_.town, random_, &dice));
  Say(absl::StrCat(town->accounts().size(), " accounts, ", town->rooms().size(),
                   " rooms, ", town->said().size(), " messages"));
  Reporters reporters(servers_, *town, random_, tally_, options_.seed,
                      options_.reports);
  Appellants appellants(servers_, *town, desk_, random_,
                        Dice(options_.seed, 2));
  Books books({servers_, *town, desk_, reporters.filed(), appellants.appealed(),
               tally_},
              *senior_, *auditor_);
  FRANK_RETURN_IF_ERROR(Work(*town, reporters, appellants, books));
  options_.order("witness");
  FRANK_RETURN_IF_ERROR(books.Open());
  Say("the books are open");
  books.Check();
  return absl::OkStatus();
}

absl::Status Shift::Prepare() {
  const auto& all = options_.colleagues;
  const auto senior = std::find_if(all.begin(), all.end(), [](const auto& one) {
    return one.senior && one.child_safety;
  });
  if (senior == all.end()) {
    return absl::InvalidArgumentError("a senior for child safety is needed");
  }
  FRANK_ASSIGN_OR_RETURN(ModerationClient client,
                         servers_.Moderation(senior->id));
  senior_.emplace(std::move(client));
  FRANK_ASSIGN_OR_RETURN(ModerationClient auditor,
                         servers_.Moderation(options_.auditor));
  auditor_.emplace(std::move(auditor));
  return desk_.FetchPolicies(*senior_);
}

absl::Status Shift::Work(const Town& town, Reporters& reporters,
                         Appellants& appellants, Books& books) {
  std::vector<Joined> at_work;
  Joined reporting(std::thread([&] { reporters.Work(); }));
  const Ends ends(desk_);
  AwaitPercent(reporters, kBegin);
  FRANK_RETURN_IF_ERROR(StartModerators(town, &at_work));
  at_work.emplace_back(std::thread([&] { appellants.Work(); }));
  for (const Order& order : kOrders) {
    AwaitPercent(reporters, order.percent);
    Say(absl::StrCat(reporters.progress(), " reports; ", order.order));
    options_.order(order.order);
  }
  AwaitPercent(reporters, 100);
  Say(absl::StrCat(reporters.progress(), " reports"));
  FRANK_RETURN_IF_ERROR(AwaitLull(books));
  Say("the shift draws to its end");
  return Close(appellants, books);
}

// One of them does not want to see everything.
absl::Status Shift::StartModerators(const Town& town,
                                    std::vector<Joined>* at_work) {
  bool opted_out = false;
  for (size_t i = 0; i < options_.colleagues.size(); ++i) {
    const Colleague& colleague = options_.colleagues[i];
    FRANK_ASSIGN_OR_RETURN(ModerationClient client,
                           servers_.Moderation(colleague.id));
    if (!opted_out && !colleague.senior) {
      v1::SetOptOutsRequest request;
      request.add_category(v1::EXPOSURE_CATEGORY_GRAPHIC);
      FRANK_RETURN_IF_ERROR(
          client.Call(&v1::ModeratorService::Stub::SetOptOuts, request)
              .status());
      opted_out = true;
    }
    auto moderator =
        std::make_shared<Moderator>(desk_, town, colleague, std::move(client),
                                    Dice(options_.seed, 100 + i));
    at_work->emplace_back(std::thread([moderator] { moderator->Work(); }));
  }
  return absl::OkStatus();
}

absl::Status Shift::Close(const Appellants& appellants, Books& books) {
  FRANK_RETURN_IF_ERROR(ReleaseSome());
  desk_.Close();
  for (int tries = 0; tries < kTries; ++tries) {
    absl::SleepFor(kPause);
    if (!appellants.idle()) continue;
    FRANK_ASSIGN_OR_RETURN(bool judged, books.AllJudged());
    FRANK_ASSIGN_OR_RETURN(bool released, ReleasedAreJudged());
    FRANK_ASSIGN_OR_RETURN(bool closed, FewerAreOpen(1));
    if (judged && released && closed) return absl::OkStatus();
  }
  return absl::DeadlineExceededError("some cases are never decided");
}

absl::Status Shift::ReleaseSome() {
  const std::vector<std::string> muted = desk_.muted();
  for (size_t i = 0; i < muted.size(); i += 2) {
    v1::UnmuteReporterRequest request;
    request.set_reporter_uri(muted[i]);
    FRANK_RETURN_IF_ERROR(
        senior_->Call(&v1::ReporterService::Stub::UnmuteReporter, request)
            .status());
    released_.push_back(muted[i]);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Shift::ReleasedAreJudged() const {
  for (const std::string& reporter : released_) {
    v1::GetReporterRequest request;
    request.set_reporter_uri(reporter);
    FRANK_ASSIGN_OR_RETURN(
        v1::GetReporterResponse response,
        senior_->Call(&v1::ReporterService::Stub::GetReporter, request));
    const bool muted = response.reporter().muted_until() != 0;
    if (!muted && response.held_size() > 0) return false;
  }
  return true;
}

absl::Status Shift::AwaitLull(Books& books) const {
  for (int tries = 0; tries < kTries; ++tries) {
    FRANK_ASSIGN_OR_RETURN(bool judged, books.AllJudged());
    FRANK_ASSIGN_OR_RETURN(bool lull, FewerAreOpen(kLull));
    if (judged && lull) return absl::OkStatus();
    absl::SleepFor(kPause);
  }
  return absl::DeadlineExceededError("the queue does not get shorter");
}

absl::StatusOr<bool> Shift::FewerAreOpen(uint32_t count) const {
  v1::ListCasesRequest request;
  request.set_page_size(count);
  for (v1::CaseState state :
       {v1::CASE_STATE_OPEN, v1::CASE_STATE_ON_HOLD,
        v1::CASE_STATE_AWAITING_APPROVAL, v1::CASE_STATE_APPEALED}) {
    request.mutable_filter()->add_state(state);
  }
  uint32_t found = 0;
  do {
    FRANK_ASSIGN_OR_RETURN(
        v1::ListCasesResponse response,
        senior_->Call(&v1::ReviewService::Stub::ListCases, request));
    found += static_cast<uint32_t>(response.case_summary_size());
    request.set_page_token(response.next_page_token());
  } while (found < count && !request.page_token().empty());
  return found < count;
}

}  // namespace frank::shift
