// Names of files as ids and as cells of a CSV.
#include "text/names.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "pictures/decode/format.h"
#include "text/utf8.h"

namespace fovea::tools {

namespace {

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }

// Spreadsheets of East Asia take the full-width forms for the same.
bool begins_formula(std::string_view text) {
  constexpr std::array<std::string_view, 8> kMarks = {
      "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
  return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) { return text.starts_with(mark); });
}

std::string spelt_out(std::string_view name, bool formulas) {
  std::string safe;
  bool at_start = formulas;  // of what a spreadsheet may take for a cell
  while (!name.empty()) {
    const std::size_t length = std::max<std::size_t>(sequence_length(name), 1);
    const bool is_escape = name.size() > 2 && name[0] == '%' && is_hex(name[1]) && is_hex(name[2]);
    if (is_visible(name) && !is_escape && !(at_start && begins_formula(name))) {
      safe += name.substr(0, length);
    } else {
      for (const char byte : name.substr(0, length)) safe += percent_text(byte);
    }
    at_start = formulas && (name[0] == ',' || name[0] == ';');
    name.remove_prefix(length);
  }
  return safe;
}

}  // namespace

std::string percent_text(char byte) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  return {'%', kDigits[value >> 4], kDigits[value & 15]};
}

std::string safe_name(std::string_view name) { return spelt_out(name, true); }

std::string utf8_name(std::string_view name) { return spelt_out(name, false); }

std::string safe_id(const std::string& id) { return safe_name(plain_name(id)) == id ? id : safe_name(id); }

std::string plain_name(std::string_view safe) {
  std::string name;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    if (safe[i] == '%' && safe.size() - i > 2 && is_hex(safe[i + 1]) && is_hex(safe[i + 2])) {
      unsigned value = 0;
      std::from_chars(&safe[i + 1], &safe[i + 3], value, 16);
      name += static_cast<char>(value);
      i += 2;
    } else {
      name += safe[i];
    }
  }
  return name;
}

std::string_view page_mark(std::string_view id) {
  const std::size_t mark = id.rfind('#');
  if (mark == std::string_view::npos || mark == 0 || mark + 1 == id.size() || id[mark + 1] == '0') return "";
  const std::string_view digits = id.substr(mark + 1);
  return digits.find_first_not_of("0123456789") == std::string_view::npos ? id.substr(mark) : "";
}

std::string without_image_ending(std::string_view name) {
  const std::string_view mark = page_mark(name), file = name.substr(0, name.size() - mark.size());
  const std::string_view ending = image_ending(file);
  const std::string_view rest = file.substr(0, file.size() - ending.size());
  return rest.empty() || rest.back() == '/' ? std::string(name) : std::string(rest) + std::string(mark);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

}  // namespace fovea::tools
