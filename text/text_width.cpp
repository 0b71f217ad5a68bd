// How much room a text needs.
#include "text/text_width.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace fovea::tools {

namespace {

// Advance widths of DejaVu Sans from the blank to '~', in hundredths of its size.
constexpr std::array<std::uint8_t, 95> kAscii{
    32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84};
constexpr double kOther = 85, kFullWidth = 100;  // letters of other scripts; those of East Asia, and pictograms
constexpr double kBold = 1.15;

// Bytes of the code point that starts at `at`; of malformed UTF-8, some.
std::size_t length_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

double hundredths(std::string_view code_point) {
  const auto first = static_cast<unsigned char>(code_point.front());
  if (first >= 0x20 && first < 0x7F) return kAscii[first - 0x20u];
  return first >= 0xE3 ? kFullWidth : kOther;
}

std::string shortened(std::string line, double width, double size, bool bold) {
  const std::string ellipsis = "\xE2\x80\xA6";
  while (!line.empty() && text_width(line + ellipsis, size, bold) > width) {
    std::size_t last = line.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(line[last]) & 0xC0) == 0x80) --last;
    line.resize(last);
  }
  return line + ellipsis;
}

}  // namespace

double text_width(std::string_view text, double size, bool bold) {
  double sum = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_at(text, at);
    sum += hundredths(text.substr(at, length));
    at += length;
  }
  return sum * size / 100 * (bold ? kBold : 1);
}

std::vector<std::string> wrapped(const std::string& text, double width, double size, bool bold,
                                 std::size_t most_lines) {
  std::vector<std::string> lines;
  const auto fits = [&](const std::string& line) { return text_width(line, size, bold) <= width; };
  const auto place = [&](const std::string& word) {
    if (word.empty()) return;
    if (!lines.empty() && fits(lines.back() + ' ' + word)) {
      lines.back() += ' ' + word;
      return;
    }
    lines.emplace_back();
    for (std::size_t at = 0; at < word.size() && lines.size() <= most_lines;) {
      const std::string letter = word.substr(at, length_at(word, at));
      if (!lines.back().empty() && !fits(lines.back() + letter)) lines.emplace_back();
      lines.back() += letter;
      at += letter.size();
    }
  };
  for (std::size_t from = 0; from < text.size() && lines.size() <= most_lines;) {
    const std::size_t blank = std::min(text.find(' ', from), text.size());
    place(text.substr(from, blank - from));
    from = blank + 1;
  }
  if (lines.size() > most_lines) {
    lines.resize(most_lines);
    lines.back() = shortened(lines.back(), width, size, bold);
  }
  return lines;
}

}  // namespace fovea::tools
