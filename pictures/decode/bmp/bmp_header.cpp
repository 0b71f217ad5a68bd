// Reads a header with bounds. What lies behind its stated size is 0, as the generations only add to each other.
#include "pictures/decode/bmp/bmp_header.h"

#include <algorithm>
#include <bit>

namespace fovea {
namespace {

constexpr std::int64_t kFileHeader = 14;
constexpr std::int64_t kOldHeader = 12;      // OS/2: 16-bit sides, palette entries of 3 bytes
constexpr std::int64_t kShortHeader = 16;    // OS/2's second one may end anywhere behind its depth
constexpr std::int64_t kWindowsHeader = 40;  // masks follow it; later headers have them in the same place
constexpr std::uint32_t kRle8 = 1, kRle4 = 2, kBitFields = 3, kAlphaBitFields = 6;

/// Little-endian numbers of the header.
struct HeaderReader {
  const std::uint8_t* data;
  std::int64_t end;
  std::uint32_t number(std::int64_t at, int bytes) const {
    std::uint32_t value = 0;
    if (at + bytes > end) return 0;
    for (int i = bytes - 1; i >= 0; --i) value = value << 8 | data[at + i];
    return value;
  }
  std::uint32_t u16(std::int64_t at) const { return number(at, 2); }
  std::uint32_t u32(std::int64_t at) const { return number(at, 4); }
  std::int32_t i32(std::int64_t at) const { return static_cast<std::int32_t>(u32(at)); }
};

void read_palette(const EncodedImage& file, std::int64_t at, std::int64_t colours, std::int64_t entry,
                  BmpHeader& header) {
  if (colours > 256) throw Error("damaged BMP: palette of " + std::to_string(colours) + " colours");
  if (at + colours * entry > static_cast<std::int64_t>(file.size)) throw Error("damaged BMP: palette is cut off");
  for (std::int64_t i = 0; i < colours; ++i) {
    const std::uint8_t* bgr = file.data + at + i * entry;
    header.palette[static_cast<std::size_t>(i)] = {bgr[2], bgr[1], bgr[0]};
  }
}

void set_masks(BmpHeader& header, std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
  header.masks = {ColourMask(red), ColourMask(green), ColourMask(blue)};
}

void read_masks(const EncodedImage& file, BmpHeader& header) {
  const HeaderReader reader{file.data, static_cast<std::int64_t>(file.size)};
  const std::int64_t at = kFileHeader + kWindowsHeader;
  set_masks(header, reader.u32(at), reader.u32(at + 4), reader.u32(at + 8));
  for (const ColourMask& mask : header.masks) {
    const std::uint32_t low = mask.mask == 0 ? 0 : mask.mask >> std::countr_zero(mask.mask);
    if (low == 0 || (low & (low + 1)) != 0 || (header.bits == 16 && mask.mask > 0xffff)) {
      throw Error("damaged BMP: a colour's mask is not one run of bits");
    }
  }
}

}  // namespace

ColourMask::ColourMask(std::uint32_t bits) : mask(bits), shift(bits == 0 ? 0 : std::bit_width(bits) - 8) {}

BmpHeader read_bmp_header(const EncodedImage& file) {
  const auto size = static_cast<std::int64_t>(file.size);
  if (size < kFileHeader + kOldHeader) throw Error("damaged BMP: header is cut off");
  const std::int64_t header_size = HeaderReader{file.data, size}.u32(kFileHeader);
  if (header_size != kOldHeader && header_size < kShortHeader) throw Error("damaged BMP: header of unknown size");
  if (header_size > size - kFileHeader) throw Error("damaged BMP: header is cut off");

  const HeaderReader reader{file.data, kFileHeader + header_size};
  const bool old = header_size == kOldHeader;
  BmpHeader header;
  header.pixels_at = reader.u32(10);
  header.width = old ? static_cast<std::int64_t>(reader.u16(18)) : reader.i32(18);
  header.height = old ? static_cast<std::int64_t>(reader.u16(20)) : reader.i32(22);
  header.bits = reader.u16(old ? 24 : 28);
  const std::uint32_t compression = old ? 0 : reader.u32(30);
  header.top_down = header.height < 0;
  if (header.top_down) header.height = -header.height;
  check_pixels(header.width, header.height, file.options.limits.max_pixels);

  const bool fields =
      (compression == kBitFields || compression == kAlphaBitFields) && (header.bits == 16 || header.bits == 32);
  header.rle = (compression == kRle8 && header.bits == 8) || (compression == kRle4 && header.bits == 4);
  if (compression != 0 && !fields && !header.rle) {
    throw Error("unsupported BMP: compression " + std::to_string(compression) + " of " + std::to_string(header.bits) +
                " bits a pixel");
  }
  constexpr std::array<std::int64_t, 6> kBits = {1, 4, 8, 16, 24, 32};
  if (std::find(kBits.begin(), kBits.end(), header.bits) == kBits.end()) {
    throw Error("unsupported BMP: " + std::to_string(header.bits) + " bits a pixel");
  }
  if (header.bits <= 8) {
    const std::int64_t colours = old ? 0 : reader.u32(46);
    read_palette(file, kFileHeader + header_size, colours == 0 ? std::int64_t{1} << header.bits : colours, old ? 3 : 4,
                 header);
  }
  if (header.bits == 16) set_masks(header, 0x7c00, 0x3e0, 0x1f);
  if (header.bits == 32) set_masks(header, 0xff0000, 0xff00, 0xff);
  if (fields) read_masks(file, header);
  if (header.pixels_at < kFileHeader + header_size || header.pixels_at > size) {
    throw Error("damaged BMP: its pixels are said to begin at byte " + std::to_string(header.pixels_at));
  }
  return header;
}

}  // namespace fovea
