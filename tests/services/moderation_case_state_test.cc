#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/status.h"
#include "frank/v1/review.pb.h"
#include "gtest/gtest.h"
#include "services/moderation/case_state.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

using E = CaseEvent;

constexpr uint32_t kStates[] = {
    storage::kCaseOpen,      storage::kCaseDecided,
    storage::kCaseOnHold,    storage::kCaseAwaitingApproval,
    storage::kCaseAppealed,  storage::kCaseDuplicate,
    storage::kCaseShredding, storage::kCaseShredded};

// Why what is not promised is refused.
std::string Refusal(uint32_t state) {
  if (state == storage::kCaseDecided) return "CASE_DECIDED";
  return storage::IsErased(state) ? "CASE_SHREDDED" : "CASE_STATE";
}

// The table as it is promised, written a second time.
const std::map<uint32_t, std::map<CaseEvent, uint32_t>>& Promised() {
  static const auto* const kPromised =
      new std::map<uint32_t, std::map<CaseEvent, uint32_t>>{
          {1,
           {{E::kJoin, 1},
            {E::kClaim, 1},
            {E::kRenew, 1},
            {E::kRelease, 1},
            {E::kLapse, 1},
            {E::kHold, 3},
            {E::kHandOver, 1},
            {E::kTakeOver, 1},
            {E::kEscalate, 1},
            {E::kReveal, 1},
            {E::kPropose, 4},
            {E::kDecide, 2},
            {E::kMerge, 6}}},
          {2,
           {{E::kUndo, 1}, {E::kReverse, 2}, {E::kAppeal, 5}, {E::kShred, 7}}},
          {3, {{E::kJoin, 3}, {E::kWake, 1}}},
          {4,
           {{E::kJoin, 4}, {E::kReveal, 4}, {E::kApprove, 2}, {E::kRefuse, 1}}},
          {5,
           {{E::kClaim, 5},
            {E::kRenew, 5},
            {E::kRelease, 5},
            {E::kLapse, 5},
            {E::kHandOver, 5},
            {E::kTakeOver, 5},
            {E::kEscalate, 5},
            {E::kReveal, 5},
            {E::kDecide, 2}}},
          {6, {{E::kShred, 7}}},
          {7, {{E::kReverse, 7}, {E::kErased, 8}}},
          {8, {{E::kReverse, 8}}}};
  return *kPromised;
}

TEST(CaseStateTest, AllowsWhatTheTablePromisesAndRefusesEverythingElse) {
  for (uint32_t state : kStates) {
    const auto& allowed = Promised().at(state);
    for (CaseEvent event : AllCaseEvents()) {
      SCOPED_TRACE(testing::Message() << state << " " << NameOf(event));
      absl::StatusOr<uint32_t> after = StateAfter(state, event);
      auto promised = allowed.find(event);
      if (promised != allowed.end()) {
        ASSERT_TRUE(after.ok()) << after.status();
        EXPECT_EQ(*after, promised->second);
        continue;
      }
      ASSERT_EQ(after.status().code(), absl::StatusCode::kFailedPrecondition);
      EXPECT_EQ(*FindReason(after.status()), Refusal(state));
    }
  }
}

TEST(CaseStateTest, RefusesEverythingInAnUnknownState) {
  for (uint32_t state : {0u, 9u}) {
    for (CaseEvent event : AllCaseEvents()) {
      EXPECT_FALSE(StateAfter(state, event).ok()) << state << NameOf(event);
    }
  }
}

TEST(CaseStateTest, NamesEachEventOnce) {
  std::set<absl::string_view> names;
  for (CaseEvent event : AllCaseEvents()) names.insert(NameOf(event));
  EXPECT_EQ(names.size(), AllCaseEvents().size());
  EXPECT_EQ(names.count("unknown"), 0u);
}

TEST(CaseStateTest, AgreesWithTheIndexesOfTheStore) {
  for (uint32_t state : kStates) {
    EXPECT_EQ(storage::IsClaimable(state),
              StateAfter(state, CaseEvent::kClaim).ok());
    EXPECT_EQ(storage::TakesReports(state),
              StateAfter(state, CaseEvent::kJoin).ok());
    EXPECT_TRUE(v1::CaseState_IsValid(static_cast<int>(state)));
  }
  EXPECT_EQ(static_cast<size_t>(v1::CaseState_MAX), std::size(kStates));
}

}  // namespace
}  // namespace frank::moderation
