// Receipts between the disk of either server and the wire.
#ifndef FRANK_SERVICES_COMMON_RECEIPT_RECORD_H_
#define FRANK_SERVICES_COMMON_RECEIPT_RECORD_H_

#include <string>

#include "core/ids.h"
#include "frank/storage/v1/reporter.pb.h"
#include "frank/v1/receipt.pb.h"

namespace frank::services {

storage::v1::ReceiptRecord ToRecord(const v1::Receipt& receipt);
// The record lies under the report's key, which names report and reporter.
v1::Receipt ToProto(const ReportId& id, const std::string& reporter_uri,
                    const storage::v1::ReceiptRecord& record);

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_RECEIPT_RECORD_H_
