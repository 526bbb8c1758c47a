#include "proto/wire.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "proto/elements.h"

namespace frank::wire {
namespace {

ByteSpan Span(const std::string& bytes) {
  return AsBytes(absl::string_view(bytes));
}

std::vector<ByteSpan> Spans(
    const google::protobuf::RepeatedPtrField<std::string>& all) {
  std::vector<ByteSpan> spans;
  spans.reserve(static_cast<size_t>(all.size()));
  for (const std::string& one : all) spans.push_back(Span(one));
  return spans;
}

crypto::WholeOpening ViewOf(const v1::Payload::Whole& whole) {
  return {Span(whole.salt()), Span(whole.content()), whole.mimi_content()};
}

crypto::PartsOpening ViewOf(const v1::Payload::Parts& parts) {
  return {Span(parts.root_salt()), Spans(parts.part())};
}

absl::Status CheckSize(absl::string_view field, const std::string& bytes,
                       size_t size) {
  if (bytes.size() == size) return absl::OkStatus();
  return FieldError(field, absl::StrCat("must be ", size, " bytes"));
}

absl::Status CheckWrap(const v1::Envelope::Wrap& wrap) {
  FRANK_RETURN_IF_ERROR(
      CheckSize("device_id", wrap.device_id(), DeviceId::kSize));
  FRANK_RETURN_IF_ERROR(CheckSize("key_id", wrap.key_id(), KeyId::kSize));
  return CheckSize("wrap", wrap.wrap(), limits::kWrapBytes);
}

absl::Status CheckWraps(const v1::Envelope& envelope) {
  if (static_cast<size_t>(envelope.wrap_size()) > limits::kMaxWraps) {
    return FieldError(
        "wrap", absl::StrCat("must be at most ", limits::kMaxWraps, " wraps"));
  }
  std::set<absl::string_view> devices;
  for (int i = 0; i < envelope.wrap_size(); ++i) {
    const v1::Envelope::Wrap& wrap = envelope.wrap(i);
    std::string path = absl::StrCat("wrap[", i, "]");
    FRANK_RETURN_IF_ERROR(InField(path, CheckWrap(wrap)));
    if (!devices.insert(absl::string_view(wrap.device_id())).second) {
      return FieldError(absl::StrCat(path, ".device_id"),
                        "must not occur twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckElements(absl::string_view name,
                           const google::protobuf::Descriptor& type,
                           ByteSpan bytes) {
  google::protobuf::io::ArrayInputStream in(bytes.data(),
                                            static_cast<int>(bytes.size()));
  if (HasAtMostElements(type, in, limits::kMaxContainerElements)) {
    return absl::OkStatus();
  }
  return FieldError(
      name, absl::StrCat("must be a protobuf message of its type with at most ",
                         limits::kMaxContainerElements, " elements"));
}

// Parses a container of a bounded number of elements.
template <typename Container>
absl::StatusOr<Container> Parse(absl::string_view name, ByteSpan bytes) {
  FRANK_RETURN_IF_ERROR(CheckElements(name, *Container::descriptor(), bytes));
  Container container;
  if (!container.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return FieldError(name, "must be a protobuf message of its type");
  }
  return container;
}

absl::Status RefuseUnknownFields(absl::string_view name) {
  return FieldError(name, "must not hold unknown fields");
}

void SetIntegrity(const crypto::FrankIntegrity& integrity, v1::Frank* out) {
  if (auto* each = absl::get_if<crypto::Signature>(&integrity)) {
    out->set_signature(each->data(), each->size());
    return;
  }
  auto* batch = absl::get_if<crypto::BatchShare>(&integrity);
  if (batch == nullptr) return out->clear_integrity();
  v1::Frank::Batch* wire = out->mutable_batch();
  wire->set_signature(batch->signature.data(), batch->signature.size());
  wire->set_size(batch->size);
  wire->set_index(batch->index);
  wire->clear_inclusion_proof();
  for (const crypto::MerkleHash& node : batch->inclusion_proof) {
    wire->add_inclusion_proof(node.data(), node.size());
  }
}

// Overwrites every field, without Clear(), which would free the batch.
void SetFrank(const FrankingTag& tag, const crypto::FrankContext& context,
              const crypto::Sha256Digest& server_frank,
              const crypto::FrankIntegrity& integrity, v1::Frank* out) {
  out->set_franking_tag(tag.bytes().data(), tag.bytes().size());
  out->set_sender_uri(context.sender_uri.data(), context.sender_uri.size());
  out->set_room_uri(context.room_uri.data(), context.room_uri.size());
  out->set_accepted_timestamp(context.accepted_timestamp);
  out->set_server_frank(server_frank.data(), server_frank.size());
  out->set_ciphersuite(crypto::kCiphersuite);
  SetIntegrity(integrity, out);
}

}  // namespace

bool HasUnknownFields(const google::protobuf::Message& message) {
  const google::protobuf::Reflection* reflection = message.GetReflection();
  if (!reflection->GetUnknownFields(message).empty()) return true;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (field->cpp_type() !=
        google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    }
    if (!field->is_repeated()) {
      if (HasUnknownFields(reflection->GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      if (HasUnknownFields(reflection->GetRepeatedMessage(message, field, i))) {
        return true;
      }
    }
  }
  return false;
}

crypto::FrankFields ViewOf(const v1::Frank& frank) {
  crypto::FrankFields fields;
  fields.franking_tag = Span(frank.franking_tag());
  fields.sender_uri = absl::string_view(frank.sender_uri());
  fields.room_uri = absl::string_view(frank.room_uri());
  fields.accepted_timestamp = frank.accepted_timestamp();
  fields.server_frank = Span(frank.server_frank());
  fields.ciphersuite = frank.ciphersuite();
  if (frank.integrity_case() == v1::Frank::kSignature) {
    fields.integrity = Span(frank.signature());
  } else if (frank.integrity_case() == v1::Frank::kBatch) {
    fields.integrity = crypto::BatchShareFields{
        Span(frank.batch().signature()), frank.batch().size(),
        frank.batch().index(), Spans(frank.batch().inclusion_proof())};
  }
  return fields;
}

absl::StatusOr<crypto::Frank> FromProto(const v1::Frank& frank) {
  if (HasUnknownFields(frank)) {
    return FieldError("frank", "must not hold unknown fields");
  }
  return crypto::ParseFrank(ViewOf(frank));
}

v1::Frank ToProto(const crypto::Frank& frank) {
  v1::Frank out;
  SetFrank(frank.tag, frank.context(), frank.server_frank, frank.integrity,
           &out);
  return out;
}

void SetFrank(const crypto::StampInput& input, const crypto::FrankStamp& stamp,
              v1::Frank* out) {
  SetFrank(input.tag, input.context(), stamp.server_frank, stamp.integrity,
           out);
}

crypto::Opening ViewOf(const v1::Payload& payload) {
  switch (payload.commitment_case()) {
    case v1::Payload::kWhole:
      return ViewOf(payload.whole());
    case v1::Payload::kParts:
      return ViewOf(payload.parts());
    case v1::Payload::COMMITMENT_NOT_SET:
      break;
  }
  return absl::monostate();
}

crypto::Opening ViewOf(const v1::ReportContent::ReportedMessage& message) {
  switch (message.opening_case()) {
    case v1::ReportContent::ReportedMessage::kWhole:
      return ViewOf(message.whole());
    case v1::ReportContent::ReportedMessage::kParts:
      return ViewOf(message.parts());
    case v1::ReportContent::ReportedMessage::kSomeParts:
      return ViewOf(message.some_parts());
    case v1::ReportContent::ReportedMessage::OPENING_NOT_SET:
      break;
  }
  return absl::monostate();
}

crypto::SomePartsOpening ViewOf(
    const v1::ReportContent::SomeParts& some_parts) {
  crypto::SomePartsOpening opening;
  opening.size = some_parts.size();
  opening.parts.reserve(static_cast<size_t>(some_parts.part_size()));
  for (const v1::ReportContent::Part& part : some_parts.part()) {
    opening.parts.push_back({part.index(), Span(part.part_salt()),
                             Span(part.part()), Spans(part.inclusion_proof())});
  }
  return opening;
}

v1::ReportContent::Part ToProto(const crypto::PartProof& proof, ByteSpan part) {
  v1::ReportContent::Part out;
  out.set_index(proof.index);
  out.set_part_salt(ToString(proof.part_salt.bytes()));
  out.set_part(ToString(part));
  for (const crypto::MerkleHash& node : proof.inclusion_proof) {
    out.add_inclusion_proof(ToString(node));
  }
  return out;
}

absl::StatusOr<v1::Payload> ParsePayload(ByteSpan bytes) {
  FRANK_ASSIGN_OR_RETURN(v1::Payload payload,
                         Parse<v1::Payload>("payload", bytes));
  if (HasUnknownFields(payload)) return RefuseUnknownFields("payload");
  return payload;
}

absl::StatusOr<v1::ReportContent> ParseReportContent(ByteSpan bytes) {
  FRANK_ASSIGN_OR_RETURN(v1::ReportContent content,
                         Parse<v1::ReportContent>("report_content", bytes));
  if (!content.GetReflection()->GetUnknownFields(content).empty()) {
    return RefuseUnknownFields("report_content");
  }
  return content;
}

absl::Status CheckReportElements(ByteSpan bytes) {
  return CheckElements("report_content", *v1::ReportContent::descriptor(),
                       bytes);
}

absl::Status CheckEnvelope(const v1::Envelope& envelope) {
  FRANK_RETURN_IF_ERROR(
      CheckSize("message_id", envelope.message_id(), MessageId::kSize));
  if (envelope.protocol() != 1) return FieldError("protocol", "must be 1");
  FRANK_RETURN_IF_ERROR(crypto::ParseScheme(envelope.scheme()).status());
  if (envelope.ciphersuite() != crypto::kCiphersuite) {
    return FieldError("ciphersuite", "must be 0x0001");
  }
  FRANK_RETURN_IF_ERROR(
      CheckSize("franking_tag", envelope.franking_tag(), limits::kTagBytes));
  // A padded payload is at least one byte, and GCM adds 16.
  if (envelope.body().size() < 17 ||
      envelope.body().size() > limits::kMaxBodyBytes) {
    return FieldError("body", absl::StrCat("must be 17 to ",
                                           limits::kMaxBodyBytes, " bytes"));
  }
  FRANK_RETURN_IF_ERROR(
      CheckSize("sender_key_id", envelope.sender_key_id(), KeyId::kSize));
  return CheckWraps(envelope);
}

absl::Status CheckReportContent(const v1::ReportContent& content) {
  FRANK_RETURN_IF_ERROR(
      CheckUri("accused_uri", absl::string_view(content.accused_uri())));
  if (content.reason().empty() ||
      content.reason().size() > limits::kMaxReasonBytes) {
    return FieldError(
        "reason",
        absl::StrCat("must be 1 to ", limits::kMaxReasonBytes, " bytes"));
  }
  if (content.note().size() > limits::kMaxReportNoteBytes) {
    return FieldError(
        "note", absl::StrCat("must be at most ", limits::kMaxReportNoteBytes,
                             " bytes"));
  }
  if (static_cast<size_t>(content.message_size()) >
      limits::kMaxReportedMessages) {
    return FieldError("message",
                      absl::StrCat("must be at most ",
                                   limits::kMaxReportedMessages, " messages"));
  }
  return absl::OkStatus();
}

}  // namespace frank::wire
