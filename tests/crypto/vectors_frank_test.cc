// frank, frank_batch, negative_frank, negative_context.
#include <gtest/gtest.h>

#include "core/uri.h"
#include "crypto/encoding.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

Bytes TbsOf(ByteSpan server_frank, uint16_t ciphersuite, ByteSpan context) {
  return Encoder().Raw(server_frank).U16(ciphersuite).Raw(context).Take();
}

Ed25519PrivateKey SigningKey(const Bytes& seed) {
  auto key = Ed25519PrivateKey::FromSeed(Secret::Copy(seed));
  EXPECT_TRUE(key.ok());
  return *key;
}

// What the product stamps at the given time, in the form each.
absl::StatusOr<Frank> StampEach(const Bytes& hub_key, const Bytes& seed,
                                const StampInput& input) {
  std::vector<KeyWindow> windows(1);
  windows[0].not_before = input.accepted_timestamp;
  windows[0].not_after = input.accepted_timestamp + 1;
  windows[0].form = FrankForm::kEach;
  windows[0].hub_key = Secret::Copy(hub_key);
  windows[0].franking_seed = Secret::Copy(seed);
  auto ring = KeyRing::Create(AuthorityOf(input.room_uri), std::move(windows));
  if (!ring.ok()) return ring.status();
  auto stamps = Stamp(*ring, {input});
  if (!stamps.ok()) return stamps.status();
  return MakeFrank(input, stamps->at(0));
}

void CheckFrank(VectorObject& c) {
  Bytes hub_key = c.Hex("hub_key");
  Bytes seed = c.Hex("signing_key");
  Bytes server_frank = c.Hex("server_frank");
  Bytes signature = c.Hex("franking_integrity_signature");
  auto tag = FrankingTag::Parse("tag", c.Hex("franking_tag"));
  ASSERT_TRUE(tag.ok());
  std::string sender = c.Text("sender_uri"), room = c.Text("room_uri");
  FrankContext context{sender, room, c.Number("accepted_timestamp")};
  ASSERT_TRUE(CheckContext(context).ok());
  Bytes encoded = EncodeContext(context);
  EXPECT_EQ(ToHex(encoded), ToHex(c.Hex("context")));
  EXPECT_EQ(ToHex(ComputeServerFrank(HmacKey(hub_key), *tag, context)),
            ToHex(server_frank));
  auto ciphersuite = static_cast<uint16_t>(c.Number("ciphersuite"));
  Ed25519PrivateKey key = SigningKey(seed);
  EXPECT_EQ(ToHex(key.public_key().bytes()),
            ToHex(c.Hex("signature_public_key")));
  auto signed_tbs = key.SignWithLabel(
      "FrankingIntegrityTBS", TbsOf(server_frank, ciphersuite, encoded));
  ASSERT_TRUE(signed_tbs.ok());
  EXPECT_EQ(ToHex(*signed_tbs), ToHex(signature));

  FrankFields fields{tag->bytes(),
                     sender,
                     room,
                     context.accepted_timestamp,
                     server_frank,
                     ciphersuite,
                     ByteSpan(signature)};
  auto frank = ParseFrank(fields);
  ASSERT_TRUE(frank.ok()) << frank.status();
  EXPECT_TRUE(VerifyServerFrank(*frank, HmacKey(hub_key)).ok());
  EXPECT_TRUE(VerifyIntegrity(*frank, FrankForm::kEach, key.public_key()).ok());

  // No window holds the last millisecond of all, and a platform stamps only for
  // rooms of an authority.
  if (context.accepted_timestamp == ~uint64_t{0} ||
      !CheckAuthority("authority", AuthorityOf(room)).ok()) {
    return;
  }
  auto stamped = StampEach(hub_key, seed,
                           {*tag, sender, room, context.accepted_timestamp});
  ASSERT_TRUE(stamped.ok()) << stamped.status();
  EXPECT_EQ(ToHex(stamped->server_frank), ToHex(server_frank));
  EXPECT_EQ(ToHex(absl::get<Signature>(stamped->integrity)), ToHex(signature));
}

TEST(FrankVectorsTest, StampsAndVerifiesEach) {
  WithVectorFile("frank",
                 [](VectorObject& file) { file.Each("cases", CheckFrank); });
}

struct Member {
  Bytes server_frank, context;
};

// A batched frank from the bytes of a vector; its tag is not in the signature.
absl::StatusOr<Frank> BatchedFrank(const Member& member, uint64_t ciphersuite,
                                   ByteSpan signature, uint64_t size,
                                   uint64_t index,
                                   const std::vector<Bytes>& proof) {
  auto context = ParseContext(member.context);
  if (!context.ok()) return context.status();
  BatchShareFields share{signature,
                         static_cast<uint32_t>(size),
                         static_cast<uint32_t>(index),
                         {proof.begin(), proof.end()}};
  Bytes tag(32);
  return ParseFrank({tag, context->sender_uri, context->room_uri,
                     context->accepted_timestamp, member.server_frank,
                     static_cast<uint32_t>(ciphersuite), share});
}

