#include "proto/elements.h"

#include <cstdint>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace frank::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

bool Spend(size_t cost, size_t* budget) {
  if (cost > *budget) return false;
  *budget -= cost;
  return true;
}

WireFormatLite::WireType WireTypeOf(const FieldDescriptor& field) {
  return WireFormatLite::WireTypeForFieldType(
      static_cast<WireFormatLite::FieldType>(field.type()));
}

bool Count(const Descriptor& type, CodedInputStream& in, size_t* budget);

bool CountMessage(const FieldDescriptor& field, CodedInputStream& in,
                  size_t* budget) {
  int length = 0;
  if (!in.ReadVarintSizeAsInt(&length)) return false;
  if (!in.IncrementRecursionDepth()) return false;
  CodedInputStream::Limit limit = in.PushLimit(length);
  if (!Count(*field.message_type(), in, budget)) return false;
  if (in.BytesUntilLimit() != 0) return false;
  in.PopLimit(limit);
  in.DecrementRecursionDepth();
  return true;
}

// Scalars together in one field: each takes a byte or more.
bool CountPacked(CodedInputStream& in, size_t* budget) {
  int length = 0;
  return in.ReadVarintSizeAsInt(&length) && length >= 0 &&
         Spend(static_cast<size_t>(length), budget) && in.Skip(length);
}

bool Count(const Descriptor& type, CodedInputStream& in, size_t* budget) {
  while (uint32_t tag = in.ReadTag()) {
    const WireFormatLite::WireType wire = WireFormatLite::GetTagWireType(tag);
    if (wire == WireFormatLite::WIRETYPE_START_GROUP) return false;
    const FieldDescriptor* field =
        type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    const bool packed = field != nullptr && field->is_packable() &&
                        wire == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    const bool known =
        field != nullptr && (packed || WireTypeOf(*field) == wire);
    if ((!known || field->is_repeated()) && !Spend(1, budget)) return false;
    if (packed) {
      if (!CountPacked(in, budget)) return false;
    } else if (known && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!CountMessage(*field, in, budget)) return false;
    } else if (!WireFormatLite::SkipField(&in, tag)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool HasAtMostElements(const Descriptor& type,
                       google::protobuf::io::ZeroCopyInputStream& bytes,
                       size_t budget) {
  CodedInputStream in(&bytes);
  return Count(type, in, &budget) && in.ConsumedEntireMessage();
}

}  // namespace frank::wire
