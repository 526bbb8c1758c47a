// sealed_report, negative_report, verdicts.
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "crypto/records.h"
#include "crypto/report.h"
#include "tests/crypto/support.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

TEST(ReportVectorsTest, SealsAndOpensEach) {
  WithVectorFile("sealed_report", [](VectorObject& file) {
    file.Each("cases", [](VectorObject& c) {
      auto key =
          HpkePrivateKey::Create(Secret::Copy(c.Hex("review_private_key")));
      Bytes record = c.Hex("review_key_record");
      auto parsed = ParseReviewKeyRecord(record);
      auto id = ReviewKeyId::Parse("id", c.Hex("review_key_id"));
      auto report_id = ReportId::Parse("id", c.Hex("report_id"));
      std::string reporter = c.Text("reporter_uri");
      ASSERT_TRUE(key.ok() && parsed.ok() && id.ok() && report_id.ok());
      EXPECT_EQ(parsed->public_key, key->public_key());
      EXPECT_EQ(ReviewKeyIdOf(record), *id);
      Bytes aad = Encoder()
                      .Raw(id->bytes())
                      .Raw(report_id->bytes())
                      .Vec(absl::string_view(reporter))
                      .Take();
      EXPECT_EQ(ToHex(aad), ToHex(c.Hex("aad")));
      Bytes content = c.Hex("report_content");
      Bytes message = c.Hex("sealed_report");
      FixedRandom random(c.Hex("ephemeral_private_key"));
      ReportBinding binding{*id, *report_id, reporter};
      auto sealed = SealReport(parsed->public_key, binding, content, random);
      ASSERT_TRUE(sealed.ok()) << sealed.status();
      EXPECT_EQ(ToHex(*sealed), ToHex(message));
      auto opened = OpenReport(*key, binding, message);
      ASSERT_TRUE(opened.ok()) << opened.status();
      EXPECT_EQ(opened->bytes(), ByteSpan(content));
    });
  });
}

bool AcceptsSealedReport(VectorObject& c) {
  auto key = HpkePrivateKey::Create(Secret::Copy(c.Hex("review_private_key")));
  Bytes record = c.Hex("review_key_record");
  auto id = ReviewKeyId::Parse("review_key_id", c.Hex("review_key_id"));
  auto report_id = ReportId::Parse("report_id", c.Hex("report_id"));
  std::string reporter = c.Text("reporter_uri");
  Bytes sealed = c.Hex("sealed_report");
  if (!key.ok() || !id.ok() || !report_id.ok()) return false;
  auto opened = OpenReport(*key, {*id, *report_id, reporter}, sealed);
  if (!opened.ok()) return false;
  EXPECT_EQ(ReviewKeyIdOf(record), *id);
  EXPECT_EQ(opened->bytes(), ByteSpan(c.Hex("report_content")));
  return true;
}

bool AcceptsPadding(VectorObject& c) {
  Bytes padded = c.Hex("padded");
  auto input = Unpad(padded);
  if (!input.ok()) return false;
  EXPECT_EQ(*input, ByteSpan(c.Hex("input")));
  return true;
}

TEST(ReportVectorsTest, JudgesSealedReportsAndPadding) {
  WithNegativeFile(
      "negative_report",
      [](const std::string& kind, VectorObject& c) {
        if (kind == "sealed_report") return AcceptsSealedReport(c);
        if (kind == "unpad") return AcceptsPadding(c);
        ADD_FAILURE() << "unknown kind " << kind;
        return false;
      },
      "sealed_report");
}

FrankForm FormOf(const std::string& name) {
  if (name == "none") return FrankForm::kNone;
  if (name == "each") return FrankForm::kEach;
  EXPECT_EQ(name, "batched");
  return FrankForm::kBatched;
}

KeyRings ReadRing(VectorObject& file) {
  std::vector<KeyWindow> windows;
  file.Each("ring", [&](VectorObject& w) {
    KeyWindow window;
    window.not_before = w.Number("not_before");
    window.not_after = w.Number("not_after");
    if (w.Has("tombstone")) window.tombstone = w.Flag("tombstone");
    if (!window.tombstone) {
      window.hub_key = Secret::Copy(w.Hex("hub_key"));
      window.form = FormOf(w.Text("form"));
      window.franking_public_key = w.Hex("franking_public_key");
    }
    windows.push_back(std::move(window));
  });
  auto ring = KeyRing::Create("mimi://hub.example", std::move(windows));
  EXPECT_TRUE(ring.ok()) << ring.status();
  if (!ring.ok()) return KeyRings();
  std::vector<KeyRing> rings = {*ring};
  return *KeyRings::Create(std::move(rings));
}

