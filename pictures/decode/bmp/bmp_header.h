// The headers of BMP files: Windows' of every generation and OS/2's.
#pragma once

#include <array>
#include <cstdint>

#include "pictures/decode/decoders.h"

namespace fovea {

using Colour = std::array<std::uint8_t, 3>;

/// How the bits of a pixel become 8 bits of one colour.
struct ColourMask {
  std::uint32_t mask = 0;
  int shift = 0;  ///< to the right where positive, so that the colour's highest bit is the 8th

  explicit ColourMask(std::uint32_t bits = 0);
  /// As OpenCV takes 5 and 6 bits: into the upper bits of 8, with zeros below.
  std::uint8_t of(std::uint32_t pixel) const {
    const std::uint32_t bits = pixel & mask;
    return static_cast<std::uint8_t>(shift >= 0 ? bits >> shift : bits << -shift);
  }
};

struct BmpHeader {
  std::int64_t width = 0, height = 0, bits = 0, pixels_at = 0;
  bool top_down = false, rle = false;
  std::array<ColourMask, 3> masks;    ///< red, green, blue of 16 and 32 bits a pixel
  std::array<Colour, 256> palette{};  ///< of up to 8 bits; what the file does not define is black

  std::int64_t row_bytes() const { return (width * bits + 31) / 32 * 4; }
  /// Of a row without its padding.
  std::int64_t used_row_bytes() const { return (width * bits + 7) / 8; }
};

/// Throws Error with the bare reason.
BmpHeader read_bmp_header(const EncodedImage& file);

}  // namespace fovea
