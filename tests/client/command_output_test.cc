#include "client/command/exit_codes.h"
#include "client/command/output.h"
#include "core/status.h"
#include "gtest/gtest.h"
#include "tests/client/temporary_stream.h"

namespace frank::client {
namespace {

TEST(OutputTest, PrintsEitherFormAndNeverBoth) {
  JsonObject object;
  object.Number("n", 1);
  TemporaryStream out, err;
  Output(false, out.file(), err.file()).Print(object, "one");
  EXPECT_EQ(out.Contents(), "one\n");
  TemporaryStream json_out;
  Output json(true, json_out.file(), err.file());
  json.Print(object, "one");
  json.Say("words");
  EXPECT_EQ(json_out.Contents(), "{\"n\":1}\n");
  EXPECT_EQ(err.Contents(), "");
}

TEST(OutputTest, TellsReasonFieldAndRetryTimeOfAFailure) {
  absl::Status status = WithRetryAfter(
      WithReason(FieldError("page_size", "must be 1 to 200"), "FIELD_INVALID"),
      3000);
  TemporaryStream out, err, json_err;
  Output(false, out.file(), err.file()).Fail(status);
  EXPECT_EQ(err.Contents(),
            "frank: page_size: must be 1 to 200 (FIELD_INVALID); try again in "
            "3 seconds\n");
  Output(true, out.file(), json_err.file()).Fail(status);
  EXPECT_EQ(json_err.Contents(),
            "{\"error\":\"page_size: must be 1 to 200\",\"code\":"
            "\"INVALID_ARGUMENT\",\"exit_code\":2,\"reason\":\"FIELD_INVALID\","
            "\"field\":\"page_size\",\"rule\":\"must be 1 to 200\","
            "\"retry_after_ms\":3000}\n");
  EXPECT_EQ(out.Contents(), "");
}

TEST(OutputTest, NamesTheCodeWhereThereIsNoMessage) {
  TemporaryStream out, err;
  Output(false, out.file(), err.file()).Fail(absl::UnimplementedError(""));
  EXPECT_EQ(err.Contents(), "frank: UNIMPLEMENTED\n");
}

TEST(OutputTest, EscapesWhatAServerSaid) {
  TemporaryStream out, err;
  Output(false, out.file(), err.file()).Fail(absl::InternalError("a\x1b[31mb"));
  EXPECT_EQ(err.Contents(), "frank: a<U+001B>[31mb\n");
}

TEST(OutputTest, SaysThatItCouldNotWrite) {
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  TemporaryStream err;
  Output out(false, full, err.file());
  EXPECT_TRUE(out.status().ok());
  out.Say("words");
  EXPECT_EQ(ExitCodeOf(out.status()), ExitCode::kFailure);
  std::fclose(full);
}

TEST(ExitCodeTest, FollowsTheReasonBeforeTheCode) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(absl::UnauthenticatedError("")),
            ExitCode::kNotAuthentic);
  EXPECT_EQ(ExitCodeOf(WithReason(absl::UnauthenticatedError(""),
                                  "CREDENTIAL_INVALID")),
            ExitCode::kNotPermitted);
  EXPECT_EQ(ExitCodeOf(WithReason(absl::FailedPreconditionError(""),
                                  kReasonSuspended)),
            ExitCode::kSuspended);
  EXPECT_EQ(
      ExitCodeOf(WithReason(absl::InvalidArgumentError(""), "NOT_AUTHENTIC")),
      ExitCode::kNotAuthentic);
  EXPECT_EQ(ExitCodeOf(WithReason(absl::FailedPreconditionError(""),
                                  "IDENTITY_KEY_CHANGED")),
            ExitCode::kNotAuthentic);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), ExitCode::kNotFound);
  EXPECT_EQ(ExitCodeOf(absl::AlreadyExistsError("")), ExitCode::kConflict);
  EXPECT_EQ(ExitCodeOf(absl::ResourceExhaustedError("")), ExitCode::kQuota);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("")), ExitCode::kFailure);
}

}  // namespace
}  // namespace frank::client
