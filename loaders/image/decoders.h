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
  int page = 0;  ///< as in DecodeOptions
};

/// How far a decoder may reduce a picture: to no less than this size, once turned as it shall be seen.
struct Reduction {
  int min_width = 0;
  int min_height = 0;
  int max_divisor = 1;
};

DecodedImage decode_jpeg(const EncodedImage& file, const Reduction& reduction);
DecodedImage decode_png(const EncodedImage& file);
DecodedImage decode_tiff(const EncodedImage& file);
DecodedImage decode_bmp(const EncodedImage& file);

/// Throws if a header's claim is not positive or beyond the limit; afterwards both fit an int.
void check_pixels(std::int64_t width, std::int64_t height, std::int64_t max_pixels);

/// read_picture and decode_picture with a reduction for the formats that can.
DecodedImage decode_picture(const std::uint8_t* data, std::size_t size, const std::string& name,
                            const DecodeOptions& options, const Reduction& reduction);
DecodedImage read_picture(const std::string& path, const DecodeOptions& options, const Reduction& reduction);

/// Turns and mirrors a picture as EXIF's orientation 1 to 8 says; other values leave it as it is.
Image orient(Image image, int orientation);

}  // namespace fovea
