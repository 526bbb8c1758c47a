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

// What stands before a field that is a message of so many bytes.
template <int kNumber>
class FieldStart {
 public:
  explicit FieldStart(size_t bytes) : bytes_(static_cast<uint32_t>(bytes)) {}
  size_t size() const { return 1 + CodedOutputStream::VarintSize32(bytes_); }
  void AppendTo(std::string* out) const {
    uint8_t varint[5];
    uint8_t* end = CodedOutputStream::WriteVarint32ToArray(bytes_, varint);
    out->push_back(kTag);
    out->append(varint, end);
  }

 private:
  static constexpr int kLengthDelimited = 2;
  static constexpr char kTag = kNumber << 3 | kLengthDelimited;
  static_assert(kNumber < 16, "the number takes one byte with its type");

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
  const FieldStart<v1::Envelope::kWrapFieldNumber> wrap_start(
      wrap_bytes.size());
  const size_t envelope_bytes =
      wrap_start.size() + wrap_bytes.size() + envelope_->size();
  const FieldStart<Delivery::kEnvelopeFieldNumber> envelope_start(
      envelope_bytes);
  const FieldStart<v1::ReceiveResponse::kDeliveryFieldNumber> delivery_start(
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
