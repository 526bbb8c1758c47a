// What the tests of the protocol's properties (section 9) share.
#ifndef FRANK_TESTS_CRYPTO_PROPERTIES_H_
#define FRANK_TESTS_CRYPTO_PROPERTIES_H_

#include <vector>

#include "crypto/encoding.h"
#include "tests/crypto/world.h"

namespace frank::crypto {

inline Bytes Copy(ByteSpan bytes) { return Bytes(bytes.begin(), bytes.end()); }

inline Bytes TextPart(absl::string_view text) {
  return *EncodePart("text/plain", AsBytes(text));
}

// What a recipient checks of tag, frank and opening; it has no hub_key.
inline bool RecipientAccepts(const FrankFields& fields, const Opening& opening,
                             const FrankingWindow& window) {
  auto frank = ParseFrank(fields);
  return frank.ok() && window.Holds(frank->accepted_timestamp) &&
         VerifyIntegrity(*frank, window.form, window.key).ok() &&
         VerifyOpening(frank->tag, opening).ok();
}

inline bool Proves(const FrankFields& fields, const Opening& opening,
                   const KeyRing& ring) {
  auto judged = Judge(fields, opening, *KeyRings::Create({ring}));
  return judged.ok() && judged->verdict == Verdict::kProven;
}

inline bool Opens(const FrankingTag& tag, const Opening& opening) {
  return VerifyOpening(tag, opening).ok();
}

// A message of three parts with all that opens it.
struct PartsMessage {
  explicit PartsMessage(uint64_t seed) : random(seed) {
    root_salt = random.Draw(32);
    parts = {TextPart("the threat"), TextPart("my address is Elm Street 4"),
             TextPart("call me")};
    commitment.emplace(*PartsCommitment::Create(Full()));
  }
  PartsOpening Full() const {
    return {root_salt, {parts.begin(), parts.end()}};
  }
  // Opens the one part; `proof` keeps the bytes that the opening views.
  SomePartsOpening Only(uint32_t index, PartProof* proof) const {
    *proof = *commitment->Prove(index);
    OpenedPart part{index, proof->part_salt.bytes(), parts[index], {}};
    for (const MerkleHash& node : proof->inclusion_proof) {
      part.inclusion_proof.push_back(node);
    }
    return {commitment->size(), {part}};
  }

  FakeRandom random;
  Bytes root_salt;
  std::vector<Bytes> parts;
  absl::optional<PartsCommitment> commitment;
};

}  // namespace frank::crypto

#endif  // FRANK_TESTS_CRYPTO_PROPERTIES_H_
