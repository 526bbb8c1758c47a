// Signed notes, vkeys, and the text of checkpoints: the input is also signed,
// so that what reads the text is reached. What opens must be signed to a note
// that begins with the same three lines.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/checkpoint.h"

namespace {

using frank::crypto::CheckpointSigner;
using frank::crypto::CheckpointVerifier;
using frank::crypto::Ed25519PrivateKey;

// The key of tests/vectors/checkpoint.json, so that its notes open.
const Ed25519PrivateKey& Key() {
  static const auto* const kKey = new Ed25519PrivateKey(
      Ed25519PrivateKey::FromSeed(
          frank::crypto::Secret::Copy(
              frank::FromHex("5b11aeeb1350576d109acc071b2dd07f"
                             "2970be73925f6cd9a99c6e98f76fcb55")
                  .value()))
          .value());
  return *kKey;
}

// The input as the text of a note, signed whatever it is.
std::string Signed(const CheckpointSigner& signer, absl::string_view text) {
  std::string line = signer.Sign({}).value();
  line = line.substr(line.find("\n\n") + 2);
  std::string key_id;
  absl::string_view base64(line);
  base64.remove_prefix(base64.rfind(' ') + 1);
  base64.remove_suffix(1);
  FRANK_CHECK(absl::Base64Unescape(base64, &key_id));
  auto signature = Key().SignPlain(frank::AsBytes(text)).value();
  return absl::StrCat(text, "\n", line.substr(0, line.rfind(' ') + 1),
                      absl::Base64Escape(absl::StrCat(
                          key_id.substr(0, 4), frank::AsText(signature))),
                      "\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const kSigner = new CheckpointSigner(
      CheckpointSigner::Create("frank.example/audit", Key()).value());
  absl::string_view input = frank::AsText({data, size});
  auto vkey = CheckpointVerifier::ParseVkey(input);
  if (vkey.ok()) FRANK_CHECK(vkey->Vkey() == input);
  (void)kSigner->verifier().Open(input);
  auto opened = kSigner->verifier().Open(Signed(*kSigner, input));
  if (opened.ok()) {
    std::string again = kSigner->Sign(*opened).value();
    FRANK_CHECK(absl::StartsWith(input, again.substr(0, again.find("\n\n"))));
  }
  return 0;
}
