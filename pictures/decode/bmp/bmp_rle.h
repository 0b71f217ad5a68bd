// Run-length encoded BMP: rows of palette indices, in runs.
#pragma once

#include <cstdint>

#include "pictures/decode/bmp/bmp_header.h"

namespace fovea {

struct BmpRun {
  const char* damage = nullptr;  ///< why not all pixels are there
  const char* note = nullptr;    ///< what the data lacks beside pixels
  std::int64_t rows = 0;         ///< that are whole, in the file's order
};

/// Decodes into `image`, black, of the header's size. Pixels that the file skips have the palette's first colour, as
/// OpenCV gives them.
BmpRun decode_bmp_runs(const EncodedImage& file, const BmpHeader& header, const Deadline& deadline, Image& image);

}  // namespace fovea
