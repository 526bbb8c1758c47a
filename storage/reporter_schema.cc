#include "storage/reporter_schema.h"

#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kReceipt = 0xE0,
  kAppeal = 0xE1,
  kWaitingAppeal = 0xE2,
};

}  // namespace

std::string ReceiptKey(const ReportRef& report) {
  return Key(kReceipt).Text(report.reporter_uri).Raw(report.id.bytes()).Take();
}

std::string AppealKey(const DecisionId& id) {
  return Key(kAppeal).Raw(id.bytes()).Take();
}
std::string WaitingAppealKey(UnixMillis received_at, const DecisionId& id) {
  return Key(kWaitingAppeal)
      .U8(BucketOf(id.bytes()))
      .U64(received_at)
      .Raw(id.bytes())
      .Take();
}
KeyRange WaitingAppealsIn(uint8_t bucket) {
  return Key(kWaitingAppeal).U8(bucket).Range();
}
KeyRange WaitingAppeals() { return Key(kWaitingAppeal).Range(); }

}  // namespace frank::storage::schema
