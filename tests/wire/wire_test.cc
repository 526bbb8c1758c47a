#include "proto/wire.h"

#include <string>

#include "core/limits.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::wire {
namespace {

using ::testing::HasSubstr;

v1::Frank SomeFrank() {
  v1::Frank frank;
  frank.set_franking_tag(std::string(32, 'a'));
  frank.set_sender_uri("mimi://a.example/u/1");
  frank.set_room_uri("mimi://a.example/r/1");
  frank.set_accepted_timestamp(1796000000000);
  frank.set_server_frank(std::string(32, 'b'));
  frank.set_ciphersuite(1);
  frank.set_signature(std::string(64, 'c'));
  return frank;
}

v1::Envelope SomeEnvelope() {
  v1::Envelope envelope;
  envelope.set_message_id(std::string(16, 'm'));
  envelope.set_protocol(1);
  envelope.set_scheme(1);
  envelope.set_ciphersuite(1);
  envelope.set_franking_tag(std::string(32, 't'));
  envelope.set_body(std::string(100, 'b'));
  envelope.set_sender_key_id(std::string(8, 'k'));
  for (char device : {'x', 'y'}) {
    v1::Envelope::Wrap* wrap = envelope.add_wrap();
    wrap->set_device_id(std::string(16, device));
    wrap->set_key_id(std::string(8, 'k'));
    wrap->set_wrap(std::string(64, 'w'));
  }
  return envelope;
}

std::string FieldOf(const absl::Status& status) {
  absl::optional<FieldViolation> violation = FindFieldViolation(status);
  return violation ? violation->field : "";
}

// Appends a field number that no schema here has.
std::string WithUnknownField(std::string bytes) {
  bytes += std::string("\xf8\x07\x01", 3);  // field 127, varint 1
  return bytes;
}

TEST(WireTest, FrankSurvivesTheRoundTrip) {
  v1::Frank frank = SomeFrank();
  absl::StatusOr<crypto::Frank> parsed = FromProto(frank);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(ToProto(*parsed).SerializeAsString(), frank.SerializeAsString());
}

// Sets every field of a message, also one that is new in the schema.
void Fill(google::protobuf::Message* message) {
  const google::protobuf::Reflection* reflection = message->GetReflection();
  const google::protobuf::Descriptor* type = message->GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = type->field(i);
    using Field = google::protobuf::FieldDescriptor;
    if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
      Fill(reflection->MutableMessage(message, field));
    } else if (field->cpp_type() == Field::CPPTYPE_STRING) {
      field->is_repeated() ? reflection->AddString(message, field, "other")
                           : reflection->SetString(message, field, "other");
    } else if (field->cpp_type() == Field::CPPTYPE_UINT64) {
      reflection->SetUInt64(message, field, 77);
    } else {
      ASSERT_EQ(field->cpp_type(), Field::CPPTYPE_UINT32) << field->name();
      reflection->SetUInt32(message, field, 77);
    }
  }
}

TEST(WireTest, SetsAFrankOverWhateverWasThere) {
  crypto::StampInput input{FrankingTag(), "mimi://a.example/u/1",
                           "mimi://a.example/r/1", 5};
  crypto::FrankStamp none, each, batched;
  each.integrity = crypto::Signature{1};
  batched.integrity = crypto::BatchShare{{2}, 3, 1, {{3}, {4}}};
  crypto::FrankStamp shorter = batched;
  absl::get<crypto::BatchShare>(shorter.integrity).inclusion_proof.pop_back();
  v1::Frank used;
  Fill(&used);
  for (const auto* stamp : {&batched, &shorter, &each, &none, &batched, &none,
                            &each, &batched, &each}) {
    v1::Frank fresh;
    SetFrank(input, *stamp, &fresh);
    SetFrank(input, *stamp, &used);
    EXPECT_EQ(used.SerializeAsString(), fresh.SerializeAsString());
  }
}

TEST(WireTest, RefusesFrankWithShortTag) {
  v1::Frank frank = SomeFrank();
  frank.mutable_franking_tag()->pop_back();
  EXPECT_EQ(FieldOf(FromProto(frank).status()), "franking_tag");
}

TEST(WireTest, RefusesUnknownFieldsAtEveryDepth) {
  v1::Payload payload;
  payload.set_sender_uri("mimi://a.example/u/1");
  payload.mutable_whole()->set_salt("salt");
  ASSERT_TRUE(ParsePayload(AsBytes(payload.SerializeAsString())).ok());
  EXPECT_FALSE(
      ParsePayload(AsBytes(WithUnknownField(payload.SerializeAsString())))
          .ok());

  v1::Payload deep = payload;
  auto* whole = deep.mutable_whole();
  whole->GetReflection()->MutableUnknownFields(whole)->AddVarint(127, 1);
  EXPECT_FALSE(ParsePayload(AsBytes(deep.SerializeAsString())).ok());
}

