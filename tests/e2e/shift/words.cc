#include "tests/e2e/shift/words.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/file.h"

namespace frank::shift {
namespace {

constexpr const char* kTexts[] = {
    "I know which way you walk home.",
    "Send the money by Friday or everybody sees the pictures.",
    "Ich weiß, wo du wohnst, und ich komme vorbei.",
    "Je sais où tu habites. Tu vas le regretter.",
    "Я знаю, где ты живёшь, и я приду.",
    "أعرف أين تسكن وسوف تندم.",
    "私はあなたの住所を知っている。",
    "Ξέρω πού μένεις και θα το μετανιώσεις.",
};
constexpr size_t kTextCount = sizeof(kTexts) / sizeof(kTexts[0]);
constexpr size_t kFileBytes = limits::kChunkBytes + 4321;

std::string TextFor(size_t theme, size_t turn) {
  return absl::StrCat(kTexts[(theme + turn) % kTextCount], " (", theme, "/",
                      turn, ")");
}

absl::StatusOr<Words> WholeText(const client::MessageContext& context,
                                const std::string& text, RandomSource& random) {
  FRANK_ASSIGN_OR_RETURN(
      client::Committed committed,
      client::CommitWhole(context, {"text/plain", AsBytes(text)}, random));
  return Words{std::move(committed), absl::nullopt};
}

absl::StatusOr<Words> ThreeParts(const client::MessageContext& context,
                                 const std::string& text,
                                 RandomSource& random) {
  const std::string address = "12 Mill Lane, the blue door";
  FRANK_ASSIGN_OR_RETURN(client::Committed committed,
                         client::CommitParts(context,
                                             {{"text/plain", AsBytes(text)},
                                              {"text/plain", AsBytes(address)},
                                              {"text/plain", AsBytes(text)}},
                                             random));
  return Words{std::move(committed), absl::nullopt};
}

absl::StatusOr<Words> File(const client::MessageContext& context,
                           const std::string& text, RandomSource& random) {
  std::string file(kFileBytes, '\0');
  random.Fill(absl::MakeSpan(reinterpret_cast<uint8_t*>(&file[0]), 64));
  crypto::FileKeyPart key{crypto::Secret::Random(random, limits::kSaltBytes),
                          crypto::Secret::Random(random, 16)};
  FRANK_ASSIGN_OR_RETURN(
      crypto::FileCommitter committer,
      crypto::FileCommitter::Create(key.file_root_salt.bytes(), file.size()));
  ByteSpan bytes = AsBytes(file);
  const ByteSpan last = bytes.subspan(limits::kChunkBytes);
  FRANK_RETURN_IF_ERROR(committer.Add(bytes.first(limits::kChunkBytes)));
  FRANK_RETURN_IF_ERROR(committer.Add(last));
  FRANK_ASSIGN_OR_RETURN(crypto::PartsCommitment commitment,
                         std::move(committer).Finish());
  client::OpenedChunks chunks;
  chunks.file_tag = commitment.tag();
  chunks.size = commitment.size();
  FRANK_ASSIGN_OR_RETURN(crypto::PartProof proof, commitment.Prove(1));
  chunks.proofs.push_back(std::move(proof));
  chunks.chunks.emplace_back(last.begin(), last.end());

  FRANK_ASSIGN_OR_RETURN(Bytes announced,
                         crypto::EncodeFilePart({commitment.tag(), file.size(),
                                                 "image/jpeg", "holiday.jpg"}));
  FRANK_ASSIGN_OR_RETURN(crypto::Secret encoded_key,
                         crypto::EncodeFileKeyPart(key));
  FRANK_ASSIGN_OR_RETURN(crypto::Part file_part, crypto::ParsePart(announced));
  FRANK_ASSIGN_OR_RETURN(crypto::Part key_part,
                         crypto::ParsePart(encoded_key.bytes()));
  FRANK_ASSIGN_OR_RETURN(
      client::Committed committed,
      client::CommitParts(context,
                          {{"text/plain", AsBytes(text)}, file_part, key_part},
                          random));
  return Words{std::move(committed), std::move(chunks)};
}

}  // namespace

absl::StatusOr<Words> WordsOf(const client::MessageContext& context,
                              size_t theme, size_t turn, RandomSource& random) {
  const std::string text = TextFor(theme, turn);
  switch (turn % 4) {
    case 1:
      return ThreeParts(context, text, random);
    case 3:
      return File(context, text, random);
    default:
      return WholeText(context, text, random);
  }
}

}  // namespace frank::shift
