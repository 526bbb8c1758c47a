// How keys are written and read, for the schema files alone. Integers are
// big-endian; a text is u16(length) || bytes, so that no key is part of
// another's range by accident.
#ifndef FRANK_STORAGE_KEY_H_
#define FRANK_STORAGE_KEY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "storage/engine.h"

namespace frank::storage {

// Writes a key of the table that its first byte names, front to back.
class Key {
 public:
  explicit Key(uint8_t table) { U8(table); }

  Key& U8(uint8_t value) {
    key_.push_back(static_cast<char>(value));
    return *this;
  }
  Key& U32(uint32_t value) {
    AppendU32(value, &key_);
    return *this;
  }
  Key& U64(uint64_t value) {
    AppendU64(value, &key_);
    return *this;
  }
  Key& Raw(ByteSpan bytes) {
    key_.append(AsText(bytes).data(), bytes.size());
    return *this;
  }
  Key& Text(absl::string_view text) {
    AppendU16(static_cast<uint16_t>(text.size()), &key_);
    return Raw(AsBytes(text));
  }
  std::string Take() { return std::move(key_); }
  // All keys that go on from here.
  KeyRange Range() const { return KeyRange::Prefix(key_); }

 private:
  std::string key_;
};

// Reads a key that Key wrote, front to back; Finish says whether it was one.
class KeyReader {
 public:
  explicit KeyReader(absl::string_view key) : rest_(AsBytes(key)) { Raw(1); }

  ByteSpan Raw(size_t size) {
    if (rest_.size() < size) {
      failed_ = true;
      size = rest_.size();
    }
    ByteSpan front = rest_.first(size);
    rest_.remove_prefix(size);
    return front;
  }
  uint64_t U64() {
    ByteSpan bytes = Raw(8);
    return failed_ ? 0 : ReadU64(bytes);
  }
  std::string Text() {
    ByteSpan size = Raw(2);
    if (failed_) return "";
    return ToString(Raw(static_cast<size_t>(size[0]) << 8 | size[1]));
  }
  // kDataLoss unless the key was read to its end and no further.
  absl::Status Finish() const {
    if (failed_ || !rest_.empty()) {
      return absl::DataLossError("a stored key is damaged");
    }
    return absl::OkStatus();
  }

 private:
  ByteSpan rest_;
  bool failed_ = false;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_KEY_H_