// A frank and an opening with the bytes that they view.
struct OwnedMessage {
  Bytes tag, server_frank, signature, salt, content;
  std::string sender, room;
  std::vector<Bytes> part_bytes;
  std::vector<std::vector<Bytes>> proofs;
  FrankFields fields;
  Opening opening;
};

void ReadFrank(VectorObject& frank, OwnedMessage* out) {
  out->tag = frank.Hex("franking_tag");
  out->server_frank = frank.Hex("server_frank");
  out->sender = frank.Text("sender_uri");
  out->room = frank.Text("room_uri");
  out->fields = {out->tag,
                 out->sender,
                 out->room,
                 frank.Number("accepted_timestamp"),
                 out->server_frank,
                 static_cast<uint32_t>(frank.Number("ciphersuite")),
                 {}};
  if (!frank.Has("signature")) return;
  out->signature = frank.Hex("signature");
  out->fields.integrity = ByteSpan(out->signature);
}

SomePartsOpening ReadSomeParts(VectorObject& opening, OwnedMessage* out) {
  SomePartsOpening some;
  some.size = static_cast<uint32_t>(opening.Number("size"));
  opening.Each("parts", [&](VectorObject& part) {
    some.parts.push_back(
        {static_cast<uint32_t>(part.Number("index")), {}, {}, {}});
    out->part_bytes.push_back(part.Hex("part_salt"));
    out->part_bytes.push_back(part.Hex("part"));
    out->proofs.push_back(part.HexList("inclusion_proof"));
  });
  for (size_t i = 0; i < some.parts.size(); ++i) {
    some.parts[i].part_salt = out->part_bytes[2 * i];
    some.parts[i].part = out->part_bytes[2 * i + 1];
    some.parts[i].inclusion_proof.assign(out->proofs[i].begin(),
                                         out->proofs[i].end());
  }
  return some;
}

void ReadOpening(VectorObject& opening, OwnedMessage* out) {
  std::string scheme = opening.Text("scheme");
  if (scheme == "whole") {
    out->salt = opening.Hex("salt");
    out->content = opening.Hex("content");
    out->opening = WholeOpening{out->salt, out->content};
  } else if (scheme == "parts") {
    out->salt = opening.Hex("root_salt");
    out->part_bytes = opening.HexList("parts");
    out->opening = PartsOpening{
        out->salt, {out->part_bytes.begin(), out->part_bytes.end()}};
  } else {
    EXPECT_EQ(scheme, "some_parts");
    out->opening = ReadSomeParts(opening, out);
  }
}

std::string NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMalformed:
      return "MALFORMED";
    case Verdict::kExpiredKey:
      return "EXPIRED_KEY";
    case Verdict::kUnknownKey:
      return "UNKNOWN_KEY";
    case Verdict::kForgedFrank:
      return "FORGED_FRANK";
    case Verdict::kBadOpening:
      return "BAD_OPENING";
    case Verdict::kProven:
      return "PROVEN";
  }
  return "";
}

TEST(ReportVectorsTest, GivesTheFirstVerdictThatApplies) {
  WithVectorFile("verdicts", [](VectorObject& file) {
    KeyRings rings = ReadRing(file);
    file.Each("cases", [&](VectorObject& c) {
      EXPECT_FALSE(c.Text("name").empty());
      OwnedMessage message;
      c.Object("frank", [&](VectorObject& f) { ReadFrank(f, &message); });
      c.Object("opening", [&](VectorObject& o) { ReadOpening(o, &message); });
      auto judged = Judge(message.fields, message.opening, rings);
      ASSERT_TRUE(judged.ok()) << judged.status();
      EXPECT_EQ(NameOf(judged->verdict), c.Text("verdict"));
    });
  });
}

}  // namespace
}  // namespace frank::crypto
