#include "core/status.h"

#include <gtest/gtest.h>

namespace frank {
namespace {

TEST(StatusTest, CarriesFieldAndRuleApart) {
  absl::Status status = FieldError("tag", "must be 32 bytes");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  auto violation = FindFieldViolation(status);
  ASSERT_TRUE(violation.has_value());
  EXPECT_EQ(violation->field, "tag");
  EXPECT_EQ(violation->rule, "must be 32 bytes");
}

TEST(StatusTest, PrefixesOnlyFieldErrors) {
  absl::Status nested = InField("wrap[3]", FieldError("key_id", "rule"));
  EXPECT_EQ(FindFieldViolation(nested)->field, "wrap[3].key_id");
  absl::Status other = absl::NotFoundError("gone");
  EXPECT_EQ(InField("wrap[3]", other), other);
  EXPECT_TRUE(InField("x", absl::OkStatus()).ok());
}

TEST(StatusTest, HoldsReasonAndRetryBesideEachOther) {
  absl::Status status = WithRetryAfter(
      WithReason(absl::ResourceExhaustedError("limit"), "RATE_LIMITED"), 1500);
  EXPECT_EQ(FindReason(status), "RATE_LIMITED");
  EXPECT_EQ(FindRetryAfter(status), 1500u);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

TEST(StatusTest, FindsNothingInAPlainStatus) {
  absl::Status status = absl::InternalError("x");
  EXPECT_FALSE(FindReason(status).has_value());
  EXPECT_FALSE(FindRetryAfter(status).has_value());
  EXPECT_FALSE(FindFieldViolation(status).has_value());
}

absl::StatusOr<int> Half(int number) {
  if (number % 2 != 0) return FieldError("number", "must be even");
  return number / 2;
}

absl::StatusOr<int> Quarter(int number) {
  FRANK_ASSIGN_OR_RETURN(int half, Half(number));
  FRANK_RETURN_IF_ERROR(Half(half).status());
  return half / 2;
}

TEST(StatusTest, MacrosPassTheFirstErrorUp) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(FindFieldViolation(Quarter(6).status())->rule, "must be even");
  EXPECT_FALSE(Quarter(3).ok());
}

}  // namespace
}  // namespace frank
