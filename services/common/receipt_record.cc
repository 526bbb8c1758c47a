#include "services/common/receipt_record.h"

namespace frank::services {

storage::v1::ReceiptRecord ToRecord(const v1::Receipt& receipt) {
  storage::v1::ReceiptRecord record;
  record.set_received_at(receipt.received_at());
  record.set_sealed_sha256(receipt.sealed_sha256());
  record.set_signature(receipt.signature());
  record.set_key_record(receipt.key_record());
  record.set_key_signature(receipt.key_signature());
  return record;
}

v1::Receipt ToProto(const ReportId& id, const std::string& reporter_uri,
                    const storage::v1::ReceiptRecord& record) {
  v1::Receipt receipt;
  receipt.set_report_id(ToString(id.bytes()));
  receipt.set_reporter_uri(reporter_uri);
  receipt.set_received_at(record.received_at());
  receipt.set_sealed_sha256(record.sealed_sha256());
  receipt.set_signature(record.signature());
  receipt.set_key_record(record.key_record());
  receipt.set_key_signature(record.key_signature());
  return receipt;
}

}  // namespace frank::services
