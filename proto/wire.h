// Between the wire and crypto/: the one place where protobuf containers become
// checked values and values become containers. Openings are viewed, not copied:
// the message must outlive what is made from it.
#ifndef FRANK_PROTO_WIRE_H_
#define FRANK_PROTO_WIRE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "crypto/commitment.h"
#include "crypto/frank.h"
#include "frank/v1/frank.pb.h"

namespace frank::wire {

// Says whether the message or one inside it holds a field that this program
// does not know. Receivers refuse such containers.
bool HasUnknownFields(const google::protobuf::Message& message);

// Checks a frank by every rule of the document that needs no key.
// kInvalidArgument names the field and the rule: the verdict MALFORMED.
absl::StatusOr<crypto::Frank> FromProto(const v1::Frank& frank);
v1::Frank ToProto(const crypto::Frank& frank);
// Writes the frank of an input over whatever `out` holds, into its buffers.
void SetFrank(const crypto::StampInput& input, const crypto::FrankStamp& stamp,
              v1::Frank* out);

// Views a frank as it came, to be judged.
crypto::FrankFields ViewOf(const v1::Frank& frank);

// Views openings; monostate when the message has none.
crypto::Opening ViewOf(const v1::Payload& payload);
crypto::Opening ViewOf(const v1::ReportContent::ReportedMessage& message);
crypto::SomePartsOpening ViewOf(const v1::ReportContent::SomeParts& some_parts);

// Copies one opened part into a report.
v1::ReportContent::Part ToProto(const crypto::PartProof& proof, ByteSpan part);

// Parse containers as protobuf does, then refuse unknown fields: all of a
// payload, and those of a report beside its messages, which are judged one by
// one (HasUnknownFields: MALFORMED). kInvalidArgument names the container and
// the rule. Neither checks the fields.
absl::StatusOr<v1::Payload> ParsePayload(ByteSpan bytes);
absl::StatusOr<v1::ReportContent> ParseReportContent(ByteSpan bytes);

// Checks that a serialised ReportContent has no more elements than its reader
// takes, for whoever seals one. kInvalidArgument.
absl::Status CheckReportElements(ByteSpan bytes);

// Checks all of an envelope that needs no store: lengths, protocol, scheme,
// suite, counts, no device twice.
absl::Status CheckEnvelope(const v1::Envelope& envelope);

// Checks what section 7 asks of a ReportContent as a whole: the accused's URI,
// reason, note, number of messages.
absl::Status CheckReportContent(const v1::ReportContent& content);

}  // namespace frank::wire

#endif  // FRANK_PROTO_WIRE_H_
