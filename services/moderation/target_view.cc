#include "services/moderation/target_view.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/target_tally.h"

namespace frank::moderation {
namespace {

// Rows that a page may look at: it ends with the period that exceeds them, also
// when next to none of them is asked for.
constexpr size_t kMaxRowsLooked = 10000;

template <typename Values>
bool Lets(const Values& values, const std::string& value) {
  return values.empty() ||
         std::find(values.begin(), values.end(), value) != values.end();
}

// The first day that begins at a time or later.
uint32_t DayFrom(UnixMillis time) {
  return static_cast<uint32_t>(time / kDay + (time % kDay == 0 ? 0 : 1));
}

// Where the period ends that a day is in.
uint32_t EndOf(v1::ReachedPeriod period, uint32_t day) {
  if (period == v1::REACHED_PERIOD_DAY) return day + 1;
  absl::CivilDay civil = absl::CivilDay(1970, 1, 1) + day;
  absl::CivilDay next_month(absl::CivilMonth(civil) + 1);
  return day + static_cast<uint32_t>(next_month - civil);
}

uint32_t DayOfToken(const std::string& token) {
  uint32_t day = 0;
  for (uint8_t byte : AsBytes(token)) day = day << 8 | byte;
  return day;
}

// Sums by queue and reason.
using Sums =
    std::map<std::pair<std::string, std::string>, storage::v1::TargetDayRecord>;

// Of those days of the request's queues and reasons that `has` something. One
// day is in memory at a time; `looked` counts its rows.
template <typename Request>
absl::StatusOr<Sums> SumDays(storage::Engine& engine, const Request& request,
                             uint32_t first, uint32_t end,
                             bool (*has)(const storage::v1::TargetDayRecord&),
                             size_t* looked) {
  Sums sums;
  for (uint32_t day = first; day < end; ++day) {
    FRANK_ASSIGN_OR_RETURN(std::vector<storage::StoredTargetDay> rows,
                           storage::ListTargetDays(engine, day, day + 1));
    *looked += rows.size();
    for (const storage::StoredTargetDay& stored : rows) {
      if (!Lets(request.queue(), stored.day.queue) ||
          !Lets(request.reason(), stored.day.reason) || !has(stored.record)) {
        continue;
      }
      AddDay(stored.record, &sums[{stored.day.queue, stored.day.reason}]);
    }
  }
  return sums;
}

// Whole periods until a page is full; `add` appends those of one to `response`,
// which has `size` of them, and counts the rows that it looks at.
template <typename Request, typename Response, typename Add, typename Size>
absl::Status AddPeriods(const Request& request, Add add, Size size,
                        Response* response) {
  const uint32_t end = DayFrom(request.until());
  uint32_t day = DayFrom(request.from());
  if (!request.page_token().empty()) {
    day = std::max(day, DayOfToken(request.page_token()));
  }
  // Empty periods cost a look as well.
  const uint32_t last_look = day + limits::kReachedPage;
  size_t looked = 0;
  while (day < end) {
    if (size() >= static_cast<int>(limits::kReachedPage) || day >= last_look ||
        looked >= kMaxRowsLooked) {
      AppendU32(day, response->mutable_next_page_token());
      break;
    }
    uint32_t next = std::min(end, EndOf(request.period(), day));
    FRANK_RETURN_IF_ERROR(add(day, next, &looked));
    day = next;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetReachedResponse> TargetView::Reached(
    const v1::GetReachedRequest& request) const {
  v1::GetReachedResponse response;
  FRANK_RETURN_IF_ERROR(AddPeriods(
      request,
      [&](uint32_t first, uint32_t end, size_t* looked) {
        return AddReached(request, first, end, looked, &response);
      },
      [&] { return response.reached_size(); }, &response));
  return response;
}

absl::Status TargetView::AddReached(const v1::GetReachedRequest& request,
                                    uint32_t first, uint32_t end,
                                    size_t* looked,
                                    v1::GetReachedResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(
      Sums sums, SumDays(engine_, request, first, end, &HasReached, looked));
  for (const auto& [place, sum] : sums) {
    v1::Reached reached =
        ReachedBy(sum, targets_.For(place.first, place.second));
    reached.set_period_started_at(first * kDay);
    reached.set_period_ended_at(end * kDay);
    reached.set_queue(place.first);
    reached.set_reason(place.second);
    *response->add_reached() = std::move(reached);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::GetInflowResponse> TargetView::Inflow(
    const v1::GetInflowRequest& request) const {
  v1::GetInflowResponse response;
  FRANK_RETURN_IF_ERROR(AddPeriods(
      request,
      [&](uint32_t first, uint32_t end, size_t* looked) {
        return AddInflow(request, first, end, looked, &response);
      },
      [&] { return response.inflow_size(); }, &response));
  return response;
}

absl::Status TargetView::AddInflow(const v1::GetInflowRequest& request,
                                   uint32_t first, uint32_t end, size_t* looked,
                                   v1::GetInflowResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(
      Sums sums, SumDays(engine_, request, first, end, &HasInflow, looked));
  std::map<std::string, storage::v1::TargetDayRecord> queues;
  for (const auto& [place, sum] : sums) AddDay(sum, &queues[place.first]);
  for (const auto& [queue, sum] : queues) {
    v1::Inflow inflow = InflowOf(sum);
    inflow.set_period_started_at(first * kDay);
    inflow.set_period_ended_at(end * kDay);
    inflow.set_queue(queue);
    *response->add_inflow() = std::move(inflow);
  }
  return absl::OkStatus();
}

}  // namespace frank::moderation
