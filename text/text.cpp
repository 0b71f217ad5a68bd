// Small pieces of text for the console, CSV cells and records.
#include "text/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <fstream>
#include <iterator>

#include "text/names.h"
#include "text/utf8.h"

namespace fovea::tools {

std::string printable(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(sequence_length(text), 1);
    if (is_visible(text)) {
      line += text.substr(0, length);
    } else {
      for (const char byte : text.substr(0, length)) line += percent_text(byte);
    }
    text.remove_prefix(length);
  }
  return line;
}

namespace {

template <typename Number>
std::string shortest_text(Number value) {
  std::array<char, 64> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string("nan");
}

}  // namespace

std::string number_text(float value) { return shortest_text(value); }

std::string number_text(double value) { return shortest_text(value); }

std::string fixed_text(double value, int decimals) {
  std::array<char, 400> buffer{};  // a double has at most 309 digits before the point
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string("nan");
}

std::string utc_text(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> buffer{};
  const std::size_t length = std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::string(buffer.data(), length);
}

std::string duration_text(double seconds) {
  const auto total = static_cast<long long>(std::llround(std::fmin(std::fmax(seconds, 0.0), 3.6e8)));
  const auto two_digits = [](long long n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::string minutes = two_digits(total / 60 % 60) + ":" + two_digits(total % 60);
  return total < 3600 ? minutes : std::to_string(total / 3600) + ":" + minutes;
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string count_text(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string share_text(std::size_t part, std::size_t whole) {
  return whole == 0 ? "-" : fixed_text(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1) + " %";
}

std::string rate_text(std::size_t images, double seconds) {
  if (images == 0 || !(seconds > 0)) return "";
  return fixed_text(static_cast<double>(images) / seconds, 2) + " images/s";
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++count;  // not the continuation of a code point
  }
  return count;
}

std::string padded(const std::string& text, std::size_t width, bool right_aligned) {
  const std::size_t used = columns(text);
  const std::string fill(used < width ? width - used : 0, ' ');
  return right_aligned ? fill + text : text + fill;
}

}  // namespace fovea::tools
