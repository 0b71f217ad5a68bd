// Words and numbers of a card as text. Numbers are read and written without regard to the locale.
#include "grading/card/card_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace fovea {
namespace {

constexpr std::array<const char*, 4> kInterpolations = {"nearest", "linear", "cubic", "area"};
constexpr std::array<const char*, 7> kRules = {"argmax", "thresholds", "regression", "expected",
                                               "count",  "ordinal",    "corn"};

template <typename Enum, std::size_t N>
std::optional<Enum> find_word(const std::array<const char*, N>& words, const std::string& name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (name == words[i]) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

template <typename Number>
std::string shortest(Number value) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

}  // namespace

std::string number_text(double value) { return shortest(value); }

std::string float_text(float value) { return shortest(value); }

std::optional<double> parse_number(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<double> parse_scale(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return parse_number(text);
  const std::optional<double> above = parse_number(text.substr(0, slash));
  const std::optional<double> below = parse_number(text.substr(slash + 1));
  if (!above || !below || *below == 0) return std::nullopt;
  return *above / *below;
}

std::optional<Interpolation> parse_interpolation(const std::string& name) {
  return find_word<Interpolation>(kInterpolations, name);
}

std::string interpolation_name(Interpolation interpolation) {
  return kInterpolations[static_cast<std::size_t>(interpolation)];
}

std::optional<Decision::Rule> parse_rule(const std::string& name) { return find_word<Decision::Rule>(kRules, name); }

std::string rule_name(Decision::Rule rule) { return kRules[static_cast<std::size_t>(rule)]; }

std::string join(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : separator) + parts[i];
  return text;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 1;
  }
}

}  // namespace fovea