void CheckBatch(VectorObject& c) {
  auto ciphersuite = static_cast<uint16_t>(c.Number("ciphersuite"));
  Ed25519PrivateKey key = SigningKey(c.Hex("signing_key"));
  EXPECT_EQ(ToHex(key.public_key().bytes()),
            ToHex(c.Hex("signature_public_key")));
  std::vector<Member> members;
  c.Each("franks", [&](VectorObject& frank) {
    members.push_back({frank.Hex("server_frank"), frank.Hex("context")});
  });
  ASSERT_EQ(members.size(), c.Number("size"));
  std::vector<MerkleHash> leaves;
  for (const Member& m : members) {
    leaves.push_back(HashLeaf({TbsOf(m.server_frank, ciphersuite, m.context)}));
  }
  MerkleTree tree(leaves);
  EXPECT_EQ(ToHex(tree.Root()), ToHex(c.Hex("root")));
  Bytes content = Encoder()
                      .U32(static_cast<uint32_t>(members.size()))
                      .Raw(tree.Root())
                      .Take();
  Bytes signature = c.Hex("franking_batch_signature");
  auto made = key.SignWithLabel("FrankingBatchTBS", content);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(ToHex(*made), ToHex(signature));
  c.Each("inclusion", [&](VectorObject& one) {
    uint64_t index = one.Number("index");
    std::vector<Bytes> proof = one.HexList("proof");
    ASSERT_LT(index, members.size());
    MerkleProof path = tree.InclusionProof(index);
    ASSERT_EQ(path.size(), proof.size());
    for (size_t i = 0; i < path.size(); ++i) {
      EXPECT_EQ(ToHex(path[i]), ToHex(proof[i]));
    }
    auto frank = BatchedFrank(members[index], ciphersuite, signature,
                              members.size(), index, proof);
    ASSERT_TRUE(frank.ok()) << frank.status();
    EXPECT_TRUE(
        VerifyIntegrity(*frank, FrankForm::kBatched, key.public_key()).ok());
  });
}

TEST(FrankVectorsTest, SignsAndVerifiesBatches) {
  WithVectorFile("frank_batch",
                 [](VectorObject& file) { file.Each("cases", CheckBatch); });
}

bool AcceptsServerFrank(VectorObject& c) {
  std::vector<KeyWindow> windows(1);
  windows[0].not_after = ~uint64_t{0};
  windows[0].form = FrankForm::kNone;
  windows[0].hub_key = Secret::Copy(c.Hex("hub_key"));
  auto ring = KeyRing::Create("mimi://hub.example", std::move(windows));
  Bytes tag = c.Hex("franking_tag");
  Bytes encoded = c.Hex("context");
  Bytes server_frank = c.Hex("server_frank");
  auto context = ParseContext(encoded);
  if (!ring.ok() || !context.ok()) return false;
  auto frank = ParseFrank({tag,
                           context->sender_uri,
                           context->room_uri,
                           context->accepted_timestamp,
                           server_frank,
                           kCiphersuite,
                           {}});
  return frank.ok() &&
         VerifyServerFrank(*frank, *ring->windows()[0].hub_key).ok();
}

bool AcceptsEach(VectorObject& c) {
  auto key = Ed25519PublicKey::Create(c.Hex("signature_public_key"));
  Bytes server_frank = c.Hex("server_frank");
  Bytes signature = c.Hex("franking_integrity_signature");
  Bytes encoded = c.Hex("context");
  auto ciphersuite = static_cast<uint32_t>(c.Number("ciphersuite"));
  auto context = ParseContext(encoded);
  if (!key.ok() || !context.ok()) return false;
  Bytes tag(32);
  auto frank = ParseFrank({tag, context->sender_uri, context->room_uri,
                           context->accepted_timestamp, server_frank,
                           ciphersuite, ByteSpan(signature)});
  return frank.ok() && VerifyIntegrity(*frank, FrankForm::kEach, *key).ok();
}

bool AcceptsBatched(VectorObject& c) {
  auto key = Ed25519PublicKey::Create(c.Hex("signature_public_key"));
  Member member{c.Hex("server_frank"), c.Hex("context")};
  Bytes signature = c.Hex("franking_batch_signature");
  auto frank =
      BatchedFrank(member, c.Number("ciphersuite"), signature, c.Number("size"),
                   c.Number("index"), c.HexList("proof"));
  return key.ok() && frank.ok() &&
         VerifyIntegrity(*frank, FrankForm::kBatched, *key).ok();
}

TEST(FrankVectorsTest, JudgesFranksOfEveryForm) {
  WithNegativeFile("negative_frank",
                   [](const std::string& kind, VectorObject& c) {
                     if (kind == "server_frank") return AcceptsServerFrank(c);
                     if (kind == "each") return AcceptsEach(c);
                     if (kind == "batched") return AcceptsBatched(c);
                     ADD_FAILURE() << "unknown kind " << kind;
                     return false;
                   });
}

TEST(FrankVectorsTest, DecodesContextsAndEncodesTheSameBytes) {
  WithNegativeFile("negative_context",
                   [](const std::string& kind, VectorObject& c) {
                     EXPECT_EQ(kind, "context");
                     Bytes bytes = c.Hex("context");
                     auto context = ParseContext(bytes);
                     return context.ok() && EncodeContext(*context) == bytes;
                   });
}

}  // namespace
}  // namespace frank::crypto
