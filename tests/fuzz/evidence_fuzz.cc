// Evidence packages: the container, the archive after its signatures have been
// verified (the input is signed as a manifest, so that what reads it is
// reached), and members. What is read must be written to the same bytes.
#include <cstddef>
#include <cstdint>

#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/evidence.h"
#include "proto/canonical_json.h"
#include "proto/evidence_archive.h"

namespace {

namespace crypto = frank::crypto;
namespace wire = frank::wire;
namespace v1 = frank::evidence::v1;
using frank::Bytes;
using frank::ByteSpan;

crypto::Ed25519PrivateKey Key(uint8_t byte) {
  return crypto::Ed25519PrivateKey::FromSeed(
             crypto::Secret::Copy(Bytes(32, byte)))
      .value();
}

template <typename Message>
void Read(ByteSpan input) {
  Message message;
  if (wire::FromCanonicalJson(frank::AsText(input), &message).ok()) {
    FRANK_CHECK(wire::ToCanonicalJson(message) == frank::AsText(input));
  }
}

// The input as the manifest of an archive whose members are one byte.
void ReadAsManifest(ByteSpan input) {
  static const auto* const kKey = new crypto::Ed25519PrivateKey(Key(1));
  static const auto* const kRecord = new crypto::SignedRecord(
      crypto::Sign(crypto::EvidenceKeyRecord{0, 1000, kKey->public_key()},
                   Key(2))
          .value());
  Bytes archive = crypto::Encoder()
                      .Vec(input)
                      .Raw(crypto::SignManifest(input, *kKey).value())
                      .Vec(ByteSpan(kRecord->record))
                      .Raw(kRecord->signature)
                      .Label("a")
                      .Take();
  auto opened = wire::ReadArchive(archive, Key(2).public_key());
  if (opened.ok()) FRANK_CHECK(opened->members.size() == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const kRecipient = new crypto::HpkePrivateKey(
      crypto::HpkePrivateKey::Create(crypto::Secret::Copy(Bytes(32, 3)))
          .value());
  ByteSpan input(data, size);
  (void)crypto::OpenEvidence(input, *kRecipient);
  (void)wire::ReadArchive(input, Key(2).public_key());
  ReadAsManifest(input);
  Read<v1::Manifest>(input);
  Read<v1::Case>(input);
  Read<v1::Report>(input);
  Read<v1::Decisions>(input);
  Read<v1::Custody>(input);
  return 0;
}
