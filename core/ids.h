// Identifiers: fixed-length byte strings that cannot be mixed up with one
// another. Each is public; logs and errors may show it in hex.
#ifndef FRANK_CORE_IDS_H_
#define FRANK_CORE_IDS_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/random.h"
#include "core/status.h"

namespace frank {

template <typename Tag, size_t N>
class Id {
 public:
  static constexpr size_t kSize = N;

  Id() = default;
  explicit Id(const std::array<uint8_t, N>& bytes) : bytes_(bytes) {}

  // Reads an id from the wire. kInvalidArgument names `field` and the length.
  static absl::StatusOr<Id> Parse(absl::string_view field, ByteSpan bytes) {
    if (bytes.size() != N) {
      return FieldError(field, absl::StrCat("must be ", N, " bytes"));
    }
    return Id(ToArray<N>(bytes));
  }
  static absl::StatusOr<Id> Parse(absl::string_view field,
                                  absl::string_view bytes) {
    return Parse(field, AsBytes(bytes));
  }
  static Id Random(RandomSource& random) { return Id(random.Draw<N>()); }

  ByteSpan bytes() const { return bytes_; }
  absl::string_view text() const { return AsText(bytes_); }
  std::string Hex() const { return ToHex(bytes_); }

  friend bool operator==(const Id& a, const Id& b) {
    return a.bytes_ == b.bytes_;
  }
  friend bool operator!=(const Id& a, const Id& b) { return !(a == b); }
  friend bool operator<(const Id& a, const Id& b) {
    return a.bytes_ < b.bytes_;
  }
  template <typename H>
  friend H AbslHashValue(H h, const Id& id) {
    return H::combine(std::move(h), id.bytes_);
  }

 private:
  std::array<uint8_t, N> bytes_{};
};

using DeviceId = Id<struct DeviceIdTag, 16>;
using MessageId = Id<struct MessageIdTag, 16>;
using ReportId = Id<struct ReportIdTag, 16>;
using CaseId = Id<struct CaseIdTag, 16>;
using DecisionId = Id<struct DecisionIdTag, 16>;
using ExportId = Id<struct ExportIdTag, 16>;
using RequestId = Id<struct RequestIdTag, 16>;
// First 8 bytes of the SHA-256 of an HPKE public key (protocol section 6).
using KeyId = Id<struct KeyIdTag, 8>;
// First 8 bytes of the SHA-256 of a ReviewKeyRecord (protocol section 5).
using ReviewKeyId = Id<struct ReviewKeyIdTag, 8>;
// The commitment of a message or of a file (protocol section 3).
using FrankingTag = Id<struct FrankingTagTag, 32>;

}  // namespace frank

#endif  // FRANK_CORE_IDS_H_