TEST(WireTest, LeavesABadMessageOfAReportToItsVerdict) {
  v1::ReportContent content;
  v1::ReportContent::Part* part =
      content.add_message()->mutable_some_parts()->add_part();
  part->set_index(1);
  part->GetReflection()->MutableUnknownFields(part)->AddVarint(127, 1);
  absl::StatusOr<v1::ReportContent> parsed =
      ParseReportContent(AsBytes(content.SerializeAsString()));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_TRUE(HasUnknownFields(parsed->message(0)));
  EXPECT_FALSE(
      ParseReportContent(AsBytes(WithUnknownField(content.SerializeAsString())))
          .ok());
}

TEST(WireTest, RefusesMoreElementsThanMemoryIsWorthBeforeMakingThem) {
  // A report of empty parts: two bytes each.
  std::string parts;
  for (size_t i = 0; i <= limits::kMaxContainerElements; ++i) {
    parts.append("\x12\x00", 2);  // SomeParts.part, empty
  }
  auto wrap = [](char tag, const std::string& inner) {
    std::string out(1, tag);
    for (size_t size = inner.size();; size >>= 7) {
      out.push_back(
          static_cast<char>((size & 0x7f) | (size > 0x7f ? 0x80 : 0)));
      if (size <= 0x7f) break;
    }
    return out + inner;
  };
  std::string report = wrap('\x32', wrap('\x22', parts));
  EXPECT_FALSE(ParseReportContent(AsBytes(report)).ok());
  std::string fewer = wrap('\x32', wrap('\x22', parts.substr(0, 2000)));
  absl::StatusOr<v1::ReportContent> parsed = ParseReportContent(AsBytes(fewer));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->message(0).some_parts().part_size(), 1000);
}

TEST(WireTest, TakesTheLastOfARepeatedSingularField) {
  v1::Payload first, second;
  first.set_sender_uri("mimi://a.example/u/1");
  second.set_sender_uri("mimi://a.example/u/2");
  std::string both = first.SerializeAsString() + second.SerializeAsString();
  absl::StatusOr<v1::Payload> parsed = ParsePayload(AsBytes(both));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->sender_uri(), "mimi://a.example/u/2");
}

TEST(WireTest, RefusesEveryBrokenFieldOfAnEnvelopeByName) {
  struct Case {
    const char* field;
    void (*break_it)(v1::Envelope&);
  };
  const Case kCases[] = {
      {"message_id", [](v1::Envelope& e) { e.set_message_id("short"); }},
      {"protocol", [](v1::Envelope& e) { e.set_protocol(2); }},
      {"scheme", [](v1::Envelope& e) { e.set_scheme(3); }},
      {"ciphersuite", [](v1::Envelope& e) { e.set_ciphersuite(2); }},
      {"franking_tag", [](v1::Envelope& e) { e.clear_franking_tag(); }},
      {"body", [](v1::Envelope& e) { e.set_body(std::string(16, 'b')); }},
      {"body",
       [](v1::Envelope& e) {
         e.set_body(std::string(limits::kMaxBodyBytes + 1, 'b'));
       }},
      {"sender_key_id", [](v1::Envelope& e) { e.set_sender_key_id("k"); }},
      {"wrap[1].wrap",
       [](v1::Envelope& e) { e.mutable_wrap(1)->set_wrap("w"); }},
      {"wrap[0].key_id",
       [](v1::Envelope& e) { e.mutable_wrap(0)->clear_key_id(); }},
      {"wrap[1].device_id",
       [](v1::Envelope& e) { *e.mutable_wrap(1) = e.wrap(0); }},
  };
  EXPECT_TRUE(CheckEnvelope(SomeEnvelope()).ok());
  for (const Case& broken : kCases) {
    v1::Envelope envelope = SomeEnvelope();
    broken.break_it(envelope);
    EXPECT_EQ(FieldOf(CheckEnvelope(envelope)), broken.field);
  }
}

TEST(WireTest, RefusesAReportWithTooLongANote) {
  v1::ReportContent content;
  content.set_accused_uri("mimi://a.example/u/1");
  content.set_reason("deception.spam");
  content.set_note(std::string(limits::kMaxReportNoteBytes, 'n'));
  EXPECT_TRUE(CheckReportContent(content).ok());
  content.mutable_note()->push_back('n');
  EXPECT_EQ(FieldOf(CheckReportContent(content)), "note");
}

}  // namespace
}  // namespace frank::wire
