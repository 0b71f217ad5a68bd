// A grade as it stands in a cell.
#include "tools/compare/input/grade_cell.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "text/csv.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kScale = 5;

/// Letters and digits in one case, without the words that every grade may bear: "Moderate NPDR" is "moderate".
std::string plain_grade(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      plain += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80) != 0) {
      plain += c;
    }
  }
  for (const std::string_view word : {"nonproliferative", "diabeticretinopathy", "retinopathy", "npdr"}) {
    for (std::size_t at; (at = plain.find(word)) != std::string::npos;) plain.erase(at, word.size());
  }
  if (plain.size() > 2 && plain.ends_with("dr") && plain != "nodr" && plain != "pdr") plain.resize(plain.size() - 2);
  return plain;
}

std::optional<int> scale_grade(const std::string& plain) {
  static constexpr std::array<std::array<std::string_view, 6>, kScale> kNames{{
      {"no", "nodr", "normal", "noapparent", "healthy", "absent"},
      {"mild", "mildly"},
      {"moderate", "moderately"},
      {"severe", "severely"},
      {"proliferative", "proliferate", "pdr", "proliferativepdr"},
  }};
  for (std::size_t grade = 0; grade < kScale; ++grade) {
    const auto& names = kNames[grade];
    if (!plain.empty() && std::find(names.begin(), names.end(), plain) != names.end()) return static_cast<int>(grade);
  }
  return std::nullopt;
}

std::optional<int> named_grade(std::string_view cell, const std::vector<std::string>& names) {
  const std::string plain = plain_grade(cell);
  if (plain.empty()) return std::nullopt;
  for (std::size_t grade = 0; grade < names.size(); ++grade) {
    if (plain_grade(names[grade]) == plain) return static_cast<int>(grade);
  }
  // A bare "no" is the answer to another question.
  return names.size() == kScale && cell.size() > 2 ? scale_grade(plain) : std::nullopt;
}

std::optional<int> whole_number(std::string_view text) {
  const std::optional<double> value = cell_number(text);
  if (!value || *value != std::floor(*value)) return std::nullopt;
  constexpr int kLargest = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp(*value, -static_cast<double>(kLargest), static_cast<double>(kLargest)));
}

}  // namespace

std::vector<std::string> scale_names() { return {"No DR", "Mild", "Moderate", "Severe", "Proliferative DR"}; }

std::optional<int> cell_grade(const std::string& cell, const std::vector<std::string>& names) {
  if (const std::optional<int> number = whole_number(cell)) return number;
  if (const std::optional<int> named = named_grade(cell, names)) return named;
  // "2 Moderate", "2 - Moderate": the two must agree.
  const std::size_t digits = cell.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos) return std::nullopt;
  const std::optional<int> number = whole_number(std::string_view(cell).substr(0, digits));
  const std::size_t name = cell.find_first_not_of(" -:._()=", digits);
  if (name == digits || name == std::string::npos) return std::nullopt;
  return number == named_grade(std::string_view(cell).substr(name), names) ? number : std::nullopt;
}

std::optional<int> proliferative_grade(const std::vector<std::string>& names) {
  for (std::size_t grade = 0; grade < names.size(); ++grade) {
    if (scale_grade(plain_grade(names[grade])) == 4) return static_cast<int>(grade);
  }
  return std::nullopt;
}

}  // namespace fovea::tools
