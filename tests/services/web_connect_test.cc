// The Connect protocol's parts: frames, errors, JSON.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "frank/v1/decision.pb.h"
#include "frank/v1/review.pb.h"
#include "google/rpc/error_details.pb.h"
#include "nlohmann/json.hpp"
#include "proto/rpc_status.h"
#include "services/web/connect_error.h"
#include "services/web/connect_json.h"
#include "services/web/envelope.h"

namespace frank::web {
namespace {

TEST(EnvelopeTest, TakesTheOneMessageOut) {
  EXPECT_EQ(MessageFrame("ab"), std::string("\0\0\0\0\2ab", 7));
  EXPECT_EQ(EndFrame("{}"), std::string("\2\0\0\0\2{}", 7));
  EXPECT_EQ(ParseOneFrame(MessageFrame("ab")).value(), "ab");
  EXPECT_EQ(ParseOneFrame(MessageFrame("")).value(), "");
  std::string large(70000, 'x');
  EXPECT_EQ(ParseOneFrame(MessageFrame(large)).value(), large);
}

TEST(EnvelopeTest, RefusesWhatIsNotOneWholeFrame) {
  const std::string frame = MessageFrame("ab");
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_EQ(FindFieldViolation(ParseOneFrame(frame.substr(0, size)).status())
                  ->field,
              "request")
        << size;
  }
  EXPECT_FALSE(ParseOneFrame(frame + "c").ok());
  EXPECT_FALSE(ParseOneFrame(frame + frame).ok());
  EXPECT_FALSE(ParseOneFrame(EndFrame("{}")).ok());
  EXPECT_EQ(ParseOneFrame(std::string("\1\0\0\0\2ab", 7)).status().code(),
            absl::StatusCode::kUnimplemented);
}

TEST(ConnectErrorTest, NamesEachCode) {
  struct Row {
    absl::StatusCode code;
    const char* name;
    int http;
  };
  using C = absl::StatusCode;
  for (const Row& row :
       {Row{C::kCancelled, "canceled", 499}, Row{C::kUnknown, "unknown", 500},
        Row{C::kInvalidArgument, "invalid_argument", 400},
        Row{C::kDeadlineExceeded, "deadline_exceeded", 504},
        Row{C::kNotFound, "not_found", 404},
        Row{C::kAlreadyExists, "already_exists", 409},
        Row{C::kPermissionDenied, "permission_denied", 403},
        Row{C::kResourceExhausted, "resource_exhausted", 429},
        Row{C::kFailedPrecondition, "failed_precondition", 400},
        Row{C::kAborted, "aborted", 409},
        Row{C::kOutOfRange, "out_of_range", 400},
        Row{C::kUnimplemented, "unimplemented", 501},
        Row{C::kInternal, "internal", 500},
        Row{C::kUnavailable, "unavailable", 503},
        Row{C::kDataLoss, "data_loss", 500},
        Row{C::kUnauthenticated, "unauthenticated", 401}}) {
    EXPECT_STREQ(ConnectCodeName(static_cast<int>(row.code)), row.name);
    EXPECT_EQ(HttpStatusOf(static_cast<int>(row.code)), row.http) << row.name;
  }
  EXPECT_STREQ(ConnectCodeName(17), "unknown");
  EXPECT_STREQ(ConnectCodeName(-1), "unknown");
}

TEST(ConnectErrorTest, CarriesTheDetailsOfTheStatus) {
  absl::Status status = WithRetryAfter(
      WithReason(FieldError("case_id", "must be 16 bytes \"\n"), "OPTED_OUT"),
      1500);
  auto json = nlohmann::json::parse(ErrorJson(wire::ToRpc(status)));
  EXPECT_EQ(json["code"], "invalid_argument");
  EXPECT_EQ(json["message"], "case_id: must be 16 bytes \"\n");
  ASSERT_EQ(json["details"].size(), 3u);
  EXPECT_EQ(json["details"][0]["type"], "google.rpc.ErrorInfo");
  EXPECT_EQ(json["details"][1]["type"], "google.rpc.BadRequest");
  EXPECT_EQ(json["details"][2]["type"], "google.rpc.RetryInfo");
  for (const auto& detail : json["details"]) {
    std::string value = detail["value"];
    EXPECT_EQ(value.find('='), std::string::npos);
    while (value.size() % 4 != 0) value += '=';
    if (detail["type"] != "google.rpc.ErrorInfo") continue;
    google::rpc::ErrorInfo info;
    Bytes bytes = FromBase64(value).value();
    ASSERT_TRUE(info.ParseFromArray(bytes.data(), bytes.size()));
    EXPECT_EQ(info.reason(), "OPTED_OUT");
    EXPECT_EQ(info.domain(), "frank");
  }
}

TEST(ConnectErrorTest, EndsAStream) {
  EXPECT_EQ(EndOfStreamJson({}), "{}");
  auto json = nlohmann::json::parse(
      EndOfStreamJson(wire::ToRpc(absl::UnavailableError("x"))));
  EXPECT_EQ(json["error"]["code"], "unavailable");
}

class JsonCodecTest : public testing::Test {
 protected:
  // The field that a request is refused for; "" if it is not.
  std::string Refused(const std::string& json) {
    absl::Status status =
        codec_.ToBinary(*v1::ListCasesRequest::descriptor(), json).status();
    if (status.ok()) return "";
    EXPECT_EQ(std::string(status.message()).find("SECRET"), std::string::npos);
    return FindFieldViolation(status)->field;
  }

