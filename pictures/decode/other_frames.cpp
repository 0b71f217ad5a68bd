// Pictures beside the one that is decoded. Sources: CIPA DC-007 (Multi-Picture Format), the APNG specification.
#include "pictures/decode/other_frames.h"

#include <optional>
#include <string_view>

#include "pictures/decode/format.h"

namespace fovea {
namespace {

using namespace std::string_view_literals;

// A number of `bytes` bytes at `at`; nothing beyond the end.
std::optional<std::uint32_t> number(std::string_view text, std::size_t at, std::size_t bytes, bool big_endian) {
  if (at > text.size() || text.size() - at < bytes) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    value = value << 8 | static_cast<unsigned char>(text[at + (big_endian ? i : bytes - 1 - i)]);
  }
  return value;
}

// Pictures that the index of a Multi-Picture file lists, its previews left out. `index` begins at its byte order.
std::uint32_t pictures_of_index(std::string_view index) {
  constexpr std::uint32_t kEntries = 0xB002, kPreviews = 0x010000, kTypeGroup = 0xFF0000;
  constexpr std::size_t kEntryBytes = 16;
  const bool big = index.starts_with("MM");
  const std::uint32_t directory = number(index, 4, 4, big).value_or(0),
                      tags = number(index, directory, 2, big).value_or(0);
  for (std::uint32_t i = 0; i < tags; ++i) {
    const std::size_t tag = directory + std::size_t{2} + std::size_t{12} * i;
    if (number(index, tag, 2, big) != kEntries) continue;
    const std::uint32_t bytes = number(index, tag + 4, 4, big).value_or(0),
                        at = number(index, tag + 8, 4, big).value_or(0);
    std::uint32_t count = 0;
    for (std::size_t entry = 0; entry + kEntryBytes <= bytes; entry += kEntryBytes) {
      const std::optional<std::uint32_t> attribute = number(index, at + entry, 4, big);
      if (!attribute) break;
      if ((*attribute & kTypeGroup) != kPreviews) ++count;
    }
    return count;
  }
  return 1;
}

std::uint32_t pictures_of_jpeg(std::string_view file) {
  constexpr std::uint32_t kStartOfScan = 0xDA, kApp2 = 0xE2;
  for (std::size_t at = 2; number(file, at, 1, true) == 0xFFu;) {
    const std::uint32_t marker = number(file, at + 1, 1, true).value_or(kStartOfScan);
    if (marker == 0xFF) {  // filler
      ++at;
      continue;
    }
    const std::optional<std::uint32_t> length = number(file, at + 2, 2, true);
    if (marker == kStartOfScan || !length || *length < 2) break;
    const std::string_view segment = file.substr(at + 4, *length - 2);
    if (marker == kApp2 && segment.starts_with("MPF\0"sv)) return pictures_of_index(segment.substr(4));
    at += 2 + std::size_t{*length};
  }
  return 1;
}

// The chunk that says so stands before the pixels.
std::uint32_t pictures_of_png(std::string_view file) {
  for (std::size_t at = 8; const std::optional<std::uint32_t> length = number(file, at, 4, true);) {
    const std::string_view type = file.substr(at + 4, 4);
    if (type == "acTL") return number(file, at + 8, 4, true).value_or(1);
    if (type == "IDAT" || type.size() < 4) break;
    at += 12 + std::size_t{*length};
    if (at > file.size()) break;
  }
  return 1;
}

}  // namespace

std::string other_frames_note(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  const std::optional<ImageFormat> format = sniff_format(data, size);
  const std::uint32_t count = format == ImageFormat::jpeg  ? pictures_of_jpeg(file)
                              : format == ImageFormat::png ? pictures_of_png(file)
                                                           : 1;
  return count > 1 ? "the first of " + std::to_string(count) + " pictures in the file" : "";
}

}  // namespace fovea
