// One platform, one moderation, a sender and a recipient: what the tests of
// whole messages share.
#ifndef FRANK_TESTS_CRYPTO_WORLD_H_
#define FRANK_TESTS_CRYPTO_WORLD_H_

#include <string>
#include <vector>

#include "crypto/channel.h"
#include "crypto/commitment.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"
#include "crypto/report.h"
#include "tests/crypto/support.h"

namespace frank::crypto {

inline constexpr char kHub[] = "mimi://hub.example";
inline constexpr char kRoom[] = "mimi://hub.example/r/1";
inline constexpr char kOtherRoom[] = "mimi://hub.example/r/2";
inline constexpr char kMallory[] = "mimi://a.example/u/mallory";
inline constexpr char kAlice[] = "mimi://a.example/u/alice";
inline constexpr UnixMillis kNow = 1'795'500'000'000;

// A window of a day around kNow under fixed keys.
inline KeyWindow WindowOf(FrankForm form, uint8_t key = 1) {
  KeyWindow window;
  window.not_before = kNow;
  window.not_after = kNow + kDay;
  window.form = form;
  window.hub_key = Secret::Copy(Bytes(32, key));
  if (form != FrankForm::kNone) {
    window.franking_seed = Secret::Copy(Bytes(32, key + 1));
  }
  return window;
}

inline KeyRing RingOf(KeyWindow window) {
  std::vector<KeyWindow> windows;
  windows.push_back(std::move(window));
  auto ring = KeyRing::Create(kHub, std::move(windows));
  EXPECT_TRUE(ring.ok()) << ring.status();
  return *std::move(ring);
}
inline KeyRing RingOf(FrankForm form, uint8_t key = 1) {
  return RingOf(WindowOf(form, key));
}

inline std::vector<Frank> FranksOf(const KeyRing& ring,
                                   absl::Span<const StampInput> inputs) {
  auto stamps = Stamp(ring, inputs);
  EXPECT_TRUE(stamps.ok()) << stamps.status();
  std::vector<Frank> franks;
  for (size_t i = 0; i < inputs.size(); ++i) {
    franks.push_back(MakeFrank(inputs[i], stamps->at(i)));
  }
  return franks;
}

inline Frank StampOne(const KeyRing& ring, const FrankingTag& tag,
                      absl::string_view sender = kMallory,
                      absl::string_view room = kRoom, UnixMillis time = kNow) {
  return FranksOf(ring, {StampInput{tag, sender, room, time}})[0];
}

// `count` franks of one batch; their tags are all different.
inline std::vector<Frank> StampMany(const KeyRing& ring, uint32_t count) {
  FakeRandom random(count);
  std::vector<StampInput> inputs;
  for (uint32_t i = 0; i < count; ++i) {
    inputs.push_back({FrankingTag::Random(random), kMallory, kRoom, kNow + i});
  }
  return FranksOf(ring, inputs);
}

inline Verdict VerdictOn(const Frank& frank, const Opening& opening,
                         const KeyRing* ring) {
  auto judged = Judge(frank, opening, ring);
  EXPECT_TRUE(judged.ok()) << judged.status();
  return judged.ok() ? judged->verdict : Verdict::kMalformed;
}

// Everything that a frank says, as fields that a test may change.
inline FrankFields FieldsOf(const Frank& frank) {
  FrankFields fields{frank.tag.bytes(),
                     frank.sender_uri,
                     frank.room_uri,
                     frank.accepted_timestamp,
                     frank.server_frank,
                     frank.ciphersuite,
                     {}};
  if (auto* each = absl::get_if<Signature>(&frank.integrity)) {
    fields.integrity = ByteSpan(*each);
  } else if (auto* share = absl::get_if<BatchShare>(&frank.integrity)) {
    BatchShareFields out{share->signature, share->size, share->index, {}};
    for (const MerkleHash& node : share->inclusion_proof) {
      out.inclusion_proof.push_back(node);
    }
    fields.integrity = out;
  }
  return fields;
}

inline HpkePrivateKey DeviceKey(uint8_t byte) {
  auto key = HpkePrivateKey::Create(Secret::Copy(Bytes(32, byte)));
  EXPECT_TRUE(key.ok());
  return *key;
}

inline BodyBinding BindingOf(const FrankingTag& tag,
                             absl::string_view room = kRoom,
                             absl::string_view sender = kMallory,
                             Scheme scheme = Scheme::kWhole) {
  auto binding = BodyBinding::Create(scheme, kCiphersuite, tag, sender, room);
  EXPECT_TRUE(binding.ok()) << binding.status();
  return *binding;
}

}  // namespace frank::crypto

#endif  // FRANK_TESTS_CRYPTO_WORLD_H_
