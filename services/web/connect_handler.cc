#include "services/web/connect_handler.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "core/limits.h"
#include "core/status.h"
#include "proto/rpc_status.h"
#include "services/web/connect_error.h"
#include "services/web/envelope.h"

namespace frank::web {
namespace {

using google::protobuf::MethodDescriptor;

constexpr size_t kMaxTimeoutDigits = 10;
constexpr char kJsonType[] = "application/json";

enum class Encoding { kProto, kJson };

// The content type that a method is asked in: one for each encoding.
std::string MediaType(const MethodDescriptor& method, Encoding encoding) {
  return absl::StrCat("application/",
                      method.server_streaming() ? "connect+" : "",
                      encoding == Encoding::kJson ? "json" : "proto");
}

// What a request asks for, and of whom.
struct Asked {
  const MethodDescriptor& method;
  Encoding encoding;
  HttpClient& client;
};

absl::optional<Encoding> EncodingOf(const MethodDescriptor& method,
                                    absl::string_view content_type) {
  std::string type = absl::AsciiStrToLower(absl::StripAsciiWhitespace(
      content_type.substr(0, content_type.find(';'))));
  for (Encoding encoding : {Encoding::kProto, Encoding::kJson}) {
    if (type == MediaType(method, encoding)) return encoding;
  }
  return absl::nullopt;
}

HttpAnswer ErrorAnswer(const google::rpc::Status& status) {
  HttpAnswer answer;
  answer.status = HttpStatusOf(status.code());
  answer.media_type = kJsonType;
  answer.body = ErrorJson(status);
  return answer;
}

HttpAnswer ErrorAnswer(const absl::Status& status) {
  return ErrorAnswer(wire::ToRpc(status));
}

absl::Status NotOffered(absl::string_view what) {
  return WithReason(absl::UnimplementedError(what), "NOT_PERMITTED");
}

// The time that the client gives the call, within that of the port.
absl::StatusOr<absl::Duration> TimeoutOf(const HttpRequest& request,
                                         bool streaming) {
  const UnixMillis most =
      streaming ? limits::kMaxWebStream : limits::kMaxWebCall;
  absl::string_view digits = request.Header("connect-timeout-ms");
  UnixMillis millis = streaming ? most : limits::kDefaultWebCall;
  if (!digits.empty() &&
      (digits.size() > kMaxTimeoutDigits ||
       !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
       !absl::SimpleAtoi(digits, &millis))) {
    return FieldError("connect-timeout-ms", "must be at most ten digits");
  }
  return absl::Milliseconds(std::min(millis, most));
}

absl::Status CheckHeaders(const HttpRequest& request) {
  absl::string_view version = request.Header("connect-protocol-version");
  if (!version.empty() && version != "1") {
    return FieldError("connect-protocol-version", "must be 1");
  }
  absl::string_view coding = request.Header("content-encoding");
  if (!coding.empty() && coding != "identity") {
    return NotOffered("compressed requests are not offered");
  }
  return TimeoutOf(request, true).status();
}

// A stream of answers as frames.
class AnswerStream final : public BodyStream {
 public:
  AnswerStream(std::shared_ptr<Bridge> bridge,
               const BridgedCall::Request& request, const JsonCodec& codec,
               const Asked& asked, std::shared_ptr<void> place)
      : place_(std::move(place)),
        codec_(codec),
        asked_(asked),
        call_(std::move(bridge), request, asked.client) {}

  Next Read(std::string* piece) override {
    std::string message;
    switch (call_.Next(&message)) {
      case BridgedCall::Event::kMessage:
        return Write(message, piece);
      case BridgedCall::Event::kEnd:
        *piece = EndFrame(EndOfStreamJson(call_.status()));
        return Next::kLast;
      case BridgedCall::Event::kClosed:
        return Next::kBroken;
    }
    return Next::kBroken;
  }

 private:
  Next Write(const std::string& message, std::string* piece) const {
    if (asked_.encoding == Encoding::kProto) {
      *piece = MessageFrame(message);
      return Next::kMore;
    }
    absl::StatusOr<std::string> json =
        codec_.ToJson(*asked_.method.output_type(), message);
    if (!json.ok()) {
      *piece = EndFrame(EndOfStreamJson(wire::ToRpc(json.status())));
      return Next::kLast;
    }
    *piece = MessageFrame(*json);
    return Next::kMore;
  }

  // Before the call, which ends first.
  const std::shared_ptr<void> place_;
  const JsonCodec& codec_;
  const Asked asked_;
  BridgedCall call_;
};

// An error of a stream comes as its only frame.
class FailedStream final : public BodyStream {
 public:
  explicit FailedStream(const absl::Status& status)
      : frame_(EndFrame(EndOfStreamJson(wire::ToRpc(status)))) {}
  Next Read(std::string* piece) override {
    *piece = frame_;
    return Next::kLast;
  }

