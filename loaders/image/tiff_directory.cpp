// The first directory of a TIFF structure, read with bounds.
#include "loaders/image/tiff_directory.h"

namespace fovea {
namespace {

constexpr std::size_t kEntryBytes = 12;
constexpr std::uint32_t kShort = 3, kLong = 4;

/// Whole numbers in the structure's own byte order. The caller has checked the bounds.
struct Reader {
  const std::uint8_t* data;
  bool big_endian;

  std::uint32_t read(std::size_t at, std::size_t bytes) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      value = value << 8 | data[at + (big_endian ? i : bytes - 1 - i)];
    }
    return value;
  }
};

}  // namespace

std::optional<std::uint32_t> read_tiff_tag(const std::uint8_t* data, std::size_t size, int tag) {
  if (size < 8 || data[0] != data[1] || (data[0] != 'I' && data[0] != 'M')) return std::nullopt;
  const Reader reader{data, data[0] == 'M'};
  if (reader.read(2, 2) != 42) return std::nullopt;
  const std::size_t directory = reader.read(4, 4);
  if (directory > size - 2) return std::nullopt;
  const std::size_t entries = reader.read(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    if (entry + kEntryBytes > size) return std::nullopt;
    if (reader.read(entry, 2) != static_cast<std::uint32_t>(tag)) continue;
    const std::uint32_t type = reader.read(entry + 2, 2);
    if ((type != kShort && type != kLong) || reader.read(entry + 4, 4) != 1) return std::nullopt;
    return reader.read(entry + 8, type == kShort ? 2 : 4);
  }
  return std::nullopt;
}

int exif_orientation(const std::uint8_t* data, std::size_t size) {
  const std::optional<std::uint32_t> value = read_tiff_tag(data, size, kTiffOrientation);
  return value && *value <= 8 ? static_cast<int>(*value) : 1;
}

}  // namespace fovea
