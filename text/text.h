// Small pieces of text for the console, CSV cells and records.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace fovea::tools {

/// `text` as one harmless line of UTF-8: control characters (line ends, escape sequences in file names), marks that
/// turn the direction of reading, and bytes that are no UTF-8 become `%XX`, each byte two hexadecimal digits.
/// Everything else stays as it is, so that doing it twice changes nothing.
std::string printable(std::string_view text);

/// Shortest text that reads back as the same number; independent of the locale.
std::string number_text(float value);
std::string number_text(double value);

/// `value` with `decimals` digits after the point; independent of the locale.
std::string fixed_text(double value, int decimals);

/// "2031-05-04T09:08:07Z"
std::string utc_text(std::chrono::system_clock::time_point time);

/// "1:02:03" or "02:03" (hours only when there are any).
std::string duration_text(double seconds);

/// What a file holds, byte for byte; empty if it cannot be read.
std::string file_text(const std::filesystem::path& path);

/// "1 image", "3 images": `count`, a blank and `noun`, with an `s` unless it is one.
std::string count_text(std::size_t count, const std::string& noun);

/// "75.0 %": the share of `part` in `whole`; "-" of nothing.
std::string share_text(std::size_t part, std::size_t whole);

/// "12.34 images/s"; empty where no time passed or nothing was done in it.
std::string rate_text(std::size_t images, double seconds);

/// Columns a terminal needs for UTF-8 `text`, taking each code point as one column.
std::size_t columns(std::string_view text);

/// `text` filled with blanks to `width` columns, on its right or (`right_aligned`) on its left.
std::string padded(const std::string& text, std::size_t width, bool right_aligned = false);

}  // namespace fovea::tools
