#include "proto/rpc_status.h"

#include "core/bytes.h"
#include "core/status.h"
#include "gtest/gtest.h"

namespace frank::wire {
namespace {

absl::Status RoundTrip(const absl::Status& status) {
  google::rpc::Status rpc = ToRpc(status);
  std::string details = rpc.SerializeAsString();
  return FromRpc(rpc.code(), rpc.message(), details);
}

TEST(RpcStatusTest, CarriesFieldRuleAndReason) {
  absl::Status back = RoundTrip(FieldError("envelope.body", "must be shorter"));
  EXPECT_EQ(back.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FindFieldViolation(back)->field, "envelope.body");
  EXPECT_EQ(FindFieldViolation(back)->rule, "must be shorter");
  EXPECT_EQ(*FindReason(back), "FIELD_INVALID");
}

TEST(RpcStatusTest, CarriesReasonAndRetryTime) {
  absl::Status status = WithRetryAfter(
      WithReason(absl::ResourceExhaustedError("too many reports this hour"),
                 "QUOTA_EXCEEDED"),
      61500);
  absl::Status back = RoundTrip(status);
  EXPECT_EQ(back.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(*FindReason(back), "QUOTA_EXCEEDED");
  EXPECT_EQ(*FindRetryAfter(back), 61500u);
  EXPECT_EQ(back.message(), "too many reports this hour");
}

TEST(RpcStatusTest, StripsTextThatWasNotMeantForThePeer) {
  for (absl::StatusCode code :
       {absl::StatusCode::kInternal, absl::StatusCode::kDataLoss,
        absl::StatusCode::kUnavailable, absl::StatusCode::kUnknown,
        absl::StatusCode::kFailedPrecondition}) {
    google::rpc::Status rpc = ToRpc(absl::Status(code, "key at /secret/path"));
    EXPECT_EQ(rpc.message().find("secret"), std::string::npos);
  }
  EXPECT_EQ(ToRpc(absl::DataLossError("x")).code(),
            static_cast<int>(absl::StatusCode::kInternal));
}

TEST(RpcStatusTest, SurvivesDetailsThatDoNotParse) {
  absl::Status back = FromRpc(5, "gone", "\xff\xff");
  EXPECT_EQ(back.code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace frank::wire