 private:
  const std::string frame_;
};

// One of the places that there are for streams; null when none is left.
std::shared_ptr<void> TakePlace(
    const std::shared_ptr<std::atomic<size_t>>& streams) {
  if (streams->fetch_add(1) >= limits::kMaxWebStreams) {
    streams->fetch_sub(1);
    return nullptr;
  }
  return std::shared_ptr<void>(streams.get(),
                               [streams](void*) { streams->fetch_sub(1); });
}

absl::Status TooManyStreams() {
  return WithRetryAfter(
      WithReason(absl::ResourceExhaustedError("too many streams"),
                 "QUOTA_EXCEEDED"),
      kSecond);
}

HttpAnswer Refuse(const Asked& asked, const absl::Status& status) {
  if (!asked.method.server_streaming()) return ErrorAnswer(status);
  HttpAnswer answer;
  answer.media_type = MediaType(asked.method, asked.encoding);
  answer.stream = std::make_shared<FailedStream>(status);
  return answer;
}

absl::StatusOr<std::string> MessageOf(const Asked& asked, std::string body,
                                      const JsonCodec& codec) {
  if (asked.method.server_streaming()) {
    FRANK_ASSIGN_OR_RETURN(body, ParseOneFrame(body));
  }
  if (asked.encoding == Encoding::kProto) return body;
  return codec.ToBinary(*asked.method.input_type(), body);
}

HttpAnswer AnswerUnary(std::shared_ptr<Bridge> bridge,
                       const BridgedCall::Request& call, const Asked& asked,
                       const JsonCodec& codec) {
  BridgedCall bridged(std::move(bridge), call, asked.client);
  std::string message, none;
  BridgedCall::Event event = bridged.Next(&message);
  // The status comes after the answer.
  if (event == BridgedCall::Event::kMessage) {
    event = bridged.Next(&none);
  }
  if (event != BridgedCall::Event::kEnd) {
    return ErrorAnswer(absl::CancelledError(""));
  }
  if (bridged.status().code() != 0) return ErrorAnswer(bridged.status());
  HttpAnswer answer;
  answer.media_type = MediaType(asked.method, asked.encoding);
  if (asked.encoding == Encoding::kProto) {
    answer.body = std::move(message);
    return answer;
  }
  absl::StatusOr<std::string> json =
      codec.ToJson(*asked.method.output_type(), message);
  if (!json.ok()) return ErrorAnswer(json.status());
  answer.body = *std::move(json);
  return answer;
}

}  // namespace

ConnectHandler::ConnectHandler(std::shared_ptr<grpc::Channel> channel)
    : bridge_(std::make_shared<Bridge>(std::move(channel))),
      streams_(std::make_shared<std::atomic<size_t>>(0)) {}

bool ConnectHandler::Accepts(const HttpRequest& request, HttpAnswer* refusal) {
  const MethodDescriptor* method = routes_.Find(request.target);
  if (method == nullptr) {
    *refusal = ErrorAnswer(NotOffered("there is no such method"));
    refusal->status = 404;
    return false;
  }
  if (request.method != "POST") {
    *refusal = PlainAnswer(405);
    refusal->headers = {{"Allow", "POST"}};
    return false;
  }
  if (!EncodingOf(*method, request.Header("content-type"))) {
    *refusal = PlainAnswer(415);
    refusal->headers = {
        {"Accept-Post", absl::StrCat(MediaType(*method, Encoding::kProto), ", ",
                                     MediaType(*method, Encoding::kJson))}};
    return false;
  }
  if (request.content_length > limits::kMaxWebBodyBytes) {
    *refusal = ErrorAnswer(WithReason(
        absl::ResourceExhaustedError("the request is too large"), "TOO_LARGE"));
    refusal->status = 413;
    return false;
  }
  return true;
}

HttpAnswer ConnectHandler::Answer(const HttpRequest& request, std::string body,
                                  HttpClient& client) {
  // Accepts found both.
  const MethodDescriptor& method = *routes_.Find(request.target);
  const Asked asked{method, *EncodingOf(method, request.Header("content-type")),
                    client};
  if (absl::Status bad = CheckHeaders(request); !bad.ok()) {
    return Refuse(asked, bad);
  }
  absl::StatusOr<std::string> message =
      MessageOf(asked, std::move(body), codec_);
  if (!message.ok()) return Refuse(asked, message.status());
  BridgedCall::Request call{
      request.target, *std::move(message),
      std::string(request.Header("authorization")),
      *TimeoutOf(request, asked.method.server_streaming())};
  if (!asked.method.server_streaming()) {
    return AnswerUnary(bridge_, call, asked, codec_);
  }
  std::shared_ptr<void> place = TakePlace(streams_);
  if (place == nullptr) return Refuse(asked, TooManyStreams());
  HttpAnswer answer;
  answer.media_type = MediaType(asked.method, asked.encoding);
  answer.stream = std::make_shared<AnswerStream>(bridge_, call, codec_, asked,
                                                 std::move(place));
  return answer;
}

}  // namespace frank::web
