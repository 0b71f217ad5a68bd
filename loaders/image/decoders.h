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

Image decode_jpeg(const EncodedImage& file);
Image decode_png(const EncodedImage& file);
Image decode_tiff(const EncodedImage& file);
Image decode_bmp(const EncodedImage& file);

/// Throws if a header's claim is not positive or beyond the limit; afterwards both fit an int.
void check_pixels(std::int64_t width, std::int64_t height, std::int64_t max_pixels);

/// Turns and mirrors a picture as EXIF's orientation 1 to 8 says; other values leave it as it is.
Image orient(Image image, int orientation);

}  // namespace fovea
