// EXIF is a TIFF structure: byte order, offset of a directory, entries of twelve bytes. Read with bounds.
#include "pictures/decode/exif.h"

namespace fovea {
namespace {

constexpr std::size_t kEntryBytes = 12;
constexpr std::uint32_t kOrientation = 0x112;

/// Whole numbers in the block's own byte order. The caller has checked the bounds.
struct ExifReader {
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

int exif_orientation(const std::uint8_t* data, std::size_t size) {
  if (size < 8 || data[0] != data[1] || (data[0] != 'I' && data[0] != 'M')) return 1;
  const ExifReader reader{data, data[0] == 'M'};
  if (reader.read(2, 2) != 42) return 1;
  const std::size_t directory = reader.read(4, 4);
  if (directory > size - 2) return 1;
  const std::size_t entries = reader.read(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    if (entry + kEntryBytes > size) return 1;
    if (reader.read(entry, 2) != kOrientation) continue;
    // Its type is SHORT by the standard; OpenCV takes these two bytes whatever the type says.
    const std::uint32_t value = reader.read(entry + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace fovea
