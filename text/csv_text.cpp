// What stands in a table of text, before it is cut into cells.
#include "text/csv_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <fovea/error.h>
#include "pictures/decode/image.h"
#include "text/text.h"

namespace fovea::tools {

namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& reason) {
  throw Error(printable(name) + ": " + reason);
}

void refuse_other_files(std::string_view bytes, const std::string& name) {
  using std::string_view_literals::operator""sv;
  const auto starts_with_any = [&](std::initializer_list<std::string_view> heads) {
    return std::any_of(heads.begin(), heads.end(), [&](std::string_view head) { return bytes.starts_with(head); });
  };
  if (starts_with_any({"PK\x03\x04"sv, "\xD0\xCF\x11\xE0"sv})) {
    refuse(name, "is a workbook (Excel, LibreOffice) or an archive, a table of text is needed: save it as CSV");
  }
  if (starts_with_any({"<!DOCTYPE"sv, "<!doctype"sv, "<html"sv, "<HTML"sv})) {
    refuse(name, "is an HTML page, no CSV; was the download a page that asks to log in?");
  }
  if (bytes.starts_with("version https://git-lfs"sv)) {
    refuse(name, "is a Git LFS pointer, not the file: git lfs pull fetches it");
  }
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string from_utf16(std::string_view bytes, bool big_endian, const std::string& name) {
  if (bytes.size() % 2 != 0) refuse(name, "is UTF-16 with half a character at its end");
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const auto first = static_cast<std::uint8_t>(bytes[i]), second = static_cast<std::uint8_t>(bytes[i + 1]);
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::uint32_t code = unit(i);
    if (code >= 0xD800 && code < 0xE000) {
      const std::uint32_t low = i + 2 < bytes.size() ? unit(i + 2) : 0;
      if (code >= 0xDC00 || low < 0xDC00 || low >= 0xE000) refuse(name, "is UTF-16 with half a character in it");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      i += 2;
    }
    append_utf8(text, code);
  }
  return text;
}

// UTF-16 without a mark: half of what the header is made of are zeros, all at even or all at odd places.
bool is_bare_utf16(std::string_view bytes, bool big_endian) {
  const std::string_view head = bytes.substr(0, std::min<std::size_t>(bytes.size(), 64) / 2 * 2);
  if (head.size() < 4) return false;
  for (std::size_t i = 0; i < head.size(); i += 2) {
    const char high = head[big_endian ? i : i + 1], low = head[big_endian ? i + 1 : i];
    if (high != '\0' || low == '\0') return false;
    if (low == '\n' || low == '\r') break;
  }
  return true;
}

constexpr std::string_view kSeparators = ",;\t|";
using Counts4 = std::array<std::size_t, kSeparators.size()>;

// Counts each separator in the row that `text` starts with, outside of quotes, and takes the row away.
Counts4 take_row(std::string_view& text) {
  Counts4 counts{};
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    if (const std::size_t which = kSeparators.find(c); which != std::string_view::npos) ++counts[which];
  }
  text.remove_prefix(std::min(i + 1, text.size()));
  return counts;
}

// "sep=;" as the first line is how Excel is told; it is no header.
Separator said_separator(std::string_view text) {
  const std::size_t length = line_length(text);
  std::string_view line = text.substr(0, length);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.size() == 5 && (line.starts_with("sep=") || line.starts_with("SEP="))) return {line[4], length};
  return {};
}

// "007-0004-000.jpg 0" in every row: anywhere else a blank is part of a cell.
bool is_list_with_blanks(std::string_view text, std::size_t most_rows) {
  std::size_t rows = 0;
  while (!text.empty() && rows < most_rows) {
    std::string_view line = text.substr(0, line_length(text));
    text.remove_prefix(line.size());
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos || !is_image_name(std::string(line.substr(0, blank)))) return false;
    const std::string_view number = line.substr(blank + 1);
    if (number.empty() || number.find_first_not_of("0123456789") != std::string_view::npos) return false;
    ++rows;
  }
  return rows > 0;
}

}  // namespace

std::string table_text(std::string_view bytes, const std::string& name) {
  using std::string_view_literals::operator""sv;
  refuse_other_files(bytes, name);
  if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) {
    refuse(name, "is UTF-32, save it as UTF-8");
  }
  std::string text;
  if (bytes.starts_with("\xEF\xBB\xBF"sv)) {
    text = bytes.substr(3);
  } else if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv)) {
    text = from_utf16(bytes.substr(2), bytes[0] == '\xFE', name);
  } else if (is_bare_utf16(bytes, false) || is_bare_utf16(bytes, true)) {
    text = from_utf16(bytes, bytes[0] == '\0', name);
  } else {
    text = bytes;
  }
  if (text.find('\0') != std::string::npos) refuse(name, "is binary, a table of text is needed");
  return text;
}

std::size_t line_length(std::string_view text) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return text.size();
  const bool crlf = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  return end + (crlf ? 2 : 1);
}

Separator find_separator(std::string_view text) {
  constexpr std::size_t kRows = 200;
  Separator separator = said_separator(text);
  if (separator.skip > 0) return separator;
  if (is_list_with_blanks(text, kRows)) return {' ', 0};
  Counts4 header{}, fitting{};
  const auto is_blank = [](const Counts4& counts, std::string_view row) {
    return std::count(counts.begin(), counts.end(), 0U) == kSeparators.size() &&
           row.find_first_not_of(" \t\r\n") == std::string_view::npos;
  };
  bool has_header = false;
  for (std::size_t rows = 0; rows < kRows && !text.empty();) {
    const std::string_view before = text;
    const Counts4 counts = take_row(text);
    if (is_blank(counts, before.substr(0, before.size() - text.size()))) continue;
    if (!has_header) {
      header = counts;
      has_header = true;
      continue;
    }
    ++rows;
    for (std::size_t i = 0; i < kSeparators.size(); ++i) fitting[i] += counts[i] == header[i] ? 1 : 0;
  }
  std::size_t best = kSeparators.size();
  for (std::size_t i = 0; i < kSeparators.size(); ++i) {
    if (header[i] == 0) continue;
    const bool better = best == kSeparators.size() || fitting[i] > fitting[best] ||
                        (fitting[i] == fitting[best] && header[i] > header[best]);
    if (better) best = i;
  }
  if (best < kSeparators.size()) separator.character = kSeparators[best];
  return separator;
}

}  // namespace fovea::tools
