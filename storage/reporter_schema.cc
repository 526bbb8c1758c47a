#include "storage/reporter_schema.h"

#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kReceipt = 0xE0,
};

}  // namespace

std::string ReceiptKey(const ReportRef& report) {
  return Key(kReceipt).Text(report.reporter_uri).Raw(report.id.bytes()).Take();
}

}  // namespace frank::storage::schema
