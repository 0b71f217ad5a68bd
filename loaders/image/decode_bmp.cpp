// Uncompressed BMP with 1, 4, 8, 24 or 32 bits a pixel: rows of BGR or of palette indices. Written out here because
// OpenCV prints what it finds wrong in a header, and loads some hundred libraries for formats that are not taken.
#include <algorithm>

#include "loaders/image/decoders.h"
#include "loaders/image/make_image.h"

namespace fovea {
namespace {

constexpr std::int64_t kFileHeader = 14;
constexpr std::int64_t kOldHeader = 12;      // OS/2: 16-bit sides, palette entries of 3 bytes
constexpr std::int64_t kWindowsHeader = 40;  // and later ones, which only add to it
constexpr std::int64_t kUncompressed = 0, kBitFields = 3;

/// Little-endian numbers of the file. The caller has checked the bounds.
struct BmpReader {
  const std::uint8_t* data;
  std::uint32_t u16(std::int64_t at) const { return data[at] | static_cast<std::uint32_t>(data[at + 1]) << 8; }
  std::uint32_t u32(std::int64_t at) const { return u16(at) | u16(at + 2) << 16; }
  std::int32_t i32(std::int64_t at) const { return static_cast<std::int32_t>(u32(at)); }
};

struct Header {
  std::int64_t width = 0, height = 0, bits = 0, pixels_at = 0, palette_at = 0, palette_entry = 4, palette_size = 0;
  bool top_down = false;
  std::int64_t row_bytes() const { return (width * bits + 31) / 32 * 4; }
};

Header read_header(const EncodedImage& file) {
  const BmpReader reader{file.data};
  const auto size = static_cast<std::int64_t>(file.size);
  if (size < kFileHeader + kOldHeader) throw Error("damaged BMP: header is cut off");
  const std::int64_t header_size = reader.u32(kFileHeader);
  if (header_size != kOldHeader && header_size < kWindowsHeader) throw Error("damaged BMP: header of unknown size");
  if (header_size > size - kFileHeader) throw Error("damaged BMP: header is cut off");

  Header header;
  header.pixels_at = reader.u32(10);
  header.palette_at = kFileHeader + header_size;
  std::int64_t compression = kUncompressed, colours = 0;
  if (header_size == kOldHeader) {
    header.width = reader.u16(18);
    header.height = reader.u16(20);
    header.bits = reader.u16(24);
    header.palette_entry = 3;
  } else {
    header.width = reader.i32(18);
    header.height = reader.i32(22);
    header.bits = reader.u16(28);
    compression = reader.u32(30);
    colours = reader.u32(46);
  }
  header.top_down = header.height < 0;
  if (header.top_down) header.height = -header.height;
  check_pixels(header.width, header.height, file.max_pixels);

  // Bit fields are taken where they say what 32 bits mean without them: blue, green, red, unused.
  const std::int64_t masks = kFileHeader + kWindowsHeader;
  const bool usual_fields = compression == kBitFields && header.bits == 32 && size >= masks + 12 &&
                            reader.u32(masks) == 0xff0000 && reader.u32(masks + 4) == 0xff00 &&
                            reader.u32(masks + 8) == 0xff;
  if (compression != kUncompressed && !usual_fields) {
    throw Error("unsupported BMP: compression " + std::to_string(compression) + ", only uncompressed ones are read");
  }
  constexpr std::array<std::int64_t, 5> kBits = {1, 4, 8, 24, 32};
  if (std::find(kBits.begin(), kBits.end(), header.bits) == kBits.end()) {
    throw Error("unsupported BMP: " + std::to_string(header.bits) + " bits a pixel");
  }
  if (header.bits <= 8) {
    const std::int64_t most = std::int64_t{1} << header.bits;
    if (colours > most) throw Error("damaged BMP: palette of " + std::to_string(colours) + " colours");
    header.palette_size = colours == 0 ? most : colours;
  }
  const std::int64_t needed = header.palette_at + header.palette_size * header.palette_entry;
  if (needed > size || header.pixels_at < needed || header.pixels_at + header.row_bytes() * header.height > size) {
    throw Error("damaged BMP: " + std::to_string(size) + " bytes do not hold its " + std::to_string(header.width) +
                "x" + std::to_string(header.height) + " pixels");
  }
  return header;
}

using Colour = std::array<std::uint8_t, 3>;

Colour colour_at(const std::uint8_t* bgr) { return {bgr[2], bgr[1], bgr[0]}; }

/// Indices beyond the palette are black.
std::array<Colour, 256> read_palette(const Header& header, const std::uint8_t* data) {
  std::array<Colour, 256> palette{};
  for (std::int64_t i = 0; i < header.palette_size; ++i) {
    palette[static_cast<std::size_t>(i)] = colour_at(data + header.palette_at + i * header.palette_entry);
  }
  return palette;
}

/// Pixel x of a row of indices; the first pixel is in a byte's highest bits.
std::size_t index_at(const std::uint8_t* row, std::int64_t x, std::int64_t bits) {
  const std::int64_t bit = x * bits;
  return row[bit / 8] >> (8 - bits - bit % 8) & ((1 << bits) - 1);
}

}  // namespace

DecodedImage decode_bmp(const EncodedImage& file) {
  const Header header = read_header(file);
  const std::array<Colour, 256> palette = read_palette(header, file.data);
  Image image = make_image(static_cast<int>(header.width), static_cast<int>(header.height));
  std::uint8_t* out = image.pixels.data();
  for (std::int64_t y = 0; y < header.height; ++y) {
    const std::int64_t stored_y = header.top_down ? y : header.height - 1 - y;
    const std::uint8_t* row = file.data + header.pixels_at + stored_y * header.row_bytes();
    for (std::int64_t x = 0; x < header.width; ++x) {
      const Colour colour =
          header.bits <= 8 ? palette[index_at(row, x, header.bits)] : colour_at(row + x * (header.bits / 8));
      out = std::copy(colour.begin(), colour.end(), out);
    }
  }
  return {std::move(image), 1, ""};
}

}  // namespace fovea
