// The signed records, as they are after their signature has been verified. What
// parses must serialize to the same bytes, but for devices of other suites,
// which are skipped.
#include <cstddef>
#include <cstdint>

#include "core/status.h"
#include "crypto/evidence.h"
#include "crypto/receipt.h"
#include "crypto/records.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using frank::ByteSpan;
  ByteSpan input(data, size);
  if (auto record = frank::crypto::ParseReviewKeyRecord(input); record.ok()) {
    FRANK_CHECK(ByteSpan(Serialize(*record)) == input);
  }
  if (auto record = frank::crypto::ParseReceiptKeyRecord(input); record.ok()) {
    FRANK_CHECK(ByteSpan(Serialize(*record)) == input);
  }
  if (auto record = frank::crypto::ParseEvidenceKeyRecord(input); record.ok()) {
    FRANK_CHECK(ByteSpan(Serialize(*record)) == input);
  }
  if (auto keys = frank::crypto::ParseFrankingKeys(input); keys.ok()) {
    FRANK_CHECK(ByteSpan(Serialize(*keys)) == input);
  }
  if (auto list = frank::crypto::ParseDeviceList(input); list.ok()) {
    frank::Bytes again = Serialize(*list);
    FRANK_CHECK(again.size() <= size);
    FRANK_CHECK(again.size() < size || ByteSpan(again) == input);
  }
  return 0;
}
