#include "services/platform/delivery_bytes.h"

#include <utility>

#include "core/bytes.h"
#include "frank/v1/message.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "services/platform/frank_records.h"

namespace frank::platform {
namespace {

using google::protobuf::io::CodedOutputStream;
using Delivery = v1::ReceiveResponse::Delivery;

// What stands before a field that is a message of so many bytes. All fields
// here have numbers that take one byte with their type.
class FieldStart {
 public:
  FieldStart(int number, size_t bytes) : bytes_(static_cast<uint32_t>(bytes)) {
    constexpr int kLengthDelimited = 2;
    tag_ = static_cast<uint8_t>(number << 3 | kLengthDelimited);
  }
  size_t size() const { return 1 + CodedOutputStream::VarintSize32(bytes_); }
  void AppendTo(std::string* out) const {
    uint8_t varint[5];
    uint8_t* end = CodedOutputStream::WriteVarint32ToArray(bytes_, varint);
    out->push_back(static_cast<char>(tag_));
    out->append(varint, end);
  }

 private:
  uint8_t tag_;
  uint32_t bytes_;
};

}  // namespace

EncodedDelivery::EncodedDelivery(const std::string& room_uri, uint64_t sequence,
                                 storage::StoredMessage stored) {
  const storage::v1::MessageRecord& message = stored.message;
  Delivery delivery;
  delivery.set_room_uri(room_uri);
  delivery.set_sequence(sequence);
  *delivery.mutable_frank() = ToProto(message.frank(), message.franking_tag(),
                                      message.sender_uri(), room_uri);
  place_and_frank_ = delivery.SerializeAsString();
  v1::Envelope envelope;
  envelope.set_message_id(message.message_id());
  envelope.set_protocol(message.protocol());
  envelope.set_scheme(message.scheme());
  envelope.set_ciphersuite(message.ciphersuite());
  envelope.set_franking_tag(message.franking_tag());
  envelope.set_sender_key_id(message.sender_key_id());
  envelope.set_body(std::move(stored.body));
  envelope_ = std::make_shared<const std::string>(envelope.SerializeAsString());
}

DeliveryBytes EncodedDelivery::For(
    const DeviceId& device_id, const storage::v1::MailboxRecord& entry) const {
  v1::Envelope::Wrap wrap;
  wrap.set_device_id(ToString(device_id.bytes()));
  wrap.set_key_id(entry.key_id());
  wrap.set_wrap(entry.wrap());
  const std::string wrap_bytes = wrap.SerializeAsString();
  // From the inside: each length counts what is within.
  const FieldStart wrap_start(v1::Envelope::kWrapFieldNumber,
                              wrap_bytes.size());
  const size_t envelope_bytes =
      wrap_start.size() + wrap_bytes.size() + envelope_->size();
  const FieldStart envelope_start(Delivery::kEnvelopeFieldNumber,
                                  envelope_bytes);
  const FieldStart delivery_start(
      v1::ReceiveResponse::kDeliveryFieldNumber,
      place_and_frank_.size() + envelope_start.size() + envelope_bytes);
  DeliveryBytes bytes;
  bytes.own.reserve(delivery_start.size() + place_and_frank_.size() +
                    envelope_start.size() + wrap_start.size() +
                    wrap_bytes.size());
  delivery_start.AppendTo(&bytes.own);
  bytes.own += place_and_frank_;
  envelope_start.AppendTo(&bytes.own);
  wrap_start.AppendTo(&bytes.own);
  bytes.own += wrap_bytes;
  bytes.shared = envelope_;
  return bytes;
}

}  // namespace frank::platform
