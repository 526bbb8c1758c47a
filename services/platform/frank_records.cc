#include "services/platform/frank_records.h"

#include "core/bytes.h"

namespace frank::platform {

storage::v1::FrankRecord ToRecord(const crypto::FrankStamp& stamp,
                                  UnixMillis accepted_timestamp) {
  storage::v1::FrankRecord record;
  record.set_accepted_timestamp(accepted_timestamp);
  record.set_server_frank(ToString(stamp.server_frank));
  record.set_ciphersuite(crypto::kCiphersuite);
  if (const auto* signature =
          absl::get_if<crypto::Signature>(&stamp.integrity)) {
    record.set_signature(ToString(*signature));
  } else if (const auto* share =
                 absl::get_if<crypto::BatchShare>(&stamp.integrity)) {
    record.set_signature(ToString(share->signature));
    record.set_batch_size(share->size);
    record.set_batch_index(share->index);
    for (const crypto::MerkleHash& node : share->inclusion_proof) {
      record.add_inclusion_proof(ToString(node));
    }
  }
  return record;
}

v1::Frank ToProto(const storage::v1::FrankRecord& record,
                  const std::string& franking_tag,
                  const std::string& sender_uri, const std::string& room_uri) {
  v1::Frank frank;
  frank.set_franking_tag(franking_tag);
  frank.set_sender_uri(sender_uri);
  frank.set_room_uri(room_uri);
  frank.set_accepted_timestamp(record.accepted_timestamp());
  frank.set_server_frank(record.server_frank());
  frank.set_ciphersuite(record.ciphersuite());
  if (record.batch_size() != 0) {
    v1::Frank::Batch* batch = frank.mutable_batch();
    batch->set_signature(record.signature());
    batch->set_size(record.batch_size());
    batch->set_index(record.batch_index());
    *batch->mutable_inclusion_proof() = record.inclusion_proof();
  } else if (!record.signature().empty()) {
    frank.set_signature(record.signature());
  }
  return frank;
}

}  // namespace frank::platform
