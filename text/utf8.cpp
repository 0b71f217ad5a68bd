// UTF-8, code point by code point.
#include "text/utf8.h"

#include <algorithm>
#include <array>

namespace fovea::tools {

namespace {

struct Range {
  char32_t first, last;
};

// Control characters; marks, embeddings and isolates of direction; line and paragraph ends; what has no width and joins
// nothing; annotations and tags.
constexpr std::array<Range, 11> kInvisible = {{{0x00, 0x1F},
                                               {0x7F, 0x9F},
                                               {0xAD, 0xAD},
                                               {0x61C, 0x61C},
                                               {0x200B, 0x200B},
                                               {0x200E, 0x200F},
                                               {0x2028, 0x202E},
                                               {0x2060, 0x206F},
                                               {0xFEFF, 0xFEFF},
                                               {0xFFF9, 0xFFFB},
                                               {0xE0000, 0xE007F}}};

}  // namespace

std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto continues = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i <= to; ++i) {
      if ((byte(i) & 0xC0) != 0x80) return false;
    }
    return true;
  };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1, 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0, surrogate = first == 0xED && second > 0x9F;
    const bool no_character = first == 0xEF && second == 0xBF && byte(2) > 0xBD;  // U+FFFE, U+FFFF: not in XML
    return !overlong && !surrogate && !no_character && continues(1, 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90, beyond = first == 0xF4 && second > 0x8F;
    return !overlong && !beyond && continues(1, 3) ? 4 : 0;
  }
  return 0;
}

char32_t code_point(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence.front());
  if (sequence.size() == 1) return first;
  char32_t value = first & (0x7Fu >> sequence.size());
  for (const char c : sequence.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3Fu);
  return value;
}

bool is_visible(std::string_view text) {
  const std::size_t length = sequence_length(text);
  if (length == 0) return false;
  const char32_t point = code_point(text.substr(0, length));
  return std::none_of(kInvisible.begin(), kInvisible.end(),
                      [&](const Range& range) { return point >= range.first && point <= range.last; });
}

}  // namespace fovea::tools
