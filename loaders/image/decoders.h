// One decoder a format. Each checks the dimensions its header claims before anything is allocated for the pixels.
#pragma once

#include <string>

#include "layers/error.h"
#include "loaders/image/image.h"

namespace fovea {

/// A file in memory. Decoders throw Error with the bare reason; decode_image adds the file's name.
struct EncodedImage {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  std::int64_t max_pixels = 0;
};

/// How far a decoder may reduce a picture: to no less than this size, once turned as it shall be seen.
struct Reduction {
  int min_width = 0;
  int min_height = 0;
  int max_divisor = 1;
};

/// `divisor` is set to what the picture was reduced by.
Image decode_jpeg(const EncodedImage& file, const Reduction& reduction, int& divisor);
Image decode_png(const EncodedImage& file);
Image decode_tiff(const EncodedImage& file);
Image decode_bmp(const EncodedImage& file);

/// Throws if a header's claim is not positive or beyond the limit; afterwards both fit an int.
void check_pixels(std::int64_t width, std::int64_t height, std::int64_t max_pixels);

/// read_image and decode_image with a reduction for the formats that can.
Image decode_image(const std::uint8_t* data, std::size_t size, const std::string& name, const DecodeLimits& limits,
                   const Reduction& reduction, int& divisor);
Image read_image(const std::string& path, const DecodeLimits& limits, const Reduction& reduction, int& divisor);

/// Turns and mirrors a picture as EXIF's orientation 1 to 8 says; other values leave it as it is.
Image orient(Image image, int orientation);

}  // namespace fovea
