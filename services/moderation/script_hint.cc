#include "services/moderation/script_hint.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace frank::moderation {
namespace {

constexpr size_t kMaxLooked = 4096;

struct Block {
  uint32_t first;
  uint32_t last;
  const char* script;
};

// Blocks of letters; kana decide for Japanese, whose other letters are Han.
constexpr Block kBlocks[] = {
    {0x41, 0x5A, "Latn"},     {0x61, 0x7A, "Latn"},
    {0xC0, 0x24F, "Latn"},    {0x370, 0x3FF, "Grek"},
    {0x400, 0x52F, "Cyrl"},   {0x530, 0x58F, "Armn"},
    {0x590, 0x5FF, "Hebr"},   {0x600, 0x6FF, "Arab"},
    {0x750, 0x77F, "Arab"},   {0x900, 0x97F, "Deva"},
    {0x980, 0x9FF, "Beng"},   {0xA00, 0xA7F, "Guru"},
    {0xA80, 0xAFF, "Gujr"},   {0xB80, 0xBFF, "Taml"},
    {0xC00, 0xC7F, "Telu"},   {0xC80, 0xCFF, "Knda"},
    {0xD00, 0xD7F, "Mlym"},   {0xD80, 0xDFF, "Sinh"},
    {0xE00, 0xE7F, "Thai"},   {0xE80, 0xEFF, "Laoo"},
    {0x1000, 0x109F, "Mymr"}, {0x10A0, 0x10FF, "Geor"},
    {0x1100, 0x11FF, "Kore"}, {0x1200, 0x137F, "Ethi"},
    {0x1780, 0x17FF, "Khmr"}, {0x1E00, 0x1EFF, "Latn"},
    {0x1F00, 0x1FFF, "Grek"}, {0x3040, 0x30FF, "Jpan"},
    {0x3400, 0x4DBF, "Hani"}, {0x4E00, 0x9FFF, "Hani"},
    {0xAC00, 0xD7AF, "Kore"}, {0x20000, 0x2FA1F, "Hani"},
};

// Takes a code point off well-formed UTF-8; of anything else a byte.
uint32_t Take(absl::string_view* text) {
  uint8_t lead = static_cast<uint8_t>((*text)[0]);
  size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  size = std::min(size, text->size());
  uint32_t point = size == 1 ? lead : lead & (0x7F >> size);
  for (size_t i = 1; i < size; ++i) {
    point = point << 6 | (static_cast<uint8_t>((*text)[i]) & 0x3F);
  }
  text->remove_prefix(size);
  return point;
}

const char* ScriptOfPoint(uint32_t point) {
  for (const Block& block : kBlocks) {
    if (point >= block.first && point <= block.last) return block.script;
  }
  return nullptr;
}

}  // namespace

std::string ScriptOf(absl::string_view text) {
  text = text.substr(0, kMaxLooked);
  std::map<std::string, size_t> letters;
  while (!text.empty()) {
    const char* script = ScriptOfPoint(Take(&text));
    if (script != nullptr) ++letters[script];
  }
  if (letters.count("Jpan") > 0) letters["Jpan"] += letters["Hani"];
  auto most = std::max_element(
      letters.begin(), letters.end(),
      [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == letters.end() ? "" : most->first;
}

}  // namespace frank::moderation
