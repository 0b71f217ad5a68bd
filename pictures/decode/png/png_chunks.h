// The chunks of a PNG file. Source: PNG specification (W3C, second edition), sections 5 and 11.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "pictures/decode/decoders.h"

namespace fovea {

enum class PngColour { grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgb_alpha = 6 };

/// What a PNG file says of its picture.
struct PngHeader {
  std::int64_t width = 0, height = 0;
  int depth = 0;  ///< bits a sample: 1, 2, 4, 8 or 16
  PngColour colour = PngColour::grey;
  bool interlaced = false;

  int samples() const {
    switch (colour) {
      case PngColour::rgb:
        return 3;
      case PngColour::grey_alpha:
        return 2;
      case PngColour::rgb_alpha:
        return 4;
      default:
        return 1;
    }
  }
  /// Bytes of a row of `pixels`, without its filter byte.
  std::int64_t row_bytes(std::int64_t pixels) const { return (pixels * samples() * depth + 7) / 8; }
};

struct PngFile {
  PngHeader header;
  std::array<std::uint8_t, 768> palette{};  ///< colours that the file does not define are black
  std::vector<std::uint8_t> compressed;     ///< all IDAT chunks
  int orientation = 1;
  std::string note;    ///< what is odd about the file and touches no pixel
  std::string damage;  ///< what may have touched pixels, where that is accepted; "" if nothing has
};

/// For decoders of PNG: throws Error with the bare reason.
[[noreturn]] inline void damaged_png(const std::string& reason) { throw Error("damaged PNG: " + reason); }

/// Checks structure, checksums and the header's claims against the limit. Throws Error with the bare reason. Chunks
/// that a picture can do without are passed over where their checksum is wrong, and the file may end anywhere behind
/// the first bytes of its pixels: whether all of them are there shows when they are decompressed.
PngFile read_png_chunks(const EncodedImage& file);

}  // namespace fovea