  JsonCodec codec_;
};

TEST_F(JsonCodecTest, ReadsAndWritesTheProto3Mapping) {
  v1::DecideCaseRequest request;
  request.set_decision_id(std::string("\0\xff\xfe", 3));
  request.set_rationale("ä\n\"<b>");
  std::string json = codec_
                         .ToJson(*v1::DecideCaseRequest::descriptor(),
                                 request.SerializeAsString())
                         .value();
  auto parsed = nlohmann::json::parse(json);
  EXPECT_EQ(parsed["decisionId"], "AP/+");
  EXPECT_EQ(parsed["rationale"], "ä\n\"<b>");
  EXPECT_EQ(codec_.ToBinary(*v1::DecideCaseRequest::descriptor(), json).value(),
            request.SerializeAsString());
}

TEST_F(JsonCodecTest, WritesLargeNumbersAsTextAndEnumsByName) {
  v1::ListCasesResponse response;
  response.add_case_summary()->set_opened_at(1ull << 62);
  response.mutable_case_summary(0)->set_state(v1::CASE_STATE_OPEN);
  auto json =
      nlohmann::json::parse(codec_
                                .ToJson(*v1::ListCasesResponse::descriptor(),
                                        response.SerializeAsString())
                                .value());
  EXPECT_EQ(json["caseSummary"][0]["openedAt"], "4611686018427387904");
  EXPECT_EQ(json["caseSummary"][0]["state"], "CASE_STATE_OPEN");
}

TEST_F(JsonCodecTest, NamesTheFieldThatItRefusesAndNotItsValue) {
  EXPECT_EQ(Refused("{}"), "");
  EXPECT_EQ(Refused("{\"pageSize\":2,\"filter\":{}}"), "");
  EXPECT_EQ(Refused("{\"nothing\":\"SECRET\"}"), "nothing");
  EXPECT_EQ(Refused("{\"filter\":{\"nothing\":1}}"), "filter.nothing");
  EXPECT_EQ(Refused("{\"pageSize\":\"SECRET\"}"), "page_size");
  EXPECT_EQ(Refused("{\"filter\":{\"state\":[\"SECRET\"]}}"),
            "filter.state[0]");
  EXPECT_EQ(Refused("{\"SECRET<b>\":1}"), "request");
}

TEST_F(JsonCodecTest, RefusesWhatIsNoJsonOfAMessage) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "{\"filter\":";
  for (const std::string& json :
       {std::string(), std::string("7"), std::string("[]"), std::string("{"),
        std::string("{} x"), std::string("SECRET"),
        std::string("{\"pageToken\":\"\xff SECRET\"}"), deep}) {
    EXPECT_EQ(Refused(json), "request") << json.substr(0, 40);
  }
}

}  // namespace
}  // namespace frank::web
